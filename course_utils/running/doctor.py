"""`course doctor`: what is installed and found, and for each problem what to do about it."""
import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version

from course_utils.running import UsageError
from course_utils.running.chapters import find_course
from course_utils.running.execute import cores

GIGABYTE = 10**9
# In a process of its own: a broken torch may take its process with it.
PROBE = "import torch; from course_utils.device import available_devices; print(*available_devices(), torch.get_num_threads())"
GOOD, NOTE, PROBLEM = "✓", "·", "✗"


def examine(*more):
    """Print a line a finding and return the exit code, 1 if one of them is a problem.

    more  functions without arguments that give lists of (mark, text) like the checks here: what this module must not import
    """
    problems = 0
    for check in (check_python, check_packages, check_device, check_kernel, check_course, *more):
        for mark, text in check():
            print(f"{mark} {text}")
            problems += mark == PROBLEM
    print(f"\n{problems} {'problem' if problems == 1 else 'problems'}" if problems else "\nall is well")
    return 1 if problems else 0


def check_python():
    """The interpreter and the cores it may use."""
    found = f"python {'.'.join(map(str, sys.version_info[:3]))} in {sys.prefix}"
    old = sys.version_info < (3, 10)
    return [(PROBLEM, f"{found}: the course needs 3.10 or newer; run `make setup` with one") if old else (GOOD, found),
            (GOOD, f"{cores()} cores" + (f", OMP_NUM_THREADS={threads}" if (threads := os.environ.get("OMP_NUM_THREADS")) else ""))]


def check_packages():
    """What the package requires against what is installed."""
    from packaging.requirements import Requirement
    try:
        wanted = [Requirement(line) for line in requires("course-utils")]
    except PackageNotFoundError:
        return [(PROBLEM, "course-utils is not installed: run `make setup`, or `pip install -e .` in the project's folder")]
    return [_package(requirement) for requirement in wanted if requirement.marker is None or requirement.marker.evaluate({"extra": ""})]


def check_device():
    """What torch computes on."""
    probe = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True)
    if probe.returncode:
        words = (probe.stderr.splitlines() or [f"status {probe.returncode}"])[-1]
        return [(PROBLEM, f"torch does not start ({words}): delete .venv and run `make setup`")]
    first, *others, threads = probe.stdout.split()
    if first == "cpu":
        return [(GOOD, f"device cpu, {threads} of torch's threads"), (NOTE, "no GPU was found: the chapters are made for two CPU cores")]
    return [(GOOD, f"device {first}, also {', '.join(others)}")]


def check_kernel():
    """Notebooks run in a kernel of this very Python."""
    try:
        return [(GOOD, f"ipykernel {version('ipykernel')}: notebooks run with this Python")]
    except PackageNotFoundError:
        return [(PROBLEM, "ipykernel is missing, so no notebook can run: install the course with `make setup`, or `pip install ipykernel`")]


def check_course():
    """The notebooks' folder, and room on its disk for what is downloaded and written."""
    try:
        course = find_course()
    except UsageError as error:
        return [(PROBLEM, str(error))]
    free = shutil.disk_usage(course.folder).free
    room = f"{free / GIGABYTE:.1f} GB free on the disk of {course.folder.parent}"
    return [(GOOD, f"{len(course.present)} of {len(course.chapters)} notebooks in {course.folder}"),
            (GOOD, room) if free > GIGABYTE else (PROBLEM, f"{room}: data sets and executed copies need about 1 GB, make room"),
            _writable(course.folder.parent)]


def _writable(folder):
    if os.access(folder, os.W_OK):
        return GOOD, f"reports go to {folder / 'build'}"
    return NOTE, f"{folder} cannot be written to: give `course run --out FOLDER`"


def _package(requirement):
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return PROBLEM, f"{requirement.name} is missing: run `make setup`, or `pip install '{requirement}'`"
    if requirement.specifier.contains(found, prereleases=True):
        return GOOD, f"{requirement.name} {found}"
    return PROBLEM, (f"{requirement.name} {found} does not fit, {requirement.specifier} is needed: run `make setup`, "
                     f"or `pip install '{requirement}'`")
