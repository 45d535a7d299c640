"""Oracles of chapter 3's first half: momentum, normalisation, dropout, decay, patience."""
import torch
from torch.nn import functional

from course_utils.exercises import Mistake, compare, oracle


@oracle
def terminal_velocity(answer):
    gradient, rate, momentum = torch.tensor([0.5, -2.0]), 0.1, 0.75
    velocity = torch.zeros(2)
    for _ in range(200):
        velocity = momentum * velocity - rate * gradient
    compare(answer(gradient, rate, momentum), velocity, mistakes={
        "the sign is the other way round: the ball rolls against the gradient": -velocity,
        "that is the first step: later ones are longer, because the velocity is kept": -rate * gradient,
        "divide by 1 - momentum, not by momentum": -rate * gradient / momentum,
        "1 - momentum divides, it does not multiply": -rate * gradient * (1 - momentum)},
        hint="solve v = momentum * v - rate * gradient for v")
    yield "equals the velocity after 200 steps down an even slope"
    compare(answer(3.0, 0.2, 0.0), -0.6, hint="without momentum it is a plain step, -rate * gradient")
    yield "without momentum it is a plain step"


@oracle
def batch_norm_images(answer):
    generator = torch.Generator().manual_seed(6)
    x = torch.randn(3, 2, 4, 5, generator=generator) * torch.tensor([0.02, 4.0])[:, None, None] + 1
    gain, shift = torch.tensor([2.0, 0.5]), torch.tensor([-1.0, 3.0])

    def normalised(axes, correction=0, eps=1e-5):
        mean, var = x.mean(axes, keepdim=True), x.var(axes, correction=correction, keepdim=True)
        return gain[:, None, None] * (x - mean) / (var + eps).sqrt() + shift[:, None, None]

    expected = functional.batch_norm(x, None, None, gain, shift, training=True)
    compare(answer(x, gain, shift), expected, mistakes={
        "the variance divides by the number of values, not by one less: correction=0": normalised((0, 2, 3), 1),
        "every pixel has statistics of its own there: average over height and width, too": normalised((0,)),
        "that treats each image apart (instance normalization): average over the batch, too": normalised((2, 3)),
        "the channels are mixed: each channel has its own mean and variance": normalised((0, 1, 2, 3)),
        "is eps added to the variance, inside the root?": normalised((0, 2, 3), eps=0.0),
        "gain and shift are missing": (expected - shift[:, None, None]) / gain[:, None, None]},
        hint="mean and variance over the dimensions 0, 2 and 3")
    yield "equals PyTorch's batch_norm on images"


@oracle
def inverted_dropout(answer):
    x, p = torch.linspace(1.0, 2.0, 40000).reshape(200, 200), 0.2
    compare(answer(x, p, training=False), x, hint="in evaluation nothing is dropped and nothing scaled")
    yield "evaluation leaves x as it is"
    first, second = answer(x, p), answer(x, p)
    if first is None:
        raise Mistake("it returned None: does the function end with `return`?")
    if first.shape != x.shape:
        raise Mistake(f"wrong shape: got {tuple(first.shape)}, expected {tuple(x.shape)}")
    if ((first == 0).all(0) | (first == 0).all(1)).any():
        raise Mistake("whole rows or columns are dropped: draw one random number for each element")
    zeros = (first == 0).double().mean().item()
    if abs(zeros - p) > 0.02:
        reason = "p is the probability of being dropped, not of staying" if abs(zeros - 1 + p) < 0.02 else "compare random numbers with p"
        raise Mistake(f"a share of {zeros:.2f} is zero, expected {p}: {reason}")
    if torch.equal(first == 0, second == 0):
        raise Mistake("two calls dropped the same elements: draw new random numbers every time")
    yield "a share p of the elements is zero, others each time"
    kept = first != 0
    compare(first[kept], x[kept] / (1 - p), mistakes={
        "the survivors are not scaled: their mean is too small": x[kept],
        "divide by 1 - p, not by p": x[kept] / p,
        "divide by 1 - p: multiplying makes the mean smaller still": x[kept] * (1 - p)}, hint="survivors are divided by 1 - p")
    yield "the survivors are scaled, so the mean is kept"
    compare(answer(x, 0.0), x, hint="with p = 0 nothing is dropped")
    yield "p = 0 changes nothing"


@oracle
def adamw_step(answer):
    rate, decay = 0.01, 0.1
    generator = torch.Generator().manual_seed(7)
    theirs = torch.randn(5, generator=generator, dtype=torch.float64).requires_grad_()
    optimizer = torch.optim.AdamW([theirs], lr=rate, weight_decay=decay)
    m = v = torch.zeros(5, dtype=torch.float64)

    def averages(g):
        return 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2

    def move(g, t):
        m_hat, v_hat = averages(g)[0] / (1 - 0.9**t), averages(g)[1] / (1 - 0.999**t)
        return rate * m_hat / (v_hat.sqrt() + 1e-8)

    for t in range(1, 6):
        w, g = theirs.detach().clone(), torch.randn(5, generator=generator, dtype=torch.float64)
        theirs.grad = g.clone()
        optimizer.step()
        result = answer(w, g, m, v, t, rate, decay)
        if not isinstance(result, tuple) or len(result) != 3:
            raise Mistake("return three things: the new w, m and v")
        new_m, new_v = averages(g)
        if t > 1:  # at the first step several mistakes give the same weights
            compare(result[0], theirs.detach(), tolerance=1e-8, mistakes={
                "that is Adam with the decay in the gradient: keep it out of g, m and v": w - move(g + decay * w, t),
                "that is Adam without decay": w - move(g, t),
                "the decay is not multiplied by the learning rate": (1 - decay) * w - move(g, t),
                "the decay makes the weights grow: it is 1 - rate * decay": (1 + rate * decay) * w - move(g, t),
                "the bias correction is missing": (1 - rate * decay) * w - rate * new_m / (new_v.sqrt() + 1e-8)},
                hint=f"this is step {t}; shrink w by 1 - rate * decay, then take Adam's step")
            compare(result[1], new_m, tolerance=1e-8, hint="w is right but m is not: return the running average without its hat")
            compare(result[2], new_v, tolerance=1e-8, hint="w is right but v is not: return the running average without its hat")
        m, v = new_m, new_v
    yield "equals torch.optim.AdamW over five steps"


@oracle
def stopping_epoch(answer):
    falls, zigzag = [3.0, 2.0, 1.0], [1.0, 0.7, 0.5, 0.6, 0.55, 0.65, 0.6, 0.7]
    compare(answer(falls, 2), 3, hint="a loss that falls all the time never stops early: return the number of losses")
    yield "a falling loss is trained to its end"
    compare(answer(zigzag, 3), 6, mistakes={
        "did you compare with the epoch before? Compare with the best so far": 8,
        "count epochs from 1": 5, "stop as soon as the counter reaches the patience": 7,
        "that is the best epoch: return the one that stops": 3},
        hint="on 1, 0.7, 0.5, 0.6, 0.55, 0.65 the counter goes 0, 0, 0, 1, 2, 3")
    yield "a zigzag stops when the patience is used up"
    slow = [1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72]
    compare(answer(slow, 3, 0.05), 8, mistakes={
        "each small gain moved your best, so slow progress never counted: move the best only with a real gain": 4},
        hint="0.92 is 0.08 below the best, 1.0: a real gain, though each single step is a small one")
    compare(answer([1.0, 0.99, 0.98, 0.97, 0.96], 3, 0.05), 4, hint="none of these is 0.05 below 1.0")
    yield "gains of at most min_gain do not count, but they add up"
