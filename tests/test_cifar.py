"""CIFAR-10: whole or as a subset, from files, an archive or a download, and nothing unpickled before its checksum is right."""
import errno
import hashlib
import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import checked, empty_store, install, serving

from course_utils.data import files, load_images, sources, store
from course_utils.data.registry import DataSet, Edition
from course_utils.data.sources import DataError
from course_utils.session import start

FOLDER, ARCHIVE = "cifar-10-batches-py", "cifar-10-python.tar.gz"
NAMES = ("test_batch", *(f"data_batch_{number}" for number in (3, 1, 5, 2, 4)), "batches.meta")  # an archive has an order of its own


def batches(count, seed):
    """The files of a set with `count` images a batch: {name: content}."""
    random = np.random.RandomState(seed)
    contents = {name: {"data": random.randint(256, size=(count, 3072)).astype(np.uint8), "labels": random.randint(2, size=count).tolist()}
                for name in NAMES}
    contents["batches.meta"] = {"label_names": ["cat", "dog"]}
    return {f"{FOLDER}/{name}": pickle.dumps(content, protocol=2) for name, content in contents.items()}


def archive(contents):
    """The bytes of a .tar.gz with these files, and one that is of no use."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for name, content in {f"{FOLDER}/readme.html": b"read me", **contents}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return whole.getvalue()


WHOLE, SUBSET = batches(20, 0), batches(4, 1)
PACKED = {ARCHIVE: archive(WHOLE)}
FIRST = f"{FOLDER}/data_batch_1"


def edition(folder, contents, packed, note=""):
    return Edition(folder, ((tuple(checked(name, content) for name, content in contents.items()), packed),), note)


SET = DataSet("CIFAR10", "a tiny set", "shapes drawn in colour", "no terms", "no citation", (
    edition("", WHOLE, checked(ARCHIVE, PACKED[ARCHIVE])), edition("cifar-10-subset", SUBSET, None, "a tiny subset")))


class Trap:
    """Whoever unpickles it makes the file `sprung`."""

    def __init__(self, sprung):
        self.sprung = sprung

    def __reduce__(self):
        return Path.touch, (self.sprung,)


@pytest.fixture(scope="module")
def server():
    with serving(PACKED) as running:
        yield running


@pytest.fixture
def place(tmp_path, monkeypatch):
    return empty_store(tmp_path, monkeypatch, SET)


@pytest.fixture
def network(monkeypatch, server):
    """network("fault") makes this folder of the server the mirror, and forgets what the process has decided."""
    def connect(fault):
        install(monkeypatch.setattr, [server.base(fault)], entry=SET)
        server.asked.clear()
    return connect


def fill(root, contents):
    for name, content in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def assert_right(data="real", contents=WHOLE):
    """Every image arrives where it belongs, and nothing unfinished is left."""
    found = sources.locate("CIFAR10", data)
    images, labels, test_images, test_labels, classes = found.read()
    parts = [pickle.loads(contents[f"{FOLDER}/data_batch_{number}"]) for number in range(1, 6)]
    assert images.dtype == torch.uint8 and labels.dtype == torch.int64 and images.is_contiguous()
    assert np.array_equal(images.flatten(1), np.concatenate([part["data"] for part in parts])) and images.shape[1:] == (3, 32, 32)
    assert labels.tolist() == sum([part["labels"] for part in parts], [])
    test = pickle.loads(contents[f"{FOLDER}/test_batch"])
    assert np.array_equal(test_images.flatten(1), test["data"]) and test_labels.tolist() == test["labels"] and classes == ("cat", "dog")
    assert found.real and not [part for root in store.roots().values() for part in root.rglob("*.part")]
    return found


def failure(data="real"):
    """The one sentence in which locate fails."""
    with pytest.raises(DataError) as caught:
        sources.locate("CIFAR10", data)
    assert "\n" not in str(caught.value) and 'data = "bundled"' in caught.value.remedy
    return str(caught.value)


def test_the_whole_set_is_read_where_it_lies(place):
    fill(place, WHOLE)
    assert assert_right("auto").why == "CIFAR10: the real data set, from $COURSE_DATA"
    assert [file.name for file in place.iterdir()] == [FOLDER]


def test_the_archive_is_unpacked_beside_itself(place):
    fill(place, PACKED)
    assert_right("auto")
    assert {file.name for file in (place / FOLDER).iterdir()} == set(NAMES)


@pytest.mark.parametrize("contents", [WHOLE, PACKED, {**PACKED, FIRST: b"damaged"}], ids=["files", "archive", "both"])
def test_a_write_protected_folder_is_only_read(place, contents):
    fill(place, contents)
    before = set(place.rglob("*"))
    for folder in (place, place / FOLDER):
        folder.exists() and folder.chmod(0o555)
    assert_right("auto")
    assert_right("real")
    assert set(place.rglob("*")) == before


def test_the_subset_serves_where_the_whole_set_is_not(place, capsys):
    fill(place / "cifar-10-subset", SUBSET)
    place.chmod(0o555)
    for data in ("auto", "real"):
        assert assert_right(data, SUBSET).why == "CIFAR10: a tiny subset of the real data set, from $COURSE_DATA"
    images = load_images("CIFAR10", "real")
    assert images.real and images.name == "CIFAR10 subset" and (len(images.train.labels), len(images.valid.labels)) == (18, 2)
    start(data="real", datasets=["CIFAR10"])
    assert "CIFAR10: a tiny subset of the real data set" in capsys.readouterr().out
    assert sources.catalogue()[0]["state"] == "real in $COURSE_DATA (a tiny subset)"
    assert (f"cifar-10-subset/{FIRST}", "ok") in sources.verify("CIFAR10")


def test_the_whole_set_goes_before_the_subset_beside_it(place):
    fill(place / "cifar-10-subset", SUBSET)
    fill(place, WHOLE)
    assert_right("auto")
    assert sources.catalogue()[0]["state"] == "real in $COURSE_DATA"


def test_fetching_gets_the_whole_set_though_a_subset_is_here(place, network, server):
    fill(place / "cifar-10-subset", SUBSET)
    network("ok")
    assert_right("real", SUBSET)
    seen = []
    assert sources.fetch("CIFAR10", lambda *progress: seen.append(progress)) == "$COURSE_DATA" and server.asked == [f"/ok/{ARCHIVE}"]
    assert seen[-1] == (len(PACKED[ARCHIVE]), len(PACKED[ARCHIVE]), ARCHIVE)
    assert_right()


def test_only_a_download_that_was_asked_for(place, network, server, monkeypatch):
    network("ok")
    monkeypatch.setattr(sources, "UNASKED", SET.bytes - 1)
    found = sources.locate("CIFAR10")
    assert not found.real and found.title == "bundled shapes" and "too much to download unasked" in found.why and server.asked == []
    assert_right("real")


@pytest.mark.parametrize("fault", ["silent", "gone", "busy", "stalls", "cut", "wrong"])
def test_bad_downloads_do_not_poison_the_next_run(place, network, fault):
    network(fault)
    assert "CIFAR10 is not on this machine; no mirror" in failure()
    assert not [file for file in place.rglob("*") if file.is_file() and file.name != ".lock"]
    network("ok")
    assert_right()


DAMAGE = {"flipped bit": lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:],
          "cut off": lambda content: content[:99], "empty": lambda content: b""}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_said_and_repaired(place, network, damage):
    fill(place, {**WHOLE, **PACKED, FIRST: damage(WHOLE[FIRST])})
    assert_right()  # from the archive beside it
    fill(place, {FIRST: damage(WHOLE[FIRST]), ARCHIVE: damage(PACKED[ARCHIVE])})
    network("gone")
    assert f"{FIRST} in $COURSE_DATA is damaged; no mirror delivered {ARCHIVE}" in failure()
    assert sources.catalogue()[0]["state"] == "damaged" and not sources.locate("CIFAR10").real
    assert dict(sources.verify("CIFAR10"))[ARCHIVE].startswith("damaged in $COURSE_DATA: `course data fetch CIFAR10` gets it anew")
    network("ok")
    assert_right()


def test_a_missing_file_is_said(place):
    fill(place, {name: content for name, content in WHOLE.items() if name != FIRST})
    assert f"{FIRST} in $COURSE_DATA is missing; no mirror can be reached" in failure()
    assert sources.catalogue()[0]["state"] == "incomplete"
    assert [finding for file, finding in sources.verify("CIFAR10") if file == FIRST][0].startswith("missing in $COURSE_DATA")


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_subset_is_not_used(place, network, damage):
    fill(place / "cifar-10-subset", SUBSET | {FIRST: damage(SUBSET[FIRST])})
    assert f"{FIRST} in $COURSE_DATA is damaged" in sources.locate("CIFAR10").why and not sources.locate("CIFAR10").real
    assert "gets the whole set" in dict(sources.verify("CIFAR10"))[f"cifar-10-subset/{FIRST}"]
    network("ok")
    assert_right()


@pytest.mark.parametrize("name", [FIRST, f"{FOLDER}/test_batch", f"{FOLDER}/batches.meta"])
@pytest.mark.parametrize("root, contents", [("", WHOLE), ("cifar-10-subset", SUBSET)], ids=["whole", "subset"])
def test_nothing_is_unpickled_before_its_checksum_is_right(place, tmp_path, name, root, contents):
    fill(place / root, contents)
    found, sprung = sources.locate("CIFAR10", "real"), tmp_path / "sprung"
    fill(place / root, {name: pickle.dumps(Trap(sprung))})
    with pytest.raises(DataError, match=f"{name} in .* is damaged"):
        found.read()
    sources._located.clear()
    assert not sources.locate("CIFAR10").real and not sprung.exists()
    pickle.loads((place / root / name).read_bytes())
    assert sprung.exists()  # the trap works


def test_an_archive_is_not_opened_before_its_checksum_is_right(place, monkeypatch):
    fill(place, {ARCHIVE: archive({**WHOLE, FIRST: b"another"})})
    monkeypatch.setattr(store.tarfile, "open", lambda *args, **more: pytest.fail("opened"))
    assert "in $COURSE_DATA is damaged; no mirror can be reached" in failure()


@pytest.mark.parametrize("number, sentence", [(errno.ENOSPC, "no space is left in"), (errno.EROFS, "refused writing CIFAR10")])
def test_a_disk_that_refuses(place, monkeypatch, number, sentence):
    def refuse(*args):
        raise OSError(number, os.strerror(number))

    fill(place, PACKED)
    with monkeypatch.context() as broken:
        broken.setattr(files.os, "replace", refuse)
        assert sentence in failure()
    assert list((place / FOLDER).iterdir()) == []
    assert_right()


def test_interrupted_while_unpacking(place, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    fill(place, PACKED)
    (place / FOLDER).mkdir()
    (place / f"{FIRST}.123.part").write_bytes(b"of a process that was killed")
    with monkeypatch.context() as broken:
        broken.setattr(store.shutil, "copyfileobj", interrupt)
        with pytest.raises(KeyboardInterrupt):
            sources.locate("CIFAR10", "real")
    assert list((place / FOLDER).iterdir()) == []
    assert_right()


@pytest.mark.skipif(not list(Path(os.environ.get("COURSE_DATA") or "/nowhere").glob("cifar-10-*")), reason="COURSE_DATA holds no CIFAR-10")
def test_the_real_files():
    data = load_images("CIFAR10", "real")
    count = 5_000 if data.name == "CIFAR10" else 1_000
    images, labels = (torch.cat(pair) for pair in zip(data.train, data.valid))
    assert len(data.valid.labels) == count and torch.bincount(labels).tolist() == [count] * 10 and data.classes[3] == "cat"
    assert torch.allclose(images.float().mean((0, 2, 3)) / 255, torch.tensor([0.4914, 0.4822, 0.4465]), atol=5e-3)
    assert len({hashlib.sha256(image.numpy().tobytes()).digest() for image in data.test.images}) == len(data.test.labels)
