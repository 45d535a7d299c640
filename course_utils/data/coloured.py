"""Bundled stand-in for CIFAR-10: ten shapes in colour, 32x32, filled with patterns, before cluttered backgrounds.

The class is the shape. Where it lies, how large and how slanted it is, its colours, its pattern and all that is behind it are drawn
without a look at the class, so that they say nothing about it.
"""
import numpy as np

from course_utils.data.drawn import CELLS, REACH, field, sample

VERSION = 1  # of the drawing; a cache made by another version is drawn anew
CLASSES = {"CIFAR10": ("circle", "ring", "square", "triangle", "plus", "star", "moon", "heart", "arrow", "bolt")}
TRAIN, TEST, SIDE = 10_000, 2_000, 32

# Corners (x, y) of what has corners, y upwards; a shape is about 2 wide and high. A mirrored shape is still of its class.
SQUARE = (-0.83, -0.83), (0.83, -0.83), (0.83, 0.83), (-0.83, 0.83)
TRIANGLE = (-1, -0.79), (1, -0.79), (0, 0.97)
PLUS = ((-0.31, -0.97), (0.31, -0.97), (0.31, -0.31), (0.97, -0.31), (0.97, 0.31), (0.31, 0.31),
        (0.31, 0.97), (-0.31, 0.97), (-0.31, 0.31), (-0.97, 0.31), (-0.97, -0.31), (-0.31, -0.31))
STAR = ((0, 1.05), (0.26, 0.35), (1, 0.32), (0.42, -0.14), (0.62, -0.85), (0, -0.45),
        (-0.62, -0.85), (-0.42, -0.14), (-1, 0.32), (-0.26, 0.35))
ARROW = (0, 1.03), (0.87, 0.11), (0.34, 0.11), (0.34, -0.99), (-0.34, -0.99), (-0.34, 0.11), (-0.87, 0.11)
BOLT = (-0.18, 1.03), (0.52, 1.03), (0.19, 0.29), (0.67, 0.29), (-0.37, -1.07), (-0.06, -0.17), (-0.61, -0.17)
BAR = (-1, -0.17), (1, -0.17), (1, 0.17), (-1, 0.17)
CHEVRON = (-1, -0.61), (0, 0.37), (1, -0.61), (1, -0.13), (0, 0.87), (-1, -0.13)

# Kinds of patterns: weights of stripes one way, stripes across, their product, a gradient, and a smooth random field; and a threshold.
PATTERNS = np.array([(0, 0, 0, 0, 0, 1), (1.2, 0, 0, 0, 0, 0), (1, 1, 0, 0, 0, 0.6), (0, 0, 2.4, 0, 0, 0), (0, 0, 0, 0.7, 0, 0),
                     (0, 0, 0, 0, 2.2, 0)], np.float32)  # plain, stripes, dots, checks, gradient, clouds


def draw(name="CIFAR10", seed=0):
    """Draw the stand-in: images uint8 (10000, 3, 32, 32), labels int64 (10000,), 2,000 test images, test labels, class names.

    Every class equally often, in a shuffled order; the same bytes everywhere, as `drawn.draw` explains. Raises KeyError for other names.
    """
    return draw_with_masks(name, seed)[0]


def draw_with_masks(name="CIFAR10", seed=0):
    """What draw gives, and how much of each pixel the shape covers, 0 to 255: uint8 (10000, 32, 32) and (2000, 32, 32)."""
    import torch

    classes = CLASSES[name]
    random = np.random.RandomState([seed, VERSION, *name.encode()])
    maps = np.stack([_distances(inside) for inside in _shapes()])
    labels = np.concatenate([random.permutation(np.arange(count) % len(classes)) for count in (TRAIN, TEST)])
    chunks = [_images(maps, labels[first:first + 250], random) for first in range(0, len(labels), 250)]  # 250: stay in the cache
    images, masks = (torch.from_numpy(np.concatenate(parts)) for parts in zip(*chunks))
    labels = torch.from_numpy(labels.astype(np.int64))
    return (images[:TRAIN], labels[:TRAIN], images[TRAIN:], labels[TRAIN:], classes), (masks[:TRAIN], masks[TRAIN:])


def _shapes():
    """The ten classes, then what else lies about: for each a function of points (n, 2) that tells which are inside."""
    from matplotlib.path import Path as Outline

    def disc(points, radius=1.0, x=0.0):
        return (points[:, 0] - x) ** 2 + points[:, 1] ** 2 < radius**2

    def heart(points):
        x, y = 1.13 * points[:, 0], 1.13 * points[:, 1] + 0.13
        bulge = x * x + y * y - 1
        return bulge * bulge * bulge < x * x * y * y * y

    square, triangle, plus, star, arrow, bolt, bar, chevron = (
        Outline(corners).contains_points for corners in (SQUARE, TRIANGLE, PLUS, STAR, ARROW, BOLT, BAR, CHEVRON))
    ring, moon = lambda p: disc(p) & ~disc(p, 0.57), lambda p: disc(p) & ~disc(p, 0.87, 0.52)
    halves = [lambda p, whole=whole: whole(p) & (p[:, 1] > 0.05) for whole in (disc, ring, plus)]
    return disc, ring, square, triangle, plus, star, moon, heart, arrow, bolt, bar, chevron, *halves


