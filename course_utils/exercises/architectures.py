"""Chapter 4's exercises on architectures: top-k accuracy, and what a separable convolution saves."""
import torch
from torch import nn

from course_utils.exercises import Mistake, compare, oracle


@oracle
def top_k_accuracy(answer):
    """The function's value against torch.topk."""
    generator = torch.Generator().manual_seed(0)
    scores, labels = torch.randn(40, 7, generator=generator), torch.randint(7, (40,), generator=generator)

    def by_topk(scores, labels, k, largest=True):
        return (scores.topk(k, largest=largest).indices == labels[:, None]).any(1).float().mean()

    for k in (1, 3):
        higher = (scores > scores.gather(1, labels[:, None])).sum(1)
        compare(answer(scores, labels, k), by_topk(scores, labels, k), mistakes={
            "these are the k lowest scores: larger is better": by_topk(scores, labels, k, largest=False),
            "fewer than k classes may score higher: < k, not <= k": (higher <= k).float().mean(),
            "this is a count: divide by the number of rows": by_topk(scores, labels, k) * len(labels),
            "this is the error: the share whose label is among the k": 1 - by_topk(scores, labels, k),
            "k is ignored: this is top-1": by_topk(scores, labels, 1)}, hint="in how many rows do fewer than k classes score higher?")
        yield f"top-{k}, as torch.topk says"
    compare(answer(scores, labels, 7), 1.0, hint="with k = number of classes every label is among them")
    yield "with k = number of classes it is 1"


@oracle
def separable_savings(answer):
    """The function's pair against the layers themselves, counted place by place."""
    def counted(before, after, k, size):
        full = nn.Conv2d(before, after, k, bias=False)
        apart = nn.Conv2d(before, before, k, groups=before, bias=False), nn.Conv2d(before, after, 1, bias=False)
        places = size[0] * size[1]
        return full.weight.numel() * places, sum(layer.weight.numel() for layer in apart) * places

    for settings in ((8, 16, 3, (5, 7)), (16, 4, 5, (6, 6)), (3, 3, 1, (2, 9))):
        before, after, k, size = settings
        got, expected = answer(*settings), counted(*settings)
        if not isinstance(got, tuple) or len(got) != 2:
            raise Mistake("return two numbers: the full layer's multiply-adds, the separable one's")
        places, weights = size[0] * size[1], before * after * k * k
        for number, name in enumerate(("full", "separable")):
            if got[number] != expected[number]:
                said = {weights: "this is the number of weights: each is used once for every place",
                        weights * size[0]: "height times width, not height alone",
                        (before * k * k + after) * places: "the 1x1 layer has a weight for every pair of channels: C * C'",
                        (k * k + before * after) * places: "the first layer has one kernel for each input channel",
                        before * k * k * before * after * places: "the two layers run one after the other: add, do not multiply",
                        }.get(got[number], "count the weights first, then multiply by the places")
                raise Mistake(f"{name} layer, {before} to {after} channels, k = {k}, maps of {size}: got {got[number]}, "
                              f"expected {expected[number]}: {said}")
        yield f"{before} to {after} channels, k = {k}: as counted on the layers"
