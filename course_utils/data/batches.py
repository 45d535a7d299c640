"""Batches as slices of tensors: no workers, no per-item Python."""
import math

import torch


class Batches:
    """Iterate over (images, labels) a batch at a time: float32 images (B, C, H, W), normalised on `device`, and int64 labels (B,).

    images   uint8 (N, C, H, W): a batch becomes (images / 255 - mean) / std; or float32, which is given as it is
    labels   int64 (N,)
    shuffle  a new order every epoch, drawn from a generator of its own, so that nothing else that draws random numbers changes it

    The last batch holds what is left, so an epoch has ceil(N / batch_size) batches. Raises ValueError for a batch size below 1.
    """

    def __init__(self, images, labels, batch_size, *, shuffle=False, seed=0, device="cpu", mean=0.0, std=1.0):
        if batch_size < 1:
            raise ValueError(f"batch_size = {batch_size} must be at least 1")
        self.images, self.labels, self.batch_size, self.shuffle = images, labels, batch_size, shuffle
        self.device, self.mean, self.std = device, mean, std
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self):
        return math.ceil(len(self.labels) / self.batch_size)

    def __iter__(self):
        total = len(self.labels)
        order = torch.randperm(total, generator=self.generator).to(self.images.device) if self.shuffle else None
        for first in range(0, total, self.batch_size):
            last = min(first + self.batch_size, total)
            if order is None:
                images, labels = self.images[first:last], self.labels[first:last]
            else:  # index_select copies rows; images[order] gives the same pixel by pixel, some 40 times slower
                images, labels = (whole.index_select(0, order[first:last]) for whole in (self.images, self.labels))
            images = images.to(self.device) if images.is_floating_point() else normalise(images, self.mean, self.std, self.device)
            yield images, labels.to(self.device)


def normalise(images, mean, std, device="cpu"):
    """uint8 images (B, C, H, W) as float32 on `device`: (images / 255 - mean) / std, each a number or a tensor (C, 1, 1)."""
    mean, std = (255 * (value.to(device) if torch.is_tensor(value) else value) for value in (mean, std))
    return images.to(device).to(torch.float32).sub_(mean).div_(std)
