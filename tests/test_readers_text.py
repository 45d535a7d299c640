"""The sets of text: every layout is read as it should be, and a missing, damaged or odd file is one sentence."""
import os
import ssl
from pathlib import Path

import pytest
import torch
from tiny import empty_store, install, serving
from tiny_text import CONTENTS, SETS, TWEETS, WORDS, content, fill, vector

from course_utils.data import download, load_analogies, load_glove, load_text, load_word_pairs, readers_text, registry_text, sources
from course_utils.data.sources import DataError


@pytest.fixture
def place(tmp_path, monkeypatch):
    root = empty_store(tmp_path, monkeypatch)
    monkeypatch.setattr(sources, "SETS", SETS)
    monkeypatch.chdir(tmp_path)
    return root


def read(place, name, edition=-1):
    fill(place, name, edition)
    found = sources.locate(name, "real")
    assert found.real and "from $COURSE_DATA" in found.why
    return found.read()


def test_tweets_are_text_and_label_alone(place):
    parts = read(place, "Sentiment140")
    texts, labels = parts["train"]
    assert texts[1] == "I <3 it, @user" and texts[6] == "@user hello"
    assert labels == [label // 4 for label, _ in TWEETS] and parts["classes"] == ("negative", "positive")
    assert parts["test"] == (["caf\xe9 is good", "tweet number a 0", "bad, bad"], [1, 0, 0])  # the neutral one is left out
    assert sources.locate("Sentiment140").why == "Sentiment140: a 20,000-tweet sample of the real data set, from $COURSE_DATA"


def test_the_whole_set_of_tweets_is_read_in_its_archive_and_goes_first(place):
    fill(place, "Sentiment140")
    parts = read(place, "Sentiment140", 0)
    assert parts["train"][0][-1] == "only in the caf\xe9" and len(parts["train"][0]) == len(TWEETS) + 1 and len(parts["test"][0]) == 3
    assert {file.suffix for file in (place / "sentiment140").iterdir()} == {".zip", ".csv"}


def test_the_whole_set_goes_before_a_part_in_an_earlier_folder(place):
    fill(place, "GloVe")
    fill(place.parent / "cache" / "course-utils", "GloVe", 0, only="glove.6B.zip")
    assert sources.locate("GloVe", "real").why == "GloVe: the real data set, from the user's cache" and len(load_glove("real")) == 5
    assert sources.catalogue()[1]["state"] == "real in the user's cache"


def test_running_text(place):
    books = read(place, "Books")
    assert books["ordered"] and books["train"][0][:3] == ["It was the best of times.", "He said david copperfield, so it was.",
                                                          "She had david copperfield cats in the david copperfield houses."]
    assert len(books["train"][0]) == 21
    articles = read(place, "WikiText2")
    assert articles["train"][0] == ["The <unk> is new .", "It was built in new , and later sold .", "Nothing is left of new ."]
    assert articles["test"][0][0] == "The <unk> is old ."
    assert read(place, "Shakespeare")["train"] == (["First:\nSpeak.", "All:\nWe speak,\nwe do.", "First:\nNo."], [])


def test_names(place):
    assert read(place, "GivenNames")["train"] == (["emma", "olivia", "emma", "ava"], [])
    parts = read(place, "Surnames")
    texts, labels = parts["train"]
    assert parts["classes"][:2] == ("Arabic", "Chinese") and len(parts["classes"]) == 18 and len(texts) == 54
    assert texts[3:6] == ["Chineseson", "O'Neill", "Chinese\xe9"] and labels[3:6] == [1, 1, 1]


@pytest.mark.parametrize("language, first", [("fr", "Un homme."), ("de", "Ein Mann.")])
def test_captions_in_two_languages(place, language, first):
    parts = read(place, f"Multi30k-{language}")
    assert parts["train"][0][0] == "A man runs." and parts["train"][1][0] == first
    assert [len(parts[part][0]) for part in ("train", "valid", "test")] == [3, 2, 3] == [
        len(parts[part][1]) for part in ("train", "valid", "test")]
    found = load_text(f"Multi30k-{language}", "real")
    everything = [text for part in (found.train, found.valid, found.test) for text in part.texts]
    assert len(set(everything)) == len(everything) and "A man runs." in found.test.texts and found.train.texts == ["A train dog."]


def test_questions_and_pairs_of_words(place):
    fill(place, "Analogies")
    fill(place, "WordSim353")
    assert load_analogies()["family"] == [("boy", "girl", "king", "queen"), ("man", "woman", "son", "daughter")]
    assert load_word_pairs("real") == [("love", "sex", 6.77), ("tiger", "cat", 7.35)]
    with pytest.raises(ValueError, match="Analogies holds no texts"):
        load_text("Analogies")


@pytest.mark.parametrize("edition, count", [(0, 5), (1, 3)])
def test_vectors_are_the_rows_of_the_file_and_read_once(place, monkeypatch, edition, count):
    source = fill(place, "GloVe", edition)
    before, https = sorted(source.iterdir()), ssl._create_default_https_context
    for attempt in range(2):
        glove = load_glove("real")
        assert glove.itos == list(WORDS[:count]) and glove.vectors.shape == (count, 50) and glove.vectors.dtype == torch.float32
        for word in WORDS[:count]:
            torch.testing.assert_close(glove[word], torch.tensor(vector(word)))
        assert not glove["unknown"].any() and ssl._create_default_https_context is https
        if attempt == 0:  # now torchtext's own copy is enough
            monkeypatch.setattr("course_utils.data.text._prepare", lambda *args: pytest.fail("read twice"))
    assert sorted(source.iterdir()) == before and {file.name for file in (place / "torchtext").rglob("*.*")} == {"glove.6B.50d.txt.pt"}


def test_a_damaged_copy_of_torchtext_is_made_anew(place):
    fill(place, "GloVe")
    load_glove()
    (kept,) = (place / "torchtext").rglob("*.pt")
    whole = kept.read_bytes()
    for damaged in (whole[:-9], b"", whole[:99] + b"\0\1" + whole[101:]):
        kept.write_bytes(damaged)
        assert load_glove().itos == list(WORDS[:3]) and kept.read_bytes() == whole


def test_vectors_where_nothing_can_be_written(place, monkeypatch):
    fill(place, "GloVe")
    (place.parent / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place.parent / "file"))
    for folder in (place / "glove", place):
        folder.chmod(0o555)
    assert load_glove("real").itos == list(WORDS[:3])


