"""Chapter 6's exercises on plain recurrent networks: one step of the state, and clipping gradients by their joint norm."""
import torch
from torch import nn

from course_utils.exercises import Mistake, ask, compare, compare_gradients, oracle


@oracle
def rnn_step(answer):
    """The function against nn.RNNCell: a batch, gradients, several steps one after another."""
    generator = torch.Generator().manual_seed(0)
    cell = nn.RNNCell(3, 4)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) / 2)
        cell.bias_hh.zero_()
    W_x, W_h, b = cell.weight_ih.detach(), cell.weight_hh.detach(), cell.bias_ih.detach()
    x, h = torch.randn(5, 3, generator=generator), torch.randn(5, 4, generator=generator)
    total = x @ W_x.T + h @ W_h.T + b
    compare(ask(answer, x, h, W_x, W_h, b), cell(x, h).detach(), mistakes={
        "the activation is missing: tanh around the whole sum": total,
        "W_h is the wrong way round: the texts stand in rows, so it is h @ W_h.T": torch.tanh(x @ W_x.T + h @ W_h + b),
        "the bias is missing": torch.tanh(total - b),
        "the bias belongs inside the tanh": torch.tanh(total - b) + b,
        "the old state is missing: where does h come in?": torch.tanh(x @ W_x.T + b),
        "the token is missing: where does x come in?": torch.tanh(h @ W_h.T + b),
        "one tanh around the sum of both products, not one around each": torch.tanh(x @ W_x.T) + torch.tanh(h @ W_h.T + b),
        "the old state is added once more outside: an RNN has no such shortcut": h + torch.tanh(total),
        "the activation is tanh, not the sigmoid": torch.sigmoid(total),
        "the activation is tanh, not ReLU": torch.relu(total)}, hint="tanh(x @ W_x.T + h @ W_h.T + b)")
    yield "one step of a batch: as nn.RNNCell"
    alone = ask(answer, x[:1], h[:1], W_x, W_h, b)
    compare(alone, cell(x[:1], h[:1]).detach(), hint="a batch of one text")
    square = torch.randn(6, 4, generator=generator), torch.zeros(6, 4), torch.randn(4, 4, generator=generator)
    compare(ask(answer, *square, W_h, b), torch.tanh(square[0] @ square[2].T + b), mistakes={
        "W_x is the wrong way round: the texts stand in rows, so it is x @ W_x.T": torch.tanh(square[0] @ square[2] + b)})
    yield "a batch of one text, and as many numbers in a token as in a state"
    given = {name: value.clone().requires_grad_() for name, value in (("x", x), ("h", h), ("W_x", W_x), ("W_h", W_h), ("b", b))}
    wanted = [value.clone().requires_grad_() for value in (x, h, W_x, W_h, b)]
    right = torch.tanh(wanted[0] @ wanted[2].T + wanted[1] @ wanted[3].T + wanted[4])
    compare_gradients(answer(*given.values()), given, torch.autograd.grad(right.sum(), wanted))
    yield "gradients come back to the token, the old state and all weights"
    ours, theirs = h, h
    for _ in range(10):
        x = torch.randn(5, 3, generator=generator)
        ours, theirs = ask(answer, x, ours, W_x, W_h, b), cell(x, theirs).detach()
    compare(ours, theirs, hint="ten steps one after another")
    yield "ten steps, each with the state of the last"


@oracle
def clip_by_norm(answer):
    """The function against torch's clip_grad_norm_: long, short and zero gradients of several shapes."""
    generator = torch.Generator().manual_seed(0)
    gradients = [torch.randn(shape, generator=generator) for shape in ((4, 3), (7,), (), (2, 3, 2))]
    joint = torch.cat([gradient.flatten() for gradient in gradients]).norm()

    def clipped(gradients, most):
        holders = [nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
        for holder, gradient in zip(holders, gradients):
            holder.grad = gradient.clone()
        nn.utils.clip_grad_norm_(holders, most)
        return [holder.grad for holder in holders]

    def asked(gradients, most):
        given = [gradient.clone() for gradient in gradients]
        got = answer(given, most)
        if any(not torch.equal(now, before) for now, before in zip(given, gradients)):
            raise Mistake("your function changed what it was given: return new tensors")
        if got is None or got is Ellipsis:
            compare(got, 0.0)
        if not isinstance(got, (list, tuple)) or len(got) != len(gradients):
            raise Mistake(f"return a list with one tensor for each of the {len(gradients)} gradients, "
                          f"not {f'{len(got)} of them' if isinstance(got, (list, tuple)) else f'a {type(got).__name__}'}")
        return got

    def compared(gradients, most, mistakes=None, hint=""):
        expected, got = clipped(gradients, most), asked(gradients, most)
        for part, wanted in zip(got, expected):
            if not isinstance(part, torch.Tensor) or part.shape != wanted.shape:
                compare(part, wanted)
        flat = torch.cat([part.detach().flatten() for part in got])
        compare(flat, torch.cat([wanted.flatten() for wanted in expected]), hint=hint, mistakes={
            message: torch.cat([part.flatten() for part in wrong]) for message, wrong in (mistakes or {}).items()})

    most = float(joint) / 4
    compared(gradients, most, {
        "this clips by value: every number is cut by itself, which turns the gradient; scale all of them by one factor":
            [gradient.clamp(-most, most) for gradient in gradients],
        "every tensor is scaled by its own norm: one norm over all of them together keeps the direction":
            [gradient * min(1.0, most / gradient.norm().item()) for gradient in gradients],
        "nothing was clipped: the joint norm is above the threshold": gradients,
        "the square root of the sum of squares is missing": [gradient * most / joint**2 for gradient in gradients],
        "the norms of the tensors were added: add their squares, then take the root":
            [gradient * most / sum(part.norm() for part in gradients) for gradient in gradients],
        "the direction is right, the length 1: it should be `most`": [gradient / joint for gradient in gradients]},
        hint="one factor for all: most / joint norm")
    yield "above the threshold: shortened to it, all tensors by one factor, as clip_grad_norm_"
    compared(gradients, 3 * float(joint), {
        "a short gradient was made longer: below the threshold nothing changes":
            [gradient * 3 for gradient in gradients]}, hint="below the threshold nothing changes")
    yield "below the threshold: nothing changes"
    compared([torch.zeros(3), torch.zeros(2, 2)], 1.0, hint="a gradient of zeros stays zeros")
    yield "a gradient of zeros stays as it is"
    compared([1e4 * gradient for gradient in gradients], 0.5, hint="a long gradient, a small threshold")
    compared([torch.tensor([3.0, 4.0])], 1.0, hint="(3, 4) has length 5")
    yield "other lengths and thresholds"
