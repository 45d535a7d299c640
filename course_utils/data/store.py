"""The folders that hold data sets: where they are, and how a set in them becomes whole, written by one process at a time."""
import gzip
import os
import shutil
import tarfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from course_utils.data.download import arrived, download
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
    """See to it that an edition of `entry` is whole in some folder: (name of the place it comes from, root that holds it, edition).

    A whole copy on disk is used as it is. One that lacks files, or has damaged ones, gets them from the compressed files beside them
    (unpacked elsewhere if the folder is write-protected), else a download, which is always of the first edition.

    mirrors   function that gives the addresses of the folders to download from, or raises DataError if there is to be no download
    progress  called with (bytes done, bytes in all, name of the file) during a download
    Raises DataError.
    """
    problems = ["$COURSE_DATA is not a folder"] if "$COURSE_DATA" in roots() and not roots()["$COURSE_DATA"].is_dir() else []
    for edition in entry.editions:  # the whole set, wherever it is, goes before a part of it
        for place, root in roots().items():
            if any(present(edition, root)):
                try:
                    return place, _from_disk(entry, edition, place, root, patience), edition
                except DataError as error:
                    problems.append(error.happened)
    try:
        if not entry.bytes:
            raise DataError("the course does not download it", entry.remedy())
        place, root = store_folder()
        _download(entry, place, root, patience, mirrors, progress)
        return place, root, entry.editions[0]
    except DataError as error:
        happened = [*(problems or [f"{entry.name} is not on this machine"]), error.happened]
        raise type(error)("; ".join(dict.fromkeys(happened)), error.remedy) from error


def present(edition, root):
    """For each part of an edition the list of its files (Checked) that are there, whole or not."""
    return [[file for file in (*files, packed) if file and (root / edition.folder / file.name).exists()] for files, packed in edition.parts]


def _from_disk(entry, edition, place, root, patience):
    source = root / edition.folder
    lost = [(file, packed) for files, packed in edition.parts for file in files if not file.good_in(source)]
    if not lost:
        return root
    for file, packed in lost:
        if packed is None or not packed.good_in(source):
            damaged = any((source / each.name).exists() for each in (file, packed) if each)
            raise DataError(f"{file.name} in {place} is {'damaged' if damaged else 'missing'}",
                            entry.remedy("the whole set" if edition.note else "it anew"))
    if not all(writable(folder) for file, _ in lost for folder in (source, (source / file.name).parent)):
        place, root = store_folder()
        root = root / "unpacked"
    _complete(entry, edition, place, root, patience, lambda files, packed: source)
    return root


def _download(entry, place, root, patience, mirrors, progress):
    edition = entry.editions[0]
    folder, give_up, done = root / edition.folder, time.monotonic() + patience.all, 0

    def downloaded(files, packed):
        nonlocal done
        for file in [packed] if packed else files:  # compressed, or each as it is
            if not file.good_in(folder):
                need = file.bytes - arrived(folder / file.name, file) + (sum(each.bytes for each in files) if packed else 0)
                free = shutil.disk_usage(folder).free
                if free < need:
                    raise DataError(f"{file.name} needs {need / 1e6:.0f} MB, {place} has {free / 1e6:.0f} MB left",
                                    "make room there, or set COURSE_DATA to a folder with room")
                report = progress and (lambda received, before=done: progress(before + received, edition.bytes, Path(file.name).name))
                download([base + Path(file.name).name for base in mirrors()], folder / file.name, file, patience,
                         give_up=give_up, progress=report)
            done += file.bytes
        return folder

    _complete(entry, edition, place, root, patience, downloaded)


def _complete(entry, edition, place, root, patience, find):
    """Make the files of `edition` whole in `root`.

    find(files, packed) gives a folder with the right compressed file, or with the right files where none is compressed, or raises.
    """
    folder = root / edition.folder
    with in_words(f"writing {entry.name}", place), _alone(folder, entry, patience):
        for files, packed in edition.parts:
            for path in [folder / file.name for file in (*files, packed) if file]:
                path.parent.mkdir(exist_ok=True)
                for leftover in path.parent.glob(f"{path.name}.*.part"):  # of a killed process: who holds the lock is alone in writing
                    leftover.unlink()
            if lost := [file for file in files if not file.good_in(folder)]:
                found = find(files, packed)
                if packed:
                    _unpack(found / packed.name, lost, folder)


def _unpack(packed, files, folder):
    """Write `files` (Checked), which the compressed file `packed` (a Path) holds, into `folder`."""
    if packed.name.endswith(".zip"):
        with zipfile.ZipFile(packed) as archive:
            for wanted in files:
                with archive.open(wanted.name) as content, written_whole(folder / wanted.name) as file:
                    shutil.copyfileobj(content, file, CHUNK)
    elif not packed.name.endswith(".tar.gz"):
        with gzip.open(packed, "rb") as content, written_whole(folder / files[0].name) as file:
            shutil.copyfileobj(content, file, CHUNK)
    else:
        with tarfile.open(packed, "r:gz") as archive:
            for member in archive:  # in its own order: going back means to uncompress it all again
                if member.isfile() and member.name in [file.name for file in files]:
                    with archive.extractfile(member) as content, written_whole(folder / member.name) as file:
                        shutil.copyfileobj(content, file, CHUNK)


@contextmanager
def _alone(folder, entry, patience):
    """Be the only process that writes to `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=patience.turn):
            yield
    except Timeout as error:
        raise DataError(f"another process has been writing {entry.name} for more than {patience.turn:.0f} s",
                        "wait for it or end it, then try again") from error
