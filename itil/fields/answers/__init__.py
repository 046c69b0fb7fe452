"""Answers to a form: judged when they are given, read when they are shown."""

from .judging import Judged, devices_of, judge, locations_for, people_for
from .reading import changed, price, priced, readable
from .typing import as_typed, at_first

__all__ = [
    "Judged",
    "as_typed",
    "at_first",
    "changed",
    "devices_of",
    "judge",
    "locations_for",
    "people_for",
    "price",
    "priced",
    "readable",
]