def _distances(inside):
    """Signed distance to the outline, in units of the shape, positive inside; float32 (CELLS, CELLS), the first row on top."""
    from scipy.ndimage import distance_transform_edt

    steps = (np.arange(2 * CELLS) + 0.5) / CELLS * REACH - REACH
    columns, rows = np.meshgrid(steps, -steps)
    inside = inside(np.stack([columns.ravel(), rows.ravel()], 1)).reshape(2 * CELLS, 2 * CELLS)
    distance = np.where(inside, distance_transform_edt(inside) - 0.5, 0.5 - distance_transform_edt(~inside))
    return (distance.reshape(CELLS, 2, CELLS, 2).sum((1, 3)) / 4 * (REACH / CELLS)).astype(np.float32)


def _images(maps, labels, random):
    """One image for each label, and its mask: uint8 (n, 3, 32, 32) and (n, 32, 32)."""
    count, classes = len(labels), len(CLASSES["CIFAR10"])
    uniform = _Uniform(random, count)
    grid = ((np.arange(SIDE) + 0.5) / (SIDE / 2) - 1).astype(np.float32)
    x, y = np.broadcast_arrays(grid[None, None, :], grid[None, :, None])

    ground, behind = _colours(uniform), _pattern(*_turned(x, y, uniform(-1, 1)), random, uniform)
    images = _blend(*ground, behind)
    for _ in range(3):  # what lies about: no whole member of a class
        part = random.randint(classes, len(maps), size=count)
        size = uniform(0.22, 0.4)
        covered, _, _ = _placed(maps, part, x, y, size, uniform(-1, 1), uniform(-1, 1), uniform(-1, 1), uniform)
        images += covered[:, None] * (_blend(*_colours(uniform), behind) - images)
    size = uniform(0.45, 0.8)
    room = np.float32(1.05) - size
    mask, x, y = _placed(maps, labels, x, y, size, room * uniform(-1, 1), room * uniform(-1, 1), uniform(-0.22, 0.22), uniform)
    fill = _blend(*_colours(uniform, unlike=ground), _pattern(x, y, random, uniform))
    images += mask[:, None] * (fill - images)

    images *= (1 + field(random, count, SIDE) * uniform(0, 0.5))[:, None]  # light
    grain = np.frombuffer(random.bytes(images.size), np.uint8).reshape(images.shape).astype(np.float32) - np.float32(127.5)
    images += grain * uniform(0, 0.2)[:, None]
    return np.clip(images + np.float32(0.5), 0, 255).astype(np.uint8), (255 * mask + np.float32(0.5)).astype(np.uint8)


class _Uniform:
    """uniform(low, high): one number an image, float32 (n, 1, 1), a multiple of a 4096th of the range."""

    def __init__(self, random, count):
        self.random, self.count = random, count

    def __call__(self, low, high, *more):
        steps = self.random.randint(4097, size=(self.count, *more, 1, 1))
        return (low + steps * (high - low) / 4096).astype(np.float32)


def _placed(maps, which, x, y, size, right, down, half_angle, uniform):
    """Put shapes into the images: the share of each pixel that is covered, and the shape's own coordinates there, (n, 32, 32) each.

    half_angle  as in _turned
    """
    x, y = _turned((x - right) / size, (y - down) / size, half_angle)
    mirror = np.where(uniform(-1, 1) < 0, np.float32(-1), np.float32(1))
    x = mirror * x * uniform(0.9, 1.2) + y * uniform(-0.25, 0.25)
    y = y * uniform(0.9, 1.2)
    distance = sample(maps, which, x, y) * size * np.float32(SIDE / 2)
    return np.clip(distance / uniform(1, 2) + np.float32(0.5), 0, 1), x, y


def _turned(x, y, half_angle):
    """Positions after a rotation by twice the angle whose tangent is `half_angle`."""
    cosine, sine = (1 - half_angle**2) / (1 + half_angle**2), 2 * half_angle / (1 + half_angle**2)
    return cosine * x - sine * y, sine * x + cosine * y


def _colours(uniform, unlike=None):
    """Two colours an image, float32 (n, 3, 1, 1) each, on a scale to 255; the first stands out from the first of `unlike`."""
    first = np.clip(uniform(30, 225)[:, None] + uniform(0.2, 1)[:, None] * uniform(-128, 128, 3), 0, 255)
    if unlike is not None:
        close = np.abs(first - unlike[0]).sum(1, keepdims=True) < 110
        lighter = unlike[0].sum(1, keepdims=True) < 3 * 128
        first = np.clip(np.where(close, first + np.where(lighter, np.float32(90), np.float32(-90)), first), 0, 255)
    return first, np.clip(first + uniform(-100, 100, 3), 0, 255)


def _blend(first, second, share):
    """From the colour `first` to `second` by `share` (n, 32, 32): float32 (n, 3, 32, 32)."""
    return first + share[:, None] * (second - first)


def _pattern(x, y, random, uniform):
    """A pattern an image, drawn along x and y: float32 (n, 32, 32), from 0 to 1."""
    count = len(x)
    weights = PATTERNS[random.randint(len(PATTERNS), size=count)].T[:, :, None, None]
    across, along = _wave(x * uniform(1, 2.2) + uniform(0, 1)), _wave(y * uniform(1, 2.2) + uniform(0, 1))
    cloud = field(random, count, SIDE, knots=9)
    value = weights[0] * across + weights[1] * along + weights[2] * across * along + weights[3] * y + weights[4] * cloud - weights[5]
    return np.clip(value * np.float32(1.5) + np.float32(0.5), 0, 1)


def _wave(position):
    """A triangle wave of period 1 between -1 and 1."""
    return np.abs((position - np.floor(position)) * 4 - 2) - 1
