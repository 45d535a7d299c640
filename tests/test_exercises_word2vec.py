"""The exercise on CBOW's bags: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why, named

from course_utils.exercises import examine


def bags(vectors, window, *, centre=False, sides=(-1, 1), divide=True, short=0):
    means = []
    for i in range(len(vectors)):
        places = [j for j in range(i - window + short, i + window + 1 - short) if 0 <= j < len(vectors)]
        bag = [vectors[j] for j in places if (j == i and centre) or (j < i and -1 in sides) or (j > i and 1 in sides)]
        total = sum(bag, torch.zeros(vectors.shape[1]))
        means.append(total / max(1, len(bag)) if divide is True else total / (2 * window if divide == "all" else 1))
    return torch.stack(means)


def changing(vectors, window):
    result = bags(vectors, window)
    vectors.zero_()
    return result


def test_right_answer_passes():
    assert examine(named("cbow_contexts", bags)).status == "passed"


@pytest.mark.parametrize("answer, says", [
    (lambda v, w: bags(v, w, centre=True), "leave the centre out"),
    (lambda v, w: bags(v, w, divide=False), "not yet their mean"),
    (lambda v, w: bags(v, w, divide="all"), "fewer neighbours"),
    (lambda v, w: bags(v, w, sides=(-1,)), "only the words before"),
    (lambda v, w: bags(v, w, sides=(1,)), "only the words behind"),
    (lambda v, w: bags(v, w, short=1), "one word too narrow"),
    (lambda v, w: (bags(v, w, sides=(-1,)) + bags(v, w, sides=(1,))) / 2, "mean of two means"),
    (lambda v, w: bags(v, w).T, "wrong shape"),
    (lambda v, w: None, "returned None"),
    (lambda v, w: "text", "expected a tensor"),
    (lambda v, w: 3.0, "wrong shape"),
    (changing, "changed what it was given"),
])
def test_wrong_answers_are_told_why(answer, says):
    assert_told_why("cbow_contexts", answer, says)
