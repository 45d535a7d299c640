"""Chapter 4's exercises on convolution: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why
from torch.nn import functional as F


def layer(image, kernel, padding=0, stride=1):
    return F.conv2d(image[None, None], kernel[None, None], padding=padding, stride=stride)[0, 0]


def in_place(image, kernel, padding=0, stride=1):
    output = layer(image, kernel, padding, stride)
    image += 1e-3
    return output


def sizes(count):
    return lambda size, kernel, padding=0, stride=1, dilation=1: tuple(count(side, kernel, padding, stride, dilation) for side in size)


@pytest.mark.parametrize("name, wrong, says", [
    ("conv2d_by_loops", lambda i, k, padding=0, stride=1: layer(i, k.flip(0, 1), padding, stride), "flipped"),
    ("conv2d_by_loops", lambda i, k, padding=0, stride=1: layer(i, k.T, padding, stride), "swapped"),
    ("conv2d_by_loops", lambda i, k, padding=0, stride=1: layer(F.pad(i[None, None], (padding,) * 4, mode="replicate")[0, 0], k, 0, stride),
     "repeats the border"),
    ("conv2d_by_loops", lambda i, k, padding=0, stride=1: layer(i, k, padding)[:(i.shape[0] + 2 * padding - 3) // stride + 1,
                                                                            :(i.shape[1] + 2 * padding - 3) // stride + 1],
     "i * stride"),
    ("conv2d_by_loops", lambda i, k, padding=0, stride=1: layer(i, k, 0, stride), "wrong shape"),
    ("conv2d_by_loops", in_place, "wrong values"),
    ("output_size", sizes(lambda i, k, p, s, d: (i + 2 * p - k) // s), "+ 1"),
    ("output_size", sizes(lambda i, k, p, s, d: (i + p - k) // s + 1), "both sides"),
    ("output_size", sizes(lambda i, k, p, s, d: -(-(i + 2 * p - k) // s) + 1), "round down"),
    ("output_size", sizes(lambda i, k, p, s, d: (i + 2 * p - k) // s + 1), "ignored"),
    ("output_size", sizes(lambda i, k, p, s, d: (i + 2 * p - d * k) // s + 1), "cover 5"),
    ("output_size", lambda size, kernel, padding=0, stride=1, dilation=1: sizes(lambda i, k, p, s, d: (i + 2 * p - k) // s + 1)(
        size[::-1], kernel, padding, stride), "swapped"),
    ("output_size", lambda size, kernel, padding=0, stride=1, dilation=1: size[0] - kernel + 1, "the pair"),
])
def test_a_wrong_answer_is_told_why(name, wrong, says):
    assert_told_why(name, wrong, says)
