"""Tokens a second of skip-gram with negative sampling: window 5, 5 negatives, 100 dimensions. gensim beside it where it can be imported.

    python benchmarks/word2vec.py [EPOCHS] [THREADS]
    pip install --no-deps --target FOLDER gensim smart_open wrapt     (then PYTHONPATH=.:FOLDER: it need not be in the environment)

The loss is that of notebooks/06_recurrent_networks.ipynb, section 6.7, repeated here: a notebook cannot be imported. Its Adam moves every
vector at every step, which costs most of the time; here the gradients are written out, and plain SGD, as word2vec has it, moves the vectors
of the batch alone. Before anything is timed they are compared with autograd's gradients of the loss.
Corpus: the training part of "Books" (2 million tokens where the real ones are at hand), words that occur 5 times. Both sides read the same
sentences as often, with the same rate (0.025, falling to 0), and thin frequent words alike (gensim's `sample`; 7 of 8 tokens stay).
A token counts once an epoch, thinned or not, for both. The time holds everything from lists of words to vectors but counting the words.
Quality: Spearman's correlation with WordSim-353 over the pairs whose words are known, where it is at hand; and how often a pair of words
from held-out sentences, 1 to 5 apart, scores above the same centre with a rival, the context word of another pair (chance: 0.5).
Exits with 1 below 200,000 tokens a second, or where the gradients differ.
"""
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import torch
from scipy.stats import spearmanr
from torch.nn import functional as F

from course_utils.data import Vocabulary, load_text, load_word_pairs, tokenise
from course_utils.data.sources import DataError

WINDOW, NEGATIVES, DIMENSIONS, SHARED, SIZE, BATCH, SAMPLE, RATE, BOUND = 5, 5, 100, 64, 32, 8, 0.005, 0.025, 200_000


def pair_weights(blocks):
    """What each pair (centre, word of its block) counts: (w + 1 - d) / w, as often as word2vec's random window reaches so far."""
    centres = torch.arange(blocks.shape[1] - 2 * WINDOW)[:, None] + WINDOW
    far = (torch.arange(blocks.shape[1]) - centres).abs()
    band = ((WINDOW + 1 - far) / WINDOW).clamp(min=0) * (far > 0)
    there = blocks > 0
    return band * there[:, WINDOW:-WINDOW, None] * there[:, None]


def skipgram_loss(encoder, decoder, blocks, noise):
    """The loss of the page times the number of pairs, for matrices (V, D)."""
    centres, pairs = encoder[blocks[:, WINDOW:-WINDOW]], pair_weights(blocks)
    true = F.softplus(-centres @ decoder[blocks].mT)
    false = F.softplus(centres @ decoder[noise].T)
    return (pairs * true).sum() + NEGATIVES * (pairs.sum(2) * false.mean(2)).sum()


def descend(encoder, decoder, blocks, noise, pairs, rate):
    """One step of SGD on skipgram_loss, in place; `pairs` are the weights of the blocks."""
    centre, context = blocks[:, WINDOW:-WINDOW].flatten(), blocks.flatten()
    E, U, N = encoder.index_select(0, centre), decoder.index_select(0, context), decoder.index_select(0, noise)
    E3, U3 = E.view(len(blocks), -1, E.shape[1]), U.view(len(blocks), -1, E.shape[1])
    true = (-E3 @ U3.mT).sigmoid_().mul_(pairs)  # the derivative of softplus is the sigmoid
    false = (E @ N.T).sigmoid_().mul_(pairs.sum(2).view(-1, 1) * (NEGATIVES / len(noise)))
    encoder.index_add_(0, centre, (true @ U3).flatten(0, 1).addmm_(false, N, alpha=-1), alpha=rate)
    decoder.index_add_(0, context, (true.mT @ E3).flatten(0, 1), alpha=rate)
    decoder.index_add_(0, noise, false.T @ E, alpha=-rate)


def worst_gradient():
    """By how much the gradients of descend differ from autograd's at most, over the largest, on a batch with gaps and repeated words."""
    torch.manual_seed(0)
    matrices = [torch.randn(50, DIMENSIONS).mul_(0.3).requires_grad_() for _ in range(2)]
    blocks, noise = torch.randint(0, 50, (BATCH, SIZE + 2 * WINDOW)), torch.randint(1, 50, (SHARED,))
    gradients = torch.autograd.grad(skipgram_loss(*matrices, blocks, noise), matrices)
    moved = [torch.zeros_like(matrix).copy_(matrix.detach()) for matrix in matrices]
    descend(*moved, blocks, noise, pair_weights(blocks), 1)
    return max(((old - new - gradient).abs().max() / gradient.abs().max()).item()
               for old, new, gradient in zip(matrices, moved, gradients))


def long_row(sentences, words):
    """All sentences as one row of word numbers, with WINDOW zeros after each."""
    return torch.tensor([n for sentence in sentences for n in words.encode(sentence) + [0] * WINDOW])


def noise_and_keep(row, size):
    """For each word its weight as noise, and the chance that it is kept: word2vec's formula, gensim's too."""
    counts = row.bincount(minlength=size).float()
    counts[0] = 0
    rare = SAMPLE * counts.sum() / counts
    return counts**0.75, (rare.sqrt() + rare).clamp(max=1)


