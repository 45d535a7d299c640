"""The exercise on texts of different lengths: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why

from course_utils.exercises import examine


def largest(vectors, lengths, *, filling=-torch.inf, extra=0):
    padding = torch.arange(vectors.shape[1]) >= lengths[:, None] + extra
    return vectors.masked_fill(padding[:, :, None], filling).max(1).values


def test_the_right_answer_passes():
    def max_over_words(vectors, lengths):
        return largest(vectors, lengths)

    assert examine(max_over_words).status == "passed"


def in_place(vectors, lengths):
    for vector, length in zip(vectors, lengths):
        vector[length:] = -torch.inf
    return vectors.amax(1)


@pytest.mark.parametrize("answer, says", [
    (lambda vectors, lengths: vectors.amax(1), "padding takes part"),
    (lambda vectors, lengths: largest(vectors, lengths, filling=0), "minus infinity"),
    (lambda vectors, lengths: largest(vectors, lengths, extra=1), "padding takes part"),
    (lambda vectors, lengths: torch.stack([v[:max(n - 1, 1)].amax(0) for v, n in zip(vectors, lengths)]), "last word of each text"),
    (lambda vectors, lengths: torch.stack([v[:n].mean(0) for v, n in zip(vectors, lengths)]), "mean of the words"),
    (lambda vectors, lengths: vectors[torch.arange(len(vectors)), lengths - 1], "last word's vector"),
    (lambda vectors, lengths: vectors.max(1).indices, ".values"),
    (lambda vectors, lengths: torch.where(vectors == 0, -torch.inf, vectors).amax(1), "9 came back"),
    (in_place, "work on a copy"),
    (lambda vectors, lengths: None, "returned None"),
    (lambda vectors, lengths: 3.0, "wrong shape"),
    (lambda vectors, lengths: vectors.max(1), "expected a tensor"),
])
def test_wrong_answers_are_told_why(answer, says):
    assert_told_why("max_over_words", answer, says)
