"""The files of the real sets as tensors, read by torchvision's classes; every file has been compared with its SHA-256 by then."""
import torch
import torchvision


def read(name, folder):
    """The set `name`, whose files lie in `folder` (a Path): images uint8 (N, C, H, W), labels int64 (N,), test images, labels, classes."""
    return (_cifar if name == "CIFAR10" else _mnist)(name, folder)


def _mnist(name, folder):
    unpickles_nothing = {"_check_legacy_exist": lambda self: False}  # the class would prefer a processed/training.pt nobody has checked
    reader = type(name, (getattr(torchvision.datasets, name),), unpickles_nothing)
    train, test = reader(folder.parent, train=True), reader(folder.parent, train=False)
    classes = tuple(name.split(" - ")[0] for name in train.classes)  # MNIST's are "0 - zero" ...
    return train.data[:, None], train.targets, test.data[:, None], test.targets, classes


class _CIFAR10(torchvision.datasets.CIFAR10):
    """torchvision's reader, for the subset too: its own check, which knows the whole set alone, gives way to that against SHA-256."""

    meta = torchvision.datasets.CIFAR10.meta | {"md5": None}

    def _check_integrity(self):
        return True


def _cifar(name, folder):
    parts = []
    for split in (_CIFAR10(folder, train=True), _CIFAR10(folder, train=False)):  # data: NumPy (N, 32, 32, 3)
        parts += [torch.from_numpy(split.data).permute(0, 3, 1, 2).contiguous(), torch.tensor(split.targets)]
    return *parts, tuple(split.classes)
