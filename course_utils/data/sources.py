"""Where data come from: a copy on disk, a checked download, or the bundled stand-in."""
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Callable

from course_utils.data.download import ASKED, AUTO, Unreachable
from course_utils.data.files import DataError
from course_utils.data.registry import IMAGES
from course_utils.data.registry_text import TEXTS
from course_utils.data.store import make_ready, present, roots, store_folder

__all__ = ["DataError", "Located", "catalogue", "fetch", "locate", "roots", "store_folder", "verify"]

SETS = IMAGES | TEXTS
CHOICES = ("auto", "real", "bundled")
UNASKED = 50_000_000  # bytes: the largest download that nobody asked for


@dataclass(frozen=True)
class Located:
    """A data set that was found; `why` says in one line what.

    read()  gives, of images: images, labels, test images, test labels, class names; of text: what readers_text.read says
    """
    title: str
    real: bool
    why: str
    read: Callable


_located = {}  # decisions of this process, by set, choice and $COURSE_DATA
_offline = False  # no mirror answered a download that nobody asked for: one wait a process is enough


def locate(name, data="auto"):
    """Find the data set `name` and return it as a Located; the decision holds for the whole process.

    data  "auto": the real set if it is on disk, else a download (up to 50 MB, if the network answers within seconds), else the stand-in
          "real": the real set, downloaded if need be, or DataError;  "bundled": the stand-in

    Raises ValueError for a name or a choice that does not exist.
    """
    if data not in CHOICES:
        raise ValueError(f'data = "{data}" is unknown: use one of {", ".join(CHOICES)}')
    key = _entry(name).name, data, os.environ.get("COURSE_DATA")
    if key not in _located:
        _located[key] = _locate(_entry(name), data)
    return _located[key]


def fetch(name, progress=None):
    """Make sure that the real set is whole on this machine, downloading what is missing; returns the name of the place where it is.

    progress  called with (bytes done, bytes in all, name of the file)
    Raises DataError, or ValueError for an unknown name.
    """
    entry = _entry(name)
    _located.clear()  # what this process decided before may change
    whole = replace(entry, editions=entry.editions[:1])  # a subset on disk is not what is asked for
    return make_ready(whole, ASKED, lambda: mirrors(name), progress)[0]


def verify(name):
    """Check every file of the set against its SHA-256: [(file, "ok" or a sentence)]. Raises ValueError for an unknown name."""
    entry, findings = _entry(name), []
    for (place, root), edition in product(roots().items(), entry.editions):
        if not any(here := present(edition, root)):
            continue
        for (files, packed), found in zip(edition.parts, here):
            anew = entry.remedy("the whole set" if edition.note else "it anew, or uses the next copy" if entry.bytes else "it")
            lost = [] if packed in found else [file for file in files if file not in found]
            lost = [packed] if packed and len(lost) == len(files) else lost
            for file in (*found, *lost):
                state = "missing" if file in lost else "ok" if file.good_in(root / edition.folder) else "damaged"
                findings.append((Path(edition.folder, file.name).as_posix(),
                                 state if state == "ok" else f"{state} in {place}: {anew}"))
    return findings or [(name, f"not on this machine: {entry.remedy('it')}")]


def catalogue():
    """The data sets: [{name, title, bytes (of the download, 0 if there is none), terms, citation, state}].

    state: "real in (place)", "damaged" or "incomplete" (`course data fetch` helps), "not here".
    """
    return [{"name": entry.name, "title": entry.title, "bytes": entry.bytes, "terms": entry.terms, "citation": entry.citation,
             "state": _state(entry)} for entry in SETS.values()]


def mirrors(name):
    """Addresses of the folders to download from; those of images are torchvision's own."""
    if _entry(name).kind == "text":
        return _entry(name).mirrors
    import torchvision
    reader = getattr(torchvision.datasets, name)
    return reader.mirrors if hasattr(reader, "mirrors") else [reader.url.rpartition("/")[0] + "/"]


def _entry(name):
    if name not in SETS:
        raise ValueError(f'there is no data set "{name}": use one of {", ".join(SETS)}')
    return SETS[name]


def _state(entry):
    for edition, (place, root) in product(entry.editions, roots().items()):
        folder = root / edition.folder
        if all(all(file.good_in(folder) for file in files) or packed and packed.good_in(folder) for files, packed in edition.parts):
            return f"real in {place}" + (f" ({edition.note})" if edition.note else "")
    findings = [finding for _, finding in verify(entry.name)]
    states = [state for state in ("damaged", "missing") if any(finding.startswith(state) for finding in findings)]
    return {"damaged": "damaged", "missing": "incomplete"}[states[0]] if states else "not here"


def _locate(entry, data):
    if data == "bundled":
        return _bundled(entry, 'data = "bundled"; data = "real" takes the real one')
    try:
        place, _, edition = _ready(entry, data)
    except DataError as error:
        if data == "real":
            raise DataError(error.happened, error.remedy + ', or use data = "bundled"' * bool(entry.stand_in)) from error
        return _bundled(entry, f"{error.happened}; {entry.remedy()}")
    what = f"{edition.note} of the real data set" if edition.note else "the real data set"
    title = f"{entry.name} subset" if edition.note else entry.name
    return Located(title, True, f"{entry.name}: {what}, from {place}", lambda: _read_real(entry, data))


def _bundled(entry, why):
    def read():
        if entry.kind == "text":
            from course_utils.data import standins_text as standins
        else:
            from course_utils.data import standins
        try:
            folder = store_folder()[1] / "bundled"
        except DataError:
            return standins.draw(entry.name)
        return standins.draw_once(entry.name, folder)

    if not entry.stand_in:
        return Located("nothing bundled", False, f"{entry.name}: not here, and nothing stands in for it ({why})", read)
    return Located(f"bundled {entry.stand_in.split()[0]}", False, f"{entry.name}: bundled stand-in, {entry.stand_in} ({why})", read)


def _ready(entry, data):
    """make_ready with the patience and the mirrors that the choice calls for."""
    global _offline

    def allowed_mirrors():
        if data == "auto" and entry.bytes > UNASKED:
            raise DataError(f"{entry.bytes / 1e6:.0f} MB are too much to download unasked", entry.remedy("them"))
        if data == "auto" and _offline:
            raise Unreachable("no mirror can be reached", "check the network")
        return mirrors(entry.name)

    with _bar(entry.name) as progress:
        try:
            return make_ready(entry, ASKED if data == "real" else AUTO, allowed_mirrors, progress)
        except Unreachable:
            _offline = True
            raise


def _read_real(entry, data):
    """Read the files, checked once more: images with torchvision's class of the same name."""
    _, root, edition = _ready(entry, data)
    if entry.kind == "text":
        from course_utils.data import readers_text
        return readers_text.read(entry.name, root / edition.folder, [file for files, _ in edition.parts for file in files])
    from course_utils.data import readers
    return readers.read(entry.name, root / edition.folder)


@contextmanager
def _bar(name):
    """A progress bar that shows itself once a download has taken a second: gives the function to call with the progress."""
    from tqdm.auto import tqdm
    bar = None

    def progress(done, total, label):
        nonlocal bar
        bar = bar or tqdm(total=total, desc=name, unit="B", unit_scale=True, leave=False, delay=1)
        bar.update(done - bar.n)

    try:
        yield progress
    finally:
        if bar is not None:
            bar.close()
