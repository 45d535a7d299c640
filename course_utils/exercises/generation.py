"""Oracles of chapter 6's last part: softening a distribution, and one step of beam search."""
import torch
from torch.nn import functional as F

from course_utils.exercises import Mistake, ask, compare, oracle


@oracle
def soften(answer):
    scores = torch.randn(4, 7, generator=torch.Generator().manual_seed(3)) * 2
    for temperature in (0.5, 2.0):
        compare(ask(answer, scores, temperature=temperature), F.softmax(scores / temperature, 1), mistakes={
            "the temperature divides the scores; you multiply by it": F.softmax(scores * temperature, 1),
            "the temperature is not used": F.softmax(scores, 1),
            "divide the scores before the softmax, not the probabilities after it": F.softmax(scores, 1) / temperature,
            "the sum must run over each row alone, not over the rows of a column": F.softmax(scores / temperature, 0),
            "the sum must run over each row alone, not over the whole batch": F.softmax((scores / temperature).flatten(), 0).view(4, 7),
            "those are not probabilities yet: divide by each row's sum": (scores / temperature).exp()},
            hint="softmax of scores / temperature along each row")
    yield "the temperature divides the scores, and each row sums to 1"

    large = 40 * scores
    try:
        compare(ask(answer, large, temperature=0.05), F.softmax(large / 0.05, 1), tolerance=1e-3)
    except Mistake as mistake:
        if "inf or nan" not in str(mistake):
            raise
        raise Mistake("at a low temperature exp overflows: subtract each row's largest value first, or use softmax") from None
    yield "no overflow at a low temperature"

    def kept(count, temperature, largest=True):
        places = scores.topk(count, 1, largest=largest).indices
        return F.softmax(torch.full_like(scores, -torch.inf).scatter(1, places, scores.gather(1, places)) / temperature, 1)

    full, zeroed = F.softmax(scores / 0.7, 1), scores.masked_fill(kept(3, 1) == 0, 0.0)
    over_all = torch.where(scores >= scores.flatten().topk(3).values[-1], scores, -torch.inf)
    compare(ask(answer, scores, temperature=0.7, top_k=3), kept(3, 0.7), mistakes={
        "top_k is not used": full,
        "what is left must sum to 1 again: take the others out before the softmax": full * (kept(3, 0.7) > 0),
        "a score of 0 is no probability of 0: set the others to -inf": F.softmax(zeroed / 0.7, 1),
        "it keeps the lowest scores": kept(3, 0.7, largest=False),
        "it keeps one score too few: the top_k-th itself belongs to them": kept(2, 0.7),
        "top_k counts in each row, not over the whole batch": F.softmax(over_all / 0.7, 1)},
        hint="three scores a row are left, softened as before")
    yield "top_k leaves the highest of each row"
    compare(ask(answer, scores, temperature=1.0, top_k=1), F.one_hot(scores.argmax(1), 7).float(), hint="top_k=1 is greedy search")
    yield "top_k = 1 is greedy search"


@oracle
def beam_step(answer):
    generator = torch.Generator().manual_seed(5)
    for beams, tokens, width in ((3, 6, 3), (1, 6, 4), (4, 5, 2)):
        log_p = torch.randn(beams, generator=generator).mul(2).log_softmax(0)
        next_log_p = torch.randn(beams, tokens, generator=generator).mul(2).log_softmax(1)
        total = {(log_p[beam] + next_log_p[beam, token]).item(): (beam, token) for beam in range(beams) for token in range(tokens)}
        best = sorted(total, reverse=True)[:width]
        parents, chosen = (torch.tensor(column) for column in zip(*(total[value] for value in best)))
        got = ask(answer, log_p, next_log_p, width=width)
        if got is None:
            raise Mistake("it returned None: does the function end with `return`?")
        if got is Ellipsis:
            raise NotImplementedError
        if not isinstance(got, (tuple, list)) or len(got) != 3:
            raise Mistake("return three tensors: log-probabilities, beginnings, tokens")
        compare(got[0], torch.tensor(best), mistakes={
            "log-probabilities are added, not multiplied": (log_p[:, None] * next_log_p).flatten().topk(width).values,
            "the beginnings' own log-probabilities are missing: add log_p": next_log_p.flatten().topk(width).values,
            "right values, but the best must come first": torch.tensor(best).flip(0),
            "it returns probabilities: leave the logarithms": torch.tensor(best).exp(),
            "it takes the worst": torch.tensor(sorted(total)[:width]),
            "it keeps the best continuation of each beginning: the best of all may share one":
                (log_p[:, None] + next_log_p).max(1).values.sort(descending=True).values[:width]},
            hint="the log-probabilities: log_p of the beginning plus next_log_p of the token, the largest of all")
        flat = parents * tokens + chosen
        compare(got[1], parents, mistakes={
            "beginnings and tokens are the wrong way round": chosen,
            "those are places in the flat table: divide by the number of tokens, V": flat,
            "divide the flat place by the number of tokens, V, not of beginnings, K": flat // beams},
            hint="the beginnings")
        compare(got[2], chosen, mistakes={
            "the remainder is that of the number of tokens, V, not of beginnings, K": flat % beams,
            "the third is still a place in the flat table: take the remainder by V": flat}, hint="the tokens")
        yield f"{beams} beginnings, {tokens} tokens, the best {width}"
