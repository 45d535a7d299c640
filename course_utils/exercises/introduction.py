"""Oracles of the exercises of chapter 1: scores, returns, neighbours, gradients, losses, splits."""
import torch

from course_utils.exercises import Mistake, compare, oracle


def _random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@oracle
def balanced_accuracy(answer):
    truth = torch.tensor([0] * 12 + [1] * 4 + [2] * 2)
    predicted = torch.tensor([0] * 11 + [2] + [1, 1, 0, 0] + [0, 2])
    hits = predicted == truth
    precisions = torch.stack([hits[predicted == c].double().mean() for c in range(3)])
    compare(answer(predicted, truth), (11 / 12 + 1 / 2 + 1 / 2) / 3, mistakes={
        "that is plain accuracy, in which a common class counts more: take the recall of each class first, then their mean":
            hits.double().mean(),
        "those are precisions: select with truth == c, not with predicted == c": precisions.mean()},
        hint="for each class c, the share of right answers where truth == c; then the mean of these")
    yield "three classes of unequal size"
    compare(answer(torch.zeros(100, dtype=torch.long), torch.tensor([0] * 95 + [1] * 5)), 0.5,
            mistakes={"always answering the common class still scores 0.95: that is accuracy": 0.95})
    yield "always answering the common class of two scores one half"
    compare(answer(torch.tensor([5, 0, 5, 2]), torch.tensor([2, 5, 5, 2])), 0.5, mistakes={
        "only classes that occur in truth count: classes are truth.unique(), not 0, 1, 2, ...": float("nan")},
            hint="count only classes that occur in truth, under whatever number")
    yield "only classes that occur in truth count"


@oracle
def discounted_returns(answer):
    rewards = torch.tensor([0.0, 0.0, 1.0])
    compare(answer(rewards, 0.5), torch.tensor([0.25, 0.5, 1.0]), mistakes={
        "these are sums of the past: a return looks ahead, so begin at the last step": torch.tensor([0.0, 0.0, 1.0]),
        "the reward is never discounted: multiply what lies ahead by gamma at each step": torch.ones(3),
        "discounted once, whatever the distance: G_t is r_t + gamma * G_{t+1}": torch.tensor([0.5, 0.5, 1.0]),
        "discounted once too often: the reward of the step itself counts in full": torch.tensor([0.125, 0.25, 0.5])},
        hint="begin at the last step: G_t = r_t + gamma * G_{t+1}")
    yield "the example by hand"
    rewards, gamma = _random(7), 0.9
    powers = gamma ** (torch.arange(7)[None, :] - torch.arange(7)[:, None]).double()
    compare(answer(rewards.clone(), gamma), powers.triu() @ rewards, hint="each step has its own reward: r_t + gamma * G_{t+1}")
    yield "random rewards against the sum written out"
    kept = rewards.clone()
    answer(kept, gamma)
    if not torch.equal(kept, rewards):
        raise Mistake("it changed the rewards it was given: write into a new tensor")
    yield "the rewards are left as they were"


@oracle
def nearest_neighbours(answer):
    inputs, targets, query = _random(12, 3), _random(12, seed=1), _random(3, seed=2)
    order = torch.cdist(inputs, query[None])[:, 0].argsort()
    for k in (1, 4):
        compare(answer(inputs.clone(), targets.clone(), query.clone(), k), targets[order[:k]].mean(), mistakes={
            "those are the farthest inputs: sort distances in rising order, or say largest=False": targets[order[-k:]].mean(),
            "that is the sum of the targets: divide by k": targets[order[:k]].sum(),
            "that is the mean of the distances: use the indices of the nearest to pick targets":
                torch.cdist(inputs, query[None])[:, 0][order[:k]].mean()},
            hint="distance of each input to the query, the indices of the k smallest, the mean of their targets")
        yield f"k = {k}"
    compare(answer(inputs, targets, query, 12), targets.mean())
    yield "all neighbours give the mean of all targets"
    compare(answer(inputs + 5, targets, query + 5, 3), targets[order[:3]].mean(),
            hint="the answer must not change when inputs and query move together: use differences, not products")
    yield "moving everything by the same amount changes nothing"


