"""Files that are whole or not there: checked against SHA-256, written under a temporary name and then renamed."""
import errno
import hashlib
import os
from contextlib import contextmanager
from typing import NamedTuple

CHUNK = 1 << 18


class DataError(Exception):
    """A data set cannot be had: `happened` says why, `remedy` what to do; as text, both in one sentence."""

    def __init__(self, happened, remedy):
        super().__init__(happened, remedy)
        self.happened, self.remedy = happened, remedy

    def __str__(self):
        return f"{self.happened}: {self.remedy}"


class Checked(NamedTuple):
    """A file as it must be: its name, bytes and SHA-256."""
    name: str
    bytes: int
    sha256: str

    def good_in(self, folder):
        """True if the file is in `folder` (a Path) and is, byte for byte, what it must be."""
        try:
            with open(folder / self.name, "rb") as file:
                return os.fstat(file.fileno()).st_size == self.bytes and self.sha256_of(file) == self.sha256
        except OSError:
            return False

    @staticmethod
    def sha256_of(file):
        """SHA-256 of an open file, in hexadecimal."""
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        return digest.hexdigest()


@contextmanager
def written_whole(path):
    """Open a temporary neighbour of `path` for writing; it becomes `path` when the block ends well, and is removed when it does not.

    The name of the neighbour ends in .part. One that a killed process left behind is never read.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def part_of(path):
    """Where written_on keeps what is not whole yet."""
    return path.with_name(f"{path.name}.part")


@contextmanager
def written_on(path, start):
    """Like written_whole, but go on after the first `start` bytes of part_of(path), and leave what is there when the block fails."""
    with open(part_of(path), "r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(part_of(path), path)


@contextmanager
def in_words(doing, place):
    """Turn what the operating system refuses while `doing` something in `place` into a DataError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataError(f"no space is left in {place} for {doing}",
                            "make room there, or set COURSE_DATA to a folder with room") from error
        raise DataError(f"{place} refused {doing} ({error.strerror or error})",
                        "make the folder writable, or set COURSE_DATA to one that is") from error
