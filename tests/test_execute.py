"""Notebooks executed for real, in kernels of their own: what comes back, what a failure leaves, and that nothing is left running."""
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from course_utils.running import UsageError
from course_utils.running.chapters import Chapter, Course, find_course, overrides, select
from course_utils.running.execute import execute, plan
from course_utils.running.saving import saving_engine

PARAMETERS = 'seed = 0  # of every random generator\ndata = "auto"\nepochs = 3  # passes: whole\nrate = 0.1'
BANNER = 'print(f"device  cpu, 1 thread\\ndata    MNIST: {data}\\nseed    {seed}")'
CLAIM = "from course_utils.claims import claim\n"


def write_notebook(path, *sources, parameters=PARAMETERS):
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    nbformat.write(nbformat.v4.new_notebook(cells=cells + [nbformat.v4.new_code_cell(source) for source in sources]), path)
    return path


class Silent:
    """A progress that says nothing, and remembers what was started."""

    def __init__(self):
        self.labels = []

    def started(self, process):
        self.labels.append(process.unit.label)

    def live(self, running):
        assert len(running) <= 2

    def finished(self, result):
        pass


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """{name: result} of notebooks that end in every way, run two at a time beside a foreign kernel that is also named python3."""
    folder = tmp_path_factory.mktemp("project {braces}")
    foreign = folder / "jupyter" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    foreign.joinpath("kernel.json").write_text(json.dumps({"argv": ["/bin/false"], "display_name": "other", "language": "python"}))
    look = 'import json, os, sys\nprint(json.dumps([sys.executable, os.getcwd(), os.environ["OMP_NUM_THREADS"], epochs, rate, seed]))'
    sources = {
        "good": [BANNER, CLAIM + 'claim("1.1", "it holds", float(epochs), ">", 1)', look, 'import os\nos.system("echo not a report")'],
        "untrue": [BANNER, CLAIM + 'claim("1.1", "a", float("nan"), ">", 1)\nclaim("1.2", "b", 1, "in", (0, float("inf")))'],
        "broken": [BANNER, "def f(x):\n    return x / 0\n\nf('<b>')", "print(epochs, rate)"],
        "dead": [f"{BANNER}\nepochs, rate", "import os\nos._exit(3)"]}
    chapters = [Chapter(None, name, write_notebook(folder / f"{name}.ipynb", *cells)) for name, cells in sources.items()]
    progress = Silent()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        patch.setenv("MPLBACKEND", "agg")
        patch.delenv("OMP_NUM_THREADS", raising=False)
        units = plan(Course(folder, chapters, {}), chapters, {}, out=folder / "build")
        units[0] = plan(Course(folder, chapters, {}), chapters[:1], {"epochs": "7", "rate": "1e-3"}, seeds=[4], out=folder / "build")[0]
        results, interrupted = execute(units, jobs=2, threads=1, progress=progress)
    assert not interrupted and len(progress.labels) == len(sources)
    return folder, {result["notebook"]: result for result in results}


def output(folder, result, text):
    cells = json.loads((folder / "build" / result["executed"]).read_text())["cells"]
    return next(line for cell in cells for out in cell.get("outputs", []) for line in out.get("text", []) if text in line)


def test_each_notebook_ends_in_its_own_way(ran):
    assert {name: result["status"] for name, result in ran[1].items()} == {
        "good": "passed", "untrue": "claims", "broken": "failed", "dead": "failed"}


def test_the_kernel_is_this_python_in_the_notebooks_folder_with_its_parameters(ran):
    folder, results = ran
    executable, cwd, *rest = json.loads(output(folder, results["good"], sys.executable))
    assert (executable, Path(cwd)) == (sys.executable, folder)
    assert rest == ["1", 7, 0.001, 4]
    assert results["good"]["executed"] == "executed/good.seed4.ipynb"


def test_a_result_tells_device_data_claims_and_seconds(ran):
    result = ran[1]["good"]
    assert (result["device"], result["data"]) == ("cpu, 1 thread", ["MNIST: auto"])
    assert [(claim["item"], claim["held"], claim["measured"]) for claim in result["claims"]] == [("1.1", True, 7.0)]
    assert 0 < result["seconds"] < 120 and result["cell"] == result["cells"] == 6


def test_a_claim_that_does_not_hold_is_told_with_its_value(ran):
    first, second = ran[1]["untrue"]["claims"]
    assert (first["held"], first["measured"]) == (False, "nan")
    assert (second["held"], second["bound"]) == (True, [0, "inf"])


def test_a_failure_tells_the_cell_its_source_and_the_traceback_and_keeps_what_ran(ran):
    folder, results = ran
    failure = results["broken"]["failure"]
    assert failure["cell"] == 4 and failure["source"].startswith("def f(x)") and failure["error"] == "TypeError: unsupported operand " \
        "type(s) for /: 'str' and 'int'"
    assert "return x / 0" in failure["traceback"] and "\x1b" not in failure["traceback"]
    assert output(folder, results["broken"], "device")


