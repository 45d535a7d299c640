"""The exercise on naming clusters: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why, define, solutions

from course_utils.exercises import CHAPTERS, Mistake, compare, examine

SOLUTIONS = solutions("05_*")


def name_clusters(clusters, members, labels, *, lookup=True, missing=-1, pick=lambda votes: votes.bincount().argmax(), skip=False):
    names = []
    for k in range(int(clusters.max()) + 1):
        votes = labels[(clusters[members] if lookup else clusters[:len(members)]) == k]
        if len(votes) or not skip:
            names.append(float(pick(votes)) if len(votes) else missing)
    return torch.tensor(names)


def wrong(**how):
    return lambda *arguments: name_clusters(*arguments, **how)


def test_right_answer_passes():
    assert examine(name_clusters).status == "passed"


@pytest.mark.parametrize("answer, says", [
    (wrong(lookup=False), "clusters[members]"),
    (wrong(missing=0), "give it -1"),
    (wrong(skip=True), "also for those without"),
    (wrong(pick=lambda votes: votes.float().mean()), "count votes"),
    (wrong(pick=lambda votes: votes.min()), "smallest label"),
    (wrong(pick=lambda votes: votes.max()), "largest label"),
    (wrong(pick=lambda votes: votes.median()), "median of the labels"),
    (wrong(pick=lambda votes: votes.bincount().max()), "argmax instead of max"),
    (wrong(pick=lambda votes: 9 - votes.bincount(minlength=10).flip(0).argmax()), "smaller class"),
    (lambda clusters, members, labels: wrong()(clusters, members, labels)[clusters], "one name per image"),
    (lambda *arguments: {0: 7}, "not a dict"),
    (lambda *arguments: None, "returned None"),
    (lambda *arguments: 3, "wrong shape"),
])
def test_wrong_answers_are_told_why(answer, says):
    assert_told_why("name_clusters", answer, says)


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_wrong_value_that_chapter_5_knows_gets_its_own_message(name, monkeypatch):
    own, other = set(), set()

    def feed_back(got, expected, mistakes=None, **more):
        for message, value in (mistakes or {}).items():
            try:
                compare(value, expected, mistakes=mistakes, **more)
                said = "right"
            except Mistake as mistake:
                said = str(mistake)
            if said == message:
                own.add(message)
            else:
                other.add((message, said, str(expected)))
        compare(got, expected, mistakes=mistakes, **more)

    for chapter in CHAPTERS[-5:]:
        monkeypatch.setattr(f"course_utils.exercises.{chapter}.compare", feed_back)
    assert examine(define(name, SOLUTIONS[name])).status == "passed"
    unexpected = [(message, said) for message, said, expected in other if not intended(name, message, said, expected)]
    assert own and not unexpected
    assert name == "transposed_size" or {message for message, *_ in other} <= own  # those come at another time


def intended(name, message, said, expected):
    """The right size is fed back as "any other pair"; a single pair's loss is 0, and two pairs at right angles look alike both ways."""
    if name == "transposed_size":
        return said == "right" and message.endswith("go through the terms one by one")
    return name == "nt_xent" and (expected == "tensor(0.)" or "direction" in message)
