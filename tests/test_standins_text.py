"""The stand-ins for text: the same everywhere, kept whole or made anew, and for sentiment nothing that a bag of words can solve."""
import hashlib
import json
import random
import re
import subprocess
import sys
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils.data import dates, documentation, grammar, places, standins_text, tokenise
from course_utils.data.files import DataError

RECORDED = {"grammar": "eca47454d3e7", "dates": "664f7f67b429"}  # as drawn with Python 3.11


def digest(parts):
    return hashlib.sha256(json.dumps(parts["train"]).encode()).hexdigest()[:12]


@pytest.fixture(scope="module")
def judged():
    return grammar.draw()["train"]


def bag_of_words(texts, labels, longest=1):
    """The share of the last fifth that a linear model on counts of words, or of up to `longest` words in a row, gets right."""
    counts = CountVectorizer(tokenizer=tokenise, token_pattern=None, lowercase=False, ngram_range=(1, longest)).fit_transform(texts)
    cut = len(texts) * 4 // 5
    return LogisticRegression(max_iter=300).fit(counts[:cut], labels[:cut]).score(counts[cut:], labels[cut:])


def read_in_order(text):
    """The label of a sentence, found by a reader who knows what words mean and what they stand before."""
    text = text.rstrip(".!")
    if voices := re.fullmatch(r"(.*), said (everyone|no one ever), and (.*), said (?:everyone|no one ever)", text):
        text = voices[1] if voices[2] == "everyone" else voices[3]
    elif claims := re.fullmatch(r"as if .*; sure, (.*)|sure, (.*), as if .*", text):
        text = claims[1] or claims[2]
    ironic = re.search(r"#not$|, yeah right$|, said no one ever$|^as if |^oh sure, ", text) is not None
    if main := re.fullmatch(r".*?(?:, but |; still, )(.*)|although .*?, (?!no doubt)(.*)|(.*?), although .*", text):
        text = main[1] or main[2] or main[3]
    strong = [word for word in grammar.STRONG if any(weak in text for weak in grammar.WEAK) and f"{word} " in text]
    if strong and re.search(r"^the \w+: | and ", text):
        text = text[text.index(f"{strong[0]} "):]
    text = re.sub(r"i could not believe|no doubt|no joke|nothing but|said no one ever|#not", "", text)
    tokens = tokenise(text)
    polarity = {word: label for label, words in enumerate(grammar.ADJECTIVES) for word in words}
    first = next(place for place, token in enumerate(tokens) if token in polarity)
    said = " ".join(tokens[:first])
    denied = re.search(r"\bnot\b|wasn't|don't|anything but|far from|was never", said) is not None
    return polarity[tokens[first]] ^ denied ^ ironic


def test_sentences_are_distinct_balanced_and_shuffled(judged):
    texts, labels = judged
    assert len(set(texts)) == len(texts) == 5_000 and sum(labels) == 2_500 and 900 < sum(labels[:2_000]) < 1_100
    assert len({tuple(tokenise(text)) for text in texts}) > 4_500


def test_one_who_reads_in_order_is_always_right(judged):
    assert [text for text, label in zip(*judged) if read_in_order(text) != label] == []


def test_a_bag_of_words_is_better_than_chance_and_far_from_right(judged):
    assert 0.65 < bag_of_words(*judged) < 0.78
    assert bag_of_words(*judged, longest=3) < 0.93


@pytest.mark.parametrize("kind", grammar.KINDS)
def test_no_kind_can_be_solved_by_a_bag_of_words_alone(kind):
    chance, found = random.Random(1), {}
    while len(found) < 2_500:
        label = chance.randrange(2)
        found.setdefault(grammar.sentence(kind, label, chance), label)
    texts, labels = list(found), list(found.values())
    assert [text for text in texts if read_in_order(text) != found[text]] == []
    assert bag_of_words(texts, labels) < 0.85


@pytest.mark.parametrize("one, other", [
    ("the film was good, not bad", "the film was bad, not good"),
    ("the food was dull, but the menu was fine", "the food was fine, but the menu was dull"),
    ("the plot was slightly dull and very clever", "the plot was slightly clever and very dull"),
    ("the room was great, said everyone, and the room was poor, said no one ever",
     "the room was poor, said everyone, and the room was great, said no one ever")])
def test_one_bag_of_words_can_be_either(one, other):
    assert sorted(tokenise(one)) == sorted(tokenise(other)) and (read_in_order(one), read_in_order(other)) == (1, 0)


