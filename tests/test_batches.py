"""Batches: every sample once an epoch, in an order of their own, normalised as by hand."""
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.data import Batches


def numbered(count, channels=1):
    """`count` random images whose label is their index."""
    generator = torch.Generator().manual_seed(count)
    return torch.randint(256, (count, channels, 3, 2), dtype=torch.uint8, generator=generator), torch.arange(count)


def order(batches):
    return torch.cat([labels for _, labels in batches]).tolist()


@settings(deadline=None, max_examples=60)
@given(count=st.integers(1, 70), size=st.integers(1, 80), shuffle=st.booleans(), seed=st.integers(0, 9))
def test_an_epoch_is_every_sample_once(count, size, shuffle, seed):
    images, labels = numbered(count)
    batches = Batches(images, labels, size, shuffle=shuffle, seed=seed, mean=0.3, std=0.2)
    seen = list(batches)
    assert len(seen) == len(batches) == math.ceil(count / size)
    assert [len(batch) for _, batch in seen[:-1]] == [size] * (len(seen) - 1)
    assert sorted(torch.cat([batch for _, batch in seen]).tolist()) == list(range(count))
    for x, y in seen:
        assert x.dtype == torch.float32 and y.dtype == torch.int64
        torch.testing.assert_close(x, (images[y].double() / 255 - 0.3).div(0.2).float(), rtol=1e-5, atol=1e-5)


def test_order_depends_on_the_seed_alone():
    images, labels = numbered(50)
    first, again, other = (Batches(images, labels, 8, shuffle=True, seed=seed) for seed in (4, 4, 5))
    epochs = [order(first), order(first)]
    torch.manual_seed(99)
    torch.rand(3)
    assert epochs == [order(again), order(again)] and epochs[0] != epochs[1] and epochs[0] != order(other)


def test_iterating_leaves_the_global_generator_and_the_images_alone():
    images, labels = numbered(50)
    copy, state = images.clone(), torch.get_rng_state()
    order(Batches(images, labels, 8, shuffle=True))
    order(Batches(images, labels, 8, mean=0.5))
    assert torch.equal(state, torch.get_rng_state()) and torch.equal(copy, images)


@pytest.mark.parametrize("shuffle", [False, True])
def test_floats_are_given_as_they_are(shuffle):
    images = torch.randn(10, 1, 3, 2)
    copy = images.clone()
    for x, y in Batches(images, torch.arange(10), 4, shuffle=shuffle, mean=0.3, std=0.2):
        assert torch.equal(x, copy[y])
    assert torch.equal(images, copy)


def test_not_shuffled_keeps_the_order():
    images, labels = numbered(10, channels=3)
    batches = Batches(images, labels, 4)
    assert order(batches) == order(batches) == list(range(10)) and next(iter(batches))[0].shape == (4, 3, 3, 2)


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_holds_something(size):
    with pytest.raises(ValueError, match="at least 1"):
        Batches(*numbered(3), size)
