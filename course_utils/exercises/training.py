"""Oracles of chapter 3: losses, steps and judging a classifier (the first half's are in training_methods)."""
import math

import torch
from torch.nn import functional

from course_utils.exercises import Mistake, compare, oracle


@oracle
def stable_bce(answer):
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(12, generator=generator) * 3
    targets = (torch.rand(12, generator=generator) < 0.5).float()
    each = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    compare(answer(logits, targets), each.mean(), mistakes={
        "that is the sum over the batch: return the mean": each.sum(),
        "that is one loss for each logit: return their mean": each,
        "the sign is the other way round: a loss is positive": -each.mean(),
        "targets 0 and 1 are mixed up": functional.binary_cross_entropy_with_logits(logits, 1 - targets)},
        hint="is it log(1 + exp(-z)) where the target is 1 and log(1 + exp(z)) where it is 0?")
    yield "right for moderate logits"
    logits, targets = torch.tensor([1000.0, -1000.0, 1000.0, -100.0]), torch.tensor([1.0, 0.0, 0.0, 1.0])
    compare(answer(logits, targets), torch.tensor(275.0),
            hint="a wrong logit of 1000 costs 1000, a right one 0; exp(z) or a probability rounded to 0 or 1 loses that")
    yield "right at logits of 1000"
    logits.requires_grad_()
    loss = answer(logits, targets)
    if not loss.requires_grad:
        raise Mistake("no gradient flows back to the logits: keep them as tensors, without .item() or .detach()")
    compare(torch.autograd.grad(loss, logits)[0], torch.tensor([0.0, 0.0, 0.25, -0.25]),
            hint="the value is right at large logits, but its slope is not: a clamped logarithm is flat")
    yield "its slopes are right, too"


@oracle
def accumulated_step(answer):
    generator = torch.Generator().manual_seed(2)
    images, targets = torch.randn(11, 6, generator=generator), torch.randint(4, (11,), generator=generator)
    start = torch.randn(4, 6, generator=generator)

    def after(take):
        model = torch.nn.Linear(6, 4, bias=False)
        model.weight.data.copy_(start)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        model.weight.grad = torch.ones_like(start)  # left over from an earlier step
        take(model, optimizer)
        return model.weight.detach().clone()

    def step(parts, weigh, clear_each=False, clear=True, each_steps=False):
        def take(model, optimizer):
            if clear:
                optimizer.zero_grad()
            for part, answers in parts:
                if clear_each:
                    optimizer.zero_grad()
                (functional.cross_entropy(model(part), answers) * weigh(len(part))).backward()
                if each_steps:
                    optimizer.step()
                    optimizer.zero_grad()
            if not each_steps:
                optimizer.step()
        return after(take)

    parts = list(zip(images.split(4), targets.split(4)))
    expected = step([(images, targets)], lambda n: 1)
    got = after(lambda model, optimizer: answer(model, optimizer, images, targets, 4))
    compare(got, expected, mistakes={
        "the weights did not move: call optimizer.step() at the end": start,
        "that adds the parts' means: each part counts with its share of the batch": step(parts, lambda n: 1),
        "that divides by the number of parts: the last part is shorter, so it must count less": step(parts, lambda n: 1 / len(parts)),
        "only the last part's gradient is left: clear once, before the first part": step(parts, lambda n: n / 11, clear_each=True),
        "an older gradient was still there: call zero_grad before the first part": step(parts, lambda n: n / 11, clear=False),
        "that takes a step for each part: take one, after the last": step(parts, lambda n: n / 11, each_steps=True),
    }, hint="compare the gradient after the last backward with that of the whole batch")
    yield "parts of 4, 4 and 3 give the step of the whole batch of 11"
    compare(after(lambda model, optimizer: answer(model, optimizer, images, targets, 11)), expected,
            hint="a single part as large as the batch should be an ordinary step")
    yield "one part is an ordinary step"


@oracle
def threshold_for_recall(answer):
    probs = torch.tensor([0.9, 0.2, 0.8, 0.95, 0.6, 0.4, 0.7, 0.3])
    positive = torch.tensor([True, False, True, False, True, True, False, True])  # 0.9 0.8 0.6 0.4 0.3
    for recall, expected in [(0.5, 0.6), (0.8, 0.4), (1.0, 0.3)]:
        found = probs[positive].sort(descending=True).values
        compare(answer(probs, positive, recall), torch.tensor(expected), mistakes={
            f"at recall {recall}: one positive too few is found at that threshold": found[max(math.ceil(recall * 5) - 2, 0)],
            f"at recall {recall}: it finds enough, but a higher threshold would, too": found[min(math.ceil(recall * 5), 4)],
            f"at recall {recall}: did you sort all probabilities? Only those of the positives count":
                probs.sort(descending=True).values[math.ceil(recall * 8) - 1]},
            hint=f"for 5 positives at {found.tolist()} and a recall of {recall}")
    yield "the highest threshold with the wanted recall, on a small example"
    generator = torch.Generator().manual_seed(3)
    probs, positive = torch.rand(200, generator=generator), torch.rand(200, generator=generator) < 0.3
    threshold = float(answer(probs, positive, 0.9))
    share = (probs[positive] >= threshold).double().mean().item()
    higher = (probs[positive] > threshold).double().mean().item()
    if share < 0.9 or higher >= 0.9:
        raise Mistake(f"on 200 random images the recall at your threshold is {share:.3f}, and just above it {higher:.3f}: "
                      "the first should be at least 0.9, the second less")
    yield "and on 200 random images"