def test_torchtext_reads_no_stray_file(place, tmp_path):
    fill(place, "GloVe")
    (tmp_path / "glove.6B.50d.txt").write_text("the 1 2 3\n")
    with pytest.raises(DataError, match="in the current folder, which nobody has checked: move it"):
        load_glove()


def test_without_vectors_locate_says_so_and_load_glove_raises(place):
    found = sources.locate("GloVe")
    assert not found.real and found.title == "bundled vectors" and "vectors that the notebook trains itself (GloVe is not on" in found.why
    with pytest.raises(DataError, match="nothing is bundled that stands in for GloVe"):
        load_glove()
    assert "nothing stands in for it" in sources.locate("Analogies").why
    with pytest.raises(DataError, match="nothing is bundled that stands in for WordSim353"):
        load_word_pairs("bundled")


@pytest.mark.parametrize("name", ["Books", "Surnames", "Multi30k-de", "Analogies"])
def test_what_cannot_be_downloaded_is_said_to_be_had_by_hand(place, name):
    with pytest.raises(DataError, match="the course does not download it: data/README.md says which files make the real one"):
        sources.locate(name, "real")
    with pytest.raises(DataError, match=f"{name} is not on this machine; the course does not download it"):
        sources.fetch(name)
    assert list(place.iterdir()) == [] and "data/README.md says" in sources.verify(name)[0][1]
    assert {entry["name"]: entry["bytes"] for entry in sources.catalogue()}[name] == 0


CASES = [(name, edition, file.name) for name, entry in SETS.items() for edition, chosen in enumerate(entry.editions)
         for files, packed in chosen.parts for file in files[:2] if not packed]


@pytest.mark.parametrize("name, edition, file", CASES, ids=[f"{name} {file}" for name, _, file in CASES])
def test_a_damaged_or_missing_file_is_one_sentence(place, name, edition, file):
    path = fill(place, name, edition) / file
    path.write_bytes(path.read_bytes()[:-1] + b"\1")
    with pytest.raises(DataError) as caught:
        sources.locate(name, "real")
    assert f"{file} in $COURSE_DATA is damaged" in str(caught.value) and "\n" not in str(caught.value)
    assert not sources.locate(name).real and any(finding.startswith("damaged") for _, finding in sources.verify(name))
    path.unlink()
    sources._located.clear()
    assert not sources.locate(name).real
    fill(place, name, edition)
    sources._located.clear()
    assert sources.locate(name, "real").real and {finding for _, finding in sources.verify(name)} == {"ok"}


