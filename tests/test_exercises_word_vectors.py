"""The exercises on cosine similarity and bigrams: plausible wrong answers get a message that helps."""
from functools import partial

import pytest
import torch
from answers import assert_told_why, named

from course_utils.exercises import examine


def cosine(x, y, *, least=1e-8, power=1.0, by_x=True, by_y=True, dim=1, whole=False):
    lengths = (x.norm(dim=dim) if by_x else 1) * (y.norm(dim=dim) if by_y else torch.tensor(1.0))
    if whole:
        return (x * y).sum() / (x.norm() * y.norm())
    return (x * y).sum(dim) / (lengths ** power).clamp(min=least)


def in_place(x, y):
    x /= x.norm(dim=1, keepdim=True).clamp(min=1e-8)
    y /= y.norm(dim=1, keepdim=True).clamp(min=1e-8)
    return (x * y).sum(1)


def all_pairs(x, y):
    return (x @ y.T) / (x.norm(dim=1)[:, None] * y.norm(dim=1)).clamp(min=1e-8)


def bigrams(numbers, V, k=1.0, *, across=False, turned=False, dim=1, keepdim=True, divide=True, once=False, late=False, always=None):
    counts = torch.zeros(V, V)
    for sentence in [sum(numbers, [])] if across else numbers:
        for before, after in zip(sentence, sentence[1:]):
            place = (after, before) if turned else (before, after)
            counts[place] = 1 if once else counts[place] + 1
    k = k if always is None else always
    if late:
        return counts / counts.sum(1, keepdim=True).clamp(min=1) + k
    counts += k
    return counts / counts.sum(dim, keepdim=keepdim) if divide else counts


def changes_sentences(numbers, V, k=1.0):
    for sentence in numbers:
        sentence.insert(0, 0)
    return bigrams([sentence[1:] for sentence in numbers], V, k)


@pytest.mark.parametrize("name, right", [("cosine_similarity", cosine), ("bigram_probabilities", bigrams)])
def test_right_answers_pass(name, right):
    assert examine(named(name, right)).status == "passed"


def test_cosine_may_also_come_from_unit_vectors():
    def answer(x, y):
        return (x / x.norm(dim=1, keepdim=True).clamp(min=1e-8) * (y / y.norm(dim=1, keepdim=True).clamp(min=1e-8))).sum(1)
    assert examine(named("cosine_similarity", answer)).status == "passed"


@pytest.mark.parametrize("name, answer, says", [
    ("cosine_similarity", partial(cosine, by_x=False, by_y=False), "inner product"),
    ("cosine_similarity", partial(cosine, by_y=False), "one length only"),
    ("cosine_similarity", partial(cosine, by_x=False), "not y's alone"),
    ("cosine_similarity", partial(cosine, power=2.0), "squared"),
    ("cosine_similarity", partial(cosine, dim=0), "columns"),
    ("cosine_similarity", partial(cosine, whole=True), "one number"),
    ("cosine_similarity", partial(cosine, least=0.0), "at least 1e-8"),
    ("cosine_similarity", all_pairs, "same number"),
    ("cosine_similarity", in_place, "changed what it was given"),
    ("cosine_similarity", lambda x, y: 1 - cosine(x, y), "a distance"),
    ("cosine_similarity", lambda x, y: cosine(x, y).abs(), "sign is lost"),
    ("cosine_similarity", lambda x, y: None, "returned None"),
    ("cosine_similarity", lambda x, y: "cosine", "expected a tensor"),
    ("cosine_similarity", lambda x, y: 0.5, "wrong shape"),
    ("bigram_probabilities", partial(bigrams, across=True), "into the next"),
    ("bigram_probabilities", partial(bigrams, turned=True), "counts[before, after]"),
    ("bigram_probabilities", lambda *given: bigrams(*given).T, "other way round"),
    ("bigram_probabilities", partial(bigrams, dim=0), "columns sum to 1"),
    ("bigram_probabilities", partial(bigrams, keepdim=False), "keepdim=True"),
    ("bigram_probabilities", partial(bigrams, divide=False), "these are counts"),
    ("bigram_probabilities", partial(bigrams, once=True), "however often"),
    ("bigram_probabilities", partial(bigrams, late=True), "after the division"),
    ("bigram_probabilities", partial(bigrams, always=1.0), "always adds 1"),
    ("bigram_probabilities", changes_sentences, "changed the sentences"),
    ("bigram_probabilities", lambda *given: None, "returned None"),
    ("bigram_probabilities", lambda *given: bigrams(*given)[0], "wrong shape"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)
