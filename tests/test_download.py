"""Downloads: whatever a server does, the right file arrives or one sentence says what happened, and nothing half-written stays."""
import time

import pytest
from tiny import PACKED, QUICK, checked, serving

from course_utils.data import download as module
from course_utils.data.download import DataError, Unreachable, download

NAME = "train-images-idx3-ubyte.gz"
WANTED = checked(NAME, PACKED[NAME])


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def get(folder, *bases, patience=QUICK, **more):
    download([base + NAME for base in bases], folder / NAME, WANTED, patience, give_up=time.monotonic() + patience.all, **more)
    return (folder / NAME).read_bytes()


FAULTS = {"silent": "no mirror can be reached", "gone": "answered 404", "busy": "answered 503", "stalls": "stopped sending after",
          "cut": "ended after", "wrong": "checksum is wrong"}


@pytest.mark.parametrize("fault, sentence", FAULTS.items())
def test_a_fault_is_one_sentence_and_leaves_nothing(server, tmp_path, fault, sentence):
    began = time.monotonic()
    with pytest.raises(DataError, match=sentence) as caught:
        get(tmp_path, server.base(fault))
    assert "\n" not in str(caught.value) and "try again" in caught.value.remedy
    assert list(tmp_path.iterdir()) == [] and time.monotonic() - began < 5
    assert get(tmp_path, server.base()) == PACKED[NAME]  # the next run is not poisoned


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_mirror_delivers(server, tmp_path, fault):
    assert get(tmp_path, server.base(fault), server.base(), patience=QUICK._replace(asks=1)) == PACKED[NAME]
    assert [file.name for file in tmp_path.iterdir()] == [NAME]


def test_a_busy_server_is_asked_again(server, tmp_path):
    assert get(tmp_path, server.base("busy-once")) == PACKED[NAME]


def test_no_network_is_told_apart_from_bad_answers(tmp_path, server):
    nobody = "http://127.0.0.1:9/"
    with pytest.raises(Unreachable, match="no mirror can be reached: check the network"):
        get(tmp_path, nobody, nobody)
    with pytest.raises(DataError, match="404") as caught:
        get(tmp_path, nobody, server.base("gone"))
    assert not isinstance(caught.value, Unreachable)


def test_a_name_server_that_hangs_costs_no_more_than_the_patience(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "urlopen", lambda *args, **more: time.sleep(3))
    began = time.monotonic()
    with pytest.raises(Unreachable):
        get(tmp_path, "http://name.invalid/")
    assert time.monotonic() - began < 2


def test_a_slow_server_is_given_up(server, tmp_path):
    with pytest.raises(DataError, match="is too slow: 0.0 of"):
        get(tmp_path, server.base("slow"), patience=QUICK._replace(all=0.3))
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_the_bytes(server, tmp_path):
    seen = []
    get(tmp_path, server.base("slow"), progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == len(PACKED[NAME])


def test_interrupting_cleans_up(server, tmp_path):
    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get(tmp_path, server.base("slow"), progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def large(monkeypatch, server):
    """What has arrived of the file is kept; gives the name of what is kept, and forgets what was asked for."""
    monkeypatch.setattr(module, "RESUMABLE", WANTED.bytes)
    server.asked.clear()
    server.ranges.clear()
    return f"{NAME}.part"


@pytest.mark.parametrize("fault", ["cut", "stalls"])
@pytest.mark.parametrize("next_server", ["ranges", "ok"])
def test_a_large_file_goes_on_where_it_broke_off(server, tmp_path, large, fault, next_server):
    with pytest.raises(DataError, match="of .* MB.*: try again, it goes on from there") as caught:
        get(tmp_path, server.base(fault))
    assert "\n" not in str(caught.value)
    half = WANTED.bytes // 2
    assert [file.name for file in tmp_path.iterdir()] == [large] and (tmp_path / large).read_bytes() == PACKED[NAME][:half]
    seen = []
    assert get(tmp_path, server.base("silent"), server.base(next_server), progress=seen.append) == PACKED[NAME]
    assert server.ranges == ([f"bytes={half}-"] if next_server == "ranges" else [])  # "ok" sends all of it whatever is asked
    assert [file.name for file in tmp_path.iterdir()] == [NAME] and seen[-1] == WANTED.bytes


def test_the_next_mirror_goes_on_at_once(server, tmp_path, large):
    assert get(tmp_path, server.base("cut"), server.base("ranges")) == PACKED[NAME]
    assert server.ranges == [f"bytes={WANTED.bytes // 2}-"]


@pytest.mark.parametrize("beginning", [b"x" * 99, b"x" * WANTED.bytes, b"x" * (WANTED.bytes + 9), b""], ids=len)
def test_a_wrong_beginning_is_thrown_away(server, tmp_path, large, beginning):
    (tmp_path / large).write_bytes(beginning)
    if beginning:
        with pytest.raises(DataError, match="checksum is wrong"):
            get(tmp_path, server.base("ranges"))
        assert list(tmp_path.iterdir()) == []
    assert get(tmp_path, server.base("ranges")) == PACKED[NAME] and len(list(tmp_path.iterdir())) == 1


def test_killed_before_the_last_byte_was_checked(server, tmp_path, large):
    (tmp_path / large).write_bytes(PACKED[NAME])
    assert get(tmp_path, server.base("ranges")) == PACKED[NAME] and server.ranges == [f"bytes={WANTED.bytes - 1}-"]


def test_interrupting_a_large_download_keeps_what_came(server, tmp_path, large):
    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get(tmp_path, server.base("slow"), progress=stop)
    kept = (tmp_path / large).read_bytes()
    assert kept and PACKED[NAME].startswith(kept)
    assert get(tmp_path, server.base("ranges")) == PACKED[NAME]
