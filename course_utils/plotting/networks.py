"""Drawings of fully connected networks: neurons as circles, weights as lines."""
import matplotlib.pyplot as plt
import numpy as np


def plot_network(sizes, *, nodes=None, weights=None, titles=None, ax=None, most=8, radius=0.32, form=None):
    """A fully connected network, from the input on the left to the output on the right. Returns Axes.

    sizes    neurons a layer, the input first
    nodes    text for the circles, one list of strings a layer
    weights  a matrix (out, in) for each pair of layers: blue lines are positive, orange dashed ones negative, thicker is larger
    titles   one text above each layer
    most     a layer with more neurons than this is drawn as `most` circles with dots in the middle
    form     format of a number on each line, such as "{:.1f}"; only where weights are given
    """
    ax = ax or plt.subplots()[1]
    shown = [min(size, most) for size in sizes]
    places = [[(2.2 * layer, count / 2 - 0.5 - row) for row in range(count)] for layer, count in enumerate(shown)]
    dots = [count // 2 if size > most else None for size, count in zip(sizes, shown)]
    strongest = max((np.abs(np.asarray(matrix)).max() for matrix in weights or []), default=1) or 1
    for layer in range(len(sizes) - 1):
        for source, start in enumerate(places[layer]):
            for target, end in enumerate(places[layer + 1]):
                if source != dots[layer] and target != dots[layer + 1]:
                    weight = None if weights is None else float(np.asarray(weights[layer])[target, source])
                    _line(ax, start, end, weight, strongest, form)
    for layer, column in enumerate(places):
        for row, place in enumerate(column):
            if row == dots[layer]:
                ax.text(*place, "⋮", ha="center", va="center", fontsize=14)
                continue
            ax.add_patch(plt.Circle(place, radius, facecolor="#eef3f8" if layer else "white", edgecolor="black", zorder=2))
            if nodes is not None:
                ax.text(*place, nodes[layer][row], ha="center", va="center", fontsize=9, zorder=3)
        if titles is not None:
            ax.text(2.2 * layer, max(shown) / 2 + 0.15, titles[layer], ha="center", va="bottom", fontsize=9)
    ax.set(xlim=(-0.6, 2.2 * (len(sizes) - 1) + 0.6), ylim=(-max(shown) / 2 - 0.1, max(shown) / 2 + (0.7 if titles else 0.1)))
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _line(ax, start, end, weight, strongest, form):
    if weight is None:
        ax.plot(*zip(start, end), color="0.6", linewidth=0.8, zorder=1)
        return
    ax.plot(*zip(start, end), color="C0" if weight >= 0 else "C1", linestyle="-" if weight >= 0 else "--",
            linewidth=0.4 + 2.6 * abs(weight) / strongest, zorder=1)
    if form is not None:
        x, y = (0.7 * np.array(start) + 0.3 * np.array(end))
        ax.text(x, y, form.format(weight), ha="center", va="center", fontsize=8, zorder=1.5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
