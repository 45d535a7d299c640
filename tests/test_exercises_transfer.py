"""The exercises on residual blocks and fine-tuning: plausible wrong answers get a message that helps."""
from functools import partial

import pytest
import torch
from answers import assert_told_why, named
from torch.nn import functional as F

from course_utils.exercises import examine


def block(x, first, second, stride=1, *, add=True, last=True, between=True, behind=True, start=0, early=False, pool=False):
    branch = F.conv2d(x, first, stride=stride, padding=1)
    branch = F.conv2d(F.relu(branch) if between else branch, second, padding=1)
    shortcut = F.avg_pool2d(x, stride, ceil_mode=True) if pool else x[:, :, start if stride > 1 else 0::stride,
                                                                      start if stride > 1 else 0::stride]
    zeros = x.new_zeros(len(x), len(first) - x.shape[1], *shortcut.shape[2:])
    shortcut = torch.cat([shortcut, zeros] if behind else [zeros, shortcut], 1)
    if early:
        return F.relu(branch) + shortcut
    result = branch + shortcut if add else branch
    return F.relu(result) if last else result


def rates(model, rate, decay, frozen=0, *, count_all=False, reverse=False, flag=True, leave_out=True, power=0, each=True, free=True):
    layers = [layer for layer in model if count_all or list(layer.parameters())]
    groups = []
    for number, layer in enumerate(layers):
        step = number if reverse else len(layers) - 1 - number
        for parameter in layer.parameters():
            if number < frozen and flag:
                parameter.requires_grad_(False)
            elif free:
                parameter.requires_grad_(True)
        if list(layer.parameters()) and (number >= frozen or not leave_out):
            groups.append({"params": list(layer.parameters()), "lr": rate * decay ** (step + power) if each else rate})
    return groups


@pytest.mark.parametrize("name, right", [("residual_forward", block), ("layered_rates", rates)])
def test_right_answers_pass(name, right):
    assert examine(named(name, right)).status == "passed"


@pytest.mark.parametrize("name, answer, says", [
    ("residual_forward", partial(block, add=False), "where is the shortcut"),
    ("residual_forward", partial(block, last=False), "last ReLU is missing"),
    ("residual_forward", partial(block, early=True), "after the sum"),
    ("residual_forward", partial(block, between=False), "between the two convolutions"),
    ("residual_forward", partial(block, behind=False), "belong behind"),
    ("residual_forward", partial(block, start=1), "starts at the first"),
    ("residual_forward", partial(block, pool=True), "every stride-th pixel"),
    ("layered_rates", partial(rates, count_all=True), "leave them out"),
    ("layered_rates", partial(rates, reverse=True), "other way round"),
    ("layered_rates", partial(rates, power=1), "already has a decay"),
    ("layered_rates", partial(rates, each=False), "one rate"),
    ("layered_rates", partial(rates, free=False), "set requires_grad to True"),
    ("layered_rates", partial(rates, leave_out=False), "leave them out"),
    ("layered_rates", partial(rates, flag=False), "requires_grad is not"),
    ("layered_rates", lambda *arguments: None, "returned None"),
    ("layered_rates", lambda model, *rest: list(model.parameters()), "list of dicts"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)
