"""The bundled stand-ins by the names of the sets they stand in for, drawn once."""
import numpy as np
import torch

from course_utils.data import coloured, drawn
from course_utils.data.files import written_whole

DRAWERS = {name: module for module in (drawn, coloured) for name in module.CLASSES}


def draw(name):
    """Draw the stand-in for `name`: images uint8 (N, C, H, W), labels int64 (N,), test images, test labels, class names."""
    return DRAWERS[name].draw(name)


def draw_once(name, folder):
    """What draw(name) gives, kept in `folder` (a Path): read from there if a whole copy is there, else drawn and, if possible, written."""
    file = folder / f"{name}-version{DRAWERS[name].VERSION}-seed0.npz"
    keys = "images", "labels", "test_images", "test_labels"
    try:
        with np.load(file, allow_pickle=False) as saved:
            return *(torch.from_numpy(saved[key]) for key in keys), tuple(DRAWERS[name].CLASSES[name])
    except Exception:  # not there yet, or damaged in whatever way: the archive's checksums notice
        *arrays, classes = draw(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with written_whole(file) as unfinished:
            np.savez(unfinished, **{key: array.numpy() for key, array in zip(keys, arrays)})
    except OSError:  # a full or write-protected disk costs the next run some seconds, nothing else
        pass
    return *arrays, classes
