"""Oracles of chapter 6's first part: cosine similarity and the bigram model."""
import copy

import torch
from torch.nn import functional as F

from course_utils.exercises import Mistake, ask, compare, oracle


@oracle
def cosine_similarity(answer):
    generator = torch.Generator().manual_seed(1)
    x, y = torch.randn(5, 3, generator=generator), torch.randn(5, 3, generator=generator)
    y[0], y[1] = 2 * x[0], -x[1]  # the same direction, and the opposite one
    product, long_x, long_y = (x * y).sum(1), x.norm(dim=1), y.norm(dim=1)
    compare(ask(answer, x, y), F.cosine_similarity(x, y), mistakes={
        "that is the inner product: divide it by both lengths": product,
        "divided by one length only: by both": product / long_x,
        "divided by one length only: by both, not y's alone": product / long_y,
        "the lengths are squared: take their roots": product / (long_x * long_y) ** 2,
        "divided by the sum of the lengths: by their product": product / (long_x + long_y),
        "it compares every row of x with every row of y: only rows of the same number are wanted": (x @ y.T) / (long_x[:, None] * long_y),
        "one number for the whole batch: sum over dimension 1 alone, and take the lengths row by row": product.sum() / (x.norm() * y.norm()),
        "it compares columns: sum over dimension 1": F.cosine_similarity(x, y, dim=0),
        "that is 1 - cosine, a distance": 1 - F.cosine_similarity(x, y),
        "the sign is lost: opposite directions have cosine -1": F.cosine_similarity(x, y).abs()},
        hint="the inner product of each pair of rows, divided by the product of their lengths")
    yield "equals torch's F.cosine_similarity, with 1 for the same direction and -1 for the opposite one"

    compare(ask(answer, 1000 * x, y / 1000), F.cosine_similarity(x, y), tolerance=1e-4,
            hint="longer or shorter vectors in the same directions have the same cosine")
    yield "does not change with the length of the vectors"

    flat = torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]), torch.tensor([[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]])
    got = ask(answer, *flat)
    if isinstance(got, torch.Tensor) and got.shape == (3,) and not torch.isfinite(got).all():
        raise Mistake("a zero vector gives nan or inf: it was divided by 0, so let the divisor be at least 1e-8")
    compare(got, torch.zeros(3), hint="a zero vector has similarity 0 to anything")
    yield "a zero vector has similarity 0"


@oracle
def bigram_probabilities(answer):
    def counted(numbers, size, across=False):
        counts = torch.zeros(size, size)
        for sentence in [sum(numbers, [])] if across else numbers:
            for before, after in zip(sentence, sentence[1:]):
                counts[before, after] += 1
        return counts

    def called(numbers, size, k):
        given = copy.deepcopy(numbers)
        result = answer(given, size, k)
        if given != numbers:
            raise Mistake("your function changed the sentences it was given: leave them as they are")
        return result

    numbers, size, k = [[0, 1, 2, 1, 2], [2, 0, 1], [3], [1, 2, 3]], 5, 0.5
    counts = counted(numbers, size)
    smooth = counts + k
    right = smooth / smooth.sum(1, keepdim=True)
    across, once = counted(numbers, size, across=True) + k, (counts > 0) + k
    compare(called(numbers, size, k), right, mistakes={
        "these are counts: divide each row by its sum": smooth,
        "these are counts without k: add k, then divide each row by its sum": counts,
        "the matrix is the other way round: the row is the word before, the column the word after": right.T,
        "the columns sum to 1, not the rows: divide by counts.sum(1, keepdim=True)": smooth / smooth.sum(0),
        "each row was divided by the sum of another: keepdim=True keeps the sums in a column": smooth / smooth.sum(1),
        "the columns are the words before: counts[before, after]": smooth.T / smooth.T.sum(1, keepdim=True),
        "divided by the sum of the whole matrix: each row has a sum of its own": smooth / smooth.sum(),
        "pairs reach from one sentence into the next: count each sentence by itself": across / across.sum(1, keepdim=True),
        "each pair is counted once, however often it occurs: did you assign 1, or index with a list, where += 1 was meant?":
            once / once.sum(1, keepdim=True),
        "k is added after the division: add it to the counts": counts / counts.sum(1, keepdim=True).clamp(min=1) + k,
        "k was left out of the divisor: divide by the sum of the counts with k": smooth / counts.sum(1, keepdim=True).clamp(min=1),
        "it always adds 1: add k": (counts + 1) / (counts + 1).sum(1, keepdim=True)},
        hint="count pairs of neighbours, add k, divide each row by its sum")
    yield "a text counted by hand, with k = 0.5"

    result = called([[1, 1, 1], [0]], 3, 1.0)
    compare(result, torch.tensor([[1 / 3] * 3, [0.2, 0.6, 0.2], [1 / 3] * 3]),
            hint="a word that nothing ever followed has all words alike after it")
    yield "after a word that nothing followed all words are alike"
