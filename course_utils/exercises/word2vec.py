"""Oracle of chapter 6 on word vectors: the bag of context vectors that CBOW averages."""
import torch

from course_utils.exercises import ask, compare, oracle


def _band(length, window, *, centre=False, before=True, after=True):
    """Ones where column j is a neighbour of row i."""
    far = torch.arange(length) - torch.arange(length)[:, None]
    band = (far.abs() <= window) & (centre | (far != 0)) & (before | (far >= 0)) & (after | (far <= 0))
    return band.float()


@oracle
def cbow_contexts(answer):
    generator = torch.Generator().manual_seed(1)
    for length, window, says in ((7, 2, "window 2"), (6, 1, "window 1"), (4, 9, "a window wider than the sentence")):
        vectors = torch.randn(length, 3, generator=generator)
        band = _band(length, window)
        whole = _band(length, window, centre=True)
        left, right = _band(length, window, after=False), _band(length, window, before=False)
        halves = [half @ vectors / half.sum(1, keepdim=True).clamp(min=1) for half in (left, right)]
        compare(ask(lambda given: answer(given, window), vectors), band @ vectors / band.sum(1, keepdim=True), mistakes={
            "the word itself is in its bag: leave the centre out": whole @ vectors / whole.sum(1, keepdim=True),
            "the sum over the neighbours, not yet their mean": band @ vectors,
            f"at the ends there are fewer neighbours: divide by how many there are, not by {2 * window}": band @ vectors / (2 * window),
            "only the words before are averaged": halves[0],
            "only the words behind are averaged": halves[1],
            "the mean of two means: near the ends the two sides hold unequal numbers of words": (halves[0] + halves[1]) / 2,
            "the window is one word too narrow: is the end of a slice included?":
                _band(length, window - 1) @ vectors / _band(length, window - 1).sum(1, keepdim=True).clamp(min=1)},
            hint="the mean over positions i - window to i + window without i itself")
        yield says
