"""Chapter 4's exercises on architectures: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why


def top(scores, labels, k, largest=True):
    return (scores.topk(k, largest=largest).indices == labels[:, None]).any(1).float()


def higher(scores, labels):
    return (scores > scores[torch.arange(len(labels)), labels][:, None]).sum(1)


@pytest.mark.parametrize("name, wrong, says", [
    ("top_k_accuracy", lambda s, y, k: top(s, y, k, largest=False).mean(), "lowest"),
    ("top_k_accuracy", lambda s, y, k: (higher(s, y) <= k).float().mean(), "< k"),
    ("top_k_accuracy", lambda s, y, k: top(s, y, k).sum(), "a count"),
    ("top_k_accuracy", lambda s, y, k: 1 - top(s, y, k).mean(), "the error"),
    ("top_k_accuracy", lambda s, y, k: (s.argmax(1) == y).float().mean(), "top-1"),
    ("separable_savings", lambda a, b, k, size: (a * b * k * k, a * k * k + a * b), "number of weights"),
    ("separable_savings", lambda a, b, k, size: (a * b * k * k * size[0], 0), "height alone"),
    ("separable_savings", lambda a, b, k, size: (a * b * k * k * size[0] * size[1], (a * k * k + b) * size[0] * size[1]), "every pair"),
    ("separable_savings", lambda a, b, k, size: (a * b * k * k * size[0] * size[1], (k * k + a * b) * size[0] * size[1]), "each input channel"),
    ("separable_savings", lambda a, b, k, size: a * b * k * k, "two numbers"),
])
def test_a_wrong_answer_is_told_why(name, wrong, says):
    assert_told_why(name, wrong, says)
