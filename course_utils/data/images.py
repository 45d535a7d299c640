"""Image data sets as a few tensors: the real one, or its bundled stand-in, in the same shapes."""
from dataclasses import dataclass
from typing import NamedTuple

import torch

from course_utils.data import sources
from course_utils.data.batches import Batches, normalise


class Split(NamedTuple):
    """images: uint8 (N, C, H, W); labels: int64 (N,)."""
    images: torch.Tensor
    labels: torch.Tensor

    def take(self, count):
        """The first `count` images (all of them if there are fewer)."""
        return Split(self.images[:count], self.labels[:count])


@dataclass(frozen=True)
class ImageData:
    """An image data set, already split.

    mean, std  of the training pixels, on a scale from 0 to 1: numbers if grey, float32 (3, 1, 1), one a channel, if in colour
    """
    name: str
    real: bool
    classes: tuple
    train: Split
    valid: Split
    test: Split
    mean: float | torch.Tensor
    std: float | torch.Tensor

    def batches(self, split, batch_size, *, seed=0, device="cpu", shuffle=None):
        """Batches of "train" (shuffled unless shuffle=False), "valid" or "test" (in order)."""
        images, labels = getattr(self, split)
        shuffle = split == "train" if shuffle is None else shuffle
        return Batches(images, labels, batch_size, shuffle=shuffle, seed=seed, device=device, mean=self.mean, std=self.std)

    def whole(self, split, device="cpu"):
        """One split at once: normalised float32 images (N, C, H, W) and int64 labels (N,), on `device`."""
        images, labels = getattr(self, split)
        return normalise(images, self.mean, self.std, device), labels.to(device)


def load_images(name, data="auto", *, train_size=None):
    """The image data set `name` ("MNIST", "FashionMNIST" or "CIFAR10") as an ImageData.

    data        "auto", "real" or "bundled" (see sources.locate)
    train_size  keep only that many training images

    Real: the official training set without its last images, which are for validation, and the official test set: 50,000, 10,000 and
    10,000 images, of CIFAR10 45,000, 5,000 and 10,000 (as in He et al. 2016), of its subset 9,000, 1,000 and 2,000.
    Bundled: 8,000, 2,000 and 2,000 drawn from fonts, digits for MNIST and letters for FashionMNIST; for CIFAR10 shapes in colour, 9,000,
    1,000 and 2,000.
    """
    place = sources.locate(name, data)
    images, labels, test_images, test_labels, classes = place.read()
    share = 10 if name == "CIFAR10" else 6 if place.real else 5
    cut = len(labels) - len(labels) // share
    train = Split(images[:cut], labels[:cut])
    train = train if train_size is None else train.take(train_size)
    return ImageData(place.title, place.real, tuple(classes), train, Split(images[cut:], labels[cut:]), Split(test_images, test_labels),
                     *_statistics(train.images))


def _statistics(images):
    """Mean and standard deviation as ImageData has them, a channel at a time: floats take four times the memory."""
    pairs = []
    for channel in images.unbind(1):
        pixels = channel.to(torch.float32) / 255
        pairs.append((pixels.mean().item(), pixels.std().item()))
    return pairs[0] if len(pairs) == 1 else torch.tensor(pairs).T[:, :, None, None]
