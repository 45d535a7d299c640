"""The folders that hold data sets: where they are, and how a set in them becomes whole, written by one process at a time."""
import gzip
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from course_utils.data.download import download
from course_utils.data.files import CHUNK, DataError, in_words, written_whole

PROJECT = Path(__file__).resolve().parents[2]  # the repository, where the package is not installed apart from it


def roots():
    """The folders in which data sets are looked for, in this order, under the name that messages give them: {name: Path}."""
    found = {}
    if named := os.environ.get("COURSE_DATA"):
        path = Path(named).expanduser()  # a relative one is meant from where the command was given, and a notebook runs in its own folder
        found["$COURSE_DATA"] = PROJECT / path if not path.is_dir() and (PROJECT / path).is_dir() else path
    if (PROJECT / "pyproject.toml").exists():
        found["data/"] = PROJECT / "data"
    found["the user's cache"] = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "course-utils"
    return found


def store_folder():
    """(name, Path) of the first of roots() that can be written to. Raises DataError if there is none."""
    for name, root in roots().items():
        if writable(root) and (root.is_dir() or name != "$COURSE_DATA"):  # a $COURSE_DATA that is not there is more likely misspelt
            return name, root
    raise DataError("no folder can be written to", "set COURSE_DATA to one that can")


def writable(folder):
    """True if files can be made in `folder`, or `folder` itself where it is not there yet. Write protection binds root, too."""
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK) and bool(folder.stat().st_mode & 0o222)


def make_ready(entry, patience, mirrors, progress=None):
    """See to it that every file of `entry` is whole in some folder: (name of the place it comes from, folder for torchvision).

    A whole copy on disk is used as it is. One that lacks files, or has damaged ones, gets them from the compressed files beside them
    (unpacked elsewhere if the folder is write-protected), else a download.

    mirrors   function that gives the addresses of the folders to download from, or raises DataError if there is to be no download
    progress  called with (bytes done, bytes in all, name of the file) during a download
    Raises DataError.
    """
    problems = ["$COURSE_DATA is not a folder"] if "$COURSE_DATA" in roots() and not roots()["$COURSE_DATA"].is_dir() else []
    for place, root in roots().items():
        if any((root / entry.name / "raw" / file.name).exists() for pair in entry.files for file in pair):
            try:
                return place, _from_disk(entry, place, root, patience)
            except DataError as error:
                problems.append(error.happened)
    try:
        place, root = store_folder()
        _download(entry, place, root, patience, mirrors, progress)
        return place, root
    except DataError as error:
        happened = [*(problems or [f"{entry.name} is not on this machine"]), error.happened]
        raise type(error)("; ".join(dict.fromkeys(happened)), error.remedy) from error


def _from_disk(entry, place, root, patience):
    source = root / entry.name / "raw"
    if all(plain.good_in(source) for plain, _ in entry.files):
        return root

    def beside(plain, packed):
        if packed.good_in(source):
            return source
        state = "damaged" if (source / packed.name).exists() or (source / plain.name).exists() else "missing"
        raise DataError(f"{plain.name} in {place} is {state}", f"`course data fetch {entry.name}` gets it anew")

    if not writable(source):
        place, root = store_folder()
        root = root / "unpacked"
    _complete(entry, place, root, patience, beside)
    return root


def _download(entry, place, root, patience, mirrors, progress):
    raw, give_up, done = root / entry.name / "raw", time.monotonic() + patience.all, 0

    def downloaded(plain, packed):
        nonlocal done
        if not packed.good_in(raw):
            need, free = plain.bytes + packed.bytes, shutil.disk_usage(raw).free
            if free < need:
                raise DataError(f"{plain.name} needs {need / 1e6:.0f} MB, {place} has {free / 1e6:.0f} MB left",
                                "make room there, or set COURSE_DATA to a folder with room")
            report = None if progress is None else lambda received: progress(done + received, entry.bytes, packed.name)
            download([base + packed.name for base in mirrors()], raw / packed.name, packed, patience, give_up=give_up, progress=report)
        done += packed.bytes
        return raw

    _complete(entry, place, root, patience, downloaded)


def _complete(entry, place, root, patience, find):
    """Make the files of `entry` whole in `root`; find(plain, packed) gives a folder with the right compressed file, or raises."""
    raw = root / entry.name / "raw"
    with in_words(f"writing {entry.name}", place), _alone(raw, entry, patience):
        for leftover in raw.glob("*.part"):  # of a process that was killed: whoever holds the lock is the only one writing
            leftover.unlink()
        for plain, packed in entry.files:
            if not plain.good_in(raw):
                with gzip.open(find(plain, packed) / packed.name, "rb") as compressed, written_whole(raw / plain.name) as file:
                    shutil.copyfileobj(compressed, file, CHUNK)


@contextmanager
def _alone(raw, entry, patience):
    """Be the only process that writes to the folder `raw`, which is made if need be."""
    raw.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(raw.parent / ".lock", timeout=patience.turn):
            yield
    except Timeout as error:
        raise DataError(f"another process has been writing {entry.name} for more than {patience.turn:.0f} s",
                        "wait for it or end it, then try again") from error
