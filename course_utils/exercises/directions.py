"""Oracles of chapter 6: bidirectional recurrent networks."""
import torch

from course_utils.exercises import ask, compare, oracle


@oracle
def last_of_both(answer):
    generator = torch.Generator().manual_seed(6)

    def pick(out, forward_at, backward_at):
        """The forward half at one token of each text, the backward half at another."""
        rows, middle = torch.arange(len(out)), out.shape[2] // 2
        return torch.cat([out[rows, forward_at, :middle], out[rows, backward_at, middle:]], 1)

    out = torch.randn(3, 5, 6, generator=generator)
    start, last = torch.zeros(3, dtype=torch.long), torch.full((3,), 4)
    compare(ask(answer, out, last + 1), pick(out, last, start), mistakes={
        "both halves come from the last token: there the backward half has read one token only; take it at token 0": pick(out, last, last),
        "both halves come from token 0: there the forward half has read one token only; take it at the last token": pick(out, start, start),
        "the forward half is one token too early: the last token of a text has number length - 1": pick(out, last - 1, start),
        "the halves are the wrong way round: the first H numbers are the forward direction, complete at the last token":
            pick(out, start, last),
        "the backward half stands first: keep the order of PyTorch, forward then backward": pick(out, last, start).roll(3, 1),
        "that is the sum of the two halves: concatenate them along the features, to (B, 2H)": sum(pick(out, last, start).chunk(2, 1)),
        "the halves stand under each other: concatenate along dimension 1, to (B, 2H)": torch.cat(pick(out, last, start).chunk(2, 1))},
        hint="out[:, -1, :H] beside out[:, 0, H:]")
    yield "texts without padding: the forward half at the last token, the backward half at token 0"

    lengths = torch.tensor([5, 3, 1])
    for text, length in zip(out, lengths):
        text[length:] = torch.arange(length, 5)[:, None]  # the padded rows differ, so that a wrong row shows
    compare(ask(answer, out, lengths), pick(out, lengths - 1, start), mistakes={
        "the forward half comes from the padding: take each text's own last token, number length - 1": pick(out, last, start),
        "the forward half is one token too late: the last token of a text has number length - 1": pick(out, lengths.clamp(max=4), start)},
        hint="per text, the first H numbers of row length - 1 and the last H numbers of row 0")
    yield "texts of several lengths, whatever stands in the padded rows"

    torch.manual_seed(6)
    network = torch.nn.GRU(4, 5, batch_first=True, bidirectional=True)
    with torch.no_grad():
        out, h = network(torch.randn(2, 7, 4, generator=generator))
    compare(ask(answer, out, torch.tensor([7, 7])), torch.cat([h[-2], h[-1]], 1), hint="it must equal torch.cat([h[-2], h[-1]], 1)")
    yield "the same as the last states of a bidirectional GRU"
