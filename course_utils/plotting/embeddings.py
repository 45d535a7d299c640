"""Points in two dimensions, coloured by class."""
import matplotlib.pyplot as plt
import numpy as np

MARKERS = "osD^vP*X<>"


def plot_classes(points, labels, names=None, *, ax=None, legend=True, **kwargs):
    """Points (N, 2) in the colour and marker of their class. labels (N,) whole numbers; names: one a class. Returns Axes."""
    ax = ax or plt.subplots()[1]
    points, labels = np.asarray(points), np.asarray(labels)
    for which in np.unique(labels):
        chosen = labels == which
        colour = plt.rcParams["axes.prop_cycle"].by_key()["color"][which] if labels.max() < 8 else plt.get_cmap("tab10")(which % 10)
        ax.scatter(*points[chosen].T, color=colour, marker=MARKERS[which % 10], label=names[which] if names is not None else str(which),
                   **{"s": 14, "linewidths": 0, **kwargs})
    if legend:
        ax.legend(ncols=1 if labels.max() < 5 else 2, markerscale=1.5)
    return ax
