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

from course_utils.data.files import CHUNK, DataError, written_whole

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


def download(urls, target, wanted, patience, *, give_up, progress=None):
    """Fetch one file, from the first of `urls` that delivers it, to `target` (a Path in a folder that is there).

    wanted    the Checked that it must be
    give_up   the time (of time.monotonic) at which to stop trying
    progress  called with the bytes received so far

    Raises DataError, which says what each mirror did (Unreachable if none answered), or OSError where the disk refuses.
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
    raise DataError(f"no mirror delivered {wanted.name} ({said})", "try again later")


def _from_mirror(url, target, wanted, patience, give_up, progress):
    for pause in [2.0**ask / 2 for ask in range(patience.asks)]:
        try:
            response = _open(url, patience, give_up)
            break
        except HTTPError as error:
            error.close()
            problem = _Wrong(f"answered {error.code} {error.reason}")
            if error.code not in BUSY:
                raise problem from error
        time.sleep(min(pause, patience.answer, max(0, give_up - time.monotonic())))
    else:
        raise problem
    with response, written_whole(target) as file:
        digest, done = hashlib.sha256(), 0
        while chunk := _next_chunk(response, done, wanted):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done)
            if done > wanted.bytes:
                raise _Wrong("sent more than the file: something else under its name")
            if time.monotonic() > give_up:
                raise _Wrong(f"is too slow: {_amount(done, wanted)} in {patience.all:.0f} s")
        if done < wanted.bytes:
            raise _Wrong(f"ended after {_amount(done, wanted)}")
        if digest.hexdigest() != wanted.sha256:
            raise _Wrong("sent a file whose checksum is wrong")


def _open(url, patience, give_up):
    """The response of the server. In a thread, since the timeout of a socket does not cover looking up the name of the server."""
    answer = queue.SimpleQueue()

    def ask():
        try:
            answer.put(urlopen(Request(url, headers={"User-Agent": "course-utils"}), timeout=patience.stall))
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
