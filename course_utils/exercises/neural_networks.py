"""Oracles of chapter 2's exercises: autograd, PyTorch's own functions, and invariances."""
import torch
from torch.nn import functional as F

from course_utils.exercises import Mistake, compare, oracle, parts


@oracle
def perceptron_step(answer):
    rng = torch.Generator().manual_seed(3)
    for target, side, case in ((1.0, -1, "a sample wrongly put in class 0"), (0.0, 1, "a sample wrongly put in class 1"),
                               (1.0, 1, "a right answer 1"), (0.0, -1, "a right answer 0")):
        w, x = torch.randn(4, generator=rng), torch.randn(4, generator=rng)
        b, rate = (2.0 * side - w @ x).item(), 0.3
        error = target - (1.0 if side > 0 else 0.0)
        kept = w.clone()
        new_w, new_b = parts(answer(w, b, x, target, rate), ("w", "b"))
        if not torch.equal(w, kept):
            raise Mistake("the weights passed in were changed in place: return new ones, `w + …` instead of `w += …`")
        compare(new_w, kept + rate * error * x, hint=f"the weights after {case}", mistakes={
            "the step goes the wrong way: it should make a wrong sample less wrong, so (t - y) x, not (y - t) x": kept - rate * error * x,
            "the learning rate is missing from the weights' step": kept + error * x,
            "you step by t, also when the answer is right: step by t - y": kept + rate * target * x,
            "these are the targets -1 and +1 of the section; here they are 0 and 1": kept + rate * (2 * target - 1) * x})
        compare(new_b, b + rate * error, hint=f"the bias after {case}: it is the weight of an input that is always 1", mistakes={
            "the bias moves the wrong way": b - rate * error, "the learning rate is missing from the bias's step": b + error})
        yield case


@oracle
def leaky_relu_derivative(answer):
    v = torch.randn(3, 5, generator=torch.Generator().manual_seed(1))
    for slope in (0.1, 0.0, 0.7):
        leaf = v.clone().requires_grad_()
        expected, = torch.autograd.grad(F.leaky_relu(leaf, slope).sum(), leaf)
        compare(answer(v, slope), expected, hint="1 where v > 0, the slope elsewhere", mistakes={
            "that is the function itself; asked for is its derivative": F.leaky_relu(v, slope),
            "that is ReLU's derivative: left of zero it should be the slope": (v > 0).float(),
            "the two sides are swapped": torch.where(v > 0, slope, 1.0),
            "left of zero the derivative is the slope, not slope times v": torch.where(v > 0, 1.0, slope * v)})
        yield f"equals autograd for slope {slope}"
    compare(answer(torch.tensor([0.0]), 0.2), torch.tensor([0.2]), hint="at v = 0 PyTorch takes the slope of the left side")
    yield "takes the left side's slope at 0"


@oracle
def log_softmax(answer):
    z = torch.randn(4, 3, generator=torch.Generator().manual_seed(2))
    compare(answer(z), F.log_softmax(z, 1), hint="z minus the logarithm of the sum of its exponentials", mistakes={
        "these are the probabilities: their logarithm is asked for": F.softmax(z, 1),
        "the sum runs over the batch: it should run over the classes, dimension 1": F.log_softmax(z, 0),
        "the sum runs over the whole batch: each sample has a sum of its own, dimension 1": F.log_softmax(z.flatten(), 0).view(4, 3),
        "the sign is turned round: logarithms of probabilities are negative": -F.log_softmax(z, 1),
        "the shift must be in both terms: the sum is that of the shifted exponentials, so subtract it from the shifted z":
            z - (z - z.max(1, keepdim=True).values).exp().sum(1, keepdim=True).log()})
    yield "equals torch.log_softmax"
    large = torch.tensor([[1000.0, 1001.0], [-1000.0, -1002.0]])
    got = answer(large)
    if isinstance(got, torch.Tensor) and not got.isfinite().all():
        raise Mistake("it overflows for logits near 1000 or -1000: subtract each sample's own largest logit first")
    compare(got, F.log_softmax(large, 1), hint="each sample needs the shift by its own largest logit")
    yield "survives logits of 1000 and -1000"
    apart = torch.tensor([[0.0, 1000.0]])
    got = answer(apart)
    if isinstance(got, torch.Tensor) and not got.isfinite().all():
        raise Mistake("for logits (0, 1000) it gives -inf: do not take the logarithm of the softmax, simplify the logarithm on paper")
    compare(got, F.log_softmax(apart, 1))
    yield "survives logits far apart"


@oracle
def bce_from_logits(answer):
    rng = torch.Generator().manual_seed(4)
    v, t = 2 * torch.randn(7, generator=rng), torch.randint(2, (7,), generator=rng).float()
    each = F.binary_cross_entropy_with_logits(v, t, reduction="none")
    compare(answer(v, t), each.mean(), hint="the average of max(v, 0) - t v + ln(1 + exp(-|v|))", mistakes={
        "these are the losses of each sample: return their average": each,
        "that is the sum over the samples: return the average": each.sum(),
        "the targets are swapped: with t = 1 the loss falls as v rises": F.binary_cross_entropy_with_logits(v, 1 - t),
        "the sign is turned round: a loss is positive": -each.mean()})
    yield "equals PyTorch's binary cross entropy"
    v, t = torch.tensor([200.0, -200.0, 90.0]), torch.tensor([0.0, 1.0, 1.0])
    got = answer(v, t)
    expected = F.binary_cross_entropy_with_logits(v, t)
    if isinstance(got, torch.Tensor) and not got.isfinite().all():
        raise Mistake("it overflows for v = 200: let only exp(-|v|) appear, which is at most 1")
    compare(got, expected, hint="for v = 200 and t = 0 the loss is 200: do not clip y or the logarithm")
    yield "survives sums of 200 and -200"


