"""Oracle of chapter 5's first part: names for clusters from a few labelled members."""
import torch

from course_utils.exercises import Mistake, compare, oracle


@oracle
def name_clusters(answer):
    def ask(*parts):
        names = answer(*(torch.tensor(part) for part in parts))
        return torch.tensor(names) if isinstance(names, list) and all(isinstance(name, (int, float)) for name in names) else names

    clusters, members, labels = [2, 0, 1, 1, 0, 2, 2, 0, 1, 2], [9, 1, 3, 5, 0, 8, 2, 7], [4, 7, 5, 5, 4, 5, 3, 7]
    got = ask(clusters, members, labels)
    if isinstance(got, dict):
        raise Mistake("return a tensor with one name per cluster, not a dict")
    in_order = [_majority([label for where, label in zip(clusters, labels) if where == k]) for k in range(3)]
    compare(got, [7, 5, 4], mistakes={
        "members holds indices of images: the cluster of a labelled image is clusters[members]": in_order,
        "that is the mean of the labels: classes are names, so count votes instead": [7, 13 / 3, 13 / 3],
        "that is the smallest label of each cluster: count the votes": [7, 3, 4],
        "that is the largest label of each cluster: count the votes": [7, 5, 5],
        "that is how often the name occurs: return the class, argmax instead of max": [2, 2, 2],
        "that is one name per image, and a name per cluster is wanted": [4, 7, 5, 5, 7, 4, 4, 7, 5, 4]},
        hint="cluster 0 holds two 7s, cluster 1 a 3 and two 5s, cluster 2 a 5 and two 4s")
    yield "every cluster takes the majority of its labelled members"

    got = ask([0, 3, 1, 3, 0, 2], [4, 1, 3], [0, 9, 9])
    compare(got, [0, -1, -1, 9], mistakes={
        "a cluster without labelled members is called 0, which is a class: give it -1": [0, 0, 0, 9],
        "there is one name for every cluster, also for those without labelled members: they get -1": [0, 9]},
        hint="clusters 1 and 2 have no labelled member, so their name is -1")
    yield "a cluster without labelled members gets -1"

    compare(ask([0, 1, 1, 0, 2], [0, 1, 2], [3, 8, 8]), [3, 8, -1], mistakes={
        "the last clusters are missing: there are clusters.max() + 1 of them, labelled or not": [3, 8]},
        hint="the last cluster has no labelled member")
    yield "also the last cluster"

    compare(ask([0, 0, 0, 0], [0, 1, 2, 3], [6, 2, 6, 2]), [2], mistakes={
        "in a tie the smaller class wins": [6]}, hint="two votes each for 2 and for 6")
    yield "in a tie the smaller class wins"

    compare(ask([0, 0, 0, 0, 0, 1], [0, 1, 2, 3, 4], [0, 0, 4, 6, 8]), [0, -1], mistakes={
        "that is the median of the labels: count the votes": [4, -1]}, hint="two votes for 0, one each for 4, 6 and 8")
    yield "two votes for 0 win over one each for 4, 6 and 8"


def _majority(labels):
    return max(sorted(set(labels)), key=labels.count)
