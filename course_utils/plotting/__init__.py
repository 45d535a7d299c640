"""Drawings that take data and return Axes, and the two ways to put them on the page: show and explore.

curves      history, bands over repeats
images      grids of images, heat maps of small matrices
boundaries  decision regions and level lines of functions on the plane
embeddings  points in two dimensions, coloured by class
networks    neurons as circles, weights as lines
"""
import base64
import inspect
import io

import numpy as np

from course_utils.frontend import is_live, put


def show(drawing, alt):
    """Put a finished figure on the page as a PNG picture with alternative text, and close it.

    drawing  a Figure, an Axes or an array or list of Axes
    alt      what a reader who cannot see the picture should know: one or two sentences
    """
    import matplotlib.pyplot as plt

    if len(alt.split()) < 5:
        raise ValueError("alt must say in words what the figure shows")
    figure = _figure(drawing)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    plt.close(figure)
    picture = base64.b64encode(_with_palette(buffer)).decode()
    put({"image/png": picture, "text/plain": alt}, {"image/png": {"alt": alt}})


def explore(function, alt, **sliders):
    """A figure to play with: sliders where a person sits in front of a live kernel, its default state everywhere else.

    function  draws for one setting and returns a Figure or Axes; its keyword defaults are the first state
    sliders   for each parameter what ipywidgets.interact takes: (low, high), (low, high, step), a list of choices, or a widget
    """
    defaults = {name: p.default for name, p in inspect.signature(function).parameters.items()}
    unknown = [name for name in sliders if defaults.get(name, inspect.Parameter.empty) is inspect.Parameter.empty]
    if unknown:
        raise ValueError(f"explore: {function.__name__} has no parameter with a default named {', '.join(unknown)}")
    if not is_live():
        return show(function(**{name: defaults[name] for name in sliders}), alt)
    import ipywidgets

    def redraw(**setting):
        show(function(**setting), alt)

    redraw.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name]) for name in sliders])
    ipywidgets.interact(redraw, **sliders)


def _with_palette(buffer):
    """The same PNG with 256 colours: it looks the same and takes a third of the space, and notebooks are kept with their figures."""
    from PIL import Image

    smaller = io.BytesIO()
    Image.open(buffer).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


def _figure(drawing):
    if hasattr(drawing, "savefig"):
        return drawing
    axes = np.asarray(drawing, dtype=object).ravel()
    return axes[0].get_figure()
