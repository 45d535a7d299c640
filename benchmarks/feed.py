"""How many images a second reach the training loop: Batches against torchvision's ToTensor and a DataLoader, in turns, in one run.

    python benchmarks/feed.py

Both shuffle, both give float32 images between 0 and 1 in batches of 128; Batches normalises them on top of that. The DataLoader has no
workers, as is usual for images this small. One thread for both: what counts is the work, not how threads share a busy machine.
Exits with 1 if the median ratio of the pairs is below 25.
"""
import statistics
import sys
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.datasets import VisionDataset
from torchvision.transforms import ToTensor

from course_utils.data import Batches, load_images

BATCH, IMAGES, PAIRS, BOUND = 128, 10_000, 7, 25


class Pictures(VisionDataset):
    """Images and labels item by item, each by way of a PIL image, word for word as torchvision's MNIST hands them out."""

    def __init__(self, images, labels, transform):
        super().__init__(root=None, transform=transform)
        self.data, self.targets = images[:, 0], labels

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        image, label = Image.fromarray(self.data[index].numpy()), int(self.targets[index])
        return self.transform(image), label


def images_a_second(batches, epochs):
    """Speed of going through `batches` that many times."""
    began = time.perf_counter()
    seen = sum(len(labels) for _ in range(epochs) for _, labels in batches)
    return seen / (time.perf_counter() - began)


def main():
    """Measure, print a table, and return the exit code."""
    torch.set_num_threads(1)
    data = load_images("MNIST", train_size=IMAGES)
    images, labels = data.train
    ways = {"ToTensor, DataLoader": (DataLoader(Pictures(images, labels, ToTensor()), BATCH, shuffle=True), 1),
            "Batches": (Batches(images, labels, BATCH, shuffle=True, mean=data.mean, std=data.std), 10)}
    speeds = {name: [] for name in ways}
    for batches, _ in ways.values():
        next(iter(batches))
    for pair in range(PAIRS):
        for name in sorted(ways, reverse=pair % 2):
            speeds[name].append(images_a_second(*ways[name]))
    ratio = statistics.median(ours / theirs for theirs, ours in zip(*speeds.values()))
    print(f"{data.name}, {len(labels):,} images, batch {BATCH}, one thread, median of {PAIRS} pairs")
    for name, measured in speeds.items():
        print(f"{name:22} {statistics.median(measured):12,.0f} images a second")
    print(f"{'ratio':22} {ratio:12.1f} (at least {BOUND})")
    return 0 if ratio >= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