def train(sentences, words, epochs, threads):
    """Encoder and decoder, (V, 100) each. Every thread takes its share of the batches, and all move the same matrices, as in gensim."""
    row = long_row(sentences, words)
    weights, keep = noise_and_keep(row, len(words))
    torch.manual_seed(0)
    encoder, decoder = (torch.randn(len(words), DIMENSIONS) * 0.1 for _ in range(2))

    def share(steps):
        for step in steps:
            some = blocks[batches[step]]
            rate = RATE * (1 - (epoch + step / len(batches)) / epochs)
            descend(encoder, decoder, some, noise[step], pair_weights(some), rate)

    with ThreadPoolExecutor(threads) as pool:
        for epoch in range(epochs):
            thinned = row[torch.rand(len(row)) < keep[row]]
            blocks = F.pad(thinned, (WINDOW, WINDOW + SIZE)).unfold(0, SIZE + 2 * WINDOW, SIZE)
            batches = torch.randperm(len(blocks)).split(BATCH)
            noise = torch.multinomial(weights, len(batches) * SHARED, replacement=True).view(-1, SHARED)
            list(pool.map(share, [range(first, len(batches), threads) for first in range(threads)]))
    return encoder, decoder


def train_gensim(sentences, words, epochs, threads):
    """Two functions: one trains gensim's model, one then gives its encoder and decoder. None where it is not installed."""
    try:
        from gensim.models import Word2Vec
    except ImportError:
        return None
    model = Word2Vec(vector_size=DIMENSIONS, window=WINDOW, negative=NEGATIVES, sg=1, min_count=1, sample=SAMPLE, alpha=RATE,
                     workers=threads, seed=0)
    model.build_vocab(sentences)

    def matrices():
        found = torch.zeros(2, len(words), DIMENSIONS)
        numbers = words.encode(model.wv.index_to_key)
        found[0, numbers], found[1, numbers] = torch.from_numpy(model.wv.vectors), torch.from_numpy(model.syn1neg)
        return found

    return lambda: model.train(sentences, total_examples=model.corpus_count, epochs=epochs), matrices


def timed(function):
    """What it returns, the seconds it took, and the seconds of processor time."""
    began = time.perf_counter(), time.process_time()
    value = function()
    return value, time.perf_counter() - began[0], time.process_time() - began[1]


def word_similarity(encoder, words):
    """Spearman's correlation with WordSim-353, as text, and over how many pairs."""
    try:
        pairs = [(a.lower(), b.lower(), score) for a, b, score in load_word_pairs()]
    except DataError:
        return "WordSim-353 is not at hand"
    known = [(words.index[a], words.index[b], score) for a, b, score in pairs if a in words and b in words]
    if len(known) < 30:
        return f"WordSim-353: only {len(known)} pairs are known"
    left, right, scores = map(list, zip(*known))
    ours = F.cosine_similarity(encoder[left], encoder[right])
    return f"WordSim-353 {spearmanr(ours, scores)[0]:.3f} over {len(known)} pairs"


def held_out_wins(encoder, decoder, row):
    """How often a pair of the row scores above its rival, mean over the distances."""
    generator, wins = torch.Generator().manual_seed(0), []
    for far in range(1, WINDOW + 1):
        there = (row[:-far] > 0) & (row[far:] > 0)
        centre, context = row[:-far][there], row[far:][there]
        rival = context[torch.randperm(len(context), generator=generator)]
        margin = (encoder[centre] * (decoder[context] - decoder[rival])).sum(1)
        wins.append(((margin > 0).float() + (margin == 0).float() / 2).mean().item())
    return sum(wins) / WINDOW


def main(epochs, threads):
    """Measure, print a table, and return the exit code."""
    torch.set_num_threads(1)  # one to a share of the batches: products this small gain nothing from two
    books = load_text("Books")
    texts, held_out = ([tokenise(text) for text in part.texts] for part in (books.train, books.test))
    words = Vocabulary(texts, min_count=5)
    texts, held_out = ([[word for word in text if word in words] for text in part] for part in (texts, held_out))
    tokens = sum(map(len, texts))
    differ = worst_gradient()
    print(f"{books.name}: {tokens:,} tokens, {len(words):,} words, {epochs} epochs, {threads} threads")
    print(f"the gradients differ from autograd's by {differ:.0e} (at most 1e-05)")
    held_row, keep = long_row(held_out, words), noise_and_keep(long_row(texts, words), len(words))[1]
    held_row = held_row[torch.rand(len(held_row), generator=torch.Generator().manual_seed(0)) < keep[held_row]]
    train(texts[:500], words, 1, threads)  # warms up
    speeds = {}

    def report(name, seconds, processor, encoder, decoder):
        speeds[name] = tokens * epochs / seconds
        print(f"{name}  {speeds[name]:10,.0f} tokens a second, {tokens * epochs / processor:10,.0f} a second of processor time; "
              f"{word_similarity(encoder, words)}; held-out pairs win {held_out_wins(encoder, decoder, held_row):.3f}", flush=True)

    ours, *seconds = timed(lambda: train(texts, words, epochs, threads))
    report("blocks", *seconds, *ours)
    peer = train_gensim(texts, words, epochs, threads)
    if peer is None:
        print("gensim  is not installed")
    else:
        report("gensim", *timed(peer[0])[1:], *peer[1]())
        print(f"ratio   {speeds['blocks'] / speeds['gensim']:10.2f}")
    print(f"{'':6}  {BOUND:10,} tokens a second are wanted")
    return 0 if speeds["blocks"] >= BOUND and differ <= 1e-5 else 1


if __name__ == "__main__":
    epochs, threads = [int(argument) for argument in sys.argv[1:]] + [3, 2][len(sys.argv) - 1:]
    sys.exit(main(epochs, threads))
