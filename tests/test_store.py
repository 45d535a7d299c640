"""store: outputs of an executed copy go into the notebook, nothing of papermill's does."""
import json

import nbformat.v4 as form
import papermill
import pytest

from course_utils.running.store import store


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    parameters = form.new_code_cell("width = 1", metadata={"tags": ["parameters"]})
    notebook = form.new_notebook(metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}, cells=[form.new_markdown_cell("text"), parameters, form.new_code_cell("width + 1")])
    (folder / "a.ipynb").write_text(json.dumps(notebook))
    papermill.execute_notebook(folder / "a.ipynb", folder / "ran.ipynb", {"width": 5}, kernel_name="python3", progress_bar=False)
    return folder


def test_outputs_are_stored_and_nothing_else(folder):
    path = folder / "a.ipynb"
    before = json.loads(path.read_text())
    store(folder / "ran.ipynb", path)
    after = json.loads(path.read_text())
    assert [cell["source"] for cell in after["cells"]] == [cell["source"] for cell in before["cells"]]
    assert after["cells"][2]["outputs"][0]["data"]["text/plain"] in ("6", ["6"])
    assert [cell.get("execution_count") for cell in after["cells"]] == [None, 1, 2]
    assert "papermill" not in path.read_text() and sorted(file.name for file in folder.iterdir()) == ["a.ipynb", "ran.ipynb"]


def test_a_notebook_changed_since_is_left_alone(folder):
    path = folder / "changed.ipynb"
    path.write_text((folder / "a.ipynb").read_text().replace("width + 1", "width + 2"))
    before = path.read_text()
    with pytest.raises(ValueError, match="changed.ipynb was changed while it ran"):
        store(folder / "ran.ipynb", path)
    assert path.read_text() == before
