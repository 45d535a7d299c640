"""The exercise on interpolation: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why

from course_utils.exercises import examine


def interpolate(first, second, steps):
    t = torch.linspace(0, 1, steps)[:, None]
    return (1 - t) * first + t * second


def by_loop(first, second, steps):
    return torch.stack([first + (second - first) * k / max(steps - 1, 1) for k in range(steps)])


@pytest.mark.parametrize("right", [interpolate, by_loop])
def test_right_answers_pass(right):
    def answer(*arguments):
        return right(*arguments)

    answer.__name__ = "interpolate"
    assert examine(answer).status == "passed"


def changing(first, second, steps):
    result = interpolate(first, second, steps)
    first *= 0
    return result


@pytest.mark.parametrize("answer, says", [
    (lambda a, b, n: interpolate(b, a, n), "ends are swapped"),
    (lambda a, b, n: interpolate(a, b, n + 1)[:-1], "last code is missing"),
    (lambda a, b, n: interpolate(a, b, n + 1)[1:], "first code is missing"),
    (lambda a, b, n: interpolate(a, b, n + 2)[1:-1], "both ends are left out"),
    (lambda a, b, n: interpolate(a, b, n + 1), "one code too many"),
    (lambda a, b, n: interpolate(a, b, n + 2), "between the ends"),
    (lambda a, b, n: interpolate(a, b, n).T, "(steps, D)"),
    (lambda a, b, n: a + torch.linspace(0, 1, n)[:, None] * b, "must fall to 0"),
    (lambda a, b, n: interpolate(a, b, n) if n > 1 else b[None], "not the last"),
    (lambda a, b, n: interpolate(a, b, n) if n > 1 else (a + b)[None] / 2, "not the middle"),
    (lambda a, b, n: interpolate(a, b, n) if n > 1 else a, "shape stays"),
    (lambda a, b, n: torch.stack([a + (b - a) * (torch.tensor(float(k)) / (n - 1)) for k in range(n)]), "divides by"),
    (changing, "must not be changed"),
    (lambda a, b, n: None, "returned None"),
    (lambda a, b, n: "codes", "expected a tensor"),
    (lambda a, b, n: 3.0, "wrong shape"),
])
def test_wrong_answers_are_told_why(answer, says):
    assert_told_why("interpolate", answer, says)
