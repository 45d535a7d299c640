"""Bundled stand-ins for MNIST and FashionMNIST: digits and letters drawn 28x28 from the fonts that come with matplotlib.

Each glyph of each font becomes, once, a map of signed distances to its outline. An image samples such a map at warped positions and
turns distance into ink, so that one shift of the distances is one change of the stroke's width.
"""
from pathlib import Path

import numpy as np

VERSION = 1  # of the drawing; a cache made by another version is drawn anew
CLASSES = {"MNIST": "0123456789", "FashionMNIST": "CEFGOPQRUV"}  # the letters: five pairs that are easily confused, C and G, E and F ...
TRAIN, TEST = 10_000, 2_000
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique", "DejaVuSansMono", "DejaVuSansMono-Bold",
         "DejaVuSansMono-Oblique", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic", "STIXGeneral",
         "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta", "cmr10", "cmb10", "cmss10", "cmtt10", "DejaVuSansMono-BoldOblique")
SIDE, CELLS, REACH = 28, 64, 1.75  # pixels of an image; cells of a distance map, which spans -REACH ... REACH half image widths


def draw(name, seed=0):
    """Draw the stand-in for `name`: images uint8 (10000, 1, 28, 28), labels int64 (10000,), 2,000 test images, test labels, class names.

    White on black as in MNIST, every class equally often, in a shuffled order. Random per image: font, rotation, shear, width and
    height, position, an elastic warp, stroke width and its changes along the stroke, softness and grain of the ink.

    The same seed gives the same bytes with any number of threads and on any processor: random numbers are whole numbers from a frozen
    generator (RandomState), floats meet only single IEEE operations, matrix products only whole numbers below 2**24, exact in any
    order. The outlines are those of matplotlib's font files, so other releases of the fonts may differ. Raises KeyError for other names.
    """
    import torch

    classes = CLASSES[name]
    random = np.random.RandomState([seed, VERSION, *name.encode()])
    maps = np.stack([[_distances(font, character) for character in classes] for font in FONTS])  # (fonts, classes, cells, cells)
    labels = np.concatenate([random.permutation(np.arange(count) % len(classes)) for count in (TRAIN, TEST)])
    fonts = random.randint(len(FONTS), size=len(labels))
    chunks = [slice(first, first + 500) for first in range(0, len(labels), 500)]  # small enough to stay in the processor's cache
    images = np.concatenate([_images(maps, fonts[chunk] * len(classes) + labels[chunk], random) for chunk in chunks])
    images, labels = torch.from_numpy(images)[:, None], torch.from_numpy(labels.astype(np.int64))
    return images[:TRAIN], labels[:TRAIN], images[TRAIN:], labels[TRAIN:], tuple(classes)


def _distances(font, character):
    """Signed distance to the outline, in pixels of the final image, positive inside; float32 (CELLS, CELLS), the first row on top."""
    import matplotlib
    from matplotlib import ft2font
    from matplotlib.path import Path as Outline
    from scipy.ndimage import distance_transform_edt

    face = ft2font.FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")))
    face.set_size(face.units_per_EM, 72)  # one unit of the font is one pixel: FreeType hands out the font file's own whole numbers
    unhinted = ft2font.LoadFlags.NO_HINTING if hasattr(ft2font, "LoadFlags") else ft2font.LOAD_NO_HINTING  # before matplotlib 3.10
    face.load_char(ord(character), flags=unhinted)
    polygons = Outline(*face.get_path()).to_polygons()
    corners = np.concatenate(polygons)
    low, high = corners.min(0), corners.max(0)
    centre, half = (low + high) / 2, (high[1] - low[1]) / 2
    fine = 2 * CELLS
    steps = (np.arange(fine) + 0.5) / CELLS * REACH - REACH
    columns, rows = np.meshgrid(steps / 0.7 * half + centre[0], -steps / 0.7 * half + centre[1])  # a glyph is 0.7 of the image high
    points = np.stack([columns.ravel(), rows.ravel()], 1)
    inside = np.zeros(len(points), bool)
    for polygon in polygons:  # a polygon inside another is a hole
        inside ^= Outline(polygon).contains_points(points)
    inside = inside.reshape(fine, fine)
    distance = np.where(inside, distance_transform_edt(inside) - 0.5, 0.5 - distance_transform_edt(~inside))
    distance = distance.reshape(CELLS, 2, CELLS, 2).sum((1, 3)) / 4
    return (distance * (SIDE / 2 * REACH / CELLS)).astype(np.float32)


