"""Functions on the plane: decision regions under points, level lines with paths."""
import matplotlib.pyplot as plt
import numpy as np


def plane(low, high, steps=200):
    """A grid over a square (or over a rectangle, with pairs (x, y) as low and high): returns X, Y (steps, steps), points (steps**2, 2)."""
    (left, bottom), (right, top) = np.broadcast_to(low, 2), np.broadcast_to(high, 2)
    x, y = np.meshgrid(np.linspace(left, right, steps), np.linspace(bottom, top, steps))
    return x, y, np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)


def plot_regions(x, y, classes, *, ax=None, **kwargs):
    """Decision regions as flat colours. x, y (S, S) from `plane`; classes (S, S) or (S*S,) whole numbers. Returns Axes."""
    ax = ax or plt.subplots()[1]
    classes = np.asarray(classes).reshape(x.shape)
    colours = plt.rcParams["axes.prop_cycle"].by_key()["color"][:max(2, int(classes.max()) + 1)]
    levels = np.arange(len(colours) + 1) - 0.5
    ax.contourf(x, y, classes, levels=levels, colors=colours, **{"alpha": 0.25, **kwargs})
    return ax


def plot_levels(x, y, values, *, ax=None, levels=20, **kwargs):
    """Level lines of a function on the plane. x, y, values (S, S) (values may be flat). Returns Axes."""
    ax = ax or plt.subplots()[1]
    ax.contour(x, y, np.asarray(values).reshape(x.shape), levels=levels, **{"cmap": "viridis", "linewidths": 0.8, **kwargs})
    return ax
