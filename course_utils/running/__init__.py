"""Running the notebooks: chapters (which there are), parameters (what can be turned), execute (side by side), results and report."""


class UsageError(Exception):
    """What was asked for does not exist or does not fit: one sentence that names what does."""
