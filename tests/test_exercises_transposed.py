"""The exercises on transposed convolution: plausible wrong answers get a message that helps."""
from functools import partial

import numpy as np
import pytest
import torch
from answers import assert_told_why, named
from torch.nn import functional as F

from course_utils.exercises import examine


def size(pair, k, stride=1, padding=0, output_padding=0, dilation=1, *, steps=1, one=1, sides=2, ends=1, spread=True, sign=-1):
    reach = (dilation if spread else 1) * (k - 1) + one
    return tuple((side - steps) * stride + reach + sign * sides * padding + ends * output_padding for side in pair)


def layer(x, kernel, stride=1, padding=0, *, add=True, cut=True, top=True, bottom=True, flip=False, spoil=False, steps=1, k=None):
    (height, width), k = x.shape, k or len(kernel)
    kernel = kernel.flip(0, 1) if flip else kernel
    output = torch.zeros((height - steps) * stride + k, (width - steps) * stride + k)
    for row in range(height):
        for column in range(width):
            place = slice(row * stride, row * stride + k), slice(column * stride, column * stride + k)
            output[place] = (output[place] if add else 0) + x[row, column] * kernel
    if spoil:
        x += 1
    first, last = padding if top and cut else 0, padding if bottom and cut else 0
    return output[first:len(output) - last, first:output.shape[1] - last]


def layer_of_3(x, kernel, stride=1, padding=0):
    """Each number of the kernel by itself, as if it had 3 x 3 of them."""
    height, width = x.shape
    output = torch.zeros((height - 1) * stride + 3, (width - 1) * stride + 3)
    for i in range(3):
        for j in range(3):
            output[i:i + (height - 1) * stride + 1:stride, j:j + (width - 1) * stride + 1:stride] += x * kernel[i, j]
    return output[padding:len(output) - padding, padding:output.shape[1] - padding]


def too_large(x, kernel, stride=1, padding=0):
    missing = 3 - len(kernel)
    return F.pad(layer(x, kernel, stride, padding), (0, missing, 0, missing))


@pytest.mark.parametrize("name, right", [
    ("transposed_size", size), ("transposed_size", lambda *rest, **more: tuple(np.array(size(*rest, **more)))),
    ("transposed_size", lambda *rest, **more: torch.Size(size(*rest, **more))), ("transposed_convolution", layer)])
def test_right_answers_pass(name, right):
    feedback = examine(named(name, right))
    assert feedback.status == "passed", feedback.lines


@pytest.mark.parametrize("name, answer, says", [
    ("transposed_size", partial(size, one=0), "+ 1 is missing"),
    ("transposed_size", partial(size, steps=0), "expected (6, 8)"),
    ("transposed_size", partial(size, sides=1), "both sides: 2 p"),
    ("transposed_size", partial(size, sign=1), "not larger"),
    ("transposed_size", partial(size, ends=2), "one side only"),
    ("transposed_size", partial(size, ends=0), "output padding is ignored"),
    ("transposed_size", partial(size, spread=False), "dilation is ignored"),
    ("transposed_size", lambda pair, *rest, **more: size(pair[::-1], *rest, **more), "swapped"),
    ("transposed_size", lambda *rest, **more: list(size(*rest, **more)), "not list"),
    ("transposed_size", lambda *rest, **more: 7, "not int"),
    ("transposed_size", lambda *rest, **more: tuple(float(side) for side in size(*rest, **more)), "whole numbers, not float"),
    ("transposed_size", lambda *rest, **more: (np.zeros(2), np.zeros(2)), "whole numbers, not ndarray"),
    ("transposed_size", lambda *rest, **more: tuple(torch.tensor(size(*rest, **more))), "whole numbers, not Tensor"),
    ("transposed_size", lambda *rest, **more: ("6", "8"), "whole numbers, not str"),
    ("transposed_size", lambda *rest, **more: None, "returned None"),
    ("transposed_convolution", partial(layer, add=False), "overwrite"),
    ("transposed_convolution", partial(layer, flip=True), "flipped"),
    ("transposed_convolution", lambda x, kernel, *rest, **more: F.conv2d(x[None, None], kernel[None, None])[0, 0], "ordinary convolution"),
    ("transposed_convolution", lambda x, kernel, stride=1, padding=0: layer(x, kernel, 1, padding), "stride is ignored"),
    ("transposed_convolution", partial(layer, cut=False), "padding is ignored"),
    ("transposed_convolution", partial(layer, bottom=False), "only the top"),
    ("transposed_convolution", partial(layer, top=False), "only the bottom"),
    ("transposed_convolution", lambda x, kernel, stride=1, padding=0: F.pad(layer(x, kernel, stride), (padding,) * 4), "adds nothing"),
    ("transposed_convolution", lambda x, kernel, stride=1, padding=0: layer(F.pad(x, (padding,) * 4), kernel, stride), "padding the input"),
    ("transposed_convolution", partial(layer, spoil=True), "changed what it was given"),
    ("transposed_convolution", lambda x, kernel, stride=1, padding=0: layer(x, kernel, stride, padding, spoil=padding > 0),
     "changed what it was given"),
    ("transposed_convolution", partial(layer, k=3), "2 x 2: take k from the kernel"),
    ("transposed_convolution", layer_of_3, "2 x 2: take k from the kernel"),
    ("transposed_convolution", too_large, "also for the output's size"),
    ("transposed_convolution", lambda x, kernel, *rest, **more: layer(x, kernel[:3, :3], *rest, **more), "wrong shape"),
    ("transposed_convolution", lambda *rest, **more: None, "returned None"),
    ("transposed_convolution", lambda *rest, **more: "image", "expected a tensor"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)
