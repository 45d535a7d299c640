"""session and device: the banner, the seeds, the errors."""
import random

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from course_utils.device import available_devices, pick_device, seed_everything, to_device
from course_utils.session import start


def test_banner_says_device_data_and_seed(capsys):
    session = start(seed=3, device="cpu", data="bundled", datasets=["MNIST"])
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["device", "data", "seed"] and "cpu" in said[0] and "bundled" in said[1]
    assert (session.seed, session.device.type, session.data) == (3, "cpu", "bundled")


def test_start_sets_the_plot_style():
    plt.style.use("default")
    start(data="bundled")
    assert plt.rcParams["axes.grid"] and plt.rcParams["figure.constrained_layout.use"]


@pytest.mark.parametrize("wrong, named", [({"device": "tpu"}, "cpu"), ({"device": "cuda:99"}, "cpu"), ({"seed": -1}, "whole number"),
                                          ({"seed": 1.5}, "whole number"), ({"data": "both"}, "bundled"),
                                          ({"datasets": ["IMAGENET"]}, "MNIST")])
def test_a_wrong_setting_is_an_error_that_names_what_is_known(wrong, named):
    with pytest.raises(ValueError, match=named):
        start(**{"datasets": ["MNIST"], **wrong})


def test_one_seed_gives_the_same_numbers_from_every_generator():
    def draw():
        own = seed_everything(7)
        return random.random(), np.random.rand(), torch.rand(1).item(), torch.rand(1, generator=own).item()

    assert draw() == draw()


def test_auto_is_one_of_the_available_devices():
    assert pick_device().type == available_devices()[0] and pick_device("cpu") == torch.device("cpu")


def test_to_device_reaches_into_batches():
    batch = {"x": torch.zeros(2), "pair": (torch.ones(1), [torch.ones(1), "text"])}
    moved = to_device(batch, "meta")
    assert moved["x"].is_meta and moved["pair"][0].is_meta and moved["pair"][1][0].is_meta and moved["pair"][1][1] == "text"
