"""The report on a run: one HTML file that needs nothing else, and the same as results.json."""
import json
import math
import statistics

from course_utils.claims import SIGNS, short


def write_json(results, run, path):
    """Results as process.blank() lists them, under "units", beside what `run` says of the run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**run, "units": results}, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def write_report(results, run, path):
    """Write the HTML report. run: {command, started, seconds, jobs, threads, interrupted, versions}."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    environment = Environment(loader=PackageLoader("course_utils.running", "."), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(short=short, sign=SIGNS.get)
    page = environment.get_template("report.html.j2").render(run=run, notebooks=by_notebook(results), results=results, **_totals(results))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def by_notebook(results):
    """Results of the same notebook together: a list of {notebook, title, number, runs, claims, ...}, in the order of the results."""
    groups = {}
    for result in results:
        groups.setdefault(result["notebook"], []).append(result)
    return [_group(runs) for runs in groups.values()]


def margin(claim):
    """How far the measured value is on the right side of the bound (negative: on the wrong one; nan if it was not a number)."""
    measured, bound, op = _number(claim["measured"]), claim["bound"], claim["op"]
    if op == "in":
        return min(measured - _number(bound[0]), _number(bound[1]) - measured)
    difference = measured - _number(bound)
    return {"<": -difference, "<=": -difference, ">": difference, ">=": difference, "==": -abs(difference), "!=": abs(difference)}[op]


def _number(value):
    return float(value)  # "nan" and "inf" stand in JSON as words


def _totals(results):
    claims = [claim for result in results for claim in result["claims"]]
    return {"claims_held": sum(claim["held"] for claim in claims), "claims_made": len(claims),
            "good": sum(result["status"] == "passed" for result in results),
            "over": sum(bool(result["budget"]) and result["seconds"] > result["budget"] for result in results)}


def _group(runs):
    first = runs[0]
    ran = [run for run in runs if run["status"] != "not run"]
    order = ["failed", "claims", "interrupted", "not run", "passed"]
    return {**{key: first[key] for key in ("notebook", "number", "title", "budget", "parameters")}, "runs": runs,
            "status": min((run["status"] for run in runs), key=order.index),
            "seconds": max((run["seconds"] for run in ran), default=0),
            "device": next((run["device"] for run in ran if run["device"]), None),
            "data": list(dict.fromkeys(line for run in ran for line in run["data"])),
            "held": sum(claim["held"] for run in ran for claim in run["claims"]),
            "made": sum(len(run["claims"]) for run in ran),
            "failures": _failures(ran), "claims": _claims(ran)}


def _failures(runs):
    """Failures, those of several seeds in the same cell with the same error as one: [{cell, source, error, traceback, seeds}]."""
    found = {}
    for run in runs:
        if run["failure"]:
            key = run["failure"]["cell"], run["failure"]["error"]
            found.setdefault(key, {**run["failure"], "seeds": []})["seeds"].append(run["seed"])
    return list(found.values())


def _claims(runs):
    """A row a claim over all runs: {item, text, op, bound, held, of, low, middle, high, worst, seed, points}, in order of appearance."""
    rows = {}
    for run in runs:
        for claim in run["claims"]:
            rows.setdefault((claim["item"], claim["text"]), []).append((run["seed"], claim))
    return [_claim(seeds_claims) for seeds_claims in rows.values()]


def _claim(made):
    def badness(pair):
        value = margin(pair[1])
        return -math.inf if math.isnan(value) else value
    seed, worst = min(made, key=badness)
    numbers = [_number(claim["measured"]) for _, claim in made]
    numbers = [number for number in numbers if not math.isnan(number)] or [math.nan]
    return {**{key: worst[key] for key in ("item", "text", "op", "bound")}, "held": sum(claim["held"] for _, claim in made),
            "of": len(made), "low": min(numbers), "high": max(numbers), "worst": margin(worst), "seed": seed, "strip": _strip(made, worst),
            "middle": worst["measured"] if len(made) == 1 else statistics.median(numbers)}


def _strip(made, worst):
    """Where the measured values lie beside the bound, for a drawing of 100 units: {bounds: [x], points: [(x, held)]}."""
    bounds = [_number(bound) for bound in (worst["bound"] if worst["op"] == "in" else [worst["bound"]])]
    points = [(_number(claim["measured"]), claim["held"]) for _, claim in made]
    finite = [value for value in bounds + [value for value, _ in points] if math.isfinite(value)]
    low, high = min(finite, default=0), max(finite, default=0)
    scale = 92 / (high - low) if high > low else 0

    def place(value):
        return round(4 + (value - low) * scale if scale else 50, 1)
    return {"bounds": [place(value) for value in bounds if math.isfinite(value)],
            "points": [(place(value), held) for value, held in points if math.isfinite(value)]}