@oracle
def mse_gradient(answer):
    x, t = _random(9), _random(9, seed=1)
    weights = torch.tensor([0.7, -1.3], dtype=torch.float64, requires_grad=True)
    ((weights[0] * x + weights[1] - t) ** 2).mean().backward()
    right = weights.grad
    compare(answer(x, t, 0.7, -1.3), right, mistakes={
        "right direction, wrong length: did you divide by N?": right * 9,
        "right direction, half the length: the square brings down a factor 2": right / 2,
        "the sign is wrong: the error is prediction minus target": -right,
        "the slope's part stands first, then the intercept's": right.flip(0),
        "the slope's part is missing its x: dy/da = x, so multiply each error by x before the mean": right[1].repeat(2)},
        hint="(2/N) sum of error * x, and (2/N) sum of error")
    yield "equals autograd's gradient"
    compare(answer(x, 2 * x + 1, 2.0, 1.0), torch.zeros(2, dtype=torch.float64))
    yield "zero where the line goes through every point"


@oracle
def hinge_loss(answer):
    scores, targets = torch.tensor([2.0, 0.5, -2.0]), torch.ones(3)
    compare(answer(scores, targets), 3.5 / 3, mistakes={
        "that is the 0/1 error: a right answer with a small margin costs something too": 1 / 3,
        "no cost may be negative: cut 1 - t s off at zero": 2.5 / 3,
        "that is the sum: take the mean": 3.5,
        "the margin is 1: an answer with t s below 1 already costs something": 2 / 3},
        hint="1 - t s where that is positive, else 0; then the mean")
    yield "the example by hand"
    scores, targets = 2 * _random(40), _random(40, seed=1).sign()
    compare(answer(scores, targets), torch.nn.functional.relu(1 - targets * scores).mean(), mistakes={
        "the targets are ignored: the margin is targets * scores": torch.nn.functional.relu(1 - scores).mean(),
        "the sign is wrong: a large t s is a right answer and costs nothing": torch.nn.functional.relu(1 + targets * scores).mean()},
        hint="targets of -1 turn the score's sign around")
    yield "random scores, targets of both signs"
    if float(answer(scores, targets)) < float((targets * scores < 0).double().mean()):
        raise Mistake("it is below the 0/1 error: a wrong answer must cost at least 1")
    yield "never below the 0/1 error"


@oracle
def split_indices(answer):
    def generator(seed=0):
        return torch.Generator().manual_seed(seed)

    parts = answer(50, 10, 15, generator())
    if parts is None or parts is Ellipsis or len(parts) != 3:
        raise Mistake("it must return three tensors: training, validation and test indices")
    parts = [torch.as_tensor(part).flatten() for part in parts]
    sizes = [len(part) for part in parts]
    if sizes != [25, 10, 15]:
        raise Mistake(f"the sizes are {sizes}, expected [25, 10, 15]: training gets what validation and test leave, and stands first")
    yield "sizes and order of the three"
    together = torch.cat(parts)
    if len(together.unique()) < 50:
        raise Mistake("some index stands in two parts, or twice in one: a test image must never be trained on")
    if together.min() != 0 or together.max() != 49:
        raise Mistake("the indices must be exactly 0 to count - 1")
    yield "every index in exactly one part"
    if torch.equal(together.sort().values, together) or torch.equal(parts[2], parts[2].sort().values):
        raise Mistake("the order is not random: data often come sorted by class, so shuffle with torch.randperm first")
    again, other = answer(50, 10, 15, generator()), answer(50, 10, 15, generator(1))
    if not all(torch.equal(torch.as_tensor(a), b) for a, b in zip(again, parts)):
        raise Mistake("two calls with the same seed differ: draw from the generator that was given, not from the global state")
    if torch.equal(torch.as_tensor(other[2]), parts[2]):
        raise Mistake("another seed gives the same split: pass the generator on to torch.randperm")
    yield "random, and the same for the same seed"
