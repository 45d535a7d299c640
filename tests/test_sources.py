"""Where data come from: whatever happens to a store, it ends in the right data or one sentence, and the next run is not poisoned."""
import errno
import gzip
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from filelock import FileLock
from tiny import PACKED, PLAIN, QUICK, SET, empty_store, fill, install, serving

from course_utils.data import files, sources, store
from course_utils.data.sources import DataError

IMAGES = "train-images-idx3-ubyte"


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture
def place(tmp_path, monkeypatch):
    return empty_store(tmp_path, monkeypatch)


@pytest.fixture
def network(monkeypatch, server):
    """network("fault", ...) makes these folders of the server the mirrors, and forgets what the process has decided."""
    def connect(*faults):
        bases = [server.base(fault) for fault in faults]
        install(monkeypatch.setattr, bases)
        server.asked.clear()
    return connect


def forget(monkeypatch):
    monkeypatch.setattr(sources, "_located", {})
    monkeypatch.setattr(sources, "_offline", False)


def assert_right(data="real"):
    """The tiny set arrives, byte for byte, and nothing unfinished is left in its folder."""
    found = sources.locate("MNIST", data)
    images, labels, test_images, test_labels, classes = found.read()
    assert found.real and images.dtype == torch.uint8 and images.shape == (120, 1, 28, 28) and test_images.shape == (20, 1, 28, 28)
    assert images.numpy().tobytes() == PLAIN[IMAGES][16:] and labels.tolist() == list(PLAIN["train-labels-idx1-ubyte"][8:])
    assert test_images.numpy().tobytes() == PLAIN["t10k-images-idx3-ubyte"][16:]
    assert test_labels.tolist() == list(PLAIN["t10k-labels-idx1-ubyte"][8:]) and classes == tuple("0123456789")
    assert not [part for root in store.roots().values() for part in root.rglob("*.part")]


def failure(data="real"):
    """The one sentence in which locate fails."""
    with pytest.raises(DataError) as caught:
        sources.locate("MNIST", data)
    assert "\n" not in str(caught.value) and 'data = "bundled"' in caught.value.remedy
    return str(caught.value)


def test_the_command_line_can_look_without_torch():
    code = "import sys; from course_utils.data import sources; sources.catalogue(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_unknown_names_are_errors_that_name_the_known_ones(place):
    with pytest.raises(ValueError, match="auto, real, bundled"):
        sources.locate("MNIST", "best")
    for function in (sources.locate, sources.fetch, sources.verify):
        with pytest.raises(ValueError, match="use one of MNIST"):
            function("IMAGENET")


def test_the_real_set_is_read_where_it_lies(place):
    fill(place, PLAIN)
    assert_right("auto")
    assert sources.locate("MNIST").why == "MNIST: the real data set, from $COURSE_DATA" and not (place.parent / "cache").exists()


def test_compressed_files_are_unpacked_beside_themselves(place):
    raw = fill(place, PACKED)
    assert_right("auto")
    assert {file.name for file in raw.iterdir()} == {*PACKED, *PLAIN}


@pytest.mark.parametrize("contents", [PLAIN, PACKED])
def test_a_write_protected_folder_is_only_read(place, contents):
    raw = fill(place, contents)
    for folder in (raw, raw.parent, place):
        folder.chmod(0o555)
    assert_right("auto")
    assert_right("real")
    assert {file.name for file in place.rglob("*")} == {"MNIST", "raw", *contents}


def test_where_nothing_can_be_written(place, monkeypatch):
    fill(place, PACKED)
    (place.parent / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place.parent / "file"))
    for folder in (place / "MNIST" / "raw", place):
        folder.chmod(0o555)
    assert "no folder can be written to: set COURSE_DATA to one that can" in failure()
    assert not sources.locate("MNIST").real
    (place / "MNIST" / "raw").chmod(0o755)
    forget(monkeypatch)
    assert_right()


@pytest.mark.parametrize("function", ["replace", "fsync"])
@pytest.mark.parametrize("number, sentence", [(errno.ENOSPC, "no space is left in"), (errno.EROFS, "refused writing MNIST")])
def test_a_disk_that_refuses(place, monkeypatch, function, number, sentence):
    def refuse(*args):
        raise OSError(number, os.strerror(number))

    raw = fill(place, PACKED)
    with monkeypatch.context() as broken:
        broken.setattr(files.os, function, refuse)
        assert sentence in failure() and not sources.locate("MNIST").real
    assert {file.name for file in raw.iterdir()} == {*PACKED}
    forget(monkeypatch)
    assert_right()


