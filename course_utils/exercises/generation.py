"""Oracles of chapter 6's last part: softening a distribution with top-p, and one step of beam search."""
import torch
from torch.nn import functional as F

from course_utils.exercises import Mistake, ask, compare, oracle, parts


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

    def nucleus(top_p, temperature, *, largest=True, short=False):
        """The right answer, token by token; or from the least probable on, or without the token that reaches top_p."""
        left = F.softmax(scores / temperature, 1)
        for row in left:
            total, out = 0.0, []
            for number, place in enumerate(row.argsort(descending=largest).tolist()):
                stays = total < top_p
                total += row[place].item()
                if not stays or (short and number and total >= top_p):
                    out.append(place)
            row[out] = 0
        return left / left.sum(1, keepdim=True)

    full, right = F.softmax(scores / 2, 1), nucleus(0.6, 2)
    places = full.argsort(1, descending=True)
    compare(ask(answer, scores, temperature=2.0, top_p=0.6), right, mistakes={
        "top_p is not used": full,
        "what is left must sum to 1 again: divide by each row's sum": full * (right > 0),
        "the token that reaches top_p belongs to them: ask for the sum before it": nucleus(0.6, 2, short=True),
        "it begins with the least probable: sort in falling order": nucleus(0.6, 2, largest=False),
        "the values are still sorted: scatter takes them back to their places": right.gather(1, places),
        "top_p is no threshold for a single token: add up the most probable": F.normalize(full * (full >= 0.6), p=1, dim=1),
        "soften first: the tokens are chosen from the probabilities at this temperature":
            F.normalize(full * (nucleus(0.6, 1.0) > 0), p=1, dim=1)},
        hint="the most probable of each row, as few as reach top_p, divided by their sum")
    yield "top_p leaves the fewest that reach it, in each row"
    compare(ask(answer, scores, temperature=1.0, top_p=1e-6), F.one_hot(scores.argmax(1), 7).float(),
            hint="a tiny top_p leaves the most probable token alone, with probability 1")
    yield "a tiny top_p is greedy search"


@oracle
def beam_step(answer):
    generator = torch.Generator().manual_seed(5)
    for beams, tokens, width in ((3, 6, 3), (1, 6, 4), (4, 5, 2)):
        log_p = torch.randn(beams, generator=generator).mul(2).log_softmax(0)
        next_log_p = torch.randn(beams, tokens, generator=generator).mul(2).log_softmax(1)
        total = {(log_p[beam] + next_log_p[beam, token]).item(): (beam, token) for beam in range(beams) for token in range(tokens)}
        best = sorted(total, reverse=True)[:width]
        parents, chosen = (torch.tensor(column) for column in zip(*(total[value] for value in best)))
        got = parts(ask(answer, log_p, next_log_p, width=width), ("log-probabilities", "beginnings", "tokens"))
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
        yield f"{beams} beginning{'s' * (beams > 1)}, {tokens} tokens, the best {width}"
