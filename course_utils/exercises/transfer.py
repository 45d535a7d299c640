"""Oracles of chapter 4's last part: the residual block and learning rates layer by layer."""
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.exercises import Mistake, compare, oracle


@oracle
def residual_forward(answer):
    generator = torch.Generator().manual_seed(1)

    def branch(x, first, second, stride, relu=F.relu):
        return F.conv2d(relu(F.conv2d(x, first, stride=stride, padding=1)), second, padding=1)

    def random(*shape):
        return torch.randn(*shape, generator=generator)

    x, first, second = random(2, 3, 6, 6), random(3, 3, 3, 3) / 5, random(3, 3, 3, 3) / 5
    inner = branch(x, first, second, 1)
    compare(answer(x, first, second), F.relu(inner + x), mistakes={
        "the last ReLU is missing: it comes after the sum": inner + x,
        "that is the plain branch: where is the shortcut?": F.relu(inner),
        "the ReLU comes after the sum, not on the branch before it": F.relu(inner) + x,
        "the ReLU between the two convolutions is missing": F.relu(branch(x, first, second, 1, relu=lambda value: value) + x),
        "the shortcut carries x as it came in, without a ReLU": F.relu(inner + F.relu(x))},
        hint="relu(second * relu(first * x) + x), both convolutions padded by 1")
    yield "same channels, stride 1"
    compare(answer(x, first, torch.zeros_like(second)), F.relu(x), hint="with its branch zeroed the block is the ReLU of x")
    yield "with its branch zeroed only the shortcut is left"

    for side in (6, 7):
        x, first, second = random(2, 3, side, side), random(5, 3, 3, 3) / 5, random(5, 5, 3, 3) / 5
        inner, thin = branch(x, first, second, 2), x[:, :, ::2, ::2]
        missing = torch.zeros(2, 2, *thin.shape[2:])
        expected = F.relu(inner + torch.cat([thin, missing], 1))
        compare(answer(x, first, second, 2), expected, mistakes={
            "the zeros stand before the old channels: they belong behind them": F.relu(inner + torch.cat([missing, thin], 1)),
            "the shortcut starts at the second row and column: ::stride starts at the first":
                F.relu(inner + torch.cat([x[:, :, 1::2, 1::2], missing], 1)) if side == 6 else torch.tensor(0.0),
            "the shortcut takes the mean over each square: take every stride-th pixel":
                F.relu(inner + torch.cat([F.avg_pool2d(x, 2, ceil_mode=True), missing], 1)),
            "where channels are missing there is no shortcut at all: keep the old channels and add zeros": F.relu(inner)},
            hint=f"from 3 channels of {side}x{side} to 5 at stride 2")
        yield f"3 channels to 5 at stride 2, on {side}x{side}"


@oracle
def layered_rates(answer):
    def network():
        torch.manual_seed(2)
        return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 5), nn.Linear(5, 3))

    def rates(frozen):
        """The rate of each parameter of the network as the answer gives it, 0 where it is in no group."""
        model = network()
        model[0].weight.requires_grad_(False)  # frozen before: an answer must also set free
        groups = answer(model, 0.8, 0.5, frozen)
        if not isinstance(groups, (list, tuple)) or not all(isinstance(group, dict) and {"params", "lr"} <= set(group) for group in groups):
            if groups is None:
                raise Mistake("it returned None: does the function end with `return`?")
            raise Mistake('return a list of dicts, each with the keys "params" and "lr"')
        if any(not list(group["params"]) for group in map(_listed, groups)):
            raise Mistake("one group holds no parameters: a layer such as ReLU has none, and counts for nothing here")
        names = {id(parameter): name for name, parameter in model.named_parameters()}
        found = dict.fromkeys(names.values(), 0.0)
        for group in map(_listed, groups):
            for parameter in group["params"]:
                name = names.get(id(parameter))
                if name is None:
                    raise Mistake("a group holds something that is no parameter of the model: pass the tensors of layer.parameters()")
                if found[name]:
                    raise Mistake(f"{name} stands in two groups: an optimizer would refuse it")
                found[name] = float(group["lr"])
        return found, {name: parameter.requires_grad for name, parameter in model.named_parameters()}

    def expected(layer_rates):
        return torch.tensor([rate for rate in layer_rates for _ in range(2)])  # a weight and a bias each

    found, free = rates(0)
    compare(torch.tensor(list(found.values())), expected([0.1, 0.2, 0.4, 0.8]), mistakes={
        "the order is the other way round: the last layer learns at the full rate": expected([0.8, 0.4, 0.2, 0.1]),
        "children without parameters, such as ReLU, count as layers here: leave them out": expected([0.025, 0.1, 0.4, 0.8]),
        "the last layer already has a decay: its rate is `rate` itself": expected([0.05, 0.1, 0.2, 0.4]),
        "all layers learn at one rate: multiply by decay for each step down": expected([0.8] * 4),
        "the rate falls by `decay` times the distance: multiply by decay again at each layer": expected([1 / 15, 0.1, 0.2, 0.4])},
        hint="four layers, rate 0.8, decay 0.5: 0.1, 0.2, 0.4 and 0.8")
    yield "the rates fall by the decay from the last layer down, and layers without parameters do not count"
    if not all(free.values()):
        raise Mistake("with frozen=0 every parameter should be free: set requires_grad to True where it was False before")
    yield "what is not frozen is set free"

    found, free = rates(2)
    compare(torch.tensor(list(found.values())), expected([0.0, 0.0, 0.4, 0.8]), mistakes={
        "frozen layers stand in the groups all the same: leave them out": expected([0.1, 0.2, 0.4, 0.8]),
        "it freezes the last layers: frozen counts from the first": expected([0.1, 0.2, 0.0, 0.0]),
        "frozen counts children without parameters here: count layers that have some": expected([0.0, 0.2, 0.4, 0.8])},
        hint="two of four layers frozen: 0.4 and 0.8 are left")
    if list(free.values()) != [False] * 4 + [True] * 4:
        raise Mistake("the groups are right, but requires_grad is not: False for the first `frozen` layers, True for the others")
    yield "frozen layers stand in no group and need no gradient"


def _listed(group):
    """The group with its parameters in a list: they may come as an iterator, which can be read only once, or as one tensor."""
    params = group["params"]
    group["params"] = [params] if isinstance(params, torch.Tensor) else list(params)
    return group
