"""Executing notebooks side by side with papermill: a failing one stops nobody else, Ctrl-C keeps what is done."""
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from course_utils.running import UsageError
from course_utils.running.chapters import overrides, read_cells
from course_utils.running.parameters import read_parameters, resolve, without_effect
from course_utils.running.process import Process, Unit, blank

REAL = 1.5  # budgets are for the bundled data; the real sets are larger
GRACE = 10  # seconds a process has to write its notebook once it was asked to stop


def plan(course, chapters, parameters, *, profile=None, seeds=(None,), out):
    """Units for chapters and seeds, all checked before the first one starts.

    Raises UsageError for a profile or parameter that does not exist, a value of the wrong type, or a parameter that has no effect.
    """
    units = []
    for chapter in chapters:
        cells = read_cells(chapter.path)
        known = read_parameters(cells, chapter.name)
        for seed in seeds:
            preset = resolve(overrides(course, profile, chapter), known, f"profile {profile}: {chapter.name}")
            values = preset | resolve(parameters | ({} if seed is None else {"seed": seed}), known, chapter.name)
            if values and (idle := without_effect(values, cells)):
                raise UsageError(f"{chapter.name} never reads its parameter {idle[0]}, or sets it anew before it does: repair the notebook")
            slower = values.get("data") == "real" and chapter.budget
            allowed = replace(chapter, budget=chapter.budget * REAL) if slower else chapter
            name = chapter.name if seed is None else f"{chapter.name}.seed{seed}"
            units.append(Unit(allowed, values, seed, len(cells), out / "executed" / f"{name}.ipynb"))
    return units


def cores():
    """Cores this process may use, by its affinity and its container's share."""
    from joblib import cpu_count
    return cpu_count()


def execute(units, *, jobs, threads, progress):
    """Run the units, at most `jobs` at a time with `threads` threads each (unless OMP_NUM_THREADS is set), until done or interrupted.

    progress  object with started(process), live([process]) and finished(result)

    Returns (results, interrupted): a dict a unit, as process.blank() lists it, in the order of the units.
    """
    results, running, waiting, interrupted = {}, [], list(units), False

    def gather():
        for process in [process for process in running if process.ended]:
            running.remove(process)
            results[process.unit.label] = process.result()
            progress.finished(results[process.unit.label])

    with tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True) as scratch:
        environment = _environment(Path(scratch))
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    unit = waiting.pop(0)
                    running.append(Process(unit, threads, environment, Path(scratch, f"{unit.executed.stem}.log")))
                    progress.started(running[-1])
                progress.live(running)
                time.sleep(0.1)
                gather()
        except KeyboardInterrupt:
            interrupted = True
            _stop(running)
            gather()
        finally:
            for process in running:
                process.kill()
    return [results.get(unit.label) or blank(unit) for unit in units], interrupted


def _stop(running):
    """Let every process write what it has; whoever is not done in time, or at a second Ctrl-C, is killed."""
    for process in running:
        process.ask_to_stop()
    deadline = time.monotonic() + GRACE
    try:
        while not all([process.ended for process in running]) and time.monotonic() < deadline:
            time.sleep(0.05)
    except KeyboardInterrupt:
        pass
    for process in running:
        process.kill()


def _environment(scratch):
    """The environment of the processes: a kernel named python3 that is this very Python, whatever others the machine knows."""
    folder = scratch / "kernels" / "python3"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
    paths = [str(scratch), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    environment = {**os.environ, "JUPYTER_PATH": os.pathsep.join(paths), "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
                   "IPYTHONDIR": str(scratch / "ipython")}
    if "COURSE_DATA" in environment:  # a notebook runs in its own folder
        environment["COURSE_DATA"] = os.path.abspath(environment["COURSE_DATA"])
    environment.pop("MPLBACKEND", None)  # with another backend than ipykernel's own, no figure would reach the notebook
    return environment
