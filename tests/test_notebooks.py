"""The form of every notebook: one order, one voice, nothing that depends on a machine."""
import ast
import json
import re
import statistics
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SYLLABUS = yaml.safe_load((FOLDER / "syllabus.yaml").read_text(encoding="utf-8"))
CHAPTERS = {chapter["notebook"]: chapter for chapter in SYLLABUS}
HEADING = re.compile(r"^### (\d+\.\d+) ", re.M)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|tmp|Users)/\w+")


class Notebook:
    def __init__(self, path):
        self.path = path
        self.raw = path.read_text(encoding="utf-8")
        self.cells = json.loads(self.raw)["cells"]
        for cell in self.cells:
            cell["text"] = "".join(cell["source"])
            cell["tags"] = cell["metadata"].get("tags", [])
        self.code = [cell for cell in self.cells if cell["cell_type"] == "code"]
        self.prose = [cell for cell in self.cells if cell["cell_type"] == "markdown"]
        self.outputs = [output for cell in self.code for output in cell["outputs"]]
        number = CHAPTERS[path.name]["chapter"]
        self.items = {f"{number}.{item['n']}": item for item in CHAPTERS[path.name]["items"]}

    def calls(self, name):
        """Every call of a function by that name, as ast nodes."""
        for cell in self.code:
            for node in ast.walk(ast.parse(re.sub(r"^\s*[%!].*$", "", cell["text"], flags=re.M))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name:
                    yield node

    def section(self, item):
        """The text of an item's cells, up to the next heading."""
        found, inside = [], False
        for cell in self.cells:
            if cell["cell_type"] == "markdown" and re.match(r"#{1,3} ", cell["text"]):
                inside = cell["text"].startswith(f"### {item} ")
            if inside:
                found.append(cell)
        return found


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return Notebook(request.param)


def test_there_are_notebooks_and_they_are_the_syllabus():
    assert NOTEBOOKS and {path.name for path in NOTEBOOKS} <= set(CHAPTERS)


def test_every_item_has_its_heading_in_order(notebook):
    assert HEADING.findall("\n".join(cell["text"] for cell in notebook.prose)) == list(notebook.items)


def test_every_item_runs_code(notebook):
    assert [item for item in notebook.items if not any(cell["cell_type"] == "code" for cell in notebook.section(item))] == []


def test_every_claim_of_the_syllabus_is_made_in_its_section(notebook):
    missing = [item for item, what in notebook.items.items() if "claim" in what
               and not any(f'claim("{item}"' in cell["text"] for cell in notebook.section(item))]
    assert missing == []


def test_claims_are_measured_not_constants(notebook):
    for call in notebook.calls("claim"):
        assert len(call.args) == 5 and not isinstance(call.args[2], ast.Constant), ast.unparse(call)


def test_every_erratum_of_the_syllabus_is_called_out(notebook):
    missing = [item for item, what in notebook.items.items() if "erratum" in what
               and not any("> **Erratum.**" in cell["text"] for cell in notebook.section(item))]
    assert missing == []


def test_opening(notebook):
    title, verbs = notebook.cells[0]["text"], notebook.cells[1]["text"]
    assert re.match(rf"# {CHAPTERS[notebook.path.name]['chapter']} · ", title) and "colab" in title.lower() and "two CPU cores" in title
    assert "After this you can" in verbs and 3 <= len(re.findall(r"^[-*] ", verbs, re.M)) <= 6
    setup, parameters = notebook.code[0], notebook.code[1]
    assert len(setup["text"].splitlines()) <= 10 and parameters["tags"] == ["parameters"]
    assert re.search(r"\bstart\(", notebook.code[2]["text"]) and notebook.code[2]["tags"] == ["nbval-ignore-output"]


def test_parameters_are_commented_literals(notebook):
    cell = notebook.code[1]["text"]
    values = {}
    for node in ast.parse(cell).body:
        assert isinstance(node, ast.Assign), ast.unparse(node)
        values[node.targets[0].id] = ast.literal_eval(node.value)
    assert (values["seed"], values["device"], values["data"]) == (0, "auto", "auto")
    assert all(re.search(r"\S  # \S", line) for line in cell.splitlines() if line.strip())


def test_parameters_are_used_and_never_set_again(notebook):
    names = {node.targets[0].id for node in ast.parse(notebook.code[1]["text"]).body}
    rest = [ast.parse(cell["text"]) for cell in notebook.code[2:]]
    nodes = [node for tree in rest for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert names <= {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
    top_level = {target.id for tree in rest for node in tree.body if isinstance(node, ast.Assign)
                 for target in ast.walk(node) if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)}
    assert not names & top_level


def test_cells_are_short_and_led_by_text(notebook):
    lengths = [sum(bool(line.strip()) for line in cell["text"].splitlines()) for cell in notebook.code]
    assert max(lengths) <= 15 and statistics.median(lengths) <= 8
    unled = [cell["text"] for before, cell in zip(notebook.cells, notebook.cells[1:])
             if cell["cell_type"] == "code" and before["cell_type"] != "markdown"]
    assert unled == []


def test_nothing_forbidden_in_the_code(notebook):
    forbidden = r"filterwarnings|\.cuda\(\)|plt\.show\(\)|if profile|^\s*#.*\bplt\.|import \*"
    assert [cell["text"] for cell in notebook.code if re.search(forbidden, cell["text"], re.M)] == []


def test_it_ran_clean(notebook):
    assert all(cell["execution_count"] for cell in notebook.code)
    assert [output for output in notebook.outputs if output["output_type"] == "error" or output.get("name") == "stderr"] == []
    assert "✗" not in json.dumps(notebook.outputs, ensure_ascii=False)
    assert [output for output in notebook.outputs if output["output_type"] == "execute_result"] == []  # a last line's value, unasked for


def test_every_figure_has_alternative_text_without_numbers_that_vary(notebook):
    pictures = [output for output in notebook.outputs if "image/png" in output.get("data", {})]
    assert pictures and all(len(output["metadata"]["image/png"]["alt"].split()) >= 5 for output in pictures)
    assert not any("image/svg+xml" in output.get("data", {}) for output in notebook.outputs)


def test_every_item_shows_a_figure_or_stands_beside_one(notebook):
    shown = sum("show(" in cell["text"] or "explore(" in cell["text"] for cell in notebook.code)
    assert shown >= 0.8 * len(notebook.items)


def test_exercises(notebook):
    marks = [cell["metadata"]["nbgrader"] for cell in notebook.code if "nbgrader" in cell["metadata"]]
    solutions = [cell for cell in notebook.code if cell["metadata"].get("nbgrader", {}).get("solution")]
    tests = [cell for cell in notebook.code if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert len(tests) == len(solutions) >= 4 and len({mark["grade_id"] for mark in marks}) == len(marks)
    for cell in solutions:
        assert "### BEGIN SOLUTION" in cell["text"] and "### END SOLUTION" in cell["text"]
    names = [re.search(r"^def (\w+)", cell["text"], re.M)[1] for cell in solutions]
    assert names == [re.search(r"check\((\w+)\)", cell["text"])[1] for cell in tests]


def test_no_section_stands_on_an_exercise(notebook):
    """In the student edition an exercise is a stub that raises: nothing but its check may call it."""
    exercises = [cell for cell in notebook.code if "nbgrader" in cell["metadata"]]
    names = {found[1] for cell in exercises if (found := re.search(r"^def (\w+)", cell["text"], re.M))}
    others = [ast.walk(ast.parse(re.sub(r"^\s*[%!].*$", "", cell["text"], flags=re.M))) for cell in notebook.code if cell not in exercises]
    assert not names & {node.id for nodes in others for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def test_something_to_play_with(notebook):
    assert len(list(notebook.calls("explore"))) >= 2


def test_closing(notebook):
    headings = re.findall(r"^## (.*)$", "\n".join(cell["text"] for cell in notebook.prose), re.M)
    assert "What held" in headings and headings[-1] == "References"
    assert "claims_table()" in notebook.code[-1]["text"]


def test_nothing_depends_on_the_machine(notebook):
    assert MACHINE_PATH.findall(notebook.raw) == [] and notebook.path.stat().st_size <= 3e6
    assert not any(key in cell["metadata"] for cell in notebook.cells for key in ("execution", "papermill"))


def test_links_stay_inside_the_project_or_go_to_colab(notebook):
    links = re.findall(r"\]\((?!#)([^)\s]+)\)", "\n".join(cell["text"] for cell in notebook.prose))
    assert [link for link in links if link.startswith("http") and "colab.research.google.com" not in link] == []


def test_profiles_set_parameters_that_exist(notebook):
    profiles = yaml.safe_load((FOLDER / "profiles.yaml").read_text(encoding="utf-8"))["profiles"]
    names = {node.targets[0].id for node in ast.parse(notebook.code[1]["text"]).body}
    assert list(profiles) == ["smoke", "full"]
    assert all(profile[notebook.path.stem] and set(profile[notebook.path.stem]) <= names for profile in profiles.values())
