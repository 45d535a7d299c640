"""Drawings take data and return Axes; show and explore put them on the page, with alternative text."""
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

matplotlib.use("Agg")
from course_utils import plotting  # noqa: E402
from course_utils.plotting.boundaries import plane, plot_levels, plot_regions  # noqa: E402
from course_utils.plotting.curves import plot_band, plot_history  # noqa: E402
from course_utils.plotting.embeddings import plot_classes  # noqa: E402
from course_utils.plotting.images import plot_images, plot_matrix  # noqa: E402
from course_utils.plotting.networks import plot_network  # noqa: E402

X, Y, POINTS = plane(-1, 1, 20)
HISTORY = [{"epoch": 1, "train loss": 2.0, "valid loss": 2.1}, {"epoch": 2, "train loss": 1.0, "valid loss": 1.5}]
DRAWINGS = {
    "history": lambda ax: plot_history(HISTORY, ax=ax), "band": lambda ax: plot_band([1, 2], np.ones((3, 2)), ax=ax),
    "matrix": lambda ax: plot_matrix(np.eye(3), ax=ax), "regions": lambda ax: plot_regions(X, Y, X > 0, ax=ax),
    "levels": lambda ax: plot_levels(X, Y, X**2 + Y**2, ax=ax),
    "classes": lambda ax: plot_classes(np.random.rand(6, 2), [0, 1, 2, 0, 1, 2], "abc", ax=ax),
    "network": lambda ax: plot_network([2, 12, 1], weights=[np.ones((12, 2)), -np.ones((1, 12))], titles="abc", form="{:.1f}", ax=ax),
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def page(monkeypatch):
    """What show puts on the page, as (data, metadata)."""
    put = []
    monkeypatch.setattr(plotting, "put", lambda data, metadata: put.append((data, metadata)))
    return put


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_draws_on_the_axes_given_or_on_its_own(draw):
    style = dict(plt.rcParams)
    ax = plt.subplots()[1]
    assert draw(ax) is ax and draw(None) is not ax
    assert ax.has_data() and dict(plt.rcParams) == style


def test_history_names_its_axes_and_splits():
    ax = plot_history(HISTORY)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["train", "valid"]


@pytest.mark.parametrize("shape", [(7, 5, 5), (7, 1, 5, 5), (7, 3, 5, 5)])
def test_images_fill_a_grid_and_leave_the_rest_empty(shape):
    axes = plot_images(np.random.rand(*shape), titles="abcdefg", columns=4)
    assert axes.shape == (2, 4) and [bool(ax.images) for ax in axes.ravel()] == [True] * 7 + [False]


def test_plane_covers_the_rectangle():
    x, y, points = plane((-1, 0), (1, 3), 4)
    assert x.shape == (4, 4) and points.shape == (16, 2) and points.min(0).tolist() == [-1, 0] and points.max(0).tolist() == [1, 3]


def test_show_puts_a_png_with_its_alternative_text_and_closes_the_figure(page):
    figure, ax = plt.subplots()
    plotting.show(ax, "a figure with nothing in it")
    (data, metadata), = page
    assert data["image/png"].startswith("iVBOR") and metadata["image/png"]["alt"] == data["text/plain"] == "a figure with nothing in it"
    assert not plt.fignum_exists(figure.number)


def test_show_wants_words():
    with pytest.raises(ValueError, match="what the figure shows"):
        plotting.show(plt.figure(), "figure")


def test_explore_draws_its_default_state_where_nobody_sits_in_front(page):
    asked = []

    def draw(width=3, height=2):
        asked.append((width, height))
        return plt.figure()

    plotting.explore(draw, "an empty figure of that size", width=(1, 5))
    assert asked == [(3, 2)] and len(page) == 1


def test_explore_makes_sliders_where_somebody_does(page, monkeypatch):
    import ipywidgets
    made = {}
    monkeypatch.setattr(plotting, "is_live", lambda: True)
    monkeypatch.setattr(ipywidgets, "interact", lambda function, **sliders: made.update(function=function, sliders=sliders))

    def draw(width=3):
        return plt.figure(figsize=(width, 1))

    plotting.explore(draw, "an empty figure of that size", width=(1, 5))
    made["function"](width=4)
    assert made["sliders"] == {"width": (1, 5)} and len(page) == 1


def test_explore_names_a_slider_that_the_function_lacks():
    def draw(width=1):
        return None

    with pytest.raises(ValueError, match="draw has no parameter with a default named depth"):
        plotting.explore(draw, "an empty figure of that size", depth=(1, 2))


def test_a_network_has_a_line_for_each_weight_and_a_circle_for_each_neuron():
    ax = plot_network([2, 3, 1], nodes=[["a", "b"], ["c", "d", "e"], ["f"]])
    assert len(ax.lines) == 2 * 3 + 3 * 1 and len(ax.patches) == 6
    assert [text.get_text() for text in ax.texts] == list("abcdef")


def test_a_wide_layer_is_drawn_with_dots():
    ax = plot_network([1, 100], most=5)
    assert len(ax.patches) == 1 + 4 and [text.get_text() for text in ax.texts] == ["⋮"] and len(ax.lines) == 4
