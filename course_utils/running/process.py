"""A unit of work, (notebook, parameters, seed), and the process that executes it."""
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from course_utils.running import UsageError
from course_utils.running.chapters import Chapter
from course_utils.running.results import failure, read_result


@dataclass(frozen=True)
class Unit:
    """One execution: a chapter with parameters. seed: None for the notebook's own; cells: how many; executed: where the copy goes."""
    chapter: Chapter
    parameters: dict
    seed: int
    cells: int
    executed: Path

    @property
    def label(self):
        return self.chapter.name if self.seed is None else f"{self.chapter.name} seed {self.seed}"


class Process:
    """Executes a unit in a process of its own, out of reach of the terminal's Ctrl-C. cell: the one that runs now, from 1."""

    def __init__(self, unit, threads, environment, log):
        self.unit, self.log, self.began, self.seconds = unit, log, time.monotonic(), None
        self.cell, self.source, self.finished, self.error, self.stopping = 0, "", False, None, False
        unit.executed.parent.mkdir(parents=True, exist_ok=True)
        unit.executed.unlink(missing_ok=True)
        with log.open("w") as stderr:
            self._process = subprocess.Popen([sys.executable, "-m", "course_utils.running.worker"], stdin=subprocess.PIPE, env=environment,
                                             stdout=subprocess.PIPE, stderr=stderr, start_new_session=True, text=True, encoding="utf-8")
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        work = {"notebook": str(unit.chapter.path.resolve()), "executed": str(unit.executed.resolve()), "parameters": unit.parameters,
                "threads": threads}
        self._process.stdin.write(json.dumps(work) + "\n")
        self._process.stdin.flush()

    @property
    def seconds_so_far(self):
        return time.monotonic() - self.began

    @property
    def ended(self):
        if self._process.poll() is not None and self.seconds is None:
            self.seconds = self.seconds_so_far
        return self.seconds is not None

    def ask_to_stop(self):
        """The worker ends itself, with its kernel, when its stdin is closed."""
        self.stopping = True
        self._process.stdin.close()

    def kill(self):
        """End the process and the kernel, which is a child of it in a session of its own, at once."""
        import psutil
        try:
            process = psutil.Process(self._process.pid)
            for one in [*process.children(recursive=True), process]:
                one.kill()
        except psutil.NoSuchProcess:
            pass
        self._process.wait()

    def result(self):
        """What came of it, once it has ended: blank()'s keys filled in."""
        self._listener.join()
        result = blank(self.unit) | {"seconds": round(self.seconds, 1), "cell": self.cell}
        try:
            result |= read_result(self.unit.executed, self.unit.parameters)
            result["executed"] = f"{self.unit.executed.parent.name}/{self.unit.executed.name}"
        except (OSError, ValueError, UsageError) as error:
            self.error = self.error or f"there is no executed copy ({error})"
        if not self.finished and not self.stopping:
            self.error = self.error or f"the process ended by itself with status {self._process.returncode}"
        if self.error and result["failure"] is None and not self.stopping:
            log = self.log.read_text(encoding="utf-8", errors="replace")
            result["failure"] = failure(self.error, self.cell or None, self.source, log[-4000:])
        if result["failure"] is not None:
            return result | {"status": "failed"}
        if not self.finished:
            return result | {"status": "interrupted"}
        return result | {"status": "passed" if all(claim["held"] for claim in result["claims"]) else "claims"}

    def _listen(self):
        for line in self._process.stdout:
            for name, value in json.loads(line).items():
                setattr(self, name, value)


def blank(unit):
    """The result of a unit that has not run. status becomes passed, claims (one does not hold), failed or interrupted.

    seconds: with the start of the process; executed: the copy, seen from the folder of the report.
    """
    chapter = unit.chapter
    return {"notebook": chapter.name, "number": chapter.number, "title": chapter.title, "seed": unit.seed, "parameters": unit.parameters,
            "status": "not run", "seconds": 0, "budget": chapter.budget, "cell": 0, "cells": unit.cells, "executed": None,
            "device": None, "data": [], "claims": [], "failure": None}
