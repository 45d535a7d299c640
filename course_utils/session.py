"""The first lines of every notebook: seeds, device, data source and plot style, said in a banner."""
from dataclasses import dataclass
from importlib.resources import files

import torch

from course_utils.data import sources
from course_utils.device import pick_device, seed_everything


@dataclass(frozen=True)
class Session:
    """What a notebook runs with: the seed, the torch device, and the data source asked for ("auto", "real", "bundled")."""
    seed: int
    device: torch.device
    data: str


def start(*, seed=0, device="auto", data="auto", datasets=()):
    """Seed everything, pick the device, find the data sets named in `datasets`, set the plot style, print what was chosen.

    Errors: ValueError for a seed, device, data source or data set that does not exist, naming those that do;
    sources.DataError where data = "real" and the real set cannot be had.
    """
    import matplotlib.pyplot as plt

    seed_everything(seed)
    session = Session(seed, pick_device(device), data)
    plt.style.use(files("course_utils.plotting") / "course.mplstyle")
    count = torch.get_num_threads()
    threads = f", {count} thread{'s' * (count > 1)}" if session.device.type == "cpu" else ""
    print(f"device  {session.device}{threads} · torch {torch.__version__}")
    for name in datasets:
        print(f"data    {sources.locate(name, data).why}")
    print(f"seed    {seed}")
    return session
