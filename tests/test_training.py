"""The shared loop: equal to a hand-written one, resumable after a kill, and clear about what goes wrong."""
import copy
import math
import signal
import subprocess
import sys
import textwrap

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.data import Batches
from course_utils.training import TrainingError, fit, run_epoch


def batches(count=50, size=16, seed=0, shuffle=True):
    generator = torch.Generator().manual_seed(3)
    images = torch.randint(0, 256, (count, 1, 4, 4), generator=generator, dtype=torch.uint8)
    return Batches(images, images[:, 0, 0, 0].long() // 86, size, shuffle=shuffle, seed=seed, mean=0.5, std=0.3)


def network(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Dropout(0.3), nn.Linear(12, 3))


def batch_loss(model, batch):
    images, labels = batch
    logits = model(images)
    return {"loss": F.cross_entropy(logits, labels), "error": (logits.argmax(1) != labels).float().mean()}


def make(seed=0, rate=0.05):
    model = network(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    return model, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.9)


def test_fit_equals_a_loop_written_by_hand_bit_for_bit():
    model, optimizer, schedule = make()
    train, by_hand = batches(), []
    for _ in range(3):
        model.train()
        losses = []
        for images, labels in train:
            loss = F.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append((loss.item(), len(labels)))
        by_hand.append(sum(loss * (count / 50) for loss, count in losses))
    other, other_optimizer, other_schedule = make()
    history = fit(other, batch_loss, batches(), optimizer=other_optimizer, schedule=other_schedule, epochs=3)
    assert [row["train loss"] for row in history] == pytest.approx(by_hand, rel=1e-12)
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), other.state_dict().values()))
    assert other_schedule.get_last_lr() == schedule.get_last_lr()


def test_every_step_has_the_loss_of_the_loop_by_hand():
    model, optimizer, _ = make()
    by_hand, seen = [], []
    for images, labels in batches():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        by_hand.append(loss.item())

    def watched(model, batch):
        results = batch_loss(model, batch)
        seen.append(results["loss"].item())
        return results

    other, other_optimizer, _ = make()
    fit(other, watched, batches(), optimizer=other_optimizer, epochs=1)
    assert seen == by_hand


def test_the_mean_weighs_batches_by_their_size():
    model = network().eval()
    data = batches(count=50, size=16, shuffle=False)  # the last batch has 2
    images = torch.cat([images for images, _ in data])
    whole = F.cross_entropy(model(images), data.labels).item()
    assert run_epoch(model, batch_loss, data)["loss"] == pytest.approx(whole, rel=1e-5)


def test_evaluation_leaves_everything_as_it_was():
    model, optimizer, _ = make()
    run_epoch(model, batch_loss, batches(), optimizer)
    before = copy.deepcopy((model.state_dict(), optimizer.state_dict())), torch.get_rng_state()
    run_epoch(model, batch_loss, batches(shuffle=False))
    after = (model.state_dict(), optimizer.state_dict()), torch.get_rng_state()
    assert all(torch.equal(a, b) for a, b in zip(before[0][0].values(), after[0][0].values()))
    moments = [[value for state in states["state"].values() for value in state.values()] for states in (before[0][1], after[0][1])]
    assert all(torch.equal(a, b) for a, b in zip(*moments)) and torch.equal(before[1], after[1])


def test_validating_does_not_change_what_is_learned():
    alone = make()
    fit(alone[0], batch_loss, batches(), optimizer=alone[1], epochs=2)
    with_valid = make()
    fit(with_valid[0], batch_loss, batches(), batches(shuffle=False), optimizer=with_valid[1], epochs=2)
    assert all(torch.equal(a, b) for a, b in zip(alone[0].state_dict().values(), with_valid[0].state_dict().values()))


def test_patience_stops_and_restores_the_best():
    model, optimizer, _ = make(rate=0.3)
    weights = []
    history = fit(model, batch_loss, batches(), batches(shuffle=False), optimizer=optimizer, epochs=200, patience=3,
                  on_epoch=lambda row: weights.append(copy.deepcopy(model.state_dict())))
    losses = [row["valid loss"] for row in history]
    best = losses.index(min(losses))
    assert len(history) == best + 1 + 3 < 200
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), weights[best].values()))
    assert run_epoch(model, batch_loss, batches(shuffle=False))["loss"] == min(losses)


