"""Lines: what training did epoch by epoch, and means with their spread over repeats."""
import matplotlib.pyplot as plt
import numpy as np


def plot_history(history, measure="loss", *, ax=None, label="", **kwargs):
    """Training (solid) and validation (dashed) values of `measure` by epoch, from the history that fit returns. Returns Axes."""
    ax = ax or plt.subplots()[1]
    epochs = [row["epoch"] for row in history]
    colour = kwargs.pop("color", None) or ax._get_lines.get_next_color()
    for split, style in (("train", "-"), ("valid", "--")):
        if f"{split} {measure}" in history[0]:
            ax.plot(epochs, [row[f"{split} {measure}"] for row in history], style, color=colour,
                    label=f"{label} {split}".strip(), **kwargs)
    ax.set(xlabel="epoch", ylabel=measure)
    ax.legend()
    return ax


def plot_band(x, values, *, ax=None, label=None, **kwargs):
    """The mean over repeats as a line, one standard deviation each way as a band. x (P,), values (repeats, P). Returns Axes."""
    ax = ax or plt.subplots()[1]
    values = np.asarray(values, dtype=float)
    mean, spread = values.mean(0), values.std(0)
    line, = ax.plot(x, mean, marker="o", label=label, **kwargs)
    ax.fill_between(x, mean - spread, mean + spread, color=line.get_color(), alpha=0.2, linewidth=0)
    return ax
