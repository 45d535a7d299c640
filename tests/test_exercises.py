"""The engine of check(): what it says of right, wrong, missing and crashing answers, and that it disturbs nothing."""
import random

import numpy as np
import pytest
import torch

from course_utils import exercises
from course_utils.exercises import Mistake, check, compare, examine


@pytest.fixture(autouse=True)
def double(monkeypatch):
    """An exercise named `double`: return twice the tensor."""
    def double(answer):
        x = torch.arange(3.0)
        compare(answer(x), 2 * x, mistakes={"that is the square": x**2}, hint="is the factor 2?")
        yield "values are right"

    monkeypatch.setitem(exercises._oracles, "double", double)


def answer(function):
    function.__name__ = "double"
    return function


@pytest.mark.parametrize("function, status, says", [
    (lambda x: 2 * x, "passed", "✓ values are right"),
    (lambda x: x + x + 1e-9, "passed", "✓"),
    (lambda x: x**2, "failed", "that is the square"),
    (lambda x: 3 * x, "failed", "right shape, wrong values: is the factor 2?"),
    (lambda x: x[:2], "failed", r"wrong shape: got (2,), expected (3,)"),
    (lambda x: x / 0, "failed", "inf or nan"),
    (lambda x: None, "failed", "`return`"),
    (lambda x: "six", "failed", "a str"),
    (lambda x: x.nonsense, "failed", "stopped with AttributeError"),
    (lambda x: ..., "to do", "still to do"),
    (lambda x: (x > 0).mean(), "failed", "stopped with"),
])
def test_feedback(function, status, says):
    feedback = examine(answer(function))
    assert feedback.status == status and says in feedback.lines[-1]


def test_a_stub_is_to_do():
    def double(x):
        raise NotImplementedError
    assert examine(double) == ("to do", ["· double is still to do"])


def test_check_prints_and_never_raises(capsys):
    check(answer(lambda x: 1 / 0))
    check(42)
    said = capsys.readouterr().out
    assert "ZeroDivisionError" in said and "no exercise named 42" in said


def test_random_states_are_left_as_they_were():
    def noisy(x):
        random.random(), np.random.rand(), torch.rand(1)
        return 2 * x
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    examine(answer(noisy))
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())


def test_a_mistake_equal_to_the_truth_is_no_mistake():
    compare(torch.zeros(2), torch.zeros(2), mistakes={"never said": torch.zeros(2)})
    with pytest.raises(Mistake):
        compare(torch.ones(2), torch.zeros(2))
