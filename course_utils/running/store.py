"""Putting what an execution showed into the notebook in the repository, as the outputs its readers see."""
import json
import os


def store(executed, notebook):
    """Copy the outputs of an executed copy (a path) into `notebook` (a path), cell by cell; sources stay as they are.

    Raises ValueError, and writes nothing, if the notebook was changed since it was executed.
    """
    with open(executed, encoding="utf-8") as file:
        ran = [cell for cell in json.load(file)["cells"] if "injected-parameters" not in cell["metadata"].get("tags", [])]
    content = json.loads(notebook.read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in content["cells"]]
    if sources != ["".join(cell["source"]) for cell in ran]:
        raise ValueError(f"{notebook.name} was changed while it ran: run it again")
    count = 0
    for cell, shown in zip(content["cells"], ran):
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip():
            count += 1
            cell["execution_count"] = count
            cell["outputs"] = [{**output, "execution_count": count} if "execution_count" in output else output
                               for output in shown["outputs"]]
    unfinished = notebook.with_suffix(".part")
    unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(unfinished, notebook)
