"""What the commands `course list` and `course run` do, between the command line and the parts that do the work."""
import contextlib
import os
import shlex
import signal
import sys
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from course_utils.running import UsageError
from course_utils.running.chapters import find_course, read_cells, select
from course_utils.running.execute import cores, execute, plan
from course_utils.running.parameters import parse_assignment, parse_seeds, read_parameters
from course_utils.running.progress import Progress, summary
from course_utils.running.report import write_json, write_report
from course_utils.running.store import store


def list_chapters(options):
    """Print the chapters, what can be set in each, and the profiles."""
    course = find_course()
    for chapter in course.chapters:
        budget = f"{chapter.budget:.0f} s" if chapter.budget else "no budget"
        print(f"{chapter.number:2}  {chapter.title} ({chapter.name}): {chapter.items} items, {budget}")
        if not chapter.path.exists():
            print("      not written yet")
            continue
        for parameter in read_parameters(read_cells(chapter.path), chapter.name).values():
            print(f"      {parameter.name + ' = ' + repr(parameter.default):24} {parameter.help}".rstrip())
        for profile, overrides in course.profiles.items():
            if values := overrides.get(chapter.name):
                print(f"      --profile {profile}: " + ", ".join(f"{name} = {value!r}" for name, value in values.items()))
    print(f"\nprofiles: {', '.join(course.profiles) or 'none'}")
    return 0


def run(options):
    """Execute notebooks, show progress, write the report; returns the exit code."""
    course = find_course()
    if options.store and options.seeds is not None:
        raise UsageError("--store keeps one run of a notebook: leave out --seeds")
    out = Path(options.out) if options.out else course.folder.parent / "build"
    units = plan(course, select(course, options.notebooks), _parameters(options), profile=options.profile, seeds=_seeds(options), out=out)
    jobs = _jobs(options.jobs, len(units))
    _make_room(out)
    threads = max(1, cores() // jobs)
    started = datetime.now().astimezone()
    began = time.monotonic()
    with _terminated_is_interrupted():
        results, interrupted = execute(units, jobs=jobs, threads=threads, progress=Progress(len(units)))
    facts = {"command": shlex.join(["course", *sys.argv[1:]]), "started": started.strftime("%Y-%m-%d %H:%M %Z"),
             "seconds": round(time.monotonic() - began, 1), "jobs": jobs, "threads": int(os.environ.get("OMP_NUM_THREADS", threads)),
             "interrupted": interrupted, "versions": {name: version(name) for name in ("torch", "papermill")},
             "python": ".".join(map(str, sys.version_info[:3]))}
    write_json(results, facts, out / "results.json")
    write_report(results, facts, out / "report.html")
    print("\n".join(["", *summary(results), f"report: {_from_here(out / 'report.html')}"]))
    if interrupted:
        return 130
    passed = [unit for unit, result in zip(units, results) if result["status"] == "passed"]
    stored = not options.store or all([_stored(unit) for unit in passed])
    return 0 if stored and len(passed) == len(units) else 1


def _stored(unit):
    try:
        store(unit.executed, unit.chapter.path)
    except ValueError as error:
        print(f"course: {error}", file=sys.stderr)
        return False
    print(f"stored: {unit.chapter.path.name}")
    return True


def _parameters(options):
    parameters = {}
    for name, value in map(parse_assignment, options.parameter):
        if name in parameters or (name == "data" and options.data) or (name == "seed" and (options.seed, options.seeds) != (None, None)):
            raise UsageError(f"{name} is set twice: say it once")
        parameters[name] = value
    return parameters | ({"data": options.data} if options.data else {})


def _seeds(options):
    if options.seeds is not None:
        return parse_seeds(options.seeds)
    return [options.seed]


def _make_room(out):
    try:
        (out / "executed").mkdir(parents=True, exist_ok=True)
        (out / "results.json").unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{out} cannot be written to ({error.strerror}): give another folder with --out") from None


def _from_here(path):
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def _jobs(wanted, units):
    if wanted is not None and wanted < 1:
        raise UsageError(f"--jobs {wanted} runs nothing: give at least 1")
    return min(wanted or 2, units, max(cores(), 1) if wanted is None else units)


@contextlib.contextmanager
def _terminated_is_interrupted():
    """A SIGTERM, such as a CI's time limit sends, ends the run as Ctrl-C does: with what is done kept, and a report."""
    def interrupt(*_):
        raise KeyboardInterrupt
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
