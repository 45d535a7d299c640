"""The exercises on generating text: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why
from torch.nn import functional as F

from course_utils.exercises import examine


def soften(scores, temperature, top_k=None, *, dim=1, lowest=False, fill=-torch.inf, power=-1, late=False, unstable=False, strict=False):
    probabilities = F.softmax(scores * temperature ** power, dim)
    if top_k is not None:
        least = scores.topk(top_k, 1, largest=not lowest).values[:, -1:]
        out = scores > least if lowest else scores <= least if strict else scores < least
        if late:
            return probabilities.masked_fill(out, 0)
        scores = scores.masked_fill(out, fill)
    if unstable:
        raised = (scores * temperature ** power).exp()
        return raised / raised.sum(dim, keepdim=True)
    return F.softmax(scores * temperature ** power, dim)


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


def wrong(function, **how):
    return lambda *arguments, **keywords: function(*arguments, **keywords, **how)


@pytest.mark.parametrize("right", [soften, beam_step])
def test_right_answers_pass(right):
    def answer(*arguments, **keywords):
        return right(*arguments, **keywords)
    answer.__name__ = right.__name__
    assert examine(answer).status == "passed"


@pytest.mark.parametrize("name, answer, says", [
    ("soften", wrong(soften, power=1), "you multiply"),
    ("soften", wrong(soften, power=0), "not used"),
    ("soften", wrong(soften, dim=0), "not over the rows"),
    ("soften", wrong(soften, unstable=True), "overflows"),
    ("soften", wrong(soften, late=True), "sum to 1 again"),
    ("soften", wrong(soften, fill=0.0), "set the others to -inf"),
    ("soften", wrong(soften, lowest=True), "lowest"),
    ("soften", wrong(soften, strict=True), "one score too few"),
    ("soften", lambda scores, temperature, top_k=None: soften(scores, temperature), "top_k is not used"),
    ("soften", lambda scores, temperature, top_k=None: (scores / temperature).exp(), "not probabilities yet"),
    ("soften", lambda *arguments, **keywords: None, "returned None"),
    ("beam_step", wrong(beam_step, times=True), "added, not multiplied"),
    ("beam_step", wrong(beam_step, own=False), "add log_p"),
    ("beam_step", wrong(beam_step, by="K"), "number of tokens, V"),
    ("beam_step", wrong(beam_step, swap=True), "wrong way round"),
    ("beam_step", wrong(beam_step, order=False), "best must come first"),
    ("beam_step", wrong(beam_step, flat=True), "remainder by V"),
    ("beam_step", wrong(beam_step, each=True), "may share one"),
    ("beam_step", lambda *arguments, **keywords: None, "returned None"),
    ("beam_step", lambda *arguments, **keywords: torch.tensor(1.0), "three tensors"),
    ("beam_step", lambda *arguments, **keywords: (1.0, None, "b"), "wrong shape"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)
