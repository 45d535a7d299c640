"""The exercises on gated cells: right answers pass, plausible wrong ones get a message that helps."""
from functools import partial

import pytest
import torch
from answers import assert_told_why, named

from course_utils.exercises import examine


def lstm_step(x, h, c, W, U, b, *, order="ifgo", candidate=torch.tanh, gate=torch.sigmoid, inner=torch.tanh, let_in=True,
              forget=True, old="c", swap=False, bias=True):
    total = x @ W.T + h @ U.T + (b if bias else 0)
    parts = dict(zip(order, total.chunk(4, dim=-1)))
    i, f, o, g = gate(parts["i"]), gate(parts["f"]), gate(parts["o"]), candidate(parts["g"])
    kept = (f if forget else 1) * (c if old == "c" else h)
    c = kept + (i if let_in else 1) * g
    h = o * inner(c)
    return (c, h) if swap else (h, c)


def gru_step(x, h, W, U, b, d, *, order="rzn", exchange=False, reset=True, early=False, candidate=torch.tanh, outside=False):
    given = dict(zip(order, (x @ W.T + b).chunk(3, -1)))
    kept = dict(zip(order, (h @ U.T + d).chunk(3, -1)))
    r, z = torch.sigmoid(given["r"] + kept["r"]), torch.sigmoid(given["z"] + kept["z"])
    size = h.shape[-1]
    if early:
        state = (r * h) @ U[2 * size:].T + d[2 * size:]
    elif outside:
        state = r * (h @ U[2 * size:].T) + d[2 * size:]
    else:
        state = r * kept["n"] if reset else kept["n"]
    n = candidate(given["n"] + state)
    return z * n + (1 - z) * h if exchange else (1 - z) * n + z * h


@pytest.mark.parametrize("right", [lstm_step, gru_step])
def test_right_answers_pass(right):
    assert examine(right).status == "passed"


@pytest.mark.parametrize("function, how, says", [
    (lstm_step, {"order": "figo"}, "another order"),
    (lstm_step, {"order": "figo", "inner": lambda c: c}, "another order"),
    (lstm_step, {"order": "ifog"}, "last two blocks"),
    (lstm_step, {"candidate": torch.sigmoid}, "tanh, not by the sigmoid"),
    (lstm_step, {"gate": torch.tanh}, "the gates are sigmoids"),
    (lstm_step, {"let_in": False}, "input gate is missing"),
    (lstm_step, {"forget": False}, "forget gate is missing"),
    (lstm_step, {"old": "h"}, "not h"),
    (lstm_step, {"swap": True}, "exchanged"),
    (lstm_step, {"bias": False}, "bias is missing"),
    (lstm_step, {"inner": lambda c: c}, "tanh before the output gate"),
    (gru_step, {"exchange": True}, "shares are exchanged"),
    (gru_step, {"reset": False}, "reset gate is missing"),
    (gru_step, {"early": True}, "first paper"),
    (gru_step, {"order": "zrn"}, "reset comes before update"),
    (gru_step, {"candidate": torch.sigmoid}, "tanh, not by the sigmoid"),
    (gru_step, {"outside": True}, "inside the brackets"),
])
def test_wrong_answers_are_told_why(function, how, says):
    assert_told_why(function.__name__, partial(function, **how), says)


@pytest.mark.parametrize("odd", [None, 1.0, "h", torch.zeros(3), (1, 2), (None, None), [torch.zeros(3, 5)] * 3, lambda: 0])
@pytest.mark.parametrize("name", ["lstm_step", "gru_step"])
def test_odd_answers_are_feedback(name, odd):
    assert examine(named(name, lambda *arguments: odd)).status == "failed"


def test_a_detached_state_is_told_so():
    assert_told_why("lstm_step", lambda *arguments: tuple(state.detach() for state in lstm_step(*arguments)), "no gradient")
    assert_told_why("gru_step", lambda *arguments: gru_step(*arguments).detach(), "no gradient")
    assert_told_why("gru_step", lambda x, h, *rest: gru_step(x, h.detach(), *rest), "no gradient comes back to h")
