"""Instant feedback on exercises: check(function) compares a student's function with an oracle of the same name.

The oracles stand in modules by chapter and topic (CHAPTERS). An oracle is a generator: it calls the student's function, raises
Mistake with a message that teaches, and yields one line of text for every property that holds.
"""
import random
from importlib import import_module
from typing import NamedTuple

import numpy as np
import torch

CHAPTERS = ("introduction", "neural_networks", "training_methods", "training",
            "convolution", "visual_features", "architectures", "transfer",  # chapter 4
            "clustering", "autoencoders", "variational", "transposed", "contrastive",  # chapter 5
            "recurrence", "gating", "directions", "sequences", "word2vec", "word_vectors", "generation")  # chapter 6
_oracles = {}


class Mistake(Exception):
    """What is wrong with an answer, in one or two sentences that help to find it."""


class Feedback(NamedTuple):
    """status: "passed", "to do" or "failed"; lines: what to tell the student."""
    status: str
    lines: list


def oracle(generator):
    """Register `generator(answer)` as the oracle of the exercise whose function has the same name."""
    _oracles[generator.__name__] = generator
    return generator


def check(function):
    """Print what holds of a student's function, or a message that teaches. Never raises; leaves all random states as they were."""
    print("\n".join(examine(function).lines))


def examine(function):
    """The Feedback on a function, as check() prints it."""
    for chapter in CHAPTERS:
        import_module(f"course_utils.exercises.{chapter}")
    name = getattr(function, "__name__", repr(function))
    if name not in _oracles:
        return Feedback("failed", [f"✗ there is no exercise named {name}: pass the function itself, with the name the exercise gave it"])
    passed = []
    state = random.getstate(), np.random.get_state()
    try:
        with torch.random.fork_rng(devices=[]):
            for line in _oracles[name](function):
                passed.append(f"✓ {line}")
    except Mistake as mistake:
        return Feedback("failed", [*passed, f"✗ {mistake}"])
    except Exception as error:  # the student's own code: whatever it raises is feedback
        if isinstance(error, NotImplementedError) and not error.args:  # torch's own, for an operation it lacks, say which
            return Feedback("to do", [f"· {name} is still to do"])
        return Feedback("failed", [*passed, f"✗ {name} stopped with {type(error).__name__}: {error}"])
    finally:
        random.setstate(state[0])
        np.random.set_state(state[1])
    return Feedback("passed", passed)


def compare(got, expected, *, mistakes=None, hint="", tolerance=1e-5):
    """Raise a Mistake unless `got` equals `expected` (tensor or number) in type, shape and value.

    mistakes  {message: value}: the values that well-known wrong answers give, with what to say to whoever got one
    hint      what to say of any other wrong value
    """
    _there(got)
    expected = torch.as_tensor(expected)
    try:
        value = got.detach() if isinstance(got, torch.Tensor) else torch.as_tensor(got)
    except (TypeError, ValueError, RuntimeError):
        raise Mistake(f"it returned a {type(got).__name__}, expected a tensor or number") from None
    for message, wrong in (mistakes or {}).items():
        wrong = torch.as_tensor(wrong)
        if wrong.shape == value.shape and _close(value, wrong, tolerance) and not _close(wrong, expected, tolerance):
            raise Mistake(message)
    if value.shape != expected.shape:
        raise Mistake(f"wrong shape: got {tuple(value.shape)}, expected {tuple(expected.shape)}")
    if not torch.isfinite(value.double()).all() and torch.isfinite(expected.double()).all():
        raise Mistake("the result has inf or nan in it: which step overflows or divides by zero?")
    if not _close(value, expected, tolerance):
        raise Mistake(f"right shape, wrong values{': ' + hint if hint else ''}")


def parts(got, names):
    """The answer as a tuple with one entry for each name, or a Mistake that says what was expected."""
    _there(got)
    if not isinstance(got, (tuple, list)) or len(got) != len(names):
        raise Mistake(f"return {len(names)} values, in this order: {', '.join(names)}")
    return got


def ask(answer, *inputs, **options):
    """What `answer` makes of copies of the tensors `inputs`; a Mistake if it changed them."""
    given = [tensor.clone() for tensor in inputs]
    result = answer(*given, **options)
    if not all(torch.equal(now, before) for now, before in zip(given, inputs)):
        raise Mistake("your function changed what it was given: work on a copy")
    return result


def compare_gradients(result, inputs, expected, *, hint="", tolerance=1e-5):
    """Raise a Mistake unless the gradients of `result` (of its sum) by the tensors in `inputs`, {name: tensor}, equal `expected`."""
    advice = "keep to tensor arithmetic, without .data, .detach(), .item() or no_grad"
    if not isinstance(result, torch.Tensor) or not result.requires_grad:
        raise Mistake(f"no gradient comes through: {advice}")
    for name, gradient, wanted in zip(inputs, torch.autograd.grad(result.sum(), list(inputs.values()), allow_unused=True), expected):
        missing = f"no gradient comes back to {name}: {advice}"
        if gradient is None:
            raise Mistake(missing)
        compare(gradient, wanted, mistakes={missing: torch.zeros_like(wanted)}, tolerance=tolerance,
                hint=f"the gradient by {name}{': ' + hint if hint else ''}")


def _there(got):
    if got is None or got is Ellipsis:
        raise Mistake("it returned None: does the function end with `return`?") if got is None else NotImplementedError


def _close(a, b, tolerance):
    return a.shape == b.shape and torch.allclose(a.double(), b.double(), rtol=tolerance, atol=tolerance, equal_nan=True)
