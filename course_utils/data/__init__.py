"""Data sets: sources (where they come from), images and text (what they are), batches and vocabulary (how they are fed)."""
from importlib import import_module

_MODULES = {"Batches": "batches", "ImageData": "images", "Split": "images", "load_images": "images",
            "BucketBatches": "text", "TextData": "text", "TextSplit": "splits", "load_analogies": "text", "load_glove": "text",
            "load_text": "text", "load_word_pairs": "text", "read_vectors": "text", "Vocabulary": "vocabulary", "pad": "vocabulary",
            "sentences": "vocabulary", "tokenise": "vocabulary"}
__all__ = list(_MODULES)


def __getattr__(name):
    """Import at first use: the command line wants `sources` alone, which needs no torch and so starts at once."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
