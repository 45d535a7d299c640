"""Text as numbers: tokens, vocabulary, padding, splits without a leak, and batches of similar length."""
import ast
import random
import ssl
from collections import Counter
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils.data import BucketBatches, Vocabulary, load_text, pad, read_vectors, sentences, sources, splits, tokenise
from course_utils.data.sources import DataError
from course_utils.training import fit

ROOT = Path(__file__).parent.parent
TEXT = st.text() | st.text("aB'’-_.:;)(<3>@#/ \nwht ps1,!", max_size=30)


def test_only_one_module_touches_torchtext():
    def imports(path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from [name.name for name in node.names] if isinstance(node, ast.Import) else (
                [node.module] if isinstance(node, ast.ImportFrom) else [])

    files = [path for folder in ("course_utils", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    users = {path.name for path in files if any(name.split(".")[0] == "torchtext" for name in imports(path))}
    assert users == {"text.py"} and len(files) > 50


@pytest.mark.parametrize("text, tokens", [
    ("I LOVE it!!", "i love it ! !"), ("don't, we’re", "don't , we're"), ("so sad :-( :'( ;P", "so sad :-( :'( ;p"),
    ("(: <3 =D", "(: <3 =d"), ("@user hi @Ann_b", "<user> hi <user>"), ("see http://a.b/c?d=e or www.x.org/1", "see <url> or <url>"),
    ("#Fail 3.14 10:30", "#fail 3.14 10:30"), ("well-known (1998): done", "well - known ( 1998 ) : done"),
    ("wait... what", "wait ... what"), ("the <unk> of", "the <unk> of"),
    ("me@home", "me <user>"),
    ("read_csv x2", "read _ csv x 2"), ("Café ÉTÉ", "café été"), (" \n\t", ""), ("note:done", "note : done")])
def test_tokens(text, tokens):
    assert tokenise(text) == tokens.split()


@given(TEXT)
def test_tokenising_again_changes_nothing_and_loses_only_blanks(text):
    tokens = tokenise(text)
    assert tokenise(" ".join(tokens)) == tokens and all(token and not token.isspace() for token in tokens)
    if not {"<user>", "<url>"} & set(tokens):
        assert "".join(tokens) == "".join(text.replace("’", "'").lower().split())


@given(TEXT, TEXT)
def test_blanks_separate_and_case_does_not_matter(one, other):
    assert tokenise(f"{one} {other}") == tokenise(one) + tokenise(other) and tokenise(one.lower()) == tokenise(one)


def test_sentences():
    text = "Mr. Bingley  came.\nHe said \"No!\" Then he (J. Smith, e.g. the other) left... twice? Yes: 3.5 times."
    assert sentences(text) == ["Mr. Bingley came.", 'He said "No!"', "Then he (J. Smith, e.g. the other) left... twice?", "Yes: 3.5 times."]
    assert sentences("  ") == []


@given(TEXT)
def test_sentences_lose_nothing_but_blanks(text):
    assert " ".join(sentences(text)).split() == text.split()


WORDS = st.lists(st.lists(st.sampled_from("a b c d e f <unk> <pad>".split())), max_size=9)


@given(texts=WORDS, min_count=st.integers(1, 3), max_size=st.none() | st.integers(4, 7), ends=st.booleans(),
       new=st.lists(st.sampled_from("abxy")))
def test_vocabulary(texts, min_count, max_size, ends, new):
    vocabulary = Vocabulary(iter(texts), min_count=min_count, max_size=max_size, ends=ends)
    special = ["<pad>", "<unk>", "<bos>", "<eos>"][:4 if ends else 2]
    counts = Counter(word for text in texts for word in text if word not in special)
    ranked = [word for count, word in sorted((-count, word) for word, count in counts.items() if count >= min_count)]
    assert vocabulary.words == (special + ranked)[:max_size] and len(vocabulary) == len(vocabulary.words) == len(vocabulary.counts)
    assert vocabulary.words == Vocabulary(texts[::-1], min_count=min_count, max_size=max_size, ends=ends).words
    numbers = vocabulary.encode(new)
    assert (numbers[0], numbers[-1]) == (2, 3) if ends else len(numbers) == len(new)
    shown = [word if word in vocabulary else "<unk>" for word in new]
    assert vocabulary.decode(numbers) == shown and vocabulary.decode(torch.tensor(numbers + [0, 0])) == shown
    if ends:
        assert vocabulary.decode([*numbers, 1, 1]) == shown  # nothing after the end


@given(st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=9), min_size=1, max_size=9))
def test_padding(sequences):
    numbers, lengths = pad(sequences)
    assert numbers.dtype == lengths.dtype == torch.int64 and numbers.shape == (len(sequences), max(map(len, sequences)))
    assert [row[:length].tolist() for row, length in zip(numbers, lengths)] == sequences
    assert sum(row[length:].sum().item() for row, length in zip(numbers, lengths)) == 0


@pytest.mark.parametrize("sequences", [[], [[1], []]])
def test_nothing_to_pad(sequences):
    with pytest.raises(ValueError, match="at least one number"):
        pad(sequences)


def corpus(count, seed=0):
    """`count` sequences of 1 to 60 numbers, the first of which is their row plus one."""
    chance = random.Random(seed)
    return [[row + 1] + [7] * chance.randrange(60) for row in range(count)]


def rows(batches):
    return [[row - 1 for row in batch[0][:, 0].tolist()] for batch in batches]


@given(count=st.integers(1, 90), size=st.integers(1, 40), shuffle=st.booleans(), seed=st.integers(0, 5))
def test_an_epoch_is_every_text_once_with_its_target(count, size, shuffle, seed):
    sequences = corpus(count, seed)
    batches = BucketBatches(sequences, list(range(count)), size, shuffle=shuffle, seed=seed)
    seen = list(batches)
    assert len(seen) == len(batches) and sorted(sum(rows(seen), [])) == list(range(count))
    for numbers, lengths, labels in seen:
        assert numbers.shape == (len(labels), lengths.max()) and len(labels) <= size and lengths.tolist() == sorted(lengths, reverse=True)
        assert labels.dtype == torch.int64 and [sequences[row] for row in labels] == [
            row[:length].tolist() for row, length in zip(numbers, lengths)]
        torch.nn.utils.rnn.pack_padded_sequence(numbers, lengths, batch_first=True)
    if not shuffle:
        assert sum(rows(seen), []) == batches.order and rows(seen) == rows(batches)


def test_batches_of_similar_length_pad_little():
    sequences = corpus(3_000)

    def waste(batches):
        return sum((numbers.numel() - lengths.sum()).item() for numbers, lengths in batches) / sum(map(len, sequences))

    at_random = [pad(sequences[first:first + 32]) for first in range(0, 3_000, 32)]
    assert waste(BucketBatches(sequences, batch_size=32)) < 0.1 < 0.5 < waste(at_random)


def test_the_order_depends_on_the_seed_alone():
    sequences = corpus(300)
    first, again, other = (BucketBatches(sequences, batch_size=8, seed=seed) for seed in (4, 4, 5))
    states = random.getstate(), torch.get_rng_state()
    epochs = [rows(first), rows(first)]
    assert random.getstate() == states[0] and torch.equal(torch.get_rng_state(), states[1])
    random.seed(1)
    torch.manual_seed(1)
    assert epochs == [rows(again), rows(again)] and epochs[0] != epochs[1] and epochs[0] != rows(other)
    assert [len(batch) for batch in epochs[0]] != sorted(map(len, epochs[0])) or epochs[0] != sorted(epochs[0])


def test_two_loops_at_a_time_do_not_disturb_each_other():
    batches = BucketBatches(corpus(100), batch_size=8)
    pairs = list(zip(batches, batches))
    assert len(pairs) == len(batches) and sorted(sum(rows(one for one, _ in pairs), [])) == list(range(100))


@pytest.mark.parametrize("targets", [None, []])
def test_without_targets_a_batch_is_numbers_and_lengths(targets):
    assert [len(batch) for batch in BucketBatches(corpus(20), targets, 8)] == [2, 2, 2]


def test_sequences_as_targets():
    sequences, targets = corpus(50), [row[::-1] for row in corpus(50)]
    for numbers, lengths, answers, answer_lengths in BucketBatches(sequences, targets, 7):
        for row, length, answer, answer_length in zip(numbers, lengths, answers, answer_lengths):
            assert answer[:answer_length].tolist() == row[:length].tolist()[::-1]


@pytest.mark.parametrize("arguments, message", [
    (([[1]], None, 0), "at least 1"), (([[1], [2]], [0]), "2 sequences have 1 targets"), (([[1], []], [0, 1]), "a sequence is empty")])
def test_wrong_batches_are_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        BucketBatches(*arguments)


def test_fit_trains_on_them_and_resumes_where_it_stopped(tmp_path):
    sequences = [[1 + row % 2, 3, 3] + [3] * (row % 5) for row in range(60)]
    labels = [row % 2 for row in range(60)]

    def batch_loss(model, batch):
        numbers, lengths, labels = batch
        scores = model(numbers[:, :1])
        return {"loss": torch.nn.functional.cross_entropy(scores, labels), "accuracy": (scores.argmax(1) == labels).float().mean()}

    def run(epochs, checkpoint=None):
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.EmbeddingBag(4, 3), torch.nn.Linear(3, 2))
        train = BucketBatches(sequences, labels, 8, seed=1)
        valid = BucketBatches(sequences, labels, 16, shuffle=False)
        optimizer = torch.optim.SGD(model.parameters(), 0.5)
        return fit(model, batch_loss, train, valid, optimizer=optimizer, epochs=epochs, checkpoint=checkpoint)

    whole = run(6)
    assert whole[-1]["valid accuracy"] == 1
    run(3, tmp_path / "kept.pt")
    assert run(6, tmp_path / "kept.pt") == whole  # the order of the batches goes on, too