def _images(maps, glyphs, random):
    """One image for each index into the glyphs of `maps`: uint8 (n, 28, 28)."""
    count = len(glyphs)

    def uniform(low, high):
        """One number an image, (n, 1, 1)."""
        return (low + random.randint(4097, size=(count, 1, 1)) * (high - low) / 4096).astype(np.float32)

    grid = ((np.arange(SIDE) + 0.5) / (SIDE / 2) - 1).astype(np.float32)
    x, y = grid[None, None, :] - uniform(-0.16, 0.16), grid[None, :, None] - uniform(-0.16, 0.16)
    half_angle = uniform(-0.14, 0.14)  # tangent of half the rotation: about 16 degrees either way
    cosine, sine = (1 - half_angle**2) / (1 + half_angle**2), 2 * half_angle / (1 + half_angle**2)
    x, y = cosine * x - sine * y, sine * x + cosine * y
    y = y * uniform(0.85, 1.3)
    x = x * uniform(0.8, 1.35) + y * uniform(-0.3, 0.3)
    x = x + field(random, count) * uniform(0.05, 0.2)
    y = y + field(random, count) * uniform(0.05, 0.2)

    distance = sample(maps.reshape(-1, CELLS, CELLS), glyphs, x, y)
    thickness = maps.max((2, 3)).reshape(-1)[glyphs][:, None, None]
    width = np.maximum((uniform(1.2, 2.0) - thickness) * np.float32(0.6), np.float32(-0.25))  # hairlines of bold letters would vanish
    width = width + field(random, count) * uniform(0.1, 0.5)
    ink = np.clip((distance + width) / uniform(0.9, 1.6) + np.float32(0.5), 0, 1)
    grain = random.randint(256, size=ink.shape).astype(np.float32) * uniform(0, 0.3 / 255)
    return (ink * (255 - 255 * grain) + np.float32(0.5)).astype(np.uint8)


def sample(maps, glyphs, x, y):
    """The maps at positions x, y between -REACH and REACH, interpolated between their four neighbours: float32, shaped as x."""
    x, y = (np.clip((value + np.float32(REACH)) * np.float32(CELLS / 2 / REACH) - np.float32(0.5), 0, np.float32(CELLS - 1.01))
            for value in (x, y))
    column, row = np.floor(x), np.floor(y)
    x, y = x - column, y - row
    flat, corner = maps.reshape(-1), glyphs.astype(np.int32)[:, None, None] * CELLS**2 + (row * CELLS + column).astype(np.int32)
    above = flat[corner] * (1 - x) + flat[corner + 1] * x
    below = flat[corner + CELLS] * (1 - x) + flat[corner + CELLS + 1] * x
    return above * (1 - y) + below * y


def field(random, count, side=SIDE, knots=6):
    """Smooth random fields: a cubic B-spline surface through knots x knots random heights; float32 (n, side, side), within -1 ... 1."""
    position = (np.arange(side) + 0.5) / side * (knots - 3)
    offset = np.abs(position[:, None] + 1 - np.arange(knots))
    spline = np.where(offset < 1, 2 / 3 - offset * offset * (1 - offset / 2), np.clip(2 - offset, 0, None) ** 3 / 6)
    weights = np.rint(256 * spline).astype(np.float32)  # (side, knots), whole numbers
    heights = random.randint(-100, 101, size=(count, knots, knots)).astype(np.float32)
    return weights @ heights @ weights.T / np.float32(100 * 256 * 256)
