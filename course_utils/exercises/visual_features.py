"""Oracles of chapter 4's exercises on what convolutional networks see: parameters, receptive fields, saliency."""
import torch
from torch import nn

from course_utils.exercises import Mistake, compare, oracle


@oracle
def conv_parameters(answer):
    for channels_in, channels_out, kernel, groups, bias in ((3, 5, (8, 8), 1, True), (4, 6, (3, 5), 1, False), (4, 6, (3, 5), 2, True),
                                                            (8, 8, (3, 3), 8, True)):
        layer = nn.Conv2d(channels_in, channels_out, kernel, groups=groups, bias=bias)
        sheet = kernel[0] * kernel[1]
        compare(answer(channels_in, channels_out, kernel, groups, bias), sum(p.numel() for p in layer.parameters()), mistakes={
            "the biases are missing: one for each output channel": channels_out * (channels_in // groups) * sheet if bias else -1,
            "there is one bias for each output channel, not one for the whole layer":
                channels_out * (channels_in // groups) * sheet + 1 if bias else -1,
            "one bias is enough for a kernel, it is not one for each sheet": channels_out * (channels_in // groups) * (sheet + 1),
            "with groups a kernel is only as deep as its group's share of the input channels": channels_out * (channels_in * sheet + bias),
            "the output channels are not divided, only the depth of a kernel is":
                channels_out // groups * (channels_in // groups * sheet + bias),
            "a kernel may be higher than wide: multiply its height by its width":
                channels_out * (channels_in // groups * kernel[0]**2 + bias)},
            hint="each output channel has a kernel as deep as its group's input, and perhaps a bias")
        yield f"equals PyTorch's count with {groups} group{'s' * (groups > 1)}, bias={bias}"


def _measured_field(layers):
    """Side of what the middle unit of a stack of 1-D layers sees, from its gradient."""
    x = torch.ones(1, 1, 400, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel, stride, dilation in layers:
        weight = torch.ones(1, 1, kernel, dtype=torch.float64)
        y = nn.functional.conv1d(y, weight, stride=stride, dilation=dilation)
    gradient, = torch.autograd.grad(y[0, 0, y.shape[2] // 2], x)
    seen = gradient[0, 0].nonzero()
    return (seen.max() - seen.min() + 1).item()


@oracle
def receptive_field(answer):
    cases = {"one layer": [(5, 1, 1)], "two layers": [(3, 1, 1), (3, 1, 1)], "a stride": [(3, 2, 1), (3, 1, 1)],
             "dilation": [(3, 1, 2), (3, 1, 4)], "stride and dilation": [(5, 2, 1), (3, 2, 3), (3, 1, 2)]}
    for name, layers in cases.items():
        late, jump, spread = 1, 1, 1
        for kernel, stride, dilation in layers:
            jump *= stride
            late, spread = late + (kernel - 1) * dilation * jump, spread + kernel * dilation - 1
        compare(answer(layers), _measured_field(layers), hint="field += (kernel - 1) * dilation * jump, then jump *= stride", mistakes={
            "the dilation is missing: the taps stand further apart": _measured_field([(k, s, 1) for k, s, _ in layers]),
            "the strides are missing: after a stride the places of a map are further apart":
                _measured_field([(k, 1, d) for k, _, d in layers]),
            "a layer's stride stretches the layers after it, not itself: change the jump last": late,
            "a kernel of 3 reaches 2 further, not 3": 1 + sum(k for k, _, _ in layers)})
        yield f"equals the gradient's measure: {name}"


@oracle
def saliency(answer):
    torch.manual_seed(8)
    model = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 7, 5))
    image = torch.randn(3, 6, 7)
    kept = image.clone()
    batch = image[None].clone().requires_grad_()
    scores = model(batch)
    gradients = [torch.autograd.grad(scores[0, label], batch, retain_graph=True)[0][0] for label in range(5)]
    total = torch.autograd.grad(scores.sum(), batch)[0][0]
    for label in (3, 0):
        got = answer(model, image, label)
        if any(p.grad is not None for p in model.parameters()):
            raise Mistake("it left gradients in the weights: use torch.autograd.grad(score, image) in place of backward()")
        if image.requires_grad or not torch.equal(image, kept):
            raise Mistake("the image passed in was changed: work on image.clone()")
        g = gradients[label]
        size = g.abs().amax(0)
        compare(got, size / size.max(), hint="largest absolute gradient over the channels, divided by the largest of all", mistakes={
            "the largest value should be 1: divide by the map's maximum": size,
            "absolute value first, then the maximum: a strongly negative gradient counts as much": g.amax(0) / g.amax(0).max(),
            "take the largest over the channels, not their mean": g.abs().mean(0) / g.abs().mean(0).max(),
            "take the largest over the channels, not their sum": g.abs().sum(0) / g.abs().sum(0).max(),
            "that is the gradient of all scores together: pick the class's score": total.abs().amax(0) / total.abs().amax(0).max(),
            "scale by the largest value of the map, not to a sum of 1": size / size.sum()})
        yield f"equals the gradient of the score of class {label}"
    yield "image and model are as they were"
