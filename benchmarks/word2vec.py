"""Tokens a second of skip-gram with negative sampling: window 5, 5 negatives, 100 dimensions. gensim beside it where it is installed.

    python benchmarks/word2vec.py [EPOCHS] [THREADS]

The losses and batches are those of notebooks/06_recurrent_networks.ipynb, section 6.7, repeated here: a notebook cannot be imported,
and on its page the code is the lesson. Corpus: "Books" (2 million tokens where the real ones are at hand), words that occur 5 times.
Both sides read the same sentences as often, and both thin frequent words (0.005; gensim's `sample`). A token counts once an epoch, thinned or
not, as gensim counts. Quality: Spearman's correlation with WordSim-353 over the pairs whose words are known, where it is at hand.
Exits with 1 below 200,000 tokens a second.
"""
import sys
import time

import torch
from scipy.stats import spearmanr
from torch import nn
from torch.nn import functional as F

from course_utils.data import Vocabulary, load_text, tokenise
from course_utils.data.sources import DataError
from course_utils.data.text import load_word_pairs

WINDOW, NEGATIVES, DIMENSIONS, SHARED, SIZE, BATCH, SAMPLE, RATE, BOUND = 5, 5, 100, 64, 32, 16, 0.005, 0.02, 200_000


def pair_weights(blocks):
    centres = torch.arange(blocks.shape[1] - 2 * WINDOW)[:, None] + WINDOW
    far = (torch.arange(blocks.shape[1]) - centres).abs()
    band = ((WINDOW + 1 - far) / WINDOW).clamp(min=0) * (far > 0)
    there = blocks > 0
    return band * there[:, WINDOW:-WINDOW, None] * there[:, None]


def skipgram_loss(encoder, decoder, blocks, noise):
    centres = encoder(blocks[:, WINDOW:-WINDOW])
    pairs = pair_weights(blocks)
    true = F.softplus(-centres @ decoder(blocks).mT)
    false = F.softplus(centres @ decoder(noise).T)
    return ((pairs * true).sum() + NEGATIVES * (pairs.sum(2) * false.mean(2)).sum()) / pairs.sum()


def train(sentences, size, epochs):
    """Vectors (V, 100) of the sentences, lists of numbers, and the seconds that laying them out and training took."""
    began = time.perf_counter()
    row = torch.tensor([n for sentence in sentences for n in sentence + [0] * WINDOW])
    counts = row.bincount(minlength=size).float()
    counts[0] = 0
    keep = (SAMPLE * counts.sum() / counts).sqrt().clamp(max=1)
    torch.manual_seed(0)
    encoder, decoder = nn.Embedding(size, DIMENSIONS), nn.Embedding(size, DIMENSIONS)
    for layer in (encoder, decoder):
        nn.init.normal_(layer.weight, std=0.1)
    optimizer = torch.optim.Adam([encoder.weight, decoder.weight], RATE, fused=True)
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = RATE * (1 - epoch / epochs)
        thinned = row[torch.rand(len(row)) < keep[row]]
        blocks = F.pad(thinned, (WINDOW, WINDOW + SIZE)).unfold(0, SIZE + 2 * WINDOW, SIZE)
        for some in torch.randperm(len(blocks)).split(BATCH):
            optimizer.zero_grad()
            skipgram_loss(encoder, decoder, blocks[some], torch.multinomial(counts**0.75, SHARED, replacement=True)).backward()
            optimizer.step()
    return encoder.weight.detach(), time.perf_counter() - began


def gensim_vectors(texts, epochs, threads):
    """The same from gensim: vectors by word, and seconds of training; None where it is not installed."""
    try:
        from gensim.models import Word2Vec
    except ImportError:
        return None
    model = Word2Vec(vector_size=DIMENSIONS, window=WINDOW, negative=NEGATIVES, sg=1, min_count=1, sample=SAMPLE, workers=threads, seed=0)
    model.build_vocab(texts)
    began = time.perf_counter()
    model.train(texts, total_examples=model.corpus_count, epochs=epochs)
    seconds = time.perf_counter() - began
    return {word: torch.from_numpy(model.wv[word].copy()) for word in model.wv.index_to_key}, seconds


def word_similarity(vectors):
    """Spearman's correlation with WordSim-353, as text, and over how many pairs."""
    try:
        pairs = load_word_pairs()
    except DataError:
        return "WordSim-353 is not at hand"
    known = [(a.lower(), b.lower(), score) for a, b, score in pairs if a.lower() in vectors and b.lower() in vectors]
    if len(known) < 3:
        return f"WordSim-353: only {len(known)} pairs are known"
    ours = [F.cosine_similarity(vectors[a], vectors[b], 0).item() for a, b, _ in known]
    return f"WordSim-353 {spearmanr(ours, [score for *_, score in known])[0]:.3f} over {len(known)} pairs"


def main(epochs, threads):
    """Measure, print a table, and return the exit code."""
    torch.set_num_threads(threads)
    texts = [tokenise(text) for text in load_text("Books").train.texts]
    words = Vocabulary(texts, min_count=5)
    texts = [[word for word in text if word in words] for text in texts]
    tokens = sum(map(len, texts))
    print(f"{tokens:,} tokens, {len(words):,} words, {epochs} epochs, {threads} threads")
    train([words.encode(text) for text in texts[:100]], len(words), 1)  # warms up
    vectors, seconds = train([words.encode(text) for text in texts], len(words), epochs)
    speed = tokens * epochs / seconds
    print(f"blocks  {speed:10,.0f} tokens a second (at least {BOUND:,})  {word_similarity(dict(zip(words.words, vectors)))}", flush=True)
    peer = gensim_vectors(texts, epochs, threads)
    if peer is None:
        print("gensim  is not installed")
    else:
        theirs = tokens * epochs / peer[1]
        print(f"gensim  {theirs:10,.0f} tokens a second  {word_similarity(peer[0])}\nratio   {speed / theirs:10.2f}")
    return 0 if speed >= BOUND else 1


if __name__ == "__main__":
    epochs, threads = [int(argument) for argument in sys.argv[1:]] + [3, 2][len(sys.argv) - 1:]
    sys.exit(main(epochs, threads))