def test_patience_needs_validation():
    model, optimizer, _ = make()
    with pytest.raises(ValueError, match="pass valid"):
        fit(model, batch_loss, batches(), optimizer=optimizer, epochs=1, patience=1)


@pytest.mark.parametrize("patience", [None, 2])
def test_an_interrupt_keeps_the_history(patience, capsys):
    model, optimizer, _ = make()

    def stop(row):
        if row["epoch"] == 2:
            raise KeyboardInterrupt

    history = fit(model, batch_loss, batches(), batches(shuffle=False), optimizer=optimizer, epochs=5, patience=patience, on_epoch=stop)
    assert [row["epoch"] for row in history] == [1, 2] and "kept the 2 finished epochs of 5" in capsys.readouterr().out


def test_a_loss_that_is_not_finite_names_epoch_and_step():
    model, optimizer, _ = make()
    calls = []

    def breaks(model, batch):
        calls.append(1)
        results = batch_loss(model, batch)
        return {"loss": results["loss"] * (math.inf if len(calls) == 7 else 1)}

    with pytest.raises(TrainingError, match="epoch 2, step 3.*learning rate"):
        fit(model, breaks, batches(), optimizer=optimizer, epochs=3)


def test_no_batches_are_an_error():
    model, optimizer, _ = make()
    with pytest.raises(TrainingError, match="no batches"):
        fit(model, batch_loss, [], optimizer=optimizer, epochs=1)


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_training as t

calls = []
def batch_loss(model, batch):
    calls.append(1)
    if len(calls) == 11:  # four batches an epoch: in the middle of the third
        os.kill(os.getpid(), signal.SIGKILL)
    return t.batch_loss(model, batch)

model, optimizer, schedule = t.make()
t.fit(model, batch_loss, t.batches(), optimizer=optimizer, schedule=schedule, epochs=5, checkpoint={path!r})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_resuming_after_a_kill_gives_the_losses_of_an_uninterrupted_run(tmp_path, request):
    path = tmp_path / "run.pt"
    script = textwrap.dedent(KILLED).format(tests=str(request.path.parent), path=str(path))
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]

    model, optimizer, schedule = make()
    whole = fit(model, batch_loss, batches(), optimizer=optimizer, schedule=schedule, epochs=5)
    resumed, resumed_optimizer, resumed_schedule = make(seed=9)  # other first weights, to be overwritten
    ran = []
    history = fit(resumed, batch_loss, batches(seed=9), optimizer=resumed_optimizer, schedule=resumed_schedule, epochs=5,
                  checkpoint=path, on_epoch=lambda row: ran.append(row["epoch"]))
    assert ran == [3, 4, 5] and history == whole
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), resumed.state_dict().values()))


def test_a_finished_run_is_not_run_again(tmp_path):
    for _ in range(2):
        model, optimizer, _ = make()
        history = fit(model, batch_loss, batches(), optimizer=optimizer, epochs=2, checkpoint=tmp_path / "run.pt")
    assert len(history) == 2


def foreign(path):
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    data = [(torch.zeros(2, 3), torch.zeros(2, dtype=torch.long))]
    fit(model, lambda m, b: {"loss": F.cross_entropy(m(b[0]), b[1])}, data, optimizer=optimizer, epochs=1, checkpoint=path)


def cut(path):
    foreign(path)
    path.write_bytes(path.read_bytes()[:900])


def half(path):
    model, optimizer, _ = make()
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)


@pytest.mark.parametrize("spoil", [foreign, cut, half, lambda path: path.write_bytes(b"no checkpoint at all"),
                                   lambda path: path.write_bytes(b""), lambda path: torch.save([1, 2], path)])
def test_a_damaged_or_foreign_checkpoint_is_one_sentence(tmp_path, spoil):
    path = tmp_path / "run.pt"
    spoil(path)
    model, optimizer, _ = make()
    with pytest.raises(TrainingError, match="checkpoint run.pt does not fit.*delete it") as caught:
        fit(model, batch_loss, batches(), optimizer=optimizer, epochs=2, checkpoint=path)
    assert "\n" not in str(caught.value)