TEXTS = st.lists(st.sampled_from(["a", "A ", "b", "c c", "C  c", "d", "", "e!", "e !"]) | st.text("abc ", max_size=4), max_size=40)


@given(train=TEXTS, valid=st.none() | TEXTS, test=st.none() | TEXTS, ordered=st.booleans(), seed=st.integers(0, 3))
def test_no_text_is_on_two_sides_of_a_split(train, valid, test, ordered, seed):
    given_parts = {"train": train, "valid": valid, "test": test}
    parts = {name: (texts, [len(text) for text in texts]) for name, texts in given_parts.items() if texts is not None}
    found = splits.split({**parts, "ordered": ordered, "classes": ()}, seed)
    keys = {name: {" ".join(tokenise(text)) for text in part.texts} for name, part in found.items()}
    assert not (keys["train"] & keys["valid"] or keys["train"] & keys["test"] or keys["valid"] & keys["test"])
    assert all(part.targets == [len(text) for text in part.texts] for part in found.values())
    everything = {" ".join(tokenise(text)) for texts in given_parts.values() for text in texts or []} - {""}
    assert set.union(*keys.values()) == everything  # no text is lost
    assert found == splits.split({**parts, "ordered": ordered, "classes": ()}, seed)


def test_shares_and_seeds_of_splits():
    texts = [f"text {number}" for number in range(1_000)]
    parts = {"train": (texts, []), "ordered": False, "classes": ()}
    found = splits.split(parts)
    assert [len(found[part].texts) for part in ("train", "valid", "test")] == [800, 100, 100] and found != splits.split(parts, 1)
    assert found["train"].targets == [] and found["train"].take(3).texts == found["train"].texts[:3]
    running = splits.split({**parts, "ordered": True})
    assert [len(running[part].texts) for part in ("train", "valid", "test")] == [900, 50, 50]
    for part in running.values():
        assert part.texts == sorted(part.texts, key=texts.index)  # in its own order
    assert running["valid"].texts == texts[(first := texts.index(running["valid"].texts[0])):first + 50]


