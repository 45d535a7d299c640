"""What the tests of the exercises share: the answers that stand in the notebooks, and how a wrong one is told why."""
import json
import math
import re
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.exercises import examine

FOLDER = Path(__file__).parent.parent / "notebooks"


def solutions(pattern="*"):
    """The source of every solution cell of the notebooks whose name fits: {name of its function: source}."""
    cells = [cell for path in sorted(FOLDER.glob(f"{pattern}.ipynb")) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    sources = ["".join(cell["source"]) for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    return {re.search(r"^def (\w+)", source, re.M)[1]: source for source in sources}


def define(name, source):
    """The function `name` that a cell defines, with the modules that notebooks import."""
    names = {"torch": torch, "nn": nn, "F": F, "np": np, "math": math}
    exec(source, names)
    return names[name]


def changed(name, *changes):
    """The notebook's solution with each (old, new) replaced: a plausible mistake."""
    source = solutions()[name]
    for old, new in changes:
        assert old in source, f"{old!r} is no longer in the solution of {name}"
        source = source.replace(old, new)
    return define(name, source)


def named(name, answer):
    """The function `answer` under the name of an exercise, by which its oracle is found."""
    def function(*arguments, **keywords):
        return answer(*arguments, **keywords)

    function.__name__ = name
    return function


def assert_told_why(name, answer, says):
    """A wrong answer to the exercise `name` fails, with a message that holds `says`."""
    feedback = examine(named(name, answer))
    assert feedback.status == "failed" and says in feedback.lines[-1], feedback.lines
