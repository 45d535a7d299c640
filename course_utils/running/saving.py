"""How often papermill writes the executed copy while a notebook runs."""
import asyncio
import time

from papermill.engines import NBClientEngine


def saving_engine(every=1, share=0.05):
    """papermill's engine, which would write the whole notebook twice a cell; this one writes every `every` seconds and at the end.

    Where a notebook is so large that writing would take more than `share` of the time, it waits longer.
    """
    class Engine(NBClientEngine):
        @classmethod
        def execute_managed_notebook(cls, nb_man, *args, on_cell_start=None, **kwargs):
            write, writing = nb_man.save, []

            def save():
                start = time.monotonic()
                try:
                    write()
                finally:  # the disk may be full only for a moment: asyncio logs the error, and the next write comes
                    later = max(every, (time.monotonic() - start) / share)
                    writing[:] = [asyncio.get_running_loop().call_later(later, save)]

            def on_start(**cell):  # runs in nbclient's loop, and so does `save`: never while a cell's output is being added
                if on_cell_start:
                    on_cell_start(**cell)
                if not writing:
                    writing.append(asyncio.get_running_loop().call_later(every, save))

            nb_man.save = lambda **_: None
            try:
                super().execute_managed_notebook(nb_man, *args, on_cell_start=on_start, **kwargs)
            finally:
                nb_man.save = write  # for the last state, which papermill writes now
                for timer in writing:
                    timer.cancel()
    return Engine
