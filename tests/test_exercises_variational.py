"""The exercises on variational autoencoders: plausible wrong answers get a message that helps."""
import pytest
import torch
from answers import assert_told_why, named

from course_utils.exercises import examine


def draw(mean, log_variance, noise):
    return mean + torch.exp(log_variance / 2) * noise


def divergence(mean, log_variance):
    return (mean**2 + log_variance.exp() - 1 - log_variance).sum(1) / 2


@pytest.mark.parametrize("name, right", [
    ("reparameterise", draw),
    ("reparameterise", lambda mean, log_variance, noise: mean + log_variance.exp().sqrt() * noise),
    ("kl_divergence", divergence),
    ("kl_divergence", lambda mean, log_variance: -0.5 * (1 + log_variance - mean.pow(2) - log_variance.exp()).sum(-1)),
])
def test_right_answers_pass(name, right):
    assert examine(named(name, right)).status == "passed"


@pytest.mark.parametrize("name, answer, says", [
    ("reparameterise", lambda mean, log_variance, noise: mean + log_variance.exp() * noise, "by the variance"),
    ("reparameterise", lambda mean, log_variance, noise: mean + log_variance * noise, "logarithm of the variance"),
    ("reparameterise", lambda mean, log_variance, noise: mean + log_variance.sqrt() * noise, "square root of the logarithm"),
    ("reparameterise", lambda mean, log_variance, noise: mean, "noise is missing"),
    ("reparameterise", lambda mean, log_variance, noise: mean + noise, "multiply it by the deviation"),
    ("reparameterise", lambda mean, log_variance, noise: draw(mean, log_variance, torch.randn_like(mean)), "wrong values"),
    ("reparameterise", lambda mean, log_variance, noise: draw(mean, log_variance, noise).detach(), "no gradient"),
    ("reparameterise", lambda mean, log_variance, noise: draw(mean, log_variance.detach(), noise), "back to log_variance"),
    ("reparameterise", lambda mean, log_variance, noise: draw(mean[0], log_variance[0], noise[0]), "wrong shape"),
    ("reparameterise", lambda *arguments: None, "returned None"),
    ("reparameterise", lambda *arguments: 3, "wrong shape"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance).mean(), "averages over the batch"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance).sum(), "sums over the batch"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean.T, log_variance.T), "sums over the images"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance) / 3, "averages over the D"),
    ("kl_divergence", lambda mean, log_variance: 2 * divergence(mean, log_variance), "factor 1/2"),
    ("kl_divergence", lambda mean, log_variance: -divergence(mean, log_variance), "never negative"),
    ("kl_divergence", lambda mean, log_variance: (mean**2 + log_variance.exp() - log_variance).sum(1) / 2, "-1 is missing"),
    ("kl_divergence", lambda mean, log_variance: (mean**2 + (log_variance / 2).exp() - 1 - log_variance).sum(1) / 2,
     "the formula has the variance"),
    ("reparameterise", lambda mean, log_variance, noise: mean.add_(torch.exp(log_variance / 2) * noise), "changed what it was given"),
    ("reparameterise", lambda mean, log_variance, noise: mean + log_variance.div_(2).exp_() * noise, "changed what it was given"),
    ("reparameterise", lambda mean, log_variance, noise: draw(mean.detach(), log_variance, noise) + 0 * mean, "back to mean"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance.exp_().log()), "changed what it was given"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance).detach(), "no gradient comes through"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance).detach().requires_grad_(), "back to mean"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean.detach(), log_variance), "back to mean"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance.detach()), "back to log_variance"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance.detach()) + 0 * log_variance.sum(), "back to log_variance"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean.detach(), log_variance) + (mean - mean.detach()).sum(1),
     "gradient by mean"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance).detach().numpy(), "not a ndarray"),
    ("kl_divergence", lambda mean, log_variance: divergence(mean, log_variance).tolist(), "not a list"),
    ("kl_divergence", lambda *arguments: None, "returned None"),
    ("kl_divergence", lambda *arguments: "much", "expected a tensor"),
])
def test_wrong_answers_are_told_why(name, answer, says):
    assert_told_why(name, answer, says)


@pytest.mark.parametrize("odd", [None, 3, "x", [], [1.0], torch.zeros(0), torch.zeros(4, 3), float("nan")])
@pytest.mark.parametrize("name", ["reparameterise", "kl_divergence"])
def test_odd_answers_do_not_crash_the_oracle(name, odd):
    feedback = examine(named(name, lambda *arguments: odd))
    assert feedback.status == "failed"
    assert "stopped with" not in feedback.lines[-1]
