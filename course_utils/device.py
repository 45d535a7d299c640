"""Which processor the tensors live on, and the seeds of every random generator in use."""
import random

import numpy as np
import torch


def available_devices():
    """Names of the devices torch can use on this machine, fastest kind first; "cpu" is always the last."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found.append("xpu")
    return [*found, "cpu"]


def pick_device(wanted="auto"):
    """The torch.device for `wanted`: "auto" takes the fastest there is, a name such as "cpu" or "cuda:1" takes that one.

    Raises ValueError, naming the devices that are here, if this machine lacks the one asked for.
    """
    available = available_devices()
    if wanted == "auto":
        return torch.device(available[0])
    try:
        device = torch.device(wanted)
    except RuntimeError:
        device = None
    here = device is not None and device.type in available
    if here and device.type == "cuda" and device.index is not None:
        here = device.index < torch.cuda.device_count()
    if not here:
        raise ValueError(f'device = "{wanted}" is not on this machine: use "auto" or one of {", ".join(available)}')
    return device


def seed_everything(seed):
    """Seed Python's, NumPy's and torch's global generators; returns a torch.Generator (CPU) of its own with that seed.

    Raises ValueError if `seed` is not a whole number from 0 to 2**32 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"seed = {seed!r} must be a whole number from 0 to {2**32 - 1}")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


def to_device(batch, device):
    """The same batch with its tensors on `device`: works on a tensor, on tuples, lists and dicts of them, on whatever has `.to`."""
    if isinstance(batch, (tuple, list)):
        return type(batch)(to_device(part, device) for part in batch)
    if isinstance(batch, dict):
        return {name: to_device(part, device) for name, part in batch.items()}
    return batch.to(device) if hasattr(batch, "to") else batch