@oracle
def calibration_error(answer):
    probs = torch.tensor([[0.9, 0.1], [0.85, 0.15], [0.35, 0.65], [0.3, 0.7], [1.0, 0.0]])
    labels = torch.tensor([0, 1, 1, 1, 1])
    # five bins: [0.6, 0.8) holds 0.65 and 0.7, both right; [0.8, 1] holds 0.9 right, 0.85 wrong, 1.0 wrong
    first, second = abs(0.675 - 1), abs(2.75 / 3 - 1 / 3)
    each = (0.1 + 0.85 + 0.35 + 0.3 + 1.0) / 5
    compare(answer(probs, labels, 5), torch.tensor((2 * first + 3 * second) / 5), mistakes={
        "weigh each bin by the number of answers in it": torch.tensor((first + second) / 2),
        "divide by the number of answers, not of bins": torch.tensor((first + second) / 5),
        "that is the mean distance of single answers: average within a bin first, then take the distance": torch.tensor(each),
        "a confidence of exactly 1 belongs to the last bin": torch.tensor((2 * first + abs(1.75 - 1)) / 5)},
        hint="five answers, two of them in the bin from 0.6 to 0.8, three in the last")
    yield "five answers in five bins"
    generator = torch.Generator().manual_seed(4)
    probs, labels = torch.randn(300, 6, generator=generator).softmax(1), torch.randint(6, (300,), generator=generator)
    confidence, predicted = probs.max(1)
    gap, which = confidence - (predicted == labels).float(), (confidence * 10).long().clamp(max=9)
    expected = sum(gap[which == b].sum().abs() for b in range(10)) / 300
    compare(answer(probs, labels, 10), expected, hint="right on five answers, wrong on 300 in ten bins, some of them empty")
    yield "300 answers in ten bins, some of them empty"


@oracle
def macro_f1(answer):
    matrix = torch.tensor([[8.0, 2.0, 0.0], [1.0, 5.0, 4.0], [3.0, 0.0, 17.0]])
    diagonal, precision, recall = matrix.diagonal(), matrix.diagonal() / matrix.sum(0), matrix.diagonal() / matrix.sum(1)
    f1 = 2 * diagonal / (matrix.sum(0) + matrix.sum(1))
    compare(answer(matrix), f1.mean(), mistakes={
        "that is one F1 for each class: return their mean": f1,
        "that is the accuracy": diagonal.sum() / matrix.sum(),
        "that is the mean recall": recall.mean(),
        "that is the mean precision": precision.mean(),
        "that is the ordinary mean of precision and recall: F1 is the harmonic one": ((precision + recall) / 2).mean(),
        "that weighs the classes by their size: macro F1 is the plain mean": (f1 * matrix.sum(1)).sum() / matrix.sum(),
        "is the factor 2 there?": f1.mean() / 2},
        hint="2 TP + FP + FN is the row sum plus the column sum of a class")
    yield "three classes"
    matrix = torch.tensor([[0.0, 5.0], [0.0, 15.0]])
    compare(answer(matrix), torch.tensor(30 / 35 / 2), hint="a class that is never predicted has an F1 of 0, not 0 / 0")
    yield "a class that is never predicted"


@oracle
def dead_units(answer):
    generator = torch.Generator().manual_seed(5)
    hidden = torch.randn(9, 8, generator=generator).relu()
    hidden[:, [1, 4, 6]] = 0.0
    hidden[2] = 0.0
    compare(answer(hidden), torch.tensor(3 / 8), mistakes={
        "that is the share of zeros: a unit is dead only if it is zero for every image": (hidden == 0).float().mean(),
        "that counts images without any active unit: the images are axis 0": (hidden == 0).all(1).float().mean(),
        "that is the share of units that are alive": torch.tensor(5 / 8),
        "that is the number of dead units: divide by the number of units": torch.tensor(3.0)},
        hint="three of the eight units are zero in all nine rows")
    yield "three of eight units are dead"
    compare(answer(torch.ones(4, 5)), torch.tensor(0.0), hint="no unit is dead here")
    yield "none where all are active"
