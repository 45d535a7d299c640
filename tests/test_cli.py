"""The command `course`: what it prints, and its exit codes."""
import json
import subprocess
import sys
import types
from importlib.metadata import entry_points

import nbformat
import pytest

from course_utils import cli
from course_utils.running import doctor
from course_utils.running.progress import Progress

CLAIM = "from course_utils.claims import claim\nclaim('1.1', 'it is positive', x, '>', 0)"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A course of two chapters, the second not written, as the current folder."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    cells = [nbformat.v4.new_code_cell("seed = 0  # of everything\nx = 1.5", metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell(f"print(seed)\n{CLAIM}")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "01_one.ipynb")
    notebooks.joinpath("syllabus.yaml").write_text(
        "- {chapter: 1, title: The first, notebook: 01_one.ipynb, items: [{n: 1}, {n: 2}]}\n"
        "- {chapter: 2, title: The second, notebook: 02_two.ipynb, items: [{n: 1}]}\n")
    notebooks.joinpath("profiles.yaml").write_text("profiles: {smoke: {01_one: {x: 0.5}}, full: {}}\nbudgets: {01_one: 40}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_list_shows_chapters_budgets_profiles_and_parameters(project, capsys):
    assert cli.main(["list"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == ["1 The first (01_one): 2 items, 40 s", "seed = 0 of everything", "x = 1.5", "--profile smoke: x = 0.5",
                     "2 The second (02_two): 1 items, no budget", "not written yet", "", "profiles: smoke, full"]


@pytest.mark.parametrize("arguments, message", [
    ("run nine", 'there is no notebook "nine": use the number or the name of one of 01_one'),
    ("run 2", "chapter 2, 02_two.ipynb, is not in notebooks/: there are 01_one"),
    ("run --profile big", 'there is no profile "big": use one of smoke, full'),
    ("run -p epochs=3", '01_one has no parameter "epochs": it has seed, x'),
    ("run -p x=abc", "01_one: x = 'abc' is of type str, but the parameter is of type float, such as 1.5"),
    ("run -p x", '"x" is no parameter: write name=value'),
    ("run --data real", '01_one has no parameter "data"'),
    ("run --seeds 3-1", '"3-1" is no list of seeds'),
    ("run --seed 1 -p seed=2", "seed is set twice"),
    ("run -p x=1 -p x=2", "x is set twice"),
    ("run --jobs 0", "--jobs 0 runs nothing"),
    ("run --out notebooks/syllabus.yaml", "notebooks/syllabus.yaml cannot be written to"),
])
def test_a_wrong_call_is_one_sentence_that_names_what_there_is(project, capsys, arguments, message):
    assert cli.main(arguments.split()) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"course: {message}") and captured.err.count("\n") == 1 and captured.out == ""
    assert not (project / "build").exists()


@pytest.mark.parametrize("arguments", ["", "dance", "run --data fake", "run --seed a", "run --seed 1 --seeds 2", "run --see 1", "data",
                                       "data fetch"])
def test_argparse_refuses_the_rest(project, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments.split())
    assert stopped.value.code == 2 and "usage: course" in capsys.readouterr().err


def test_run_executes_and_reports_and_its_exit_code_tells(project, capsys):
    assert cli.main(["run", "1", "--seeds", "0-1", "-p", "x=2", "--out", "there"]) == 0
    printed = capsys.readouterr().out
    assert "✓ 01_one seed 1" in printed and "report: there/report.html" in printed
    assert cli.main(["run", "1", "-p", "x=-1"]) == 1
    printed = capsys.readouterr().out
    assert "✗ 01_one: claim 1.1, it is positive: measured -1.0 > 0\nreport: build/report.html" in printed
    results = json.loads((project / "build" / "results.json").read_text())
    assert results["units"][0]["status"] == "claims" and results["units"][0]["parameters"] == {"x": -1.0}
    assert {path.name for path in (project / "there" / "executed").iterdir()} == {"01_one.seed0.ipynb", "01_one.seed1.ipynb"}


def test_what_passed_can_be_stored_in_the_notebook_itself(project, capsys):
    path = project / "notebooks" / "01_one.ipynb"
    assert cli.main(["run", "1", "--store"]) == 0
    assert "stored: 01_one.ipynb" in capsys.readouterr().out
    cells = json.loads(path.read_text())["cells"]
    assert [cell["execution_count"] for cell in cells] == [1, 2] and "it is positive" in str(cells[1]["outputs"])
    assert cli.main(["run", "1", "--store", "--seeds", "1-2"]) == 2


def test_the_command_starts_without_what_it_does_not_need():
    code = "import sys, course_utils.cli; print([name for name in ('torch', 'papermill', 'jinja2', 'numpy') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_reader_that_has_seen_enough_is_no_error(project):
    code = "import time, sys; from course_utils.cli import main; time.sleep(.2); sys.exit(main(['list']))"
    course = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    course.stdout.close()
    assert course.stderr.read() == b"" and course.wait() == 0


class Terminal(list):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True

    def write(self, text):
        self.append(text)

    def flush(self):
        pass


def test_on_a_terminal_every_running_notebook_has_a_live_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    chapter = types.SimpleNamespace(budget=40)
    unit = types.SimpleNamespace(label="01_one seed 3", chapter=chapter, cells=10)
    process = types.SimpleNamespace(unit=unit, cell=5, seconds_so_far=12.3)
    terminal = Terminal()
    progress = Progress(2, terminal)
    progress.started(process)
    progress.live([process, process])
    progress.live([process])
    lines = "".join(terminal)
    assert lines.count("\x1b[2F\x1b[J") == 1 and "01_one seed 3" in lines and "cell   5 of  10   12 s of 40" in lines
    assert "━" * 10 + "╌" * 10 in lines and max(map(len, lines.splitlines())) < 110


@pytest.fixture
def data_sets(monkeypatch):
    """Data sets whose fetching and checking go as their names say."""
    from course_utils.data import sources

    def fetch(name, progress=None):
        if name == "Bad":
            raise sources.DataError("Bad cannot be had: the network does not answer", "try again later")
        progress(5, 10, "file.gz")
        progress(10, 10, "file.gz")
        return "the cache"
    entries = [{"name": name, "title": f"The {name} set", "bytes": 12_000_000, "terms": "free", "citation": "", "state": state}
               for name, state in [("Good", "real in data"), ("Bad", "damaged"), ("Away", "not here")]]
    monkeypatch.setattr(sources, "catalogue", lambda: entries, raising=False)
    monkeypatch.setattr(sources, "fetch", fetch, raising=False)
    monkeypatch.setattr(sources, "verify", raising=False, value=lambda name: [
        ("a.gz", "ok"), ("b.gz", "ok" if name == "Good" else "is damaged: fetch it again")])


def test_data_lists_fetches_and_verifies(data_sets, capsys):
    assert cli.main(["data", "list"]) == 0
    assert "Good" in (listed := capsys.readouterr().out) and "12 MB" in listed and "terms: free" in listed
    assert cli.main(["data", "fetch", "Good", "Bad"]) == 1
    captured = capsys.readouterr()
    assert "✓ Good: in the cache" in captured.out and "✗ Bad: Bad cannot be had: the network does not answer" in captured.err
    assert cli.main(["data", "verify", "Good"]) == 0 and cli.main(["data", "verify"]) == 1
    assert "✗ b.gz: is damaged: fetch it again" in (printed := capsys.readouterr().out) and "Away" not in printed
    assert cli.main(["data", "fetch", "Ugly"]) == 2
    assert 'there is no data set "Ugly": use one of Good, Bad, Away' in capsys.readouterr().err


def test_a_set_that_is_not_downloaded_is_said_to_be_had_by_hand(monkeypatch, capsys):
    from course_utils.data import sources
    entry = {"name": "Hand", "title": "The set", "bytes": 0, "terms": "free", "citation": "", "state": "not here"}
    monkeypatch.setattr(sources, "catalogue", lambda: [entry])
    assert cli.main(["data", "list"]) == 0 and "Hand            by hand  not here" in capsys.readouterr().out
    cli.main(["doctor"])
    assert "· data Hand: not here, data/README.md says what gets it; until then, its stand-in is used" in capsys.readouterr().out


def test_doctor_looks_at_this_installation(data_sets, capsys):
    assert cli.main(["doctor"]) == 1  # for the damaged data set
    printed = capsys.readouterr().out
    for words in ["✓ python 3.", "✓ torch 2.", "✓ ipykernel", "✓ device", "✓ data Good: real in data\n",
                  "✗ data Bad: damaged, `course data fetch Bad` repairs it", "· data Away: not here, ", "\n1 problem\n"]:
        assert words in printed


def test_doctor_says_what_to_do_about_a_problem(capsys, monkeypatch):
    monkeypatch.setattr(doctor, "requires", lambda name: ["torch>=999", "no-such-package", "other; extra == 'dev'", "numpy>=1"])
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: types.SimpleNamespace(free=10**8))
    assert doctor.examine(lambda: [("✗", "one more")]) == 1
    printed = capsys.readouterr().out
    for words in ["does not fit, >=999 is needed: run `make setup`", "✗ no-such-package is missing", "✓ numpy", "✗ 0.1 GB free", "✗ one more",
                  "4 problems"]:
        assert words in printed
    assert "other" not in printed


def test_the_entry_point_is_the_command():
    command, = entry_points(group="console_scripts", name="course")
    assert command.value == "course_utils.cli:main"
