"""The bundled stand-ins: the same bytes everywhere, made in seconds, balanced, and neither trivial nor hopeless."""
import hashlib
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from torch import nn
from torch.nn import functional as F

from course_utils.data import drawn, standins

# As drawn with matplotlib 3.8 and 3.11, NumPy 1.26 and 2.4, with and without the processor's wide instructions.
RECORDED = {"MNIST": "ae27a9e23001", "FashionMNIST": "47e655daa6b7"}


def digest(images):
    return hashlib.sha256(images.numpy().tobytes()).hexdigest()[:12]


@pytest.fixture(scope="module", params=drawn.CLASSES)
def stand_in(request):
    return request.param, drawn.draw(request.param)


def test_shapes_types_and_background(stand_in):
    name, (images, labels, test_images, test_labels, classes) = stand_in
    assert images.shape == (10_000, 1, 28, 28) and test_images.shape == (2_000, 1, 28, 28) and images.dtype == torch.uint8
    assert labels.dtype == test_labels.dtype == torch.int64 and classes == tuple(drawn.CLASSES[name]) and len(set(classes)) == 10
    assert images.amax((1, 2, 3)).min() > 100 and images[:, :, [0, -1]].float().mean() < 2 and (images == 0).float().mean() > 0.6


def test_classes_are_balanced_and_shuffled(stand_in):
    _, (_, labels, _, test_labels, _) = stand_in
    assert torch.bincount(labels).tolist() == [1_000] * 10 and torch.bincount(test_labels).tolist() == [200] * 10
    assert torch.bincount(labels[:2_000]).min() > 150 and 0.05 < (labels[1:] == labels[:-1]).float().mean() < 0.15


def test_no_image_comes_twice(stand_in):
    _, (images, _, test_images, _, _) = stand_in
    assert len({image.numpy().tobytes() for image in torch.cat([images, test_images])}) == 12_000


def test_the_bytes_are_those_recorded(stand_in):
    name, (images, *_) = stand_in
    assert digest(images) == RECORDED[name]


def test_another_process_with_other_threads_draws_the_same(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2" if torch.get_num_threads() == 1 else "1")
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    code = ("import hashlib, torch; from course_utils.data.drawn import draw; torch.manual_seed(5)\n"
            "print(hashlib.sha256(draw('MNIST')[0].numpy().tobytes()).hexdigest()[:12])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == RECORDED["MNIST"]


def test_drawing_takes_seconds_and_leaves_the_global_generators_alone():
    states = torch.get_rng_state(), np.random.get_state()[1].copy()
    began = time.process_time()
    images, *_ = drawn.draw("MNIST", seed=1)
    assert time.process_time() - began < 5 and digest(images) != RECORDED["MNIST"]
    assert torch.equal(states[0], torch.get_rng_state()) and np.array_equal(states[1], np.random.get_state()[1])


def test_a_small_convolutional_network_beats_what_looks_at_single_pixels(stand_in):
    _, (images, labels, test_images, test_labels, _) = stand_in
    x, test_x = images / 255, test_images / 255
    linear = RidgeClassifier().fit(x.flatten(1), labels).score(test_x.flatten(1), test_labels)
    neighbours = KNeighborsClassifier(3).fit(x[:5_000].flatten(1), labels[:5_000]).score(test_x.flatten(1), test_labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = nn.Sequential(nn.Conv2d(1, 16, 5, stride=2), nn.ReLU(), nn.Conv2d(16, 32, 3, stride=2), nn.ReLU(), nn.Flatten(),
                            nn.Linear(800, 10))
        optimizer = torch.optim.Adam(net.parameters(), 3e-3)
        for epoch in range(4):
            for chosen in torch.randperm(len(x)).split(64):
                optimizer.zero_grad()
                F.cross_entropy(net(x[chosen]), labels[chosen]).backward()
                optimizer.step()
    with torch.no_grad():
        convolutional = (net(test_x).argmax(1) == test_labels).float().mean().item()
    assert 0.6 < linear < 0.9 and neighbours < 0.96
    assert convolutional > max(0.95, neighbours + 0.015, linear + 0.1)


@pytest.fixture
def drawings(monkeypatch):
    """The list of what was drawn, instead of slow drawings a small one each time."""
    made = []

    def draw(name):
        made.append(name)
        pair = torch.arange(784, dtype=torch.uint8).reshape(1, 1, 28, 28), torch.tensor([3])
        return *pair, *pair, tuple(drawn.CLASSES[name])

    monkeypatch.setattr(drawn, "draw", draw)
    return made


def same(one, other):
    return all(torch.equal(a, b) and a.dtype == b.dtype for a, b in zip(one[:4], other[:4])) and one[4] == other[4]


def test_a_drawing_is_kept(tmp_path, drawings):
    first = standins.draw_once("MNIST", tmp_path / "new")
    assert same(first, standins.draw_once("MNIST", tmp_path / "new")) and drawings == ["MNIST"]
    standins.draw_once("FashionMNIST", tmp_path / "new")
    assert drawings == ["MNIST", "FashionMNIST"]


def test_a_damaged_copy_is_drawn_anew(tmp_path, drawings):
    first = standins.draw_once("MNIST", tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    spots = range(0, len(whole), 37)
    damaged = [whole[:spot] + bytes([whole[spot] ^ 255]) + whole[spot + 1:] for spot in spots] + [b"", whole[:100], whole[:-1]]
    for content in damaged:
        file.write_bytes(content)
        assert same(first, standins.draw_once("MNIST", tmp_path)) and same(first, standins.draw_once("MNIST", tmp_path))
    assert len(drawings) > 0.8 * len(damaged)  # a few bytes, such as dates, change nothing


def test_where_nothing_can_be_kept_it_is_drawn_each_time(tmp_path, drawings):
    (tmp_path / "file").write_text("")
    for _ in range(2):
        standins.draw_once("MNIST", tmp_path / "file" / "folder")
    assert drawings == ["MNIST"] * 2
