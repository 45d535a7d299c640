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
