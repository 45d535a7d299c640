"""The exercise on the two directions of a recurrent layer: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why

from course_utils.exercises import examine


def halves(out, forward_at, backward_at):
    rows, middle = torch.arange(len(out)), out.shape[2] // 2
    return out[rows, forward_at, :middle], out[rows, backward_at, middle:]


def test_the_right_answer_passes():
    def last_of_both(out, lengths):
        return torch.cat(halves(out, lengths - 1, 0), 1)

    assert examine(last_of_both).status == "passed"


def in_place(out, lengths):
    for text, length in zip(out, lengths):
        text[length - 1:] = text[length - 1]
    out[:, 1:, out.shape[2] // 2:] = 0
    return torch.cat([out[:, -1, :out.shape[2] // 2], out[:, 0, out.shape[2] // 2:]], 1)


@pytest.mark.parametrize("answer, says", [
    (lambda out, lengths: out[:, -1], "has read one token only; take it at token 0"),
    (lambda out, lengths: out[torch.arange(len(out)), lengths - 1], "has read one token only; take it at token 0"),
    (lambda out, lengths: out[:, 0], "take it at the last token"),
    (lambda out, lengths: torch.cat(halves(out, 0, lengths - 1), 1), "wrong way round"),
    (lambda out, lengths: torch.cat(halves(out, lengths - 1, 0)[::-1], 1), "forward then backward"),
    (lambda out, lengths: sum(halves(out, lengths - 1, 0)), "sum of the two halves"),
    (lambda out, lengths: torch.cat(halves(out, lengths - 1, 0)), "along dimension 1"),
    (lambda out, lengths: torch.cat(halves(out, -1, 0), 1), "from the padding"),
    (lambda out, lengths: torch.cat(halves(out, lengths.clamp(max=out.shape[1] - 1), 0), 1), "one token too late"),
    (lambda out, lengths: torch.cat(halves(out, (lengths - 2).clamp(min=0), 0), 1), "one token too early"),
    (in_place, "work on a copy"),
    (lambda out, lengths: None, "returned None"),
    (lambda out, lengths: 3.0, "wrong shape"),
    (lambda out, lengths: halves(out, lengths - 1, 0), "expected a tensor"),
])
def test_wrong_answers_are_told_why(answer, says):
    assert_told_why("last_of_both", answer, says)
