"""The exercises of chapter 3's second half: plausible wrong answers get a message that helps."""
import math

import pytest
import torch
from answers import assert_told_why
from torch.nn import functional as F


def with_sigmoid(logits, targets):
    return F.binary_cross_entropy(torch.sigmoid(logits), targets)


def naive(logits, targets):
    return (targets * torch.log(1 + torch.exp(-logits)) + (1 - targets) * torch.log(1 + torch.exp(logits))).mean()


def step_on(weigh, clear_each=False, clear=True, step_each=False):
    def step(model, optimizer, images, targets, size):
        if clear:
            optimizer.zero_grad()
        for part, answers in zip(images.split(size), targets.split(size)):
            if clear_each:
                optimizer.zero_grad()
            (F.cross_entropy(model(part), answers) * weigh(len(part), len(images), size)).backward()
            if step_each:
                optimizer.step()
                optimizer.zero_grad()
        if not step_each:
            optimizer.step()
    return step


def share(part, whole, size):
    return part / whole


def binned(probs, labels, bins, *, clamp=True, weighted=True):
    confidence, predicted = probs.max(1)
    which = (confidence * bins).long()
    which = which.clamp(max=bins - 1) if clamp else which
    gap = confidence - (predicted == labels).float()
    parts = [gap[which == b] for b in range(bins) if (which == b).any()]
    return sum(part.sum().abs() for part in parts) / len(labels) if weighted else sum(part.mean().abs() for part in parts) / len(parts)


def ratios(matrix):
    return matrix.diagonal() / matrix.sum(0), matrix.diagonal() / matrix.sum(1)


@pytest.mark.parametrize("name, wrong, says", [
    ("stable_bce", lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="sum"), "return the mean"),
    ("stable_bce", with_sigmoid, "1000"),
    ("stable_bce", naive, "overflows"),
    ("stable_bce", lambda z, t: F.binary_cross_entropy_with_logits(z.detach(), t), "no gradient"),
    ("accumulated_step", step_on(lambda part, whole, size: 1), "its share of the batch"),
    ("accumulated_step", step_on(lambda part, whole, size: 1 / math.ceil(whole / size)), "the last part is shorter"),
    ("accumulated_step", step_on(share, clear_each=True), "clear once"),
    ("accumulated_step", step_on(share, clear=False), "older gradient"),
    ("accumulated_step", step_on(share, step_each=True), "take one, after the last"),
    ("accumulated_step", lambda model, optimizer, images, targets, size: None, "did not move"),
    ("threshold_for_recall", lambda p, y, r: p.sort(descending=True).values[math.ceil(r * len(p)) - 1], "all probabilities"),
    ("threshold_for_recall", lambda p, y, r: p[y].sort(descending=True).values[max(math.ceil(r * y.sum()) - 2, 0)], "too few"),
    ("threshold_for_recall", lambda p, y, r: p[y].sort(descending=True).values[min(math.ceil(r * y.sum()), y.sum() - 1)],
     "a higher threshold would"),
    ("calibration_error", lambda p, y, b: (p.max(1)[0] - (p.argmax(1) == y).float()).abs().mean(), "average within a bin first"),
    ("calibration_error", lambda p, y, b: binned(p, y, b, weighted=False), "weigh each bin"),
    ("calibration_error", lambda p, y, b: binned(p, y, b, clamp=False), "last bin"),
    ("macro_f1", lambda m: m.diagonal().sum() / m.sum(), "the accuracy"),
    ("macro_f1", lambda m: ratios(m)[1].mean(), "mean recall"),
    ("macro_f1", lambda m: sum(ratios(m)).mean() / 2, "harmonic"),
    ("macro_f1", lambda m: (2 / (1 / ratios(m)[0] + 1 / ratios(m)[1])).mean(), "divides by zero"),
    ("dead_units", lambda h: (h == 0).float().mean(), "share of zeros"),
    ("dead_units", lambda h: (h == 0).all(1).float().mean(), "axis 0"),
    ("dead_units", lambda h: (h == 0).all(0).sum().float(), "divide by the number"),
])
def test_a_wrong_answer_is_told_why(name, wrong, says):
    assert_told_why(name, wrong, says)
