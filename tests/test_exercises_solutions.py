"""Every exercise of every notebook: its solution passes, its stub is to do, an answer without return is told so."""
import re

import pytest
from answers import assert_told_why, define, solutions

from course_utils.exercises import examine

SOLUTIONS = solutions()


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    feedback = examine(define(name, SOLUTIONS[name]))
    assert feedback.status == "passed" and feedback.lines, feedback.lines


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_stub_is_to_do(name):
    stub = re.sub(r"### BEGIN SOLUTION.*### END SOLUTION", "raise NotImplementedError()", SOLUTIONS[name], flags=re.S)
    assert examine(define(name, stub)).status == "to do"


@pytest.mark.parametrize("name", SOLUTIONS)
def test_an_answer_without_return_fails(name):
    assert_told_why(name, lambda *arguments, **keywords: None, "")
