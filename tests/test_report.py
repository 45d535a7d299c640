"""The report says what happened, needs nothing from elsewhere, and trusts nothing it shows."""
import json
import math
import statistics
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.claims import OPERATORS
from course_utils.running.progress import describe, summary
from course_utils.running.report import by_notebook, margin, write_json, write_report

RUN = {"command": "course run 1", "started": "2026-01-01 12:00 UTC", "seconds": 61.2, "jobs": 2, "threads": 1, "interrupted": False,
       "versions": {"torch": "2.9"}, "python": "3.12.1"}


def claim(measured, op=">", bound=1.0, item="1.1", text="it is larger", held=None):
    held = OPERATORS[op](measured, bound) if held is None else held
    return {"item": item, "text": text, "held": held, "measured": measured, "op": op, "bound": bound}


def result(**changes):
    return {"notebook": "01_introduction", "number": 1, "title": "Introduction", "seed": None, "parameters": {}, "status": "passed",
            "seconds": 30.0, "budget": 40, "cell": 9, "cells": 9, "executed": "executed/01_introduction.ipynb", "device": "cpu, 2 threads",
            "data": ["MNIST: the real set"], "claims": [claim(2.5)], "failure": None, **changes}


def page(tmp_path, *results, **changes):
    path = tmp_path / "build" / "report.html"
    write_report(list(results), RUN | changes, path)
    return path.read_text(encoding="utf-8")


def text_of(html):
    """The words of a page, with single spaces."""
    words = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            self.style = tag == "style"

        def handle_data(self, data):
            if not getattr(self, "style", False):
                words.append(data)
    Reader().feed(html)
    return " ".join(" ".join(words).split())


def test_it_says_what_ran_how_long_where_on_what_and_what_held(tmp_path):
    text = text_of(page(tmp_path, result()))
    for words in ["1 of 1 run passed", "1 of 1 claims hold", "course run 1", "2026-01-01 12:00 UTC, took 61 s", "Python 3.12.1, torch 2.9",
                  "01_introduction 30 s of 40", "cpu, 2 threads", "MNIST: the real set", "1.1 it is larger 2.5 > 1.0"]:
        assert words in text
    assert "over" not in text.split("The margin")[0]


def test_it_needs_nothing_from_elsewhere(tmp_path):
    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            assert tag not in ("script", "img", "iframe")
            for name, value in attributes:
                if name in ("href", "src"):
                    assert value.startswith(("#", "executed/", "data:,")) or value == "results.json"
    html = page(tmp_path, result())
    Reader().feed(html)
    assert "@import" not in html and "url(" not in html and "http" not in html
    assert 'name="viewport"' in html and "prefers-color-scheme: dark" in html


def test_what_notebooks_say_is_text_not_markup(tmp_path):
    evil = "<script>alert(1)</script>"
    failure = {"cell": 3, "source": evil, "error": evil, "traceback": evil}
    html = page(tmp_path, result(title=evil, device=evil, data=[evil], claims=[claim(2, text=evil)], failure=failure, status="failed"),
                command=evil)
    assert evil not in html and html.count("&lt;script&gt;") >= 8


def test_every_element_is_closed(tmp_path):
    stack = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag not in {"meta", "link", "br"}:
                stack.append(tag)

        def handle_startendtag(self, tag, attributes):
            pass

        def handle_endtag(self, tag):
            assert stack.pop() == tag
    Reader().feed(page(tmp_path, result(seed=1), result(seed=2, claims=[claim(0.5)], status="claims"), interrupted=True))
    assert stack == []


def test_a_broken_claim_and_a_budget_overrun_stand_out(tmp_path):
    html = page(tmp_path, result(status="claims", seconds=50, claims=[claim(0.5), claim(3, item="1.2")]))
    text = text_of(html)
    assert "0 of 1 run passed , 1 of 2 claims hold , 1 over budget" in text
    assert "50 s of 40, over" in text.replace(" ,", ",") and 'class="bar over"' in html and "✗ 1.1" in text and "✓ 1.2" in text


def test_a_failure_shows_cell_source_and_traceback(tmp_path):
    failure = {"cell": 4, "source": "x = 1 / 0", "error": "ZeroDivisionError: division by zero", "traceback": "line 1\nline 2"}
    text = text_of(page(tmp_path, result(status="failed", failure=failure)))
    assert "cell 4: ZeroDivisionError: division by zero x = 1 / 0 Traceback line 1 line 2" in text


