"""Chapter 2's exercises: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why
from torch.nn import functional as F


def fires(w, b, x):
    return 1.0 if w @ x + b > 0 else 0.0


def in_place(w, x, t, rate):
    w -= rate * x.T @ (torch.sigmoid(x @ w) - t) / len(t)
    return w


def slope(d_y, x, W, b):
    return d_y * (1 - torch.tanh(x @ W.T + b)**2)


WRONG = {
    "perceptron_step": [
        (lambda w, b, x, t, rate: (w - rate * (t - fires(w, b, x)) * x, b), "wrong way"),
        (lambda w, b, x, t, rate: (w + (t - fires(w, b, x)) * x, b), "learning rate is missing"),
        (lambda w, b, x, t, rate: (w + rate * t * x, b + rate * t), "step by t - y"),
        (lambda w, b, x, t, rate: (w + rate * (t - fires(w, b, x)) * x, b), "the bias"),
        (lambda w, b, x, t, rate: w + rate * (t - fires(w, b, x)) * x, "return 2 values"),
        (lambda w, b, x, t, rate: (w.add_(rate * (t - fires(w, b, x)) * x), b), "in place")],
    "leaky_relu_derivative": [
        (lambda v, slope: torch.where(v > 0, v, slope * v), "the function itself"),
        (lambda v, slope: (v > 0).float(), "ReLU's derivative"),
        (lambda v, slope: torch.where(v > 0, slope, 1.0), "swapped"),
        (lambda v, slope: torch.where(v >= 0, 1.0, slope), "left side")],
    "log_softmax": [
        (lambda z: F.log_softmax(z, 0), "over the batch"),
        (lambda z: F.softmax(z, 1), "their logarithm"),
        (lambda z: z - z.exp().sum(1, keepdim=True).log(), "subtract each sample's own largest"),
        (lambda z: F.softmax(z, 1).log(), "simplify"),
        (lambda z: z - (z - z.max()).exp().sum(1, keepdim=True).log() - z.max(), "largest")],
    "bce_from_logits": [
        (lambda v, t: F.binary_cross_entropy_with_logits(v, t, reduction="sum"), "return the average"),
        (lambda v, t: F.binary_cross_entropy_with_logits(v, 1 - t), "swapped"),
        (lambda v, t: -(t * v.sigmoid().log() + (1 - t) * (1 - v.sigmoid()).log()).mean(), "overflows"),
        (lambda v, t: F.binary_cross_entropy(v.sigmoid(), t), "do not clip")],
    "descent_step": [
        (lambda w, x, t, rate: w + rate * x.T @ (torch.sigmoid(x @ w) - t) / len(t), "climbs"),
        (lambda w, x, t, rate: w - rate * x.T @ (torch.sigmoid(x @ w) - t), "divide by N"),
        (lambda w, x, t, rate: x.T @ (torch.sigmoid(x @ w) - t) / len(t), "the weights after the step"),
        (in_place, "in place")],
    "shortcut_backward": [
        (lambda d_y, x, W, b: (slope(d_y, x, W, b) @ W, None, None), "shortcut"),
        (lambda d_y, x, W, b: (d_y + d_y @ W, None, None), "tanh's derivative"),
        (lambda d_y, x, W, b: (d_y + slope(d_y, x, W, b) @ W.T, None, None), "not be transposed"),
        (lambda d_y, x, W, b: (d_y + slope(d_y, x, W, b) @ W, x.T @ slope(d_y, x, W, b), None), "d_W is transposed"),
        (lambda d_y, x, W, b: (d_y + slope(d_y, x, W, b) @ W, slope(d_y, x, W, b).T @ x, slope(d_y, x, W, b).mean(0)), "not the average"),
        (lambda d_y, x, W, b: (d_y + slope(d_y, x, W, b) @ W, slope(d_y, x, W, b).T @ x), "return 3 values")],
    "count_parameters": [
        (lambda sizes, bias=True: sum(a * b for a, b in zip(sizes, sizes[1:])), "biases are missing"),
        (lambda sizes, bias=True: sum((a + 1) * b for a, b in zip(sizes, sizes[1:])), "bias=False is ignored"),
        (lambda sizes, bias=True: sum(a * b + bias for a, b in zip(sizes, sizes[1:])), "not one a layer")],
}


@pytest.mark.parametrize("name, wrong, says", [(name, *case) for name, cases in WRONG.items() for case in cases])
def test_a_wrong_answer_is_told_why(name, wrong, says):
    assert_told_why(name, wrong, says)
