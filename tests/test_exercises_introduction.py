"""Chapter 1's exercises: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why


def backwards(rewards, gamma):
    total, returns = 0.0, torch.zeros_like(rewards)
    for t, reward in enumerate(rewards):
        total = reward + gamma * total
        returns[t] = total
    return returns


def in_place(rewards, gamma):
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards


def shuffled(count, generator):
    return torch.randperm(count, generator=generator)


@pytest.mark.parametrize("name, wrong, says", [
    ("balanced_accuracy", lambda p, t: (p == t).float().mean(), "plain accuracy"),
    ("balanced_accuracy", lambda p, t: torch.stack([(t[p == c] == c).float().mean() for c in t.unique()]).mean(), "precisions"),
    ("balanced_accuracy", lambda p, t: torch.stack([(p[t == c] == c).float().mean() for c in range(int(t.max()) + 1)]).mean(),
     "only classes that occur"),
    ("discounted_returns", backwards, "looks ahead"),
    ("discounted_returns", lambda r, g: r.flip(0).cumsum(0).flip(0), "never discounted"),
    ("discounted_returns", in_place, "changed the rewards"),
    ("nearest_neighbours", lambda x, t, q, k: t[((x - q) ** 2).sum(1).topk(k).indices].mean(), "farthest"),
    ("nearest_neighbours", lambda x, t, q, k: t[((x - q) ** 2).sum(1).argsort()[:k]].sum(), "divide by k"),
    ("nearest_neighbours", lambda x, t, q, k: t[(-(x @ q)).argsort()[:k]].mean(), "distance"),
    ("mse_gradient", lambda x, t, a, b: torch.stack([(2 * (a * x + b - t) * x).sum(), (2 * (a * x + b - t)).sum()]), "divide by N"),
    ("mse_gradient", lambda x, t, a, b: torch.stack([((a * x + b - t) * x).mean(), (a * x + b - t).mean()]), "factor 2"),
    ("mse_gradient", lambda x, t, a, b: torch.stack([(2 * (t - a * x - b) * x).mean(), (2 * (t - a * x - b)).mean()]), "sign"),
    ("mse_gradient", lambda x, t, a, b: (2 * (a * x + b - t)).mean(), "wrong shape"),
    ("hinge_loss", lambda s, t: (s * t < 0).float().mean(), "0/1 error"),
    ("hinge_loss", lambda s, t: (1 - s * t).mean(), "negative"),
    ("hinge_loss", lambda s, t: (-s * t).clamp(min=0).mean(), "the margin is 1"),
    ("hinge_loss", lambda s, t: (1 - s).clamp(min=0).mean(), "targets are ignored"),
    ("split_indices", lambda n, v, t, g: (torch.arange(n)[v + t:], torch.arange(n)[:v], torch.arange(n)[v:v + t]), "not random"),
    ("split_indices", lambda n, v, t, g: (shuffled(n, g)[v + t:], shuffled(n, g)[:v], shuffled(n, g)[:t]), "two parts"),
    ("split_indices", lambda n, v, t, g: shuffled(n, g).split([v, t, n - v - t]), "sizes"),
    ("split_indices", lambda n, v, t, g: shuffled(n, None).split([n - v - t, v, t]), "same seed"),
])
def test_a_wrong_answer_is_told_why(name, wrong, says):
    assert_told_why(name, wrong, says)
