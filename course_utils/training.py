"""The training loop, once chapters 2 and 3 have written it out by hand. Its one variable part is the loss of a batch."""
import copy
import os
import pickle
from pathlib import Path

import torch
from tqdm.auto import tqdm

from course_utils.frontend import is_live


class TrainingError(Exception):
    """Training cannot go on, or cannot be resumed: one sentence that says where and what to do."""


def run_epoch(model, batch_loss, batches, optimizer=None, schedule=None, epoch=1):
    """Go through `batches` once: with an optimizer it trains, without it evaluates.

    batch_loss  function (model, batch) -> {"loss": scalar tensor, other measures: scalar tensors or numbers}
    schedule    a learning-rate scheduler of torch, stepped after every step of the optimizer

    Returns {name: mean over the samples}. Raises TrainingError, naming epoch and step, at a loss that is not finite.
    """
    training = optimizer is not None
    model.train(training)
    sizes, measures = [], {}
    with torch.set_grad_enabled(training):
        for batch in batches:
            results = batch_loss(model, batch)
            if training:
                optimizer.zero_grad()
                results["loss"].backward()
                optimizer.step()
                if schedule is not None:
                    schedule.step()
            sizes.append(_size(batch))
            for name, value in results.items():
                measures.setdefault(name, []).append(value.detach() if isinstance(value, torch.Tensor) else torch.tensor(float(value)))
    if not sizes:
        raise TrainingError("there are no batches: is the data set empty?")
    weights = torch.tensor(sizes, dtype=torch.float64) / sum(sizes)
    columns = {name: torch.stack(values).cpu().double() for name, values in measures.items()}
    _stop_if_not_finite(columns["loss"], epoch)
    return {name: (column * weights).sum().item() for name, column in columns.items()}


def fit(model, batch_loss, train, valid=None, *, optimizer, epochs, schedule=None, patience=None, checkpoint=None, on_epoch=None):
    """Train `model` for `epochs` epochs and return the history: a list of dicts, one an epoch.

    batch_loss  as in run_epoch; each of its measures appears in the history as "train name" and, with `valid`, as "valid name"
    train       batches to train on, iterable any number of times; its attribute `generator`, if any, is kept in the checkpoint
    valid       batches to evaluate on after each epoch
    patience    stop after that many epochs without a lower validation loss, and put back the weights of the lowest
    checkpoint  file to write after each epoch; if it is there, training goes on where it stopped, with the same losses
    on_epoch    function (row of the history) called after each epoch

    The model stays on the device where it is. An interrupt (Ctrl-C, the stop button) ends training early and returns the history so
    far. Errors: ValueError for patience without valid; TrainingError for a loss that is not finite or a checkpoint that does not fit.
    """
    if patience is not None and valid is None:
        raise ValueError("patience needs validation batches: pass valid")
    state = {"history": [], "best": None, "weights": None}
    if checkpoint is not None and Path(checkpoint).exists():
        state = _resume(checkpoint, model, optimizer, schedule, train)
    history = state["history"]
    progress = tqdm(total=epochs, initial=len(history), unit="epoch", leave=False, disable=not is_live())
    try:
        while len(history) < epochs and not _out_of_patience(history, patience):
            row = {"epoch": len(history) + 1}
            trained = run_epoch(model, batch_loss, train, optimizer, schedule, row["epoch"])
            row.update({f"train {name}": value for name, value in trained.items()})
            if valid is not None:
                row.update({f"valid {name}": value for name, value in run_epoch(model, batch_loss, valid, epoch=row["epoch"]).items()})
            history.append(row)
            if patience is not None and (state["best"] is None or row["valid loss"] < state["best"]):
                state["best"], state["weights"] = row["valid loss"], copy.deepcopy(model.state_dict())
            if checkpoint is not None:
                _save(checkpoint, state, model, optimizer, schedule, train)
            progress.update()
            progress.set_postfix({name: f"{value:.4f}" for name, value in row.items() if name != "epoch"})
            if on_epoch is not None:
                on_epoch(row)
    except KeyboardInterrupt:
        print(f"interrupted: kept the {len(history)} finished epochs of {epochs}")
    finally:
        progress.close()
    if state["weights"] is not None:
        model.load_state_dict(state["weights"])
    return history


def _size(batch):
    """Samples in a batch: the length of its first tensor, or the number of graphs of a batch of graphs."""
    if isinstance(batch, (tuple, list)):
        return len(batch[0])
    return getattr(batch, "num_graphs", None) or len(batch)


def _stop_if_not_finite(losses, epoch):
    bad = (~torch.isfinite(losses)).nonzero()
    if len(bad):
        step = bad[0].item() + 1
        raise TrainingError(f"the loss is {losses[step - 1].item()} at epoch {epoch}, step {step}: usual causes are too high a learning "
                            "rate, a log or a division by zero, or inputs that hold inf or nan")


def _out_of_patience(history, patience):
    if patience is None or not history:
        return False
    losses = [row["valid loss"] for row in history]
    return len(losses) - 1 - losses.index(min(losses)) >= patience


def _save(path, state, model, optimizer, schedule, train):
    generator = getattr(train, "generator", None)
    everything = {**state, "model": model.state_dict(), "optimizer": optimizer.state_dict(),
                  "schedule": schedule.state_dict() if schedule is not None else None,
                  "torch": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
                  "order": generator.get_state() if generator is not None else None}
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        torch.save(everything, unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _resume(path, model, optimizer, schedule, train):
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        if schedule is not None:
            schedule.load_state_dict(saved["schedule"])
        torch.set_rng_state(saved["torch"])
        if saved["cuda"] and torch.cuda.is_available():
            torch.cuda.set_rng_state_all(saved["cuda"])
        if saved["order"] is not None and getattr(train, "generator", None) is not None:
            train.generator.set_state(saved["order"])
        return {name: saved[name] for name in ("history", "best", "weights")}
    except (RuntimeError, ValueError, KeyError, TypeError, EOFError, OSError, pickle.UnpicklingError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TrainingError(f"the checkpoint {Path(path).name} does not fit this model and optimizer, or is damaged ({reason}): delete "
                            "it to start afresh, or give another name") from error
