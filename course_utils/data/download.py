"""Downloads that end in the right file or in one sentence: mirrors, timeouts, retries, a checksum, and nothing half-written."""
import hashlib
import http.client
import queue
import threading
import time
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from course_utils.data.files import CHUNK, DataError, part_of, written_on, written_whole

RESUMABLE = 50_000_000  # bytes: of a file at least this large what has arrived is kept, and the next attempt asks for the rest
BUSY = (429, 500, 502, 503, 504)  # answers of a server that may do better in a moment


class Patience(NamedTuple):
    """How long to wait, in seconds: for an answer, between two pieces, for all of it, for another process; and how often to ask."""
    answer: float
    stall: float
    all: float
    turn: float
    asks: int


AUTO = Patience(answer=2, stall=5, all=60, turn=90, asks=1)  # nobody asked for this download: give up soon
ASKED = Patience(answer=15, stall=30, all=float("inf"), turn=600, asks=4)


class Unreachable(DataError):
    """No mirror answered at all: this machine is probably offline."""


class _Silent(Exception):
    """A server could not be reached or did not answer."""


class _Wrong(Exception):
    """A server answered with something that is not the file."""


class _Another(_Wrong):
    """What arrived is no beginning of the file: there is nothing to go on with."""


def download(urls, target, wanted, patience, *, give_up, progress=None):
    """Fetch one file, from the first of `urls` that delivers it, to `target` (a Path in a folder that is there).

    wanted    the Checked that it must be
    give_up   the time (of time.monotonic) at which to stop trying
    progress  called with the bytes received so far

    A large file (RESUMABLE) goes on where an earlier download of it broke off, at any mirror that knows HTTP's Range; at one that does
    not, it starts again. Raises DataError, which says what each mirror did (Unreachable if none answered), or OSError where the disk
    refuses.
    """
    problems = []
    for url in urls:
        try:
            return _from_mirror(url, target, wanted, patience, give_up, progress)
        except (_Silent, _Wrong) as problem:
            problems.append((urlsplit(url).hostname, problem))
    said = "; ".join(f"{host} {problem}" for host, problem in problems)
    if all(isinstance(problem, _Silent) for _, problem in problems):
        raise Unreachable("no mirror can be reached", f"check the network and try again ({said})")
    kept = part_of(target).exists()
    raise DataError(f"no mirror delivered {wanted.name} ({said})", "try again, it goes on from there" if kept else "try again later")


def arrived(target, wanted):
    """Bytes of an interrupted download of `target` that the next one need not fetch."""
    part = part_of(target)
    # one byte is asked for even if none is missing, so that whole and partial downloads end in the same way
    return min(part.stat().st_size, wanted.bytes - 1) if wanted.bytes >= RESUMABLE and part.exists() else 0


def _from_mirror(url, target, wanted, patience, give_up, progress):
    for pause in [2.0**ask / 2 for ask in range(patience.asks)]:
        try:
            response = _open(url, patience, give_up, arrived(target, wanted))
            break
        except HTTPError as error:
            error.close()
            problem = _Wrong(f"answered {error.code} {error.reason}")
            if error.code not in BUSY:
                raise problem from error
        time.sleep(min(pause, patience.answer, max(0, give_up - time.monotonic())))
    else:
        raise problem
    done = arrived(target, wanted)
    if response.status != 206 or not response.headers.get("Content-Range", "").startswith(f"bytes {done}-"):
        done = 0  # the server sends all of it
    unfinished = written_on(target, done) if wanted.bytes >= RESUMABLE else written_whole(target)
    try:
        with response, unfinished as file:
            digest = hashlib.sha256()
            if done:
                with open(part_of(target), "rb") as beginning:
                    while chunk := beginning.read(CHUNK):
                        digest.update(chunk)
            _receive(response, file, digest, done, wanted, patience, give_up, progress)
    except _Another:
        part_of(target).unlink(missing_ok=True)
        raise


def _receive(response, file, digest, done, wanted, patience, give_up, progress):
    """Write what comes to `file` until it is whole; `done` bytes were there before, and are in the digest."""
    while chunk := _next_chunk(response, done, wanted):
        file.write(chunk)
        digest.update(chunk)
        done += len(chunk)
        if progress is not None:
            progress(done)
        if done > wanted.bytes:
            raise _Another("sent more than the file: something else under its name")
        if time.monotonic() > give_up:
            raise _Wrong(f"is too slow: {_amount(done, wanted)} in {patience.all:.0f} s")
    if done < wanted.bytes:
        raise _Wrong(f"ended after {_amount(done, wanted)}")
    if digest.hexdigest() != wanted.sha256:
        raise _Another("sent a file whose checksum is wrong")


def _open(url, patience, give_up, start=0):
    """The response of the server, asked for what follows the first `start` bytes.

    In a thread, since the timeout of a socket does not cover looking up the name of the server.
    """
    answer = queue.SimpleQueue()
    headers = {"User-Agent": "course-utils", **({"Range": f"bytes={start}-"} if start else {})}

    def ask():
        try:
            answer.put(urlopen(Request(url, headers=headers), timeout=patience.stall))
        except BaseException as error:
            answer.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        response = answer.get(timeout=max(0.001, min(patience.answer, give_up - time.monotonic())))
    except queue.Empty:
        raise _Silent(f"does not answer within {patience.answer:g} s") from None
    if isinstance(response, HTTPError):
        raise response
    if isinstance(response, (OSError, http.client.HTTPException)):
        raise _Silent(f"does not answer: {getattr(response, 'reason', response)}") from response
    if isinstance(response, BaseException):
        raise response
    return response


def _next_chunk(response, done, wanted):
    try:
        return response.read1(CHUNK)
    except TimeoutError as error:
        raise _Wrong(f"stopped sending after {_amount(done, wanted)}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _Wrong(f"broke off after {_amount(done, wanted)}") from error


def _amount(done, wanted):
    return f"{done / 1e6:.1f} of {wanted.bytes / 1e6:.1f} MB"
