"""Oracles of chapter 6's gated cells: one step of an LSTM and of a GRU."""
import torch
from torch import nn

from course_utils.exercises import ask, compare, compare_gradients, oracle, parts


def _cell(kind, seed, batch=3, inputs=4, hidden=5):
    """torch's cell in float64 with one bias (the other is 0), and x (B, D), h (B, H), c (B, H)."""
    generator = torch.Generator().manual_seed(seed)
    cell = kind(inputs, hidden).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    x, h, c = (torch.randn(batch, size, generator=generator, dtype=torch.float64) for size in (inputs, hidden, hidden))
    return cell, x, h, c


def _lstm(x, h, c, W, U, b, order=(0, 1, 2, 3), squash=torch.tanh, out=torch.tanh, gate=torch.sigmoid, mix="c"):
    blocks = (x @ W.T + h @ U.T + b).chunk(4, -1)
    i, f, g, o = (blocks[place] for place in order)
    i, f, g, o = gate(i), gate(f), squash(g), gate(o)
    new = f * c + i * g if mix == "c" else f * c + g if mix == "no i" else c + i * g if mix == "no f" else f * h + i * g
    return o * out(new), new


def _gru(x, h, W, U, b, d, order=(0, 1, 2), swap=False, inside=False, reset=True, squash=torch.tanh):
    rows = len(U) // 3
    given, kept = (x @ W.T + b).chunk(3, -1), (h @ U.T + d).chunk(3, -1)
    r, z = (torch.sigmoid(given[order[k]] + kept[order[k]]) for k in (0, 1))
    state = (r * h) @ U[order[2] * rows:(order[2] + 1) * rows].T + d[order[2] * rows:(order[2] + 1) * rows] if inside else \
        (r if reset else 1) * kept[order[2]]
    n = squash(given[order[2]] + state)
    return (1 - z) * h + z * n if swap else (1 - z) * n + z * h


@oracle
def lstm_step(answer):
    cell, x, h, c = _cell(nn.LSTMCell, 3)
    W, U, b = cell.weight_ih.detach(), cell.weight_hh.detach(), (cell.bias_ih + cell.bias_hh).detach()
    result = parts(ask(answer, x, h, c, W, U, b), ("the new h", "the new c"))
    new_h, new_c = (state.detach() for state in cell(x, (h, c)))
    wrong = {
        "the blocks are in another order: input, forget, candidate, output": {"order": (1, 0, 2, 3)},
        "the last two blocks are exchanged: the candidate comes before the output gate": {"order": (0, 1, 3, 2)},
        "the candidate is squashed by tanh, not by the sigmoid: it may be negative": {"squash": torch.sigmoid},
        "the gates are sigmoids: a share between 0 and 1, not tanh": {"gate": torch.tanh},
        "the input gate is missing: how much of the candidate is let in?": {"mix": "no i"},
        "the forget gate is missing: how much of the old c stays?": {"mix": "no f"},
        "the forget gate multiplies the old cell state c, not h": {"mix": "h"}}
    wrong = {message: _lstm(x, h, c, W, U, b, **how) for message, how in wrong.items()}
    swapped = "h and c are exchanged: return h first, then c"
    compare(result[1], new_c, mistakes={swapped: new_h, **{message: values[1] for message, values in wrong.items()},
            "the bias is missing": _lstm(x, h, c, W, U, 0 * b)[1]}, hint="this is c: c = f * c + i * g")
    compare(result[0], new_h, mistakes={
        "c passes through a tanh before the output gate": _lstm(x, h, c, W, U, b, out=lambda new: new)[0],
        "the output gate multiplies the tanh of the new c, not of the old": _lstm(x, h, c, W, U, b, out=lambda _: torch.tanh(c))[0],
        **{message: values[0] for message, values in wrong.items()}},
        hint="c is right, h is not: h = o * tanh(c), with the new c")
    yield "equals PyTorch's LSTMCell"
    inputs = {"x": x.clone().requires_grad_(), "h": h.clone().requires_grad_(), "c": c.clone().requires_grad_()}
    leaves = [tensor.clone().requires_grad_() for tensor in (x, h, c)]
    expected = torch.autograd.grad(sum(cell(leaves[0], tuple(leaves[1:]))).sum(), leaves)
    compare_gradients(sum(answer(*inputs.values(), W, U, b)), inputs, expected)
    yield "gradients come back through both memories"
    shut = torch.cat([torch.full((5,), -50.0), torch.full((5,), 50.0), torch.zeros(10)]).double()
    compare(answer(x, h, c, 0 * W, 0 * U, shut)[1], c, hint="with the input gate shut and the forget gate open, c stays as it is")
    yield "input gate shut, forget gate open: the cell state stays as it is"


@oracle
def gru_step(answer):
    cell, x, h, _ = _cell(nn.GRUCell, 4)
    W, U, b, d = (tensor.detach() for tensor in (cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh))
    compare(ask(answer, x, h, W, U, b, d), cell(x, h).detach(), mistakes={
        "z is how much of the old state stays: the two shares are exchanged": _gru(x, h, W, U, b, d, swap=True),
        "the reset gate is missing": _gru(x, h, W, U, b, d, reset=False),
        "that applies r to h before the matrix, as in the first paper: PyTorch applies it to the product": _gru(x, h, W, U, b, d, inside=True),
        "the first two blocks are exchanged: reset comes before update": _gru(x, h, W, U, b, d, order=(1, 0, 2)),
        "the candidate is squashed by tanh, not by the sigmoid": _gru(x, h, W, U, b, d, squash=torch.sigmoid),
        "the bias d of the state belongs inside the brackets that r multiplies": _gru(x, h, W, U, b + _last(d), d - _last(d))},
        hint="n = tanh(W_n x + b_n + r * (U_n h + d_n)), then (1 - z) * n + z * h")
    yield "equals PyTorch's GRUCell"
    inputs = {"x": x.clone().requires_grad_(), "h": h.clone().requires_grad_()}
    leaves = [tensor.clone().requires_grad_() for tensor in (x, h)]
    compare_gradients(answer(*inputs.values(), W, U, b, d), inputs, torch.autograd.grad(cell(*leaves).sum(), leaves))
    yield "gradients come back through the state"
    keep = torch.cat([torch.zeros(5), torch.full((5,), 50.0), torch.zeros(5)]).double()
    compare(answer(x, h, 0 * W, 0 * U, keep, 0 * d), h, hint="with z = 1 the state stays as it is")
    yield "with z = 1 the state stays as it is"


def _last(bias):
    """The bias with its first two thirds set to 0."""
    return torch.cat([torch.zeros(2 * len(bias) // 3, dtype=bias.dtype), bias[2 * len(bias) // 3:]])