def test_dates_are_read_back_from_what_is_written():
    texts, answers = dates.draw()["train"]
    assert len(set(texts)) == len(set(answers)) == len(texts) == 10_000
    months = [month[:3].lower() for month in dates.MONTHS]
    for text, answer in zip(texts, answers):
        year = re.search(r"\d{4}", text)[0]
        day = re.search(r"\d+", text.replace(year, "", 1))[0]
        named = re.search("|".join(months), text.lower())
        month = 1 + (months.index(named[0]) if named else dates.ROMAN.index(re.search("[IVX]+", text)[0]))
        assert date(int(year), month, int(day)).isoformat() == answer, text


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(dates.FORMATS))
def test_no_format_is_ambiguous(day, form):
    text = dates.written(day, form)
    assert str(day.year) in text and re.search(rf"(?<!\d)0?{day.day}(?!\d)", text.replace(str(day.year), "", 1))
    assert "/" not in text and re.search("[A-Za-z]", text)


def test_places():
    parts = places.draw()
    names, regions = parts["train"]
    assert len(names) == len(set(names)) == len(regions) > 300 and "Buenos Aires" in names and "Istanbul" not in names
    assert parts["classes"][regions[names.index("Paris")]] == "Europe" and not re.search(r"[\d_/]", "".join(names))
    assert min(map(regions.count, range(len(places.REGIONS)))) >= 30


def test_places_without_a_database(monkeypatch):
    monkeypatch.setattr(places, "available_timezones", set)
    with pytest.raises(DataError, match="no time-zone database: `pip install tzdata`"):
        places.draw()


@pytest.fixture(scope="module")
def prose():
    return documentation.draw()


def test_prose_is_english_sentences_each_once(prose):
    texts, targets = prose["train"]
    words = [token for text in texts for token in tokenise(text)]
    assert len(set(texts)) == len(texts) and targets == [] and prose["ordered"]
    assert len(words) > 20_000 and all(text[0].isupper() and text[-1] in ".!?" and "\n" not in text for text in texts)
    assert not [text for text in texts if re.search(r">>>|==|::=|:func:|``|\w\(", text)]
    assert {"the", "of", "is", "function", "argument", "returns"} <= set(words)
    assert sum(word in {"the", "a", "of", "is", "to", "and", "in"} for word in words) > 0.15 * len(words)  # as in English


def test_prose_without_the_sources_of_the_library(monkeypatch, tmp_path):
    (tmp_path / "odd.py").write_bytes(b"\xff def")
    monkeypatch.setattr(documentation.sysconfig, "get_path", lambda name: str(tmp_path))
    assert len(documentation.draw()["train"][0]) > 500


def test_prose_is_kept_and_made_anew_when_damaged(tmp_path, monkeypatch):
    made = []

    def draw():
        made.append(1)
        return {"train": (["One sentence is here.", "Another one."], []), "classes": (), "ordered": True}

    monkeypatch.setattr(documentation, "draw", draw)
    first = standins_text.draw_once("Books", tmp_path / "new")
    assert standins_text.draw_once("WikiText2", tmp_path / "new") == first and len(made) == 1
    (file,) = (tmp_path / "new").iterdir()
    whole = file.read_bytes()
    for content in (b"", whole[:-9], whole[:20] + bytes([whole[20] ^ 255]) + whole[21:]):
        file.write_bytes(content)
        assert standins_text.draw_once("Books", tmp_path / "new") == first and file.read_bytes() == whole
    (tmp_path / "file").write_text("")
    assert standins_text.draw_once("Books", tmp_path / "file" / "folder") == first and len(made) == 5


def test_every_set_of_text_has_its_stand_in_or_says_it_has_none():
    from course_utils.data.registry_text import TEXTS
    drawn = {name for name, entry in TEXTS.items() if entry.stand_in and name != "GloVe"}
    assert drawn == set(standins_text.DRAWERS)
    for name in TEXTS.keys() - drawn:
        with pytest.raises(DataError, match=f"stands in for {name}"):
            standins_text.draw(name)
    assert standins_text.draw("GivenNames")["train"][1] == [] and standins_text.draw("Surnames")["classes"] == places.REGIONS


@pytest.mark.parametrize("module", [grammar, dates], ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_texts_are_those_recorded_in_any_process(module):
    name = module.__name__.rpartition(".")[2]
    began, state = time.process_time(), random.getstate()
    assert digest(module.draw()) == RECORDED[name] != digest(module.draw(1)) and time.process_time() - began < 5
    assert random.getstate() == state
    code = (f"import hashlib, json; from course_utils.data.{name} import draw\n"
            "print(hashlib.sha256(json.dumps(draw()['train']).encode()).hexdigest()[:12])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == RECORDED[name]
