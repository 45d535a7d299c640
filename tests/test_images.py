"""load_images: the splits, the statistics of the training pixels, and batches of them."""
import numpy as np
import pytest
import torch

from course_utils.data import load_images, sources
from course_utils.data.images import Split


@pytest.fixture(scope="module", params=["MNIST", "FashionMNIST"])
def images(request):
    return load_images(request.param, "bundled")


def test_the_splits_are_the_parts_of_one_drawing(images):
    name = {"bundled digits": "MNIST", "bundled letters": "FashionMNIST"}[images.name]
    everything, labels, test, test_labels, classes = sources.locate(name, "bundled").read()
    assert torch.equal(torch.cat([images.train.images, images.valid.images]), everything) and len(images.train.labels) == 8_000
    assert torch.equal(torch.cat([images.train.labels, images.valid.labels]), labels) and len(images.valid.labels) == 2_000
    assert torch.equal(images.test.images, test) and torch.equal(images.test.labels, test_labels)
    assert images.classes == classes and not images.real


def test_statistics_are_those_of_the_training_pixels(images):
    pixels = images.train.images.numpy() / 255
    assert images.mean == pytest.approx(pixels.mean(), abs=1e-5) and images.std == pytest.approx(pixels.std(), abs=1e-5)
    x, y = images.whole("train")
    assert abs(x.mean().item()) < 1e-3 and abs(x.std().item() - 1) < 1e-3 and torch.equal(y, images.train.labels)


def test_fewer_training_images_leave_the_other_splits_alone(images):
    few = load_images("MNIST", "bundled", train_size=100)
    assert len(few.train.labels) == 100 and len(few.valid.labels) == len(few.test.labels) == 2_000
    assert few.mean == pytest.approx(np.mean(few.train.images.numpy() / 255), abs=1e-5)
    assert len(load_images("MNIST", "bundled", train_size=10**6).train.labels) == 8_000


def test_only_training_batches_are_shuffled(images):
    assert not torch.equal(torch.cat([y for _, y in images.batches("train", 500)]), images.train.labels)
    for split in ("valid", "test"):
        assert torch.equal(torch.cat([y for _, y in images.batches(split, 500)]), getattr(images, split).labels)
    assert torch.equal(torch.cat([y for _, y in images.batches("train", 500, shuffle=False)]), images.train.labels)
    assert torch.equal(torch.cat([x for x, _ in images.batches("test", 300)]), images.whole("test")[0])


def test_a_sixth_of_a_real_training_set_is_for_validation(monkeypatch):
    count = 60
    images = torch.zeros(count, 1, 28, 28, dtype=torch.uint8)
    parts = images, torch.arange(count), images[:7], torch.arange(7)
    monkeypatch.setattr(sources, "locate", lambda name, data: sources.Located("MNIST", True, "", lambda: (*parts, ["a", "b"])))
    data = load_images("MNIST", "real")
    assert data.real and data.train.labels.tolist() == list(range(50)) and data.valid.labels.tolist() == list(range(50, 60))
    assert len(data.test.labels) == 7 and data.classes == ("a", "b")


@pytest.mark.parametrize("count", [0, 3, 99])
def test_take(count):
    split = Split(torch.zeros(5, 1, 2, 2, dtype=torch.uint8), torch.arange(5))
    assert split.take(count).labels.tolist() == list(range(5))[:count] and len(split.take(count).images) == min(count, 5)