def test_too_little_space_is_said_before_the_download(place, network, server, monkeypatch):
    network("ok")
    with monkeypatch.context() as full:
        full.setattr(store.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
        assert "needs 0 MB, $COURSE_DATA has 0 MB left: make room there" in failure() and server.asked == []
    assert_right()


def test_without_a_network_auto_takes_the_stand_in_and_says_so(place):
    found = sources.locate("MNIST")
    assert not found.real and found.title == "bundled digits"
    assert found.why == ("MNIST: bundled stand-in, digits drawn from fonts (MNIST is not on this machine; no mirror can be reached; "
                         "`course data fetch MNIST` gets the real one)")
    assert "no mirror can be reached: check the network and try again" in failure()


def test_a_process_waits_for_the_network_once(place, network, server, monkeypatch):
    network("silent", "silent")
    began = time.monotonic()
    assert not sources.locate("MNIST").real and time.monotonic() - began < 2 * QUICK.answer + 1
    assert len(server.asked) == 2 and sources.locate("MNIST") is sources.locate("MNIST")
    monkeypatch.setattr(sources, "_located", {})  # as another data set would
    assert not sources.locate("MNIST").real and len(server.asked) == 2


def test_bundled_never_looks_further(place, network, server):
    network("ok")
    fill(place, PLAIN)
    assert not sources.locate("MNIST", "bundled").real and server.asked == []


def test_a_download_for_good(place, network, server):
    network("gone", "ok")
    assert_right("auto")
    assert len(server.asked) == 8 and sources.verify("MNIST") == [
        (f"MNIST/raw/{name}{end}", "ok") for name in PLAIN for end in ("", ".gz")]
    network("gone")
    assert_right("auto")
    assert server.asked == []


def test_a_large_set_is_downloaded_only_when_asked_for(place, network, server, monkeypatch):
    network("ok")
    monkeypatch.setattr(sources, "UNASKED", SET.bytes - 1)
    found = sources.locate("MNIST")
    assert not found.real and "too much to download unasked" in found.why and server.asked == []
    seen = []
    assert sources.fetch("MNIST", lambda *progress: seen.append(progress)) == "$COURSE_DATA"
    assert seen[-1] == (SET.bytes, SET.bytes, "t10k-labels-idx1-ubyte.gz") and sources.locate("MNIST").real


@pytest.mark.parametrize("fault", ["silent", "gone", "busy", "stalls", "cut", "wrong"])
def test_bad_downloads_do_not_poison_the_next_run(place, network, fault):
    network(fault)
    found = sources.locate("MNIST")
    assert not found.real and "`course data fetch MNIST` gets the real one" in found.why and "\n" not in found.why
    assert not [file for file in place.rglob("*") if file.is_file() and file.name != ".lock"]
    network("ok")
    assert_right("auto")


DAMAGE = {"flipped bit": lambda content: content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
          "cut off": lambda content: content[:99], "empty": lambda content: b""}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_made_anew(place, network, damage, monkeypatch):
    raw = fill(place, {**PLAIN, **PACKED, IMAGES: damage(PLAIN[IMAGES])})
    assert_right()  # from the compressed file beside it
    fill(place, {IMAGES: damage(PLAIN[IMAGES]), f"{IMAGES}.gz": damage(PACKED[f"{IMAGES}.gz"])})
    network("ok")
    assert_right()  # from a download of that file alone
    (raw / f"{IMAGES}.gz").unlink()
    fill(place, {IMAGES: damage(PLAIN[IMAGES])})
    network("gone")
    assert f"{IMAGES} in $COURSE_DATA is damaged; no mirror delivered" in failure()
    found = sources.locate("MNIST")
    assert not found.real and f"{IMAGES} in $COURSE_DATA is damaged" in found.why
    assert dict(sources.verify("MNIST"))[f"MNIST/raw/{IMAGES}"].startswith("damaged in $COURSE_DATA: `course data fetch MNIST`")
    network("ok")
    assert sources.fetch("MNIST") == "$COURSE_DATA"
    assert_right()


def test_damage_between_finding_and_reading_is_noticed(place):
    fill(place, PLAIN)
    found = sources.locate("MNIST")
    fill(place, {IMAGES: b"x" * len(PLAIN[IMAGES])})
    with pytest.raises(DataError, match="is damaged"):
        found.read()
    fill(place, PACKED)
    assert_right()


def test_nothing_is_unpickled(place):
    fill(place, PLAIN)
    (place / "MNIST" / "processed").mkdir()
    for name in ("training.pt", "test.pt"):  # what torchvision of old left, and what its class would still prefer
        torch.save((torch.zeros(1, 28, 28), torch.zeros(1)), place / "MNIST" / "processed" / name)
    assert_right()


def test_a_misspelt_folder_is_named_and_not_made(place, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(place / "misspelt"))
    assert "$COURSE_DATA is not a folder" in sources.locate("MNIST").why and not (place / "misspelt").exists()


def test_the_catalogue_says_what_is_here(place):
    def state():
        (entry,) = sources.catalogue()
        assert set(entry) == {"name", "title", "bytes", "terms", "citation", "state"} and entry["bytes"] == SET.bytes
        return entry["state"]

    assert state() == "not here" and sources.verify("MNIST")[0][1].startswith("not on this machine")
    fill(place, {f"{IMAGES}.gz": PACKED[f"{IMAGES}.gz"]})
    assert state() == "incomplete" and "missing in $COURSE_DATA" in dict(sources.verify("MNIST"))["MNIST/raw/t10k-labels-idx1-ubyte.gz"]
    fill(place, {**PACKED, f"{IMAGES}.gz": b"x"})
    assert state() == "damaged"
    fill(place, PACKED)
    assert state() == "real in $COURSE_DATA"


def test_a_lock_that_is_held_too_long_is_said(place, monkeypatch):
    fill(place, PACKED)
    with FileLock(place / "MNIST" / ".lock"):
        assert "another process has been writing MNIST for more than" in failure()
    forget(monkeypatch)
    assert_right()


SCRIPT = """
import sys
sys.path[:0] = [{tests!r}, {project!r}]
from course_utils.data import sources
from tiny import QUICK, install
install(setattr, [{mirror!r}], QUICK._replace(turn=30, all=30))
print(sources.fetch("MNIST"))
"""


@pytest.fixture
def start(place):
    """start(mirror) fetches the tiny set in another process; what is still running is ended with the test."""
    started = []

    def run(mirror):
        tests = Path(__file__).parent
        code = SCRIPT.format(tests=str(tests), project=str(tests.parent), mirror=mirror)
        started.append(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_killed_in_the_middle_and_started_again(place, network, server, start):
    network("stalls")
    process = start(server.base("stalls"))
    deadline = time.monotonic() + 30
    while not list(place.rglob("*.part")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert list(place.rglob("*.part")) and not list(place.rglob("*.gz")) and not list(place.rglob("*-ubyte"))
    network("ok")
    assert_right("auto")


def test_two_processes_at_once_download_once(place, network, server, start):
    network("slow")
    processes = [start(server.base("slow")) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["$COURSE_DATA\n"] * 2
    assert sorted(server.asked) == sorted(f"/slow/{name}" for name in PACKED)
    network("gone")
    assert_right("auto")


@pytest.mark.skipif(not Path(os.environ.get("COURSE_DATA") or "/nowhere", "MNIST").is_dir(), reason="COURSE_DATA holds no MNIST")
@pytest.mark.parametrize("name, mean", [("MNIST", 0.1307), ("FashionMNIST", 0.2860)])
def test_the_real_files(name, mean):
    found = sources.locate(name, "real")
    images, labels, test_images, test_labels, classes = found.read()
    assert found.real and images.shape == (60_000, 1, 28, 28) and test_images.shape == (10_000, 1, 28, 28) and len(classes) == 10
    assert abs(images.float().mean().item() / 255 - mean) < 1e-4 and torch.bincount(test_labels).sum() == 10_000
    raw = Path(os.environ["COURSE_DATA"], name, "raw")
    packed = raw / "train-labels-idx1-ubyte.gz"
    if packed.exists():
        assert np.array_equal(np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=8), labels.numpy())