def test_a_kernel_that_dies_is_told_with_its_cell(ran):
    failure = ran[1]["dead"]["failure"]
    assert failure["cell"] == 4 and "os._exit" in failure["source"] and "the kernel died" in failure["error"]


def test_without_ipykernel_one_sentence_says_so(tmp_path, monkeypatch):
    tmp_path.joinpath("ipykernel.py").write_text('raise ModuleNotFoundError("No module named ipykernel", name="ipykernel")')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    chapter = Chapter(None, "t", write_notebook(tmp_path / "t.ipynb"))
    results, _ = execute(plan(Course(tmp_path, [], {}), [chapter], {}, out=tmp_path), jobs=1, threads=1, progress=Silent())
    assert results[0]["status"] == "failed" and results[0]["failure"]["error"].startswith("ipykernel is missing")
    assert results[0]["executed"] is None


@pytest.fixture
def project(tmp_path):
    """A course of two chapters that takes very long, in a folder of its own."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    slow = "import time\nprint('epoch 1', flush=True)\nfor _ in range(epochs * 1000):\n    time.sleep(rate)"
    for name in ("01_one", "02_two"):
        write_notebook(notebooks / f"{name}.ipynb", CLAIM + 'claim("1.1", "seen", seed, ">=", 0)', slow)
    notebooks.joinpath("syllabus.yaml").write_text("".join(
        f"- {{chapter: {number}, title: {word}, notebook: 0{number}_{word}.ipynb, items: [{{n: 1}}]}}\n"
        for number, word in [(1, "one"), (2, "two"), (3, "three")]))
    notebooks.joinpath("profiles.yaml").write_text(
        "profiles: {smoke: {01_one: {epochs: 1}}, wrong: {01_one: {epoch: 1}}}\nbudgets: {01_one: 40}")
    return tmp_path


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopping_keeps_what_is_done_and_leaves_nothing_running(project, how):
    command = [sys.executable, "-m", "course_utils.cli", "run", "-p", "epochs=5", "--jobs", "2"]
    course = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, start_new_session=True)
    copies = [project / "build" / "executed" / f"{name}.ipynb" for name in ("01_one", "02_two")]
    wait_for(lambda: course.poll() is not None or all(copy.exists() and "vnd.course.claim" in copy.read_text() for copy in copies))
    family = psutil.Process(course.pid).children(recursive=True)
    assert len(family) >= 4  # a process and a kernel for each notebook
    os.killpg(course.pid, how)
    printed = course.communicate(timeout=30)[0]
    wait_for(lambda: not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])
    if how != signal.SIGKILL:
        assert course.returncode == 130 and "interrupted in cell 4" in printed
        units = json.loads((project / "build" / "results.json").read_text())["units"]
        assert [(unit["status"], len(unit["claims"])) for unit in units] == [("interrupted", 1)] * 2
        assert "epoch 1" in copies[0].read_text() and "Interrupted" in (project / "build" / "report.html").read_text()


def test_an_executed_copy_is_written_while_it_runs_but_not_at_every_cell(tmp_path, monkeypatch):
    from papermill import engines, execute_notebook
    writes = []
    monkeypatch.setattr(engines, "write_ipynb", lambda nb, path: writes.append([bool(cell.get("outputs")) for cell in nb.cells]))
    engine = saving_engine(every=0.2, share=0.5)
    monkeypatch.setitem(engines.papermill_engines._engines, "now and then", engine)
    sources = ["1"] * 30 + ["import time; time.sleep(0.7)", "2"]
    started, start = [], time.monotonic()
    execute_notebook(
        write_notebook(tmp_path / "n.ipynb", *sources), tmp_path / "out.ipynb", engine_name="now and then", kernel_name="python3",
        progress_bar=False, on_cell_start=lambda cell, cell_index: started.append(cell_index))
    took = time.monotonic() - start
    assert len(started) == 34 and 4 <= len(writes) <= min(took / 0.2 + 4, 40)
    assert writes[-1][-1]  # the last cell's output is there
    assert any(all(write[2:32]) and not write[-1] for write in writes)  # while the long cell ran, those before it were


def test_writing_goes_on_after_a_disk_that_was_full_for_a_moment(tmp_path, monkeypatch):
    from papermill import engines, execute_notebook
    writes = []

    def write(nb, path):
        writes.append([bool(cell.get("outputs")) for cell in nb.cells])
        if len(writes) == 2:  # the first in a timer
            raise OSError("No space left on device")

    monkeypatch.setattr(engines, "write_ipynb", write)
    monkeypatch.setitem(engines.papermill_engines._engines, "now and then", saving_engine(every=0.2, share=0.5))
    execute_notebook(write_notebook(tmp_path / "n.ipynb", "1", "import time; time.sleep(1.5)", "2"), tmp_path / "out.ipynb",
                     engine_name="now and then", kernel_name="python3", progress_bar=False)  # without on_cell_start
    assert len(writes) >= 4 and writes[-1][-1]


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.1)


def test_a_course_is_found_from_its_folder_and_from_its_notebooks(project, monkeypatch):
    for folder in (project, project / "notebooks"):
        monkeypatch.chdir(folder)
        course = find_course()
        assert course.folder == project / "notebooks"
        assert [(chapter.name, chapter.budget) for chapter in course.present] == [("01_one", 40), ("02_two", None)]


def test_elsewhere_the_checkout_of_the_package_is_the_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_course().folder == Path(__file__).resolve().parents[1] / "notebooks"


def test_a_package_without_notebooks_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course_utils.__file__", str(tmp_path / "site-packages" / "course_utils" / "__init__.py"))
    with pytest.raises(UsageError, match="run this in the project's folder"):
        find_course()


@pytest.mark.parametrize("name", ["1", "01", "01_one", "01_one.ipynb", "notebooks/01_one.ipynb", "./notebooks/../notebooks/01_one.ipynb"])
def test_a_notebook_has_several_names(project, monkeypatch, name):
    monkeypatch.chdir(project)
    assert [chapter.number for chapter in select(find_course(), [name, "1"])] == [1]


def test_a_notebook_outside_the_syllabus_is_run_by_its_path(project, monkeypatch):
    monkeypatch.chdir(project)
    write_notebook(project / "mine.ipynb")
    chapter, = select(find_course(), ["mine.ipynb"])
    assert (chapter.number, chapter.name) == (None, "mine")


@pytest.mark.parametrize("name, message", [("7", 'no notebook "7".*01_one, 02_two'),
                                           ("3", "chapter 3, 03_three.ipynb, is not in notebooks"),
                                           ("none.ipynb", 'no notebook "none.ipynb"'), ("0", 'no notebook "0"')])
def test_an_unknown_notebook_names_the_known(project, monkeypatch, name, message):
    monkeypatch.chdir(project)
    with pytest.raises(UsageError, match=message):
        select(find_course(), [name])


def test_two_notebooks_of_one_name_are_refused(project, monkeypatch):
    monkeypatch.chdir(project)
    write_notebook(project / "01_one.ipynb")
    course = find_course()
    with pytest.raises(UsageError, match="called 01_one"):
        select(course, ["1", str(write_notebook(project / "01_one.ipynb").resolve())])


@pytest.mark.parametrize("content, message", [("{", "is no notebook"), ("{}", "is no notebook")])
def test_a_damaged_notebook_is_one_sentence(project, monkeypatch, content, message):
    monkeypatch.chdir(project)
    (project / "notebooks" / "01_one.ipynb").write_text(content)
    with pytest.raises(UsageError, match=message):
        plan(find_course(), select(find_course(), ["1"]), {}, out=project)


def test_profiles_override_and_the_command_line_overrides_them(project, monkeypatch):
    monkeypatch.chdir(project)
    course = find_course()
    first, second = plan(course, select(course, ["1", "2"]), {"rate": "2"}, profile="smoke", seeds=[3], out=project)
    assert first.parameters == {"epochs": 1, "rate": 2.0, "seed": 3} and second.parameters == {"rate": 2.0, "seed": 3}
    assert plan(course, [first.chapter], {"epochs": "9"}, profile="smoke", out=project)[0].parameters == {"epochs": 9}
    with pytest.raises(UsageError, match='no profile "huge": use one of smoke, wrong'):
        overrides(course, "huge", first.chapter)
    with pytest.raises(UsageError, match='profile wrong: 01_one has no parameter "epoch"'):
        plan(course, [first.chapter], {}, profile="wrong", out=project)


def test_real_data_may_take_half_as_long_again(project, monkeypatch):
    monkeypatch.chdir(project)
    write_notebook(project / "notebooks" / "01_one.ipynb", "print(data, epochs)")
    course = find_course()
    units = [plan(course, select(course, ["1"]), {"data": data}, out=project)[0] for data in ("real", "bundled")]
    assert [unit.chapter.budget for unit in units] == [60, 40]


def test_a_profile_for_an_unknown_notebook_is_refused(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "notebooks" / "profiles.yaml").write_text("profiles: {smoke: {04_four: {}}}")
    with pytest.raises(UsageError, match='"04_four" that is not in the syllabus: use one of 01_one, 02_two, 03_three'):
        find_course()


def test_a_parameter_without_effect_stops_the_run_before_it_starts(tmp_path):
    chapter = Chapter(None, "t", write_notebook(tmp_path / "t.ipynb", "epochs = 5", "print(epochs)"))
    with pytest.raises(UsageError, match="t never reads its parameter epochs"):
        plan(Course(tmp_path, [], {}), [chapter], {"epochs": "3"}, out=tmp_path)