@pytest.mark.parametrize("name, file, odd", [
    ("Multi30k-fr", "train.fr.gz", None), ("Analogies", "questions-words.txt", b": a\none two three\n"),
    ("WordSim353", "EN-WS-353-ALL.txt", b"love\tsex\tmuch\n"), ("Sentiment140", "sentiment140_sample_20000.csv", b"0,text\n"),
    ("Books", "emma.txt", b"\xff\xfe"), ("GivenNames", "names.txt", b"\xff")])
def test_a_file_of_another_layout_is_one_sentence(tmp_path, name, file, odd):
    edition = SETS[name].editions[-1]
    files = [file for part, _ in edition.parts for file in part]
    for each in files:
        (tmp_path / each.name).write_bytes(content(edition.folder, each.name))
    path = tmp_path / (file if name != "Books" else files[0].name)
    path.write_bytes(content("multi30k", "val.fr.gz") if odd is None else odd)
    with pytest.raises(DataError, match=f"a file of {name} is not laid out as it should be .*: data/README.md says") as caught:
        readers_text.read(name, tmp_path, files)
    assert "\n" not in str(caught.value)


def test_asked_for_the_whole_of_glove_comes_in_two_attempts(place, monkeypatch):
    monkeypatch.setattr(download, "RESUMABLE", 1)
    fill(place, "GloVe")
    with serving({"glove.6B.zip": CONTENTS["glove.6B.zip"]}) as server:
        install(monkeypatch.setattr, [server.base("cut")], entry=SETS["GloVe"])
        monkeypatch.setattr(sources, "UNASKED", 1)
        with pytest.raises(DataError, match="no mirror delivered glove.6B.zip .*try again, it goes on from there"):
            sources.fetch("GloVe")
        assert len(load_glove()) == 3  # the part that is here still serves
        install(monkeypatch.setattr, [server.base("ranges")], entry=SETS["GloVe"])
        seen = []
        assert sources.fetch("GloVe", lambda *progress: seen.append(progress)) == "$COURSE_DATA" and len(server.ranges) == 1
    size = len(CONTENTS["glove.6B.zip"])
    assert seen[-1] == (size, size, "glove.6B.zip") and len(load_glove("real")) == 5
    assert {file.name for file in (place / "glove").iterdir()} == {".lock", "glove.6B.zip", "glove.6B.50d.txt", "glove.6B.50d.txt.gz"}


def test_a_file_that_is_not_compressed_is_downloaded_as_it_is(place, monkeypatch):
    with serving({"input.txt": CONTENTS["input.txt"]}) as server:
        install(monkeypatch.setattr, [server.base("gone"), server.base()], entry=SETS["Shakespeare"])
        found = sources.locate("Shakespeare")
        assert found.real and len(found.read()["train"][0]) == 3 and server.asked == ["/gone/input.txt", "/ok/input.txt"]


COUNTS = {"Sentiment140": (20_000, 359), "WikiText2": (7_726, 9_119), "Shakespeare": (7_222, 0), "GivenNames": (32_033, 0),
          "Surnames": (20_050, 0), "Multi30k-fr": (29_000, 1_000), "Multi30k-de": (29_000, 1_000), "Books": (89_005, 0)}


@pytest.mark.skipif(not Path(os.environ.get("COURSE_DATA") or "/nowhere", "multi30k").is_dir(), reason="COURSE_DATA holds no text")
@pytest.mark.parametrize("name", registry_text.TEXTS)
def test_the_real_files(name):
    parts = sources.locate(name, "real").read()
    if name in COUNTS:
        found = len(parts["train"][0]), len(parts.get("test", [[]])[0])
        assert found == COUNTS[name] or found == (1_600_000, 359)  # the whole of Sentiment140, where it is
    if name == "Analogies":
        assert len(parts) == 14 and sum(map(len, parts.values())) == 19_544
    if name == "GloVe":
        torch.testing.assert_close(load_glove("real")["cat"][:2], torch.tensor([0.45281, -0.50108]))
