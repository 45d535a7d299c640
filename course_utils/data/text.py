"""Text data sets as lists of strings, their batches by length, and pre-trained vectors: the one module that touches torchtext."""
import contextlib
import gzip
import io
import math
import os
import random
import shutil
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from torchtext.data import BucketIterator, Dataset, Example, RawField
from torchtext.data.utils import RandomShuffler
from torchtext.vocab import GloVe, Vectors

from course_utils.data import sources
from course_utils.data.files import Checked, DataError, written_whole
from course_utils.data.splits import TextSplit, split
from course_utils.data.vocabulary import pad

VECTORS = "glove.6B.50d.txt"


@dataclass(frozen=True)
class TextData:
    """A text data set, already split: no text of one split is, but for case and blanks, in another. classes: names of the targets."""
    name: str
    real: bool
    classes: tuple
    train: TextSplit
    valid: TextSplit
    test: TextSplit


def load_text(name, data="auto", *, train_size=None, seed=0):
    """The text data set `name` as a TextData.

    name        "Sentiment140" (tweets, or sentences of a grammar), "Books", "WikiText2", "Shakespeare" (running text, or Python's
                documentation), "GivenNames", "Surnames" (or names of places), "Multi30k-fr", "Multi30k-de" (pairs, or dates)
    data        "auto", "real" or "bundled" (see sources.locate)
    train_size  keep only that many training texts
    seed        of the split

    The set's own validation and test parts stay apart; what is missing is drawn from the training part, a tenth of it each, where it
    holds the same text with the same target once. Of running text, which keeps its order and repetitions, blocks of 50 texts are drawn,
    a twentieth each. A text that is in two parts stays in one alone.

    Raises ValueError for another name; sources.DataError if data = "real" and it cannot be had.
    """
    place = sources.locate(name, data)
    parts = place.read()
    if not isinstance(parts, dict) or "train" not in parts:
        raise ValueError(f"{name} holds no texts: load_analogies, load_word_pairs and load_glove read what is no text")
    splits = split(parts, seed)
    train = splits["train"] if train_size is None else splits["train"].take(train_size)
    return TextData(place.title, place.real, tuple(parts["classes"]), train, splits["valid"], splits["test"])


class BucketBatches:
    """Iterate over sequences of numbers a batch at a time, texts of similar length together (torchtext's BucketIterator).

    sequences  lists of numbers, none of them empty
    targets    as many class numbers, or lists of numbers, or none at all
    shuffle    a new order every epoch, drawn from a generator of its own; False: from the shortest to the longest, always the same

    A batch is a tuple of tensors: numbers int64 (B, T), padded with 0, and lengths int64 (B,), on the CPU, the longest first; then,
    with targets, labels int64 (B,), or numbers (B, U) and their lengths (B,). `order` says which sequence comes where without shuffling.
    Raises ValueError for a batch size below 1, unequal numbers of sequences and targets, or an empty sequence.
    """

    def __init__(self, sequences, targets=None, batch_size=64, *, shuffle=True, seed=0, device="cpu"):
        if batch_size < 1:
            raise ValueError(f"batch_size = {batch_size} must be at least 1")
        targets = None if targets is None or len(targets) == 0 else targets
        if targets is not None and len(targets) != len(sequences):
            raise ValueError(f"{len(sequences)} sequences have {len(targets)} targets")
        if not all(len(sequence) for sequence in sequences):
            raise ValueError("a sequence is empty: leave texts without tokens out")
        self.sequences, self.targets, self.batch_size, self.shuffle, self.device = sequences, targets, batch_size, shuffle, device
        self.generator = torch.Generator().manual_seed(seed)
        self.pairs = targets is not None and isinstance(targets[0], (list, tuple))
        field = [("row", RawField())]
        self.rows = Dataset([Example.fromlist([row], field) for row in range(len(sequences))], field)

    def __len__(self):
        return math.ceil(len(self.sequences) / self.batch_size)

    @property
    def order(self):
        """The numbers of the sequences in the order in which they come, where they are not shuffled."""
        return [row for batch in self._buckets() for row in batch.row]

    def __iter__(self):
        for batch in self._buckets():
            numbers, lengths = pad([self.sequences[row] for row in batch.row], self.device)
            if self.targets is None:
                yield numbers, lengths
                continue
            targets = [self.targets[row] for row in batch.row]
            yield numbers, lengths, *(pad(targets, self.device) if self.pairs else (torch.tensor(targets).to(self.device),))

    def _buckets(self):
        """A BucketIterator of one epoch: one that two loops share would skip batches."""
        iterator = BucketIterator(self.rows, self.batch_size, train=self.shuffle, sort_key=self._size, sort_within_batch=True)
        if self.shuffle:
            seed = torch.randint(2**31, (), generator=self.generator).item()
            iterator.random_shuffler = RandomShuffler(random.Random(seed).getstate())
        return iterator

    def _size(self, example):
        return len(self.sequences[example.row]), len(self.targets[example.row]) if self.pairs else 0