def test_load_text_on_stand_ins(monkeypatch):
    data = load_text("Sentiment140", "bundled")
    assert (data.name, data.real, data.classes) == ("bundled sentences", False, ("negative", "positive"))
    assert [len(part.texts) for part in (data.train, data.valid, data.test)] == [4_000, 500, 500]
    few = load_text("Sentiment140", "bundled", train_size=100)
    assert few.train == data.train.take(100) and few.test == data.test and data != load_text("Sentiment140", "bundled", seed=1)
    with pytest.raises(ValueError, match='there is no data set "Tweets": use one of'):
        load_text("Tweets")
    monkeypatch.setattr(sources, "locate", lambda name, data: sources.Located("", True, "", lambda: [1]))
    with pytest.raises(ValueError, match="holds no texts"):
        load_text("WordSim353", "real")


def test_vectors_of_a_file_are_its_rows_and_nothing_is_left_beside_it(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = {"the": [0.5, -1.25, 3.0], "café": [1e-5, 0.1, -7.0], "<unk>": [0.0, 0.0, 1.0]}
    file = tmp_path / "vectors.txt"
    file.write_text("".join(f"{word} {' '.join(map(str, row))}\n" for word, row in rows.items()), encoding="utf-8")
    https = ssl._create_default_https_context
    for place in (file, "vectors.txt"):
        found = read_vectors(place)
        assert found.itos == list(rows) and found.stoi["café"] == 1 and found.vectors.dtype == torch.float32
        assert torch.equal(found.vectors, torch.tensor(list(rows.values()))) and torch.equal(found["the"], found.vectors[0])
        assert not found["unknown"].any()
    assert list(tmp_path.iterdir()) == [file] and capfd.readouterr() == ("", "") and ssl._create_default_https_context is https
    file.write_text("2 3\nthe 9 8 7\na 6 5 4\n")  # with a header, as word2vec writes it
    assert read_vectors(file)["the"].tolist() == [9, 8, 7]  # read again, not remembered


@pytest.mark.parametrize("content, message", [
    (None, "cannot be read as vectors .no vectors found"), (b"", "cannot be read"), (b"the 1 2 3\na 1\n", "has a line"),
    (b"the 1 2 3\na 1 2 3 4\n", "cannot be read .*4 dimensions"), (b"the 1 2 two\n", "could not convert"),
    (b"the 1 2 3\nthe 3 4 5\n", "twice"), (b"the 1 2 3\n\xff\xfe 3 4 5\n", "not UTF-8"), (b"the 1 2 nan\na 1 2 3\n", "no number")])
def test_a_missing_or_broken_file_of_vectors_is_one_sentence(tmp_path, capfd, content, message):
    file = tmp_path / "vectors.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError, match=message) as error:
        read_vectors(file)
    assert "\n" not in str(error.value) and capfd.readouterr() == ("", "")
