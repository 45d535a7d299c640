"""A data set of a few kilobytes in MNIST's format under MNIST's name, and a server on this machine that delivers it well or badly."""
import gzip
import hashlib
import math
import random
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from course_utils.data import sources, store
from course_utils.data.download import Patience
from course_utils.data.files import Checked
from course_utils.data.registry import DataSet, Edition

QUICK = Patience(answer=0.6, stall=0.4, all=10, turn=0.5, asks=3)


def idx(shape, seed):
    """The bytes of an IDX file of random uint8 numbers from 0 to 9."""
    header = bytes([0, 0, 8, len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape)
    return header + bytes(random.Random(seed).choices(range(10), k=math.prod(shape)))


PLAIN = {f"{part}-{what}-ubyte": idx((size, 28, 28) if what == "images-idx3" else (size,), seed) for seed, (part, what, size) in enumerate(
    [("train", "images-idx3", 120), ("train", "labels-idx1", 120), ("t10k", "images-idx3", 20), ("t10k", "labels-idx1", 20)])}
PACKED = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in PLAIN.items()}


def checked(name, content):
    """The Checked of a file with this content."""
    return Checked(name, len(content), hashlib.sha256(content).hexdigest())


SET = DataSet("MNIST", "a tiny set", "digits drawn from fonts", "no terms", "no citation", (Edition("MNIST", tuple(
    ((checked(f"raw/{name}", PLAIN[name]),), checked(f"raw/{name}.gz", PACKED[f"{name}.gz"])) for name in PLAIN)),))


def fill(root, files):
    """Write files {name: content} where the set belongs in `root`; returns that folder."""
    raw = Path(root) / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (raw / name).write_bytes(content)
    return raw


def install(put, mirrors, patience=QUICK, entry=SET):
    """Make the tiny set the course's only one, with these mirrors; put(object, name, value) replaces an attribute."""
    put(sources, "SETS", {entry.name: entry})
    put(sources, "mirrors", lambda name: mirrors)
    put(sources, "AUTO", patience)
    put(sources, "ASKED", patience)
    put(sources, "_located", {})
    put(sources, "_offline", False)
    put(store, "PROJECT", Path("/nowhere"))


def empty_store(folder, monkeypatch, entry=SET):
    """An empty store in `folder`, named by COURSE_DATA; there is no other but an empty user's cache, and no network."""
    root = folder / "store"
    root.mkdir()
    monkeypatch.setenv("COURSE_DATA", str(root))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    install(monkeypatch.setattr, ["http://127.0.0.1:9/"], entry=entry)
    return root


class Server(ThreadingHTTPServer):
    """Serves files {name: content} below /ok/, and with the fault that the folder names below others.

    "ranges" knows HTTP's Range. `asked` lists the requests' paths, `ranges` the ranges asked for.
    """
    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.asked, self.ranges, self.over = [], [], threading.Event()

    def base(self, fault="ok"):
        """The address of a folder."""
        return f"http://127.0.0.1:{self.server_address[1]}/{fault}/"


class Handler(BaseHTTPRequestHandler):
    """Answers by the first folder of the path."""

    def do_GET(self):
        """One request."""
        self.server.asked.append(self.path)
        fault, name = self.path.strip("/").split("/")
        content = self.server.files[name]
        half = content[:len(content) // 2]
        if fault == "silent":
            self.server.over.wait(30)
        elif fault == "gone":
            self.send_error(404)
        elif fault == "busy" or (fault == "busy-once" and self.server.asked.count(self.path) == 1):
            self.send_error(503)
        else:
            if fault == "ranges" and (wanted := self.headers["Range"]):
                self.server.ranges.append(wanted)
                first = int(wanted.removeprefix("bytes=").removesuffix("-"))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
                content = content[first:]
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if fault == "slow":
                for first in range(0, len(content), 600):
                    self.wfile.write(content[first:first + 600])
                    time.sleep(0.01)
            else:
                self.wfile.write({"stalls": half, "cut": half, "wrong": b"x" * len(content)}.get(fault, content))
                if fault == "stalls":
                    self.wfile.flush()
                    self.server.over.wait(30)

    def log_message(self, *args):
        """Say nothing."""

    def handle(self):
        """Clients that go away are what is tested."""
        try:
            super().handle()
        except ConnectionError:
            pass


@contextmanager
def serving(files=PACKED):
    """A running Server of `files` {name: content}."""
    with Server(files) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
