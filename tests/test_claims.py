"""Claims compare as Python does, never hold for nan, and come back from an executed notebook as they were made."""
import json
import math
import operator

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils import claims
from course_utils.claims import MIME, claim, claims_table, read_claims
from course_utils.running.chapters import Chapter, Course
from course_utils.running.execute import execute, plan

NUMBERS = st.one_of(st.integers(-10, 10), st.floats(), st.booleans())
PYTHON = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}


def made(*arguments):
    """The record of a claim, made without a kernel."""
    claims._made.clear()
    claim("1.1", "text", *arguments)
    record, = claims._made.values()
    return record


@given(NUMBERS, st.sampled_from(sorted(PYTHON)), NUMBERS)
def test_a_claim_holds_when_python_says_so_and_nothing_is_nan(measured, op, bound):
    assert made(measured, op, bound)["held"] == (PYTHON[op](measured, bound) and not math.isnan(measured) and not math.isnan(bound))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_claim_holds_within_a_pair_with_its_ends(measured, low, high):
    assert made(measured, "in", (low, high))["held"] == (low <= measured <= high)


@pytest.mark.parametrize("op", PYTHON)
def test_nan_never_holds(op):
    assert not made(math.nan, op, 1)["held"] and not made(1, op, math.nan)["held"] and not made(math.nan, "in", (0, 1))["held"]


@pytest.mark.parametrize("value", [torch.tensor(2.5), torch.tensor([[2.5]]), np.float64(2.5), np.array([2.5]), 2.5,
                                   torch.tensor(2.5, requires_grad=True)])
def test_one_number_may_come_in_any_box(value):
    record = made(value, "<=", value)
    assert record["held"] and type(record["measured"]) is float and record["measured"] == 2.5


@pytest.mark.parametrize("value, message", [(torch.ones(2), r"Tensor of shape \(2,\)"), (np.ones((2, 3)), r"ndarray of shape \(2, 3\)"),
                                            ("3", "not str"), (None, "not NoneType"), (1j, "not complex"), (np.array("3"), "not str")])
def test_what_is_no_number_is_refused(value, message):
    with pytest.raises(TypeError, match=message):
        claim("1.1", "text", value, "<", 3)


@pytest.mark.parametrize("bound", [3, (1, 2, 3), (1,), "12"])
def test_the_op_in_needs_a_pair(bound):
    with pytest.raises(TypeError, match=r"a pair of bounds, \(lowest, highest\)"):
        claim("1.1", "text", 3, "in", bound)


def test_an_unknown_op_names_the_known():
    with pytest.raises(ValueError, match="op '=>' is unknown, use one of <, <=, >, >=, ==, !=, in"):
        claim("1.1", "text", 3, "=>", 3)


@pytest.mark.parametrize("arguments, line", [
    ((0.91234, ">=", 0.9), "✓ 1.1  text: measured 0.912 ≥ 0.9"), ((1.0, "<", 1), "✗ 1.1  text: measured 1.0 < 1"),
    ((3, "in", (1, 4.0)), "✓ 1.1  text: measured 3 in [1, 4.0]"), ((1e-9, "<=", 1e-6), "✓ 1.1  text: measured 1e-09 ≤ 1e-06"),
    ((math.inf, ">", 3), "✓ 1.1  text: measured inf > 3"), ((math.nan, "!=", 3), "✗ 1.1  text: measured nan ≠ 3"),
    ((True, "==", True), "✓ 1.1  text: measured True = True"), ((123456.0, ">", 0), "✓ 1.1  text: measured 1.23e+05 > 0")])
def test_a_claim_is_one_line(arguments, line, capsys):
    claim("1.1", "text", *arguments)
    assert capsys.readouterr().out == line + "\n"


def test_the_table_is_in_the_order_of_the_syllabus_and_a_repeated_claim_is_one_row(capsys):
    claims._made.clear()
    for item, measured in [("2.10", 1), ("2.9", 1), ("2.10", 3), ("1.20", 1)]:
        claim(item, "text", measured, ">", 0)
    claim("2.9", "another", 0, ">", 0)
    capsys.readouterr()
    claims_table()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["1.20", "2.9", "2.9", "2.10"]
    assert "measured 3" in lines[3] and lines[-1] == "3 of 4 claims hold"


CELLS = ["import torch\nfrom course_utils.claims import claim, claims_table", """\
claim("1.2", "a <b> & c", torch.tensor([0.25]), "<", 0.5)
claim("1.1", "endless", float("inf"), "in", (0, float("inf")))""",
         "claim('1.10', 'no number', float('nan'), '>=', 1e-300)\nclaim('1.3', 'a count', 3, '==', 3)", "claims_table()"]
EXPECTED = [("1.2", "a <b> & c", True, 0.25, "<", 0.5), ("1.1", "endless", True, "inf", "in", [0, "inf"]),
            ("1.10", "no number", False, "nan", ">=", 1e-300), ("1.3", "a count", True, 3, "==", 3)]


class Silent:
    def started(self, process):
        pass
    live = finished = started


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The file of a notebook with claims that ran in a kernel."""
    folder = tmp_path_factory.mktemp("claims")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    nbformat.write(notebook, folder / "t.ipynb")
    results, _ = execute(plan(Course(folder, [], {}), [Chapter(None, "t", folder / "t.ipynb")], {}, out=folder),
                         jobs=1, threads=1, progress=Silent())
    assert results[0]["failure"] is None
    return folder / "executed" / "t.ipynb"


def test_claims_are_read_back_from_an_executed_notebook(executed):
    found = read_claims(executed)
    assert found == [dict(zip(["item", "text", "held", "measured", "op", "bound"], values)) for values in EXPECTED]
    assert read_claims(json.loads(executed.read_text())) == found


def test_an_executed_notebook_is_strict_json_and_its_html_is_escaped(executed):
    cells = json.loads(executed.read_text(), parse_constant=pytest.fail)["cells"]
    shown = "".join(cells[1]["outputs"][0]["data"]["text/html"])
    assert "a &lt;b&gt; &amp; c" in shown and "<b>" not in shown


def test_what_nbval_compares_is_what_does_not_vary(executed):
    output = json.loads(executed.read_text())["cells"][1]["outputs"][0]
    assert output["data"][MIME] == {"item": "1.2", "text": "a <b> & c", "held": True}
    assert output["metadata"][MIME] == {"measured": 0.25, "op": "<", "bound": 0.5}


def test_the_table_of_a_notebook_lists_its_claims(executed):
    shown = "".join(json.loads(executed.read_text())["cells"][3]["outputs"][0]["data"]["text/plain"])
    assert [line.split()[1] for line in shown.splitlines()[:-1]] == ["1.1", "1.2", "1.3", "1.10"] and "3 of 4 claims hold" in shown
