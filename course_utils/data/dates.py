"""Bundled stand-in for pairs of sentences: dates as people write them, and the same dates as 2014-03-07."""
import random
from datetime import date, timedelta

COUNT, FIRST, DAYS = 10_000, date(1950, 1, 1), 36_525  # to the end of 2049
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
# All of these name the day, the month and the year without doubt. 3/4/2014 does not, nor does 14 for a year: neither is here.
FORMATS = (
    "{day} {month} {year}", "{month} {day}, {year}", "{ordinal} {month} {year}", "{month} {ordinal}, {year}",
    "the {ordinal} of {month} {year}", "the {ordinal} of {month}, {year}", "{day} {mon} {year}", "{mon} {day}, {year}",
    "{mon}. {day}, {year}", "{day}-{mon}-{year}", "{dd}{MON}{year}", "{weekday}, {day} {month} {year}", "{weekday}, {month} {day}, {year}",
    "{weekday} the {ordinal} of {month} {year}", "{wd}, {day} {mon} {year}", "{wd} {mon} {dd} {year}", "{year} {month} {day}",
    "{year}, {month} {ordinal}", "{day}. {month} {year}", "{day}. {roman}. {year}", "{month} the {ordinal}, {year}",
    "{MONTH} {day}, {year}", "{day} of {month}, year {year}")


def draw(seed=0):
    """Pairs as the readers give them: {"train": (dates as people write them, ISO dates), "classes": (), "ordered": False}.

    10,000 different dates of the years 1950 to 2049, each written once, so that no date is in two splits.
    """
    chance = random.Random(seed)
    dates = [FIRST + timedelta(days) for days in chance.sample(range(DAYS), COUNT)]
    return {"train": ([written(day, chance.choice(FORMATS)) for day in dates], [day.isoformat() for day in dates]), "classes": (),
            "ordered": False}


def written(day, form):
    """A date written in one of FORMATS."""
    month, weekday = MONTHS[day.month - 1], WEEKDAYS[day.weekday()]
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return form.format(day=day.day, dd=f"{day.day:02}", ordinal=f"{day.day}{ending}", month=month, mon=month[:3], MON=month[:3].upper(),
                       MONTH=month.upper(), year=day.year, weekday=weekday, wd=weekday[:3], roman=ROMAN[day.month - 1])
