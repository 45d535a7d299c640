"""Bundled stand-in for names: the places of the time-zone database, each with its part of the world.

Which places there are depends on the release of the database, the system's or that of the package tzdata.
"""
import unicodedata
from zoneinfo import available_timezones

from course_utils.data.files import DataError

REGIONS = ("Africa", "America", "Asia", "Europe", "Pacific")  # those with at least thirty places


def draw():
    """The places as the readers give names: {"train": (names, regions as numbers), "classes": REGIONS, "ordered": False}.

    Some 350 names such as "Buenos Aires". One that the database has in two regions, such as Istanbul, is left out. Raises DataError
    where there is no database.
    """
    regions = {}
    for zone in sorted(available_timezones()):
        region, _, place = zone.rpartition("/")
        name = unicodedata.normalize("NFC", place.replace("_", " "))
        if region.partition("/")[0] in REGIONS and name.replace(" ", "").replace("-", "").isalpha():
            regions.setdefault(name, set()).add(REGIONS.index(region.partition("/")[0]))
    found = [(name, next(iter(where))) for name, where in regions.items() if len(where) == 1]
    if not found:
        raise DataError("this machine has no time-zone database", "`pip install tzdata` brings one")
    return {"train": ([name for name, _ in found], [region for _, region in found]), "classes": REGIONS, "ordered": False}
