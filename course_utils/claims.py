"""Claims: what a section asserts of what it measured, shown as one line, and read back from executed notebooks."""
import html
import json
import math
import operator
from pathlib import Path

from course_utils.frontend import put

MIME = "application/vnd.course.claim+json"
OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
             "in": lambda measured, bound: bound[0] <= measured <= bound[1]}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠", "in": "in"}
_made = {}  # (item, text) -> record of this kernel, in the order they ran


def claim(item, text, measured, op, bound):
    """Compare what was measured with its bound, show one line, ✓ or ✗, and record it in the cell's output. Never stops the notebook.

    item      number in the syllabus, such as "1.12"
    text      what is claimed, in words
    measured  a number (a tensor with one element will do); nan never holds
    op        one of < <= > >= == != in
    bound     what it is compared with; for "in" a pair (lowest, highest)

    Returns nothing. Raises ValueError for an unknown op, TypeError for something that is no number or no pair.
    """
    if op not in OPERATORS:
        raise ValueError(f"claim {item}: op {op!r} is unknown, use one of {', '.join(OPERATORS)}")
    measured = _number(measured)
    bound = [_number(part) for part in _pair(bound)] if op == "in" else _number(bound)
    numbers = [measured, *bound] if op == "in" else [measured, bound]
    held = not any(map(math.isnan, numbers)) and bool(OPERATORS[op](measured, bound))
    record = {"item": str(item), "text": text, "held": held, "measured": measured, "op": op, "bound": bound}
    _made.pop((record["item"], text), None)
    _made[record["item"], text] = record
    _display(record)


def claims_table():
    """Show every claim made so far in this kernel, in the order of the syllabus: the chapter's results on one page."""
    rows = sorted(_made.values(), key=lambda record: [int(part) for part in record["item"].split(".")])
    held = sum(record["held"] for record in rows)
    plain = "\n".join([f"{_line(record)}" for record in rows] + [f"{held} of {len(rows)} claims hold"])
    cells = "".join(
        f"<tr><td>{'✓' if r['held'] else '✗'}</td><td>{r['item']}</td><td style='text-align:left'>{html.escape(r['text'])}</td>"
        f"<td class='number'>{short(r['measured'])}</td><td class='number'>{SIGNS[r['op']]} {short(r['bound'])}</td></tr>"
        for r in rows)
    table = ("<table><thead><tr><th></th><th>item</th><th style='text-align:left'>claim</th><th>measured</th><th>bound</th></tr></thead>"
             f"<tbody>{cells}</tbody></table><p>{held} of {len(rows)} claims hold</p>")
    put({"text/plain": plain, "text/html": table})


def read_claims(notebook):
    """Claims recorded in an executed notebook (a path or its parsed JSON), a list of dicts in the order of the cells.

    Keys: item, text, held, measured, op, bound.
    """
    if isinstance(notebook, (str, Path)):
        notebook = json.loads(Path(notebook).read_text(encoding="utf-8"))
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    return [{**output["data"][MIME], **output["metadata"][MIME]} for output in outputs if MIME in output.get("data", {})]


def _pair(bound):
    if not isinstance(bound, (tuple, list)) or len(bound) != 2:
        raise TypeError(f"a claim with the op in takes a pair of bounds, (lowest, highest), not {bound!r}")
    return bound


def _number(value):
    if hasattr(value, "item"):
        try:
            value = value.item()
        except (RuntimeError, ValueError):  # torch's and NumPy's words for more than one element
            raise TypeError(f"a claim compares numbers, not a {type(value).__name__} of shape {tuple(value.shape)}") from None
    if not isinstance(value, (bool, int, float)):
        raise TypeError(f"a claim compares numbers, not {type(value).__name__}")
    return value


def short(value):
    """A number in as few characters as a reader needs; a float always keeps its point, so that it can be told from a count."""
    if isinstance(value, list):
        return f"[{short(value[0])}, {short(value[1])}]"
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.3g}"
    return text if any(mark in text for mark in ".einf") else f"{text}.0"


def _line(record):
    mark = "✓" if record["held"] else "✗"
    return f"{mark} {record['item']}  {record['text']}: measured {short(record['measured'])} {SIGNS[record['op']]} {short(record['bound'])}"


def _display(record):
    colour = "#009E73" if record["held"] else "#D55E00"
    styled = (f"<div style='border-left:4px solid {colour};padding:2px 10px;margin:2px 0'>{html.escape(_line(record))}</div>")
    # What nbval compares stands in the data, what varies with seed and machine in the metadata.
    data = {key: record[key] for key in ("item", "text", "held")}
    varying = {key: _finite(record[key]) for key in ("measured", "op", "bound")}
    put({"text/plain": _line(record), "text/html": styled, MIME: data}, {MIME: varying})


def _finite(value):
    """JSON has no nan and no infinity: they are written as words."""
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