@oracle
def descent_step(answer):
    rng = torch.Generator().manual_seed(5)
    x, t, w = torch.randn(6, 3, generator=rng), torch.randint(2, (6,), generator=rng).float(), torch.randn(3, generator=rng)
    leaf, rate = w.clone().requires_grad_(), 0.4
    gradient, = torch.autograd.grad(F.binary_cross_entropy_with_logits(x @ leaf, t), leaf)
    y = torch.sigmoid(x @ w)
    squared = 2 * x.T @ ((y - t) * y * (1 - y)) / len(t)
    kept = w.clone()
    got = answer(w, x, t, rate)
    if not torch.equal(w, kept):
        raise Mistake("the weights passed in were changed in place: return new ones, `w - …` instead of `w -= …`")
    compare(got, w - rate * gradient, hint="the gradient is the average over the samples of (y - t) x", mistakes={
        "that climbs: go against the gradient": w + rate * gradient,
        "you added over the samples: the loss is their average, so divide by N": w - rate * len(t) * gradient,
        "that is squared error's gradient: with cross entropy the factor y (1 - y) cancels": w - rate * squared,
        "the learning rate is missing": w - gradient,
        "that is the gradient; asked for are the weights after the step": gradient})
    yield "equals a step with autograd's gradient"
    for _ in range(200):
        w = answer(w, x, t, 0.1)
    before, after = (F.binary_cross_entropy_with_logits(x @ weights, t) for weights in (kept, w))
    if not after < before:
        raise Mistake("200 small steps did not lower the loss")
    yield "200 steps lower the loss"


@oracle
def shortcut_backward(answer):
    rng = torch.Generator().manual_seed(6)
    for batch, inputs in ((5, 4), (3, 3)):
        x, W, b, d_y = (torch.randn(*shape, generator=rng) for shape in ((batch, inputs), (inputs, inputs), (inputs,), (batch, inputs)))
        leaves = [value.clone().requires_grad_() for value in (x, W, b)]
        d_x, d_W, d_b = torch.autograd.grad(leaves[0] + torch.tanh(F.linear(*leaves)), leaves, d_y)
        d_v = d_y * (1 - torch.tanh(x @ W.T + b)**2)
        got = parts(answer(d_y, x, W, b), ("d_x", "d_W", "d_b"))
        for value, expected, name, hint, mistakes in (
                (got[0], d_x, "d_x", "x is used twice, by the shortcut and by the layer: add what both send back",
                 {"d_x: x also goes through the shortcut, which sends back d_y: add it": d_v @ W,
                  "d_x: tanh's derivative is missing from what the layer sends back": d_y + d_y @ W,
                  "d_x: W must not be transposed here": d_y + d_v @ W.T}),
                (got[1], d_W, "d_W", "weight (j, i) carried x_i to neuron j in every sample: d_v^T @ x",
                 {"d_W is transposed: its rows are neurons, like those of W": d_W.T, "d_W: tanh's derivative is missing": d_y.T @ x,
                  "d_W: the loss is not averaged again, do not divide": d_W / batch}),
                (got[2], d_b, "d_b", "a bias feeds every sample of the batch, so add over the samples",
                 {"d_b: tanh's derivative is missing": d_y.sum(0), "d_b: add over the samples, not the average": d_b / batch,
                  "d_b: the sum runs over the batch, dimension 0": d_v.sum(1), "d_b should have the shape (D,): no keepdim": d_b[None]})):
            compare(value, expected, hint=f"{name}: {hint}", mistakes=mistakes)
        yield f"equals autograd for B = {batch}, D = {inputs}"


@oracle
def count_parameters(answer):
    for sizes in ([4, 5, 3], [784, 10], [7, 6, 5, 4]):
        layers = list(zip(sizes, sizes[1:]))
        for bias in (True, False):
            built = [torch.nn.Linear(*pair, bias=bias) for pair in layers]
            expected = sum(p.numel() for layer in built for p in layer.parameters())
            weights = sum(inputs * outputs for inputs, outputs in layers)
            got = answer(sizes, bias) if not bias else answer(sizes)
            compare(got, expected, hint=f"sizes {sizes}, bias={bias}: (inputs + 1) times neurons for each layer", mistakes={
                "the biases are missing: one for each neuron": weights if bias else -1,
                "bias=False is ignored": weights + sum(sizes[1:]),
                "the inputs are no neurons and have no biases": weights + sum(sizes) if bias else -1,
                "one bias a neuron, not one a layer": weights + len(layers) if bias else -1})
        yield f"{'-'.join(map(str, sizes))}, with and without bias"
