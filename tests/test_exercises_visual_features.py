"""The exercises of chapter 4 on what networks see: right answers pass, plausible wrong ones get a message that helps."""
import pytest
import torch
from answers import assert_told_why

from course_utils.exercises import examine


def gradient(model, image, label):
    batch = image[None].clone().requires_grad_()
    return torch.autograd.grad(model(batch)[0, label], batch)[0][0]


def saliency(model, image, label):
    heat = gradient(model, image, label).abs().amax(0)
    return heat / heat.max()


def by_backward(model, image, label):
    batch = image[None].clone().requires_grad_()
    model(batch)[0, label].backward()
    heat = batch.grad[0].abs().amax(0)
    return heat / heat.max()


def in_place(model, image, label):
    image.requires_grad_()
    heat = torch.autograd.grad(model(image[None])[0, label], image)[0].abs().amax(0)
    return heat / heat.max()


def receptive_field(layers, dilate=True, stretch=True, late=False, reach=1):
    field = jump = 1
    for kernel, stride, dilation in layers:
        jump *= stride if late and stretch else 1
        field += (kernel - reach) * (dilation if dilate else 1) * jump
        jump *= stride if stretch and not late else 1
    return field


def conv_parameters(c_in, c_out, kernel, groups=1, bias=True):
    return c_out * (c_in // groups * kernel[0] * kernel[1] + bias)


@pytest.mark.parametrize("right", [saliency, receptive_field, conv_parameters])
def test_right_answers_pass(right):
    assert examine(right).status == "passed", examine(right).lines


@pytest.mark.parametrize("name, wrong, says", [
    ("conv_parameters", lambda i, o, k, groups=1, bias=True: o * (i // groups) * k[0] * k[1], "biases are missing"),
    ("conv_parameters", lambda i, o, k, groups=1, bias=True: o * (i * k[0] * k[1] + bias), "only as deep as its group"),
    ("conv_parameters", lambda i, o, k, groups=1, bias=True: o * (i // groups * k[0] ** 2 + bias), "higher than wide"),
    ("conv_parameters", lambda i, o, k, groups=1, bias=True: o * (i // groups) * k[0] * k[1] + 1, "not one for the whole layer"),
    ("receptive_field", lambda layers: receptive_field(layers, dilate=False), "dilation is missing"),
    ("receptive_field", lambda layers: receptive_field(layers, stretch=False), "strides are missing"),
    ("receptive_field", lambda layers: receptive_field(layers, late=True), "not itself"),
    ("receptive_field", lambda layers: receptive_field(layers, reach=0), "reaches 2 further"),
    ("saliency", lambda m, x, y: gradient(m, x, y).abs().amax(0), "largest value should be 1"),
    ("saliency", lambda m, x, y: gradient(m, x, y).amax(0) / gradient(m, x, y).amax(), "absolute value first"),
    ("saliency", lambda m, x, y: gradient(m, x, y).abs().mean(0) / gradient(m, x, y).abs().mean(0).max(), "not their mean"),
    ("saliency", by_backward, "left gradients in the weights"),
    ("saliency", in_place, "was changed"),
])
def test_wrong_answers_are_told_why(name, wrong, says):
    assert_told_why(name, wrong, says)
