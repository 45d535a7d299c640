"""Seconds an epoch of fit beside those of the loop written out by hand: LeNet, batches of 128, alternating pairs.

usage: python benchmarks/loop.py [PAIRS]

Exit status 1 if the median of the pairs' ratios is above 1.05.
"""
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from course_utils.data import Batches
from course_utils.training import fit

IMAGES, BATCH, LIMIT = 6400, 128, 1.05


def make():
    """A LeNet, its optimizer and shuffled batches of random images: the same from call to call."""
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    images = torch.randint(0, 256, (IMAGES, 1, 28, 28), generator=generator, dtype=torch.uint8)
    labels = torch.randint(0, 10, (IMAGES,), generator=generator)
    return lenet, torch.optim.SGD(lenet.parameters(), lr=0.01), Batches(images, labels, BATCH, shuffle=True, mean=0.5, std=0.3)


def by_hand(model, optimizer, batches):
    losses = []
    for images, labels in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def with_fit(model, optimizer, batches):
    def batch_loss(model, batch):
        images, labels = batch
        return {"loss": F.cross_entropy(model(images), labels)}

    return fit(model, batch_loss, batches, optimizer=optimizer, epochs=1)[0]["train loss"]


def seconds(epoch, things):
    start = time.perf_counter()
    epoch(*things)
    return time.perf_counter() - start


def main(pairs):
    hand_things, fit_things = make(), make()
    by_hand(*hand_things), with_fit(*fit_things)  # the first epoch warms up
    rows = []
    print("pair   by hand       fit   ratio")
    for pair in range(pairs):
        first_fit = pair % 2  # taking turns, so that a drift of the machine's speed favours neither
        row = {}
        for use_fit in (first_fit, 1 - first_fit):
            row[use_fit] = seconds(with_fit, fit_things) if use_fit else seconds(by_hand, hand_things)
        rows.append(row)
        print(f"{pair + 1:4}  {row[0]:6.3f} s  {row[1]:6.3f} s  {row[1] / row[0]:6.3f}")
    ratio = statistics.median(row[1] / row[0] for row in rows)
    print(f"median ratio {ratio:.3f}, at most {LIMIT} wanted")
    return ratio > LIMIT


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
