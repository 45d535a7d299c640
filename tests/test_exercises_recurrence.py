"""The exercises on plain recurrent networks: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why, named

from course_utils.exercises import examine


def step(x, h, W_x, W_h, b):
    return torch.tanh(x @ W_x.T + h @ W_h.T + b)


def clip(gradients, most):
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    return [gradient * min(1.0, most / max(norm.item(), 1e-12)) for gradient in gradients]


def in_place(gradients, most):
    result = clip(gradients, most)
    for gradient, value in zip(gradients, result):
        gradient.copy_(value)
    return gradients


def always(gradients, most):
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    return [gradient * most / norm for gradient in gradients]


@pytest.mark.parametrize("name, right", [("rnn_step", step), ("clip_by_norm", clip),
                                         ("clip_by_norm", lambda gradients, most: tuple(clip(gradients, most)))])
def test_right_answers_pass(name, right):
    assert examine(named(name, right)).status == "passed"


@pytest.mark.parametrize("name, answer, says", [
    ("rnn_step", lambda x, h, W_x, W_h, b: x @ W_x.T + h @ W_h.T + b, "activation is missing"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.tanh(x @ W_x.T + h @ W_h + b), "wrong way round"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.tanh(x @ W_x.T + h @ W_h.T), "bias is missing"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.tanh(x @ W_x.T + h @ W_h.T) + b, "inside the tanh"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.tanh(x @ W_x.T + b), "old state is missing"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.tanh(h @ W_h.T + b), "token is missing"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.tanh(x @ W_x.T) + torch.tanh(h @ W_h.T + b), "one tanh"),
    ("rnn_step", lambda *given: given[1] + step(*given), "no such shortcut"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.sigmoid(x @ W_x.T + h @ W_h.T + b), "not the sigmoid"),
    ("rnn_step", lambda x, h, W_x, W_h, b: torch.relu(x @ W_x.T + h @ W_h.T + b), "not ReLU"),
    ("rnn_step", lambda x, *rest: step(x, *rest) if x.shape[1] == 3 else torch.tanh(x @ rest[1] + rest[3]), "W_x is the wrong way round"),
    ("rnn_step", lambda *given: step(*given).detach(), "no gradient"),
    ("rnn_step", lambda x, h, *rest: step(x, h.detach(), *rest), "no gradient comes back to h"),
    ("rnn_step", lambda x, h, *rest: h.copy_(step(x, h, *rest)), "changed what it was given"),
    ("rnn_step", lambda *given: step(*given)[0], "wrong shape"),
    ("rnn_step", lambda *given: None, "returned None"),
    ("clip_by_norm", lambda gradients, most: [gradient.clamp(-most, most) for gradient in gradients], "clips by value"),
    ("clip_by_norm", lambda gradients, most: [clip([gradient], most)[0] for gradient in gradients], "its own norm"),
    ("clip_by_norm", lambda gradients, most: gradients, "nothing was clipped"),
    ("clip_by_norm", lambda gradients, most: [gradient * most / sum(part.norm() for part in gradients) for gradient in gradients],
     "add their squares"),
    ("clip_by_norm", lambda gradients, most: [gradient * most / sum(part.square().sum() for part in gradients) for gradient in gradients],
     "square root"),
    ("clip_by_norm", lambda gradients, most: clip(gradients, 1.0), "the length 1"),
    ("clip_by_norm", always, "below the threshold nothing changes"),
    ("clip_by_norm", in_place, "changed what it was given"),
    ("clip_by_norm", lambda gradients, most: torch.cat([part.flatten() for part in clip(gradients, most)]), "return a list"),
    ("clip_by_norm", lambda gradients, most: clip(gradients, most)[:2], "2 of them"),
    ("clip_by_norm", lambda gradients, most: [None] * len(gradients), "returned None"),
    ("clip_by_norm", lambda gradients, most: [part.sum() for part in gradients], "wrong shape"),
    ("clip_by_norm", lambda gradients, most: [3.0] * len(gradients), "wrong shape"),
    ("clip_by_norm", lambda gradients, most: None, "returned None"),
    ("clip_by_norm", lambda gradients, most: 3, "return a list"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)
