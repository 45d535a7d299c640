"""Chapter 3's exercises on methods: the notebook's solution passes, the stub is to do, plausible wrong answers get help."""
import json
import math
import re
from pathlib import Path

import pytest
import torch

from course_utils.exercises import examine

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "03_training.ipynb"
EXERCISES = ("terminal_velocity", "batch_norm_images", "inverted_dropout", "adamw_step", "stopping_epoch")


def solution(name):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    return next(source for source in sources if re.search(rf"^def {name}\(", source, re.M))


def define(name, source):
    names = {"torch": torch, "math": math}
    exec(source, names)
    return names[name]


def wrong(name, *changes):
    """The notebook's solution with each (old, new) replaced: a plausible mistake."""
    source = solution(name)
    for old, new in changes:
        assert old in source, f"{old!r} is no longer in the solution of {name}"
        source = source.replace(old, new)
    return define(name, source)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes(name):
    feedback = examine(define(name, solution(name)))
    assert feedback.status == "passed", feedback.lines


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_is_to_do(name):
    stub = re.sub(r"### BEGIN SOLUTION.*### END SOLUTION", "raise NotImplementedError()", solution(name), flags=re.S)
    assert examine(define(name, stub)).status == "to do"


@pytest.mark.parametrize("name, changes, says", [
    ("terminal_velocity", [("-rate", "rate")], "sign"),
    ("terminal_velocity", [(" / (1 - momentum)", "")], "first step"),
    ("terminal_velocity", [("(1 - momentum)", "momentum")], "1 - momentum, not by momentum"),
    ("batch_norm_images", [("correction=0", "correction=1")], "correction=0"),
    ("batch_norm_images", [("(0, 2, 3)", "0")], "average over height and width"),
    ("batch_norm_images", [("(0, 2, 3)", "(2, 3)")], "over the batch, too"),
    ("batch_norm_images", [("(var + eps).sqrt()", "var.sqrt()")], "eps"),
    ("batch_norm_images", [("gain[:, None, None] * ", ""), (" + shift[:, None, None]", "")], "gain and shift"),
    ("inverted_dropout", [(" / (1 - p)", "")], "not scaled"),
    ("inverted_dropout", [(">= p", "< p")], "dropped, not of staying"),
    ("inverted_dropout", [("/ (1 - p)", "/ p")], "not by p"),
    ("inverted_dropout", [("if not training:", "if False:")], "evaluation"),
    ("inverted_dropout", [("rand_like(x)", "rand_like(x[:1])")], "rows or columns"),
    ("adamw_step", [("    m = beta1", "    g = g + decay * w\n    m = beta1"), ("(1 - rate * decay) * w", "w")], "in the gradient"),
    ("adamw_step", [("(1 - rate * decay) * w", "w")], "without decay"),
    ("adamw_step", [("(1 - rate * decay)", "(1 - decay)")], "not multiplied by the learning rate"),
    ("adamw_step", [("m / (1 - beta1**t), v / (1 - beta2**t)", "m, v")], "bias correction"),
    ("adamw_step", [(", m, v\n    ###", "\n    ###")], "three things"),
    ("stopping_epoch", [("            count += 1", "            best, count = loss, count + 1")], "epoch before"),
    ("stopping_epoch", [("count == patience", "count > patience")], "as soon as"),
    ("stopping_epoch", [("start=1", "start=0")], "from 1"),
    ("stopping_epoch", [("            count += 1", "            best, count = min(best, loss), count + 1")], "real gain"),
])
def test_a_wrong_answer_gets_a_message_that_helps(name, changes, says):
    feedback = examine(wrong(name, *changes))
    assert feedback.status == "failed" and says in feedback.lines[-1], feedback.lines
