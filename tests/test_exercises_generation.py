"""The exercises on generating text: plausible wrong answers get a message that helps."""
from functools import partial

import pytest
import torch
from answers import assert_told_why
from torch.nn import functional as F

from course_utils.exercises import examine


def soften(scores, temperature, top_p=1.0, *, dim=1, power=-1, unstable=False, short=False, lowest=False, late=False, back=True, chosen=None):
    softened = scores * temperature ** power
    probabilities = softened.exp() / softened.exp().sum(dim, keepdim=True) if unstable else F.softmax(softened, dim)
    ordered, places = probabilities.sort(dim=1, descending=not lowest)
    if chosen:
        places = scores.argsort(dim=1, descending=True)
        sums = F.softmax(scores, 1).gather(1, places)
        keep, ordered = sums.cumsum(1) - sums < top_p, probabilities.gather(1, places)
    else:
        keep = ordered.cumsum(1) - ordered < top_p
    if short:
        keep = ordered.cumsum(1) < top_p
        keep[:, 0] = True
    ordered = ordered * keep
    kept = torch.zeros_like(scores).scatter(1, places, ordered) if back else ordered
    return kept if late else kept / kept.sum(1, keepdim=True)


def beam_step(log_p, next_log_p, width, *, times=False, own=True, by="V", swap=False, order=True, flat=False, each=False):
    total = log_p[:, None] * next_log_p if times else log_p[:, None] + next_log_p if own else next_log_p
    if each:
        best, tokens = total.max(1)
        best, parents = best.topk(min(width, len(best)))
        return best, parents, tokens[parents]
    best, places = total.flatten().topk(width)
    if not order:
        best, places = best.flip(0), places.flip(0)
    size = total.shape[1] if by == "V" else total.shape[0]
    parents, tokens = places // size, places if flat else places % size
    return (best, tokens, parents) if swap else (best, parents, tokens)


@pytest.mark.parametrize("right", [soften, beam_step])
def test_right_answers_pass(right):
    assert examine(right).status == "passed"


@pytest.mark.parametrize("name, answer, says", [
    ("soften", lambda scores, temperature, top_p=1.0: F.softmax(scores * temperature, 1), "you multiply"),
    ("soften", lambda scores, temperature, top_p=1.0: F.softmax(scores, 1), "not used"),
    ("soften", lambda scores, temperature, top_p=1.0: F.softmax(scores / temperature, 0), "not over the rows"),
    ("soften", lambda scores, temperature, top_p=1.0: (scores / temperature).exp(), "not probabilities yet"),
    ("soften", partial(soften, unstable=True), "overflows"),
    ("soften", lambda scores, temperature, top_p=1.0: soften(scores, temperature), "top_p is not used"),
    ("soften", partial(soften, late=True), "sum to 1 again"),
    ("soften", lambda scores, temperature, top_p=1.0: soften(scores, temperature, top_p, short=top_p < 1), "the sum before it"),
    ("soften", lambda scores, temperature, top_p=1.0: soften(scores, temperature, top_p, lowest=top_p < 1), "falling order"),
    ("soften", lambda scores, temperature, top_p=1.0: soften(scores, temperature, top_p, back=top_p == 1), "back to their places"),
    ("soften", lambda scores, temperature, top_p=1.0: soften(scores, temperature, top_p, chosen=top_p < 1), "soften first"),
    ("soften", lambda *arguments, **keywords: None, "returned None"),
    ("beam_step", partial(beam_step, times=True), "added, not multiplied"),
    ("beam_step", partial(beam_step, own=False), "add log_p"),
    ("beam_step", partial(beam_step, by="K"), "number of tokens, V"),
    ("beam_step", partial(beam_step, swap=True), "wrong way round"),
    ("beam_step", partial(beam_step, order=False), "best must come first"),
    ("beam_step", partial(beam_step, flat=True), "remainder by V"),
    ("beam_step", partial(beam_step, each=True), "may share one"),
    ("beam_step", lambda *arguments, **keywords: None, "returned None"),
    ("beam_step", lambda *arguments, **keywords: torch.tensor(1.0), "3 values, in this order: log-probabilities, beginnings, tokens"),
    ("beam_step", lambda *arguments, **keywords: (1.0, None, "b"), "wrong shape"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)
