"""Oracles of chapter 5's variational autoencoder: a code drawn from its distribution, and the KL term."""
import torch
from torch.distributions import Normal
from torch.distributions import kl_divergence as torch_kl

from course_utils.exercises import Mistake, ask, compare, compare_gradients, oracle


@oracle
def reparameterise(answer):
    generator = torch.Generator().manual_seed(1)
    mean, log_variance, noise = (torch.randn(4, 3, generator=generator) for _ in range(3))
    deviation = torch.exp(log_variance / 2)
    compare(ask(answer, mean, log_variance, noise), mean + deviation * noise, mistakes={
        "that multiplies the noise by the variance: the deviation is its square root, exp(log_variance / 2)": mean + deviation**2 * noise,
        "that multiplies the noise by the logarithm of the variance: take exp(log_variance / 2)": mean + log_variance * noise,
        "that multiplies the noise by half the logarithm: exp is missing": mean + log_variance / 2 * noise,
        "that takes the square root of the logarithm: the variance is exp(log_variance), take its root": mean + log_variance.sqrt() * noise,
        "the deviation is exp(log_variance / 2): half the logarithm, not twice": mean + torch.exp(2 * log_variance) * noise,
        "exp(-log_variance / 2) is one over the deviation: leave the minus away": mean + noise / deviation,
        "the noise is missing: that is the mean itself": mean,
        "the mean is missing: the noise is moved by it": deviation * noise,
        "the noise is neither stretched nor squeezed: multiply it by the deviation": mean + noise,
        "mean and deviation have changed places: the mean is added, the deviation multiplies": deviation + mean * noise},
        hint="mean + deviation * noise, with the deviation exp(log_variance / 2)")
    yield "the mean, moved by the noise times the deviation"

    compare(ask(answer, mean, log_variance, torch.zeros(4, 3)), mean,
            hint="with noise 0 the mean is left: use the noise handed over, draw no other")
    yield "with noise 0 the mean is left"

    mean, log_variance = mean.requires_grad_(), log_variance.requires_grad_()
    compare_gradients(ask(answer, mean, log_variance, noise), {"mean": mean, "log_variance": log_variance},
                      (torch.ones(4, 3), deviation * noise / 2))
    yield "gradients come back to the mean and to the log-variance"


@oracle
def kl_divergence(answer):
    generator = torch.Generator().manual_seed(2)
    mean, log_variance = torch.randn(5, 3, generator=generator), torch.randn(5, 3, generator=generator)
    variance = log_variance.exp()
    each = torch_kl(Normal(mean, variance.sqrt()), Normal(0.0, 1.0))  # (5, 3)
    backwards = torch_kl(Normal(0.0, 1.0), Normal(mean, variance.sqrt()))

    def wrong(square, variance, logarithm):
        return (square + variance - 1 - logarithm).sum(1) / 2

    result = ask(answer, mean, log_variance)
    compare(result, each.sum(1), mistakes={
        "that is one number for each of the D numbers of a code: sum over them": each,
        "that sums over the images: one number an image is asked for, so sum over dimension 1": each.sum(0),
        "that sums over the batch too: one number an image is asked for": each.sum(),
        "that averages over the batch too: one number an image is asked for": each.sum(1).mean(),
        "that averages over all numbers: one number an image is asked for, the sum over its D": each.mean(),
        "that averages over the D numbers of a code: the divergences of independent numbers add up": each.mean(1),
        "the factor 1/2 is missing": 2 * each.sum(1),
        "the sign is wrong: a divergence is never negative": -each.sum(1),
        "the two distributions have changed places: KL(q, p) is not KL(p, q)": backwards.sum(1),
        "the mean enters squared": wrong(mean, variance, log_variance),
        "the variance is exp(log_variance): here the logarithm itself was added": wrong(mean**2, log_variance, log_variance),
        "exp(log_variance / 2) is the deviation: the formula has the variance": wrong(mean**2, variance.sqrt(), log_variance),
        "log_variance is the logarithm already: subtract it as it is": wrong(mean**2, variance, (log_variance / 2)),
        "the -1 is missing: with mean 0 and variance 1 the divergence is 0": each.sum(1) + 1.5,
        "the logarithm must be subtracted: it grows without end as the deviation goes to 0": wrong(mean**2, variance, -log_variance)},
        hint="(mean**2 + variance - 1 - log_variance) / 2, summed over dimension 1")
    if not isinstance(result, torch.Tensor):
        raise Mistake(f"return a tensor, not a {type(result).__name__}: the divergence is part of a loss, so gradients must come through")
    yield "equals torch.distributions' divergence, one number an image"

    compare(ask(answer, torch.zeros(2, 4), torch.zeros(2, 4)), torch.zeros(2), hint="q = N(0, I) is the prior itself: 0")
    yield "0 where the code's distribution is N(0, I)"
    compare(ask(answer, torch.ones(1, 7), torch.zeros(1, 7)), torch.tensor([3.5]), hint="seven means of 1 cost 1/2 each")
    yield "seven numbers with mean 1 and variance 1 cost 3.5"

    expected = mean.clone(), (variance - 1) / 2
    mean, log_variance = mean.requires_grad_(), log_variance.requires_grad_()
    compare_gradients(ask(answer, mean, log_variance), {"mean": mean, "log_variance": log_variance}, expected)
    yield "gradients come back to the mean and to the log-variance"
