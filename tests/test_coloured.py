"""The stand-in for CIFAR-10: the same bytes everywhere, balanced, and only the outline tells the class."""
import hashlib
import os
import subprocess
import sys

import pytest
import torch
from sklearn.linear_model import RidgeClassifier

from course_utils.data import coloured

RECORDED = "12c13cee0bbb"


@pytest.fixture(scope="module")
def drawing():
    return coloured.draw_with_masks()


def test_shapes_types_and_classes(drawing):
    (images, labels, test_images, test_labels, classes), (masks, test_masks) = drawing
    assert images.shape == (10_000, 3, 32, 32) and test_images.shape == (2_000, 3, 32, 32) and images.dtype == torch.uint8
    assert masks.shape == (10_000, 32, 32) and test_masks.shape == (2_000, 32, 32) and len(set(classes)) == 10
    assert torch.bincount(labels).tolist() == [1_000] * 10 and torch.bincount(test_labels).tolist() == [200] * 10
    assert 0.05 < (labels[1:] == labels[:-1]).float().mean() < 0.15
    assert len({image.numpy().tobytes() for image in torch.cat([images, test_images])}) == 12_000


def test_every_image_shows_a_whole_shape(drawing):
    (_, labels, *_), (masks, _) = drawing
    covered = masks.float().mean((1, 2)) / 255
    assert covered.min() > 0.01 and covered.max() < 0.7
    frame = torch.cat([masks[:, [0, -1]].flatten(1), masks[:, :, [0, -1]].flatten(1)], 1).float().mean() / 255
    assert frame < 0.06  # cut off by the border only now and then, and a little
    by_class = torch.stack([covered[labels == k].mean() for k in range(10)])
    assert by_class[0] > by_class[1]  # a disc covers more than a ring


def test_colours_and_single_pixels_say_nothing_about_the_class(drawing):
    (images, labels, test_images, test_labels, _), _ = drawing
    score = RidgeClassifier(alpha=1000).fit(images.flatten(1) / 255, labels).score(test_images.flatten(1) / 255, test_labels)
    assert score < 0.16
    means = torch.stack([images[labels == k].float().mean((0, 2, 3)) for k in range(10)])
    assert (means.amax(0) - means.amin(0)).max() < 8  # of 255


def test_the_bytes_are_those_recorded_in_any_process(drawing):
    (images, *_), _ = drawing
    assert hashlib.sha256(images.numpy().tobytes()).hexdigest()[:12] == RECORDED
    code = ("import hashlib; from course_utils.data.coloured import draw\n"
            "print(hashlib.sha256(draw()[0].numpy().tobytes()).hexdigest()[:12])")
    environment = {**os.environ, "OMP_NUM_THREADS": "2" if torch.get_num_threads() == 1 else "1", "PYTHONHASHSEED": "1"}
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment).stdout.strip() == RECORDED
