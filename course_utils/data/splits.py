"""Splits of texts without a leak: what is held out is not, but for case and blanks, among what is learned from."""
import random
from typing import NamedTuple

from course_utils.data.vocabulary import tokenise

BLOCK = 50  # texts in a row that a split of running text keeps together


class TextSplit(NamedTuple):
    """texts: strings; targets: as many class numbers, or strings to translate into, or none at all."""
    texts: list
    targets: list

    def take(self, count):
        """The first `count` texts (all of them if there are fewer)."""
        return TextSplit(self.texts[:count], self.targets[:count])


def split(parts, seed=0):
    """Split what a reader gives into {"train", "valid", "test"}, TextSplits, as text.load_text explains; `seed` draws what is held out."""
    rows = {part: _rows(*parts.get(part, ([], []))) for part in ("test", "valid", "train")}
    rows["valid"] = _without(rows["valid"], rows["test"])
    rows["train"] = _without(rows["train"], rows["test"] + rows["valid"])
    missing = [part for part in ("valid", "test") if part not in parts]
    if parts["ordered"]:
        units, share = [rows["train"][first:first + BLOCK] for first in range(0, len(rows["train"]), BLOCK)], 20
    else:
        units, share = _alike(rows["train"]), 10
    order = list(range(len(units)))
    random.Random(seed).shuffle(order)
    for part in (*missing, "train"):
        count = len(order) if part == "train" else len(units) // share
        chosen, order = order[:count], order[count:]
        rows[part] = [row for unit in (sorted(chosen) if parts["ordered"] else chosen) for row in units[unit]]
    if parts["ordered"]:  # two blocks can hold the same sentence
        for part, others in (("valid", "train"), ("test", "train"), ("test", "valid")):
            rows[part] = _without(rows[part], rows[others])
    return {part: TextSplit([row[1] for row in found], [row[2] for row in found if row[2] is not None]) for part, found in rows.items()}


def _rows(texts, targets):
    """(tokens, text, target) of each text; one without a token is nothing to learn from and left out."""
    rows = [(" ".join(tokenise(text)), text, target) for text, target in zip(texts, targets or [None] * len(texts))]
    return [row for row in rows if row[0]]


def _without(rows, others):
    known = {row[0] for row in others}
    return [row for row in rows if row[0] not in known]


def _alike(rows):
    """The rows in groups of the same text, of which each target is kept once: a group stays on one side of every split."""
    groups = {}
    for row in rows:
        groups.setdefault(row[0], {}).setdefault(row[2], row)
    return [list(group.values()) for group in groups.values()]
