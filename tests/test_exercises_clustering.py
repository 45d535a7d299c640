"""The exercise on naming clusters: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why

from course_utils.exercises import examine


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
