"""Grids of images, and small matrices as heat maps with their numbers."""
import matplotlib.pyplot as plt
import numpy as np


def plot_images(images, *, titles=None, columns=10, ax=None, size=0.9, **kwargs):
    """Images in rows of `columns`. images (N, H, W) or (N, 1, H, W) or (N, 3, H, W); titles: N short strings. Returns an array of Axes."""
    images = np.asarray(images)
    if images.ndim == 4:
        images = images[:, 0] if images.shape[1] == 1 else images.transpose(0, 2, 3, 1)
    rows = -(-len(images) // columns)
    if ax is None:
        height = size * (1.3 if titles is not None else 1)
        ax = plt.subplots(rows, columns, figsize=(size * columns, height * rows), squeeze=False)[1]
    for place in np.ravel(ax):
        place.axis("off")
    for number, (image, place) in enumerate(zip(images, np.ravel(ax))):
        place.imshow(image, **{"cmap": "gray_r", **kwargs})
        if titles is not None:
            place.set_title(titles[number], fontsize=9)
    return ax


def plot_matrix(matrix, *, rows=None, columns=None, ax=None, form="{:.0f}", **kwargs):
    """A small matrix as a heat map with each number in its cell. matrix (R, C); rows, columns: names. Returns Axes."""
    matrix = np.asarray(matrix)
    ax = ax or plt.subplots()[1]
    picture = ax.imshow(matrix, **{"cmap": "Blues", **kwargs})
    ax.grid(False)
    ax.set_xticks(range(matrix.shape[1]), columns if columns is not None else range(matrix.shape[1]))
    ax.set_yticks(range(matrix.shape[0]), rows if rows is not None else range(matrix.shape[0]))
    for (row, column), value in np.ndenumerate(matrix):
        red, green, blue, _ = picture.cmap(picture.norm(value))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        ax.text(column, row, form.format(value), ha="center", va="center", fontsize=8, color="white" if dark else "black")
    return ax