def load_analogies(data="auto"):
    """The word analogies as {section: [(word, word, word, answer)]}, as written, with capitals. Raises sources.DataError without them."""
    return sources.locate("Analogies", data).read()


def load_word_pairs(data="auto"):
    """WordSim-353 as [(word, word, score from 0 to 10)]. Raises sources.DataError without it."""
    return sources.locate("WordSim353", data).read()


def load_glove(data="auto"):
    """Pre-trained vectors as torchtext.vocab.GloVe(name="6B", dim=50): `.vectors` float32 (N, 50), `.stoi`, `.itos`, `["word"]`.

    N is 400,000, or 9,163 where only that part is on disk. Raises sources.DataError where neither is: nothing stands in for them.
    """
    path, sha256 = sources.locate("GloVe", data).read()
    try:
        kept = sources.store_folder()[1] / "torchtext" / sha256[:12]
        kept.mkdir(parents=True, exist_ok=True)
    except (DataError, OSError):
        kept = None
    if kept and _whole(kept):
        return _quietly(GloVe, name="6B", dim=50, cache=str(kept))
    with tempfile.TemporaryDirectory(suffix=".part", dir=kept) as scratch:  # torchtext writes beside what it reads
        return _prepare(path, Path(scratch), kept)


def read_vectors(path):
    """The vectors of a text file in GloVe's format, a word and its numbers a line: what load_glove gives, of any width from 3.

    Nothing is written beside the file. Raises sources.DataError where it is missing, or a line is not like the others.
    """
    with tempfile.TemporaryDirectory() as scratch:  # torchtext keeps a copy of its own
        try:
            found = _quietly(Vectors, name=str(Path(path).absolute()), cache=scratch)
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise DataError(f"{path} cannot be read as vectors ({error})", "each line must be a word and equally many numbers") from error
    if len(found.stoi) != len(found.vectors) or not found.vectors.isfinite().all():  # torchtext leaves such lines out in silence
        raise DataError(f"{path} has a line without numbers, not UTF-8, with nan (no number) or with a word twice", "mend or drop it")
    return found


def _prepare(path, scratch, kept):
    """Let torchtext read the file at `path` in the folder `scratch`, and keep what it makes of it in `kept`, if that is a folder."""
    if Path(VECTORS).is_file():
        raise DataError(f"torchtext would read the {VECTORS} in the current folder, which nobody has checked", "move it elsewhere")
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as packed, open(scratch / VECTORS, "wb") as file:
            shutil.copyfileobj(packed, file)
    else:
        try:
            os.symlink(path.absolute(), scratch / VECTORS)
        except OSError:  # Windows lets few make links
            shutil.copyfile(path, scratch / VECTORS)
    vectors = _quietly(GloVe, name="6B", dim=50, cache=str(scratch))
    if kept:
        with contextlib.suppress(OSError), open(scratch / f"{VECTORS}.pt", "rb") as made, written_whole(kept / "sha256") as file:
            file.write(Checked.sha256_of(made).encode())
        with contextlib.suppress(OSError):
            os.replace(scratch / f"{VECTORS}.pt", kept / f"{VECTORS}.pt")
    return vectors


def _whole(kept):
    try:
        with open(kept / f"{VECTORS}.pt", "rb") as file:
            return Checked.sha256_of(file) == (kept / "sha256").read_text()
    except OSError:
        return False


def _quietly(kind, **arguments):
    """torchtext's vectors, without its progress bar; and it must not turn off the check of certificates for good."""
    https = ssl._create_default_https_context
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return kind(**arguments)
    finally:
        ssl._create_default_https_context = https
