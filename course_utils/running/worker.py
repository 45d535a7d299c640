"""One notebook in one process: `python -m course_utils.running.worker`, the work as a line of JSON on stdin, progress as lines on stdout.

The process ends itself, and the kernel with it, as soon as its stdin is closed: nothing is left behind when whoever started it is gone.
"""
import json
import os
import signal
import sys
import threading
import traceback

# Reports go to the stdout this process was given; the kernel inherits stderr in its place, so that nothing can garble them.
_reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
_added = 0


def main():
    work = json.loads(sys.stdin.readline())
    signal.signal(signal.SIGINT, _stop)
    threading.Thread(target=_watch, daemon=True).start()
    try:
        _execute(**work)
    except KeyboardInterrupt:
        pass
    except ImportError as error:
        _say(error=f"{error.name} is missing from {sys.prefix}: install what the course needs with `make setup`, or `pip install -e .`")
    except Exception as error:  # whatever it was belongs into the report; the others go on
        traceback.print_exc()
        _say(error=f"{type(error).__name__}: {error}")


def _execute(notebook, executed, parameters, threads):
    wanted = os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    os.environ.setdefault("MKL_NUM_THREADS", wanted)
    import ipykernel  # noqa: F401  papermill needs it, and would only say that a kernel named python3 does not exist
    import papermill
    from nbclient.exceptions import DeadKernelError

    from course_utils.running.saving import saving_engine
    papermill.engines.papermill_engines.register("saving now and then", saving_engine())
    try:
        papermill.execute_notebook(
            _verbatim(notebook), _verbatim(executed), parameters, kernel_name="python3", language="python",
            cwd=os.path.dirname(notebook), progress_bar=False, engine_name="saving now and then", on_cell_start=_on_cell_start)
        _say(finished=True)
    except papermill.PapermillExecutionError:
        _say(finished=True)  # the executed copy tells which cell failed, and how
    except DeadKernelError:
        _say(error="the kernel died while this cell ran: the machine may have run out of memory; try smaller sizes, or --jobs 1")


def _on_cell_start(cell, cell_index):
    """Report the place in the notebook as it is in the repository: without the cell that papermill adds."""
    global _added
    if "injected-parameters" in cell.metadata.get("tags", []):
        _added = 1
    else:
        _say(cell=cell_index + 1 - _added, source=cell.source)


def _verbatim(path):
    """papermill fills braces in paths with parameters."""
    return path.replace("{", "{{").replace("}", "}}")


def _say(**report):
    print(json.dumps(report), file=_reports, flush=True)


def _watch():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGINT)


def _stop(*_):
    """Kill the kernel first, so that papermill writes what there is at once instead of waiting for a busy kernel to end."""
    import psutil
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in psutil.Process().children(recursive=True):
        child.kill()
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
