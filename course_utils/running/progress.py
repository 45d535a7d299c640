"""What `course run` says on the terminal while notebooks run, and at the end."""
import shutil
import sys

from course_utils.claims import SIGNS, short
from course_utils.running.report import by_notebook

WORDS = {"passed": "✓", "claims": "✗", "failed": "✗", "interrupted": "■", "not run": "·"}


class Progress:
    """On a terminal a live line for every running notebook; otherwise a line at its start and one at its end."""

    def __init__(self, total, stream=None):
        self.stream = sys.stdout if stream is None else stream
        self.total, self.done, self.shown = total, 0, 0
        self.terminal = self.stream.isatty()

    def started(self, process):
        if not self.terminal:
            self._print(f"… {process.unit.label}")

    def live(self, running):
        if self.terminal:
            self._clear()
            width = shutil.get_terminal_size().columns - 1
            for process in running:
                print(self._line(process)[:width], file=self.stream)
            self.shown = len(running)
            self.stream.flush()

    def finished(self, result):
        self._clear()
        self.done += 1
        self._print(f"{WORDS[result['status']]} {describe(result)}  ({self.done} of {self.total})")

    def _line(self, process):
        budget = process.unit.chapter.budget
        seconds = f"{process.seconds_so_far:4.0f} s" + (f" of {budget:.0f}" if budget else "")
        share = process.cell / max(process.unit.cells, 1)
        bar = "━" * round(20 * share) + "╌" * (20 - round(20 * share))
        return f"  {process.unit.label:34} {bar} cell {process.cell:3} of {process.unit.cells:3} {seconds}"

    def _clear(self):
        if self.shown:
            print(f"\x1b[{self.shown}F\x1b[J", end="", file=self.stream)
        self.shown = 0

    def _print(self, text):
        print(text, file=self.stream, flush=True)


def label(result):
    return result["notebook"] if result["seed"] is None else f"{result['notebook']} seed {result['seed']}"


def describe(result):
    """A line on one execution: how it ended, seconds against budget, claims."""
    budget = f" of {result['budget']:.0f}" if result["budget"] else ""
    over = ", over its budget" if result["budget"] and result["seconds"] > result["budget"] else ""
    held = sum(claim["held"] for claim in result["claims"])
    words = {"claims": "passed", "interrupted": f"interrupted in cell {result['cell']}"}.get(result["status"], result["status"])
    return f"{label(result):34} {words:8} {result['seconds']:6.1f} s{budget}{over}  claims {held}/{len(result['claims'])}"


def summary(results):
    """Lines that list what needs attention: each claim that does not hold, each cell that failed; several seeds in one line."""
    lines = []
    for group in by_notebook(results):
        for claim in group["claims"]:
            if claim["held"] < claim["of"]:
                bound = f"{SIGNS[claim['op']]} {short(claim['bound'])}"
                found = f"measured {short(claim['middle'])} {bound}" if claim["of"] == 1 else (
                    f"{bound} holds on {claim['held']} of {claim['of']} seeds, margin {short(claim['worst'])} on seed {claim['seed']}")
                lines.append(f"✗ {group['notebook']}: claim {claim['item']}, {claim['text']}: {found}")
        for failure in group["failures"]:
            seeds = f" seed {', '.join(map(str, failure['seeds']))}" if failure["seeds"] != [None] else ""
            place = f", cell {failure['cell']}" if failure["cell"] else ""
            lines.append(f"✗ {group['notebook']}{seeds}{place}: {failure['error']}")
    return lines