def test_an_interrupted_run_says_so_and_what_did_not_run(tmp_path):
    text = text_of(page(tmp_path, result(status="interrupted"), result(notebook="02_b", status="not run", claims=[], executed=None),
                        interrupted=True))
    assert "Interrupted." in text and "■ interrupted" in text and "· not run" in text


def test_several_seeds_are_one_row_a_claim(tmp_path):
    values = [3.0, 1.5, 0.5, 2.0]
    runs = [result(seed=seed, claims=[claim(value)], status="passed" if value > 1 else "claims") for seed, value in enumerate(values)]
    group, = by_notebook(runs)
    row, = group["claims"]
    assert (group["status"], group["held"], group["made"]) == ("claims", 3, 4)
    assert (row["held"], row["of"], row["low"], row["high"]) == (3, 4, 0.5, 3.0) and row["middle"] == statistics.median(values)
    assert (row["worst"], row["seed"]) == (-0.5, 2)
    assert "3/4 1.75 0.5 to 3.0 > 1.0 -0.5 seed 2" in text_of(page(tmp_path, *runs))


def test_a_failure_of_several_seeds_is_told_once(tmp_path):
    failure = {"cell": 4, "source": "f()", "error": "NameError", "traceback": "t"}
    text = text_of(page(tmp_path, *[result(seed=seed, status="failed", failure=failure) for seed in range(3)]))
    assert "Seed 0, 1, 2: cell 4: NameError" in text and text.count("NameError") == 1


def test_not_a_number_is_the_worst_of_all_seeds(tmp_path):
    runs = [result(seed=0, claims=[claim(2.0)]), result(seed=1, claims=[claim("nan", held=False)], status="claims")]
    row = by_notebook(runs)[0]["claims"][0]
    assert math.isnan(row["worst"]) and row["seed"] == 1 and (row["low"], row["middle"], row["high"]) == (2.0, 2.0, 2.0)
    assert "nan" in page(tmp_path, *runs)


@given(st.floats(-10, 10), st.sampled_from(["<", "<=", ">", ">=", "=="]), st.floats(-10, 10))
def test_a_margin_is_negative_where_a_claim_breaks(measured, op, bound):
    value = margin(claim(measured, op, bound))
    assert abs(value) == abs(measured - bound)
    assert (value >= 0 or measured == bound) if OPERATORS[op](measured, bound) else value <= 0


@pytest.mark.parametrize("measured, value", [(2, 1), (1, 0), (4.5, 0.5), (6, -1), ("inf", -math.inf)])
def test_the_margin_within_a_pair_is_the_nearer_one(measured, value):
    assert margin(claim(measured, "in", [1, 5], held=True)) == value


@pytest.mark.parametrize("measured, op, bound", [(2.0, "==", 2.0), ("inf", "<", 3), (5, "in", [0, "inf"]), (True, "==", True),
                                                 (0, "!=", 1)])
def test_any_claim_can_be_drawn(tmp_path, measured, op, bound):
    runs = [result(seed=seed, claims=[claim(measured, op, bound, held=True)]) for seed in (1, 2)]
    assert "<svg" in page(tmp_path, *runs)


def test_the_machine_readable_results_are_strict_json(tmp_path):
    write_json([result(claims=[claim("nan", held=False)])], RUN, tmp_path / "new" / "results.json")
    read = json.loads((tmp_path / "new" / "results.json").read_text(), parse_constant=pytest.fail)
    assert read["units"][0]["notebook"] == "01_introduction" and read["command"] == "course run 1"


def test_the_terminal_gets_a_line_a_notebook_and_a_line_a_problem():
    good = result(seconds=41.0, seed=3)
    failure = {"cell": 4, "source": "", "error": "NameError: x", "traceback": ""}
    assert describe(good).split() == "01_introduction seed 3 passed 41.0 s of 40, over its budget claims 1/1".split()
    assert summary([result(status="failed", claims=[claim(0.5)], failure=failure)]) == [
        "✗ 01_introduction: claim 1.1, it is larger: measured 0.5 > 1.0", "✗ 01_introduction, cell 4: NameError: x"]
    assert summary([good, *[result(seed=seed, status="failed", claims=[claim(0.5)], failure=failure) for seed in (4, 5)]]) == [
        "✗ 01_introduction: claim 1.1, it is larger: > 1.0 holds on 1 of 3 seeds, margin -0.5 on seed 4",
        "✗ 01_introduction seed 4, 5, cell 4: NameError: x"]
