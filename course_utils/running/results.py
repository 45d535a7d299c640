"""What an executed notebook says of its run: the banner, the claims, and the cell that failed."""
import json
import re

from course_utils.claims import read_claims
from course_utils.running.parameters import not_injected

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PAPERMILL_CELLS = {"papermill-error-cell-tag", "injected-parameters"}


def read_result(executed, parameters):
    """{device, data, claims, failure} of an executed notebook; `parameters` are those it was to run with.

    failure: None or {cell, source, error, traceback}, where cell counts from 1 in the notebook as it is in the repository.
    """
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    cells = [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"]]
    result = {**_banner(cells), "claims": read_claims(notebook), "failure": _failure(cells)}
    missing = not_injected(parameters, cells, executed.name) if parameters else []
    if missing and result["failure"] is None:
        result["failure"] = failure(f"papermill did not set {', '.join(missing)}: is there a cell tagged `parameters`?")
    return result


def failure(error, cell=None, source="", traceback=""):
    return {"cell": cell, "source": source, "error": error, "traceback": traceback}


def _banner(cells):
    """Device and data source as start() printed them: lines that begin with the word."""
    printed = "".join("".join(output["text"]) for cell in cells for output in cell.get("outputs", []) if output.get("name") == "stdout")
    lines = {word: re.findall(rf"^{word} {{2,}}(.+)$", printed, re.M) for word in ("device", "data")}
    return {"device": next(iter(lines["device"]), None), "data": list(dict.fromkeys(lines["data"]))}


def _failure(cells):
    own = [cell for cell in cells if not PAPERMILL_CELLS & set(cell["metadata"].get("tags", []))]
    for number, cell in enumerate(own, 1):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error" and not (output["ename"] == "SystemExit" and output["evalue"] in ("", "0")):
                traceback = ANSI.sub("", "\n".join(output["traceback"]))
                return failure(f"{output['ename']}: {ANSI.sub('', output['evalue'])}", number, cell["source"], traceback)
    return None
