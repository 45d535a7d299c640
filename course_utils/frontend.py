"""What sits in front of the code: a person with a live notebook, a runner, or a plain terminal."""


def kernel():
    """The Jupyter kernel this code runs in, or None."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return getattr(get_ipython(), "kernel", None)


def is_live():
    """True where somebody can answer: front ends that may ask for input tell the kernel so, papermill and nbval do not."""
    return bool(getattr(kernel(), "_allow_stdin", False))


def put(data, metadata=None):
    """Put `data` ({MIME type: content}) into the output of the running cell; outside a notebook print its text/plain."""
    if kernel() is None:
        print(data["text/plain"])
    else:
        from IPython.display import display
        display(data, metadata=metadata or {}, raw=True)
