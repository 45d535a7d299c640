"""Data sets: sources (where they come from), images (what they are), batches (how they are fed)."""
from course_utils.data.batches import Batches
from course_utils.data.images import ImageData, Split, load_images

__all__ = ["Batches", "ImageData", "Split", "load_images"]
