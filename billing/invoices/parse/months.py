"""Months as people and commands write them: 2026-10."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue

WRITTEN_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in the business zone; both days included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> "Month":
        return month_of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month":
        return month_of(self.last + timedelta(days=1))


def month_of(day: date) -> Month:
    """The month that contains `day`."""
    return Month(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def month(text: str) -> Month:
    """Read "2026-10". Raises MissingValue for anything else, and for years outside 2000 to 2099."""
    found = WRITTEN_MONTH.fullmatch(text.strip())
    if found:
        year, number = int(found[1]), int(found[2])
        if 2000 <= year <= 2099 and 1 <= number <= 12:
            return month_of(date(year, number, 1))
    raise MissingValue(
        "month", _("“%(text)s” is not a month. Write it as 2026-10.") % {"text": text[:20]}
    )
