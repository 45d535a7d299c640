"""The exercise on SimCLR's loss: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why, named
from torch.nn import functional as F

from course_utils.exercises import examine


def nt_xent(first, second, temperature, *, normalise=True, own=False, one_way=False, multiply=False, cold=True, across=False,
            total=False, sign=1):
    both = torch.cat([first, second])
    if normalise:
        both = F.normalize(both, dim=1)
    scores = both @ both.T
    if cold:
        scores = scores * temperature if multiply else scores / temperature
    half = len(first)
    if across:
        scores, classes = scores[:half, half:], torch.arange(half)
        if one_way:
            return F.cross_entropy(scores, classes)
        return (F.cross_entropy(scores, classes) + F.cross_entropy(scores.T, classes)) / 2
    if not own:
        scores = scores.masked_fill(torch.eye(2 * half, dtype=torch.bool), -torch.inf)
    classes = torch.arange(2 * half).roll(half)
    if one_way:
        scores, classes = scores[:half], classes[:half]
    return sign * F.cross_entropy(scores, classes, reduction="sum" if total else "mean")


def wrong(**how):
    return lambda *arguments: nt_xent(*arguments, **how)


def one_side(first, second, temperature):
    z = F.normalize(torch.cat([first, second]), dim=1)
    scores = (z @ z.T.detach() / temperature).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(scores, torch.arange(len(z)).roll(len(first)))


def by_shares(first, second, temperature):
    z = torch.cat([first, second])
    shares = torch.exp(F.cosine_similarity(z[:, None], z[None], dim=-1) / temperature)
    partners = torch.exp(F.cosine_similarity(first, second) / temperature).repeat(2)
    return -torch.log(partners / (shares.sum(1) - shares.diagonal())).mean()


@pytest.mark.parametrize("right", [nt_xent, by_shares])
def test_right_answers_pass(right):
    feedback = examine(named("nt_xent", right))
    assert feedback.status == "passed", feedback.lines


@pytest.mark.parametrize("answer, says", [
    (wrong(normalise=False), "length 1"),
    (wrong(own=True), "diagonal"),
    (wrong(one_way=True), "one direction"),
    (wrong(multiply=True), "divided by the temperature"),
    (wrong(cold=False), "temperature is missing"),
    (wrong(across=True), "same view's other images"),
    (wrong(across=True, one_way=True), "other view only"),
    (wrong(total=True), "not the sum"),
    (wrong(sign=-1), "sign"),
    (lambda *arguments: nt_xent(*arguments).detach(), "gradient"),
    (lambda *arguments: nt_xent(*arguments).item(), "gradient"),
    (lambda a, b, t: nt_xent(a.detach(), b.detach(), t) + 0 * a.sum(), "back to the first view"),
    (lambda *arguments: nt_xent(*arguments).detach().requires_grad_(), "back to the first view"),
    (lambda a, b, t: nt_xent(a, b.detach(), t), "back to the second view"),
    (one_side, "one side of z @ z.T"),
    (lambda *arguments: None, "returned None"),
    (lambda first, second, temperature: first @ second.T, "wrong shape"),
    (lambda *arguments: "loss", "expected a tensor"),
])
def test_wrong_answers_are_told_why(answer, says):
    assert_told_why("nt_xent", answer, says)
