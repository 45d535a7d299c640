"""Oracle of chapter 5's last part: the loss of SimCLR."""
import math

import torch
from torch.nn import functional as F

from course_utils.exercises import compare, compare_gradients, oracle


def _similarities(first, second, temperature, normalise=True):
    both = torch.cat([first, second])
    both = F.normalize(both, dim=1) if normalise else both
    return both @ both.T / temperature


def _loss(scores, half, keep_self=False):
    """Mean cross entropy of every row's partner among its row; a loop, to be sure."""
    total = 0.0
    for row in range(2 * half):
        partner = (row + half) % (2 * half)
        others = [scores[row, column] for column in range(2 * half) if keep_self or column != row]
        total += torch.stack(others).logsumexp(0) - scores[row, partner]
    return total / (2 * half)


@oracle
def nt_xent(answer):
    generator = torch.Generator().manual_seed(5)
    toy = torch.tensor([[3.0, 0.0], [0.0, 2.0]])
    by_hand = math.log(1 + 2 * math.exp(-1 / 0.5))  # itself apart, a partner at similarity 1, two others at 0
    result = answer(toy.clone(), 5 * toy, 0.5)
    _check(result, toy, 5 * toy, 0.5)
    compare(result, torch.tensor(by_hand), hint="two pairs of equal direction, at right angles to each other: "
            "the loss is log(1 + 2 exp(-1 / temperature))")
    yield "two pairs at right angles, computed by hand"

    for batch, size, temperature in ((4, 3, 0.2), (6, 5, 0.7), (1, 3, 0.5)):
        first, second = (torch.randn(batch, size, generator=generator) for _ in range(2))
        _check(answer(first.clone(), second.clone(), temperature), first, second, temperature)
        yield f"{batch} pair{'s' * (batch > 1)}, temperature {temperature}, against a loop"

    pair = [torch.randn(4, 3, generator=generator).requires_grad_() for _ in range(2)]
    result = answer(*(view.clone() for view in pair), 0.5)
    _check(result, *pair, 0.5)
    compare_gradients(result, {"the first view": pair[0], "the second view": pair[1]},
                      torch.autograd.grad(_loss(_similarities(*pair, 0.5), 4), pair), tolerance=1e-4,
                      hint="the loss is right, so leave detach away, also on one side of z @ z.T")
    yield "gradients come back to both views"


def _check(result, first, second, temperature):
    half = len(first)
    scores = _similarities(first, second, temperature)
    across = scores[:half, half:]
    own = torch.arange(half)
    compare(result, _loss(scores, half), mistakes={
        "the embeddings must have length 1 first: divide each by its norm":
            _loss(_similarities(first, second, temperature, normalise=False), half),
        "an embedding stands among its own rivals: take the diagonal out of each row": _loss(scores, half, keep_self=True),
        "only one direction: the second views ask for their partners too": sum(
            torch.cat([scores[row, :row], scores[row, row + 1:]]).logsumexp(0) - scores[row, row + half] for row in range(half)) / half,
        "multiply? the similarities are divided by the temperature": _loss(scores * temperature ** 2, half),
        "the temperature is missing: divide the similarities by it": _loss(scores * temperature, half),
        "negatives come from the other view only: the same view's other images count too":
            (F.cross_entropy(across, own) + F.cross_entropy(across.T, own)) / 2,
        "one direction, and negatives from the other view only: put both views in one matrix (2B, 2B)": F.cross_entropy(across, own),
        "the mean over all 2B embeddings, not the sum": _loss(scores, half) * 2 * half,
        "the sign: the loss is minus the log of the partner's share": -_loss(scores, half)},
        hint="all 2B embeddings in one matrix of similarities, the diagonal out, cross entropy with the partner as the class")
