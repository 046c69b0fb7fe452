"""The moments at which a rule comes due.

The rule gives local dates, counted from the first one. A date that is no working day of the chosen
calendar is kept, moved to the next working day, or left out. Its wall time in the zone is the
moment: 08:00 stays 08:00 when the clocks change, a time that they skip is the instant of the jump,
and of one that they repeat the first counts. Two dates that fall on one moment are one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrule, rrulestr
from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.calendars.hours import Schedule as Hours
from itil.calendars.hours import at_wall, openings_on
from itil.schedules.errors import WrongRule

from .rules import parse

DAY = timedelta(days=1)
# Who plans further ahead makes a new schedule; a rule without a date for so long has none.
HORIZON = 3653 * DAY
# A date is moved by so many days at most; with no working day until then it is left out.
LONGEST_MOVE = 31
EARLIEST, LATEST = date(2000, 1, 1), date(2150, 12, 31)


class OffDays(TextChoices):
    """What becomes of a date that is no working day."""

    OPEN = "open", _("Open it anyway")
    NEXT = "next", _("Open it on the next working day")
    SKIP = "skip", _("Leave it out")


@dataclass(frozen=True)
class Timing:
    """A rule with all that its moments depend on."""

    rule: str
    first_on: date
    at: time
    zone: str
    ends_on: date | None = None
    off_days: str = OffDays.OPEN
    # The opening hours whose days are working days; needed unless all days are kept.
    hours: Hours | None = None


def following(timing: Timing, after: datetime) -> Iterator[datetime]:
    """The moments after `after`, strictly one after the other, as far as HORIZON reaches.

    Wherever one begins, the same moments follow.
    """
    zone = ZoneInfo(timing.zone)
    known = after.astimezone(zone).date()
    last = max(known, timing.first_on) + HORIZON
    last = min(last, timing.ends_on or last, LATEST)
    # What was planned for a day before may have been moved to a later one.
    since = known - (LONGEST_MOVE + 2) * DAY
    before = after
    for planned in _dates(timing.rule, timing.first_on, last):
        if planned < since:
            continue
        day = _kept(timing, planned)
        if day is None or day > last:
            continue
        moment = at_wall(zone, datetime.combine(day, timing.at))
        if moment > before:
            yield moment
            before = moment


def upcoming(timing: Timing, after: datetime, count: int) -> list[datetime]:
    """The first `count` moments after `after`, or fewer when there are no more."""
    return list(islice(following(timing, after), count))


def ensure_dates(timing: Timing, after: datetime) -> datetime:
    """The first moment after `after`. Raises WrongRule when rule, days or zone do not fit, and
    when no moment follows.
    """
    parse(timing.rule)
    if timing.zone not in available_timezones():
        raise WrongRule("time_zone", _now("There is no such time zone. Choose one of the list."))
    if not EARLIEST <= timing.first_on <= LATEST:
        raise WrongRule("first_on", _now("Choose a first date between the years 2000 and 2150."))
    if timing.ends_on is not None and timing.ends_on < timing.first_on:
        raise WrongRule("ends_on", _now("The last date lies before the first one."))
    if timing.off_days != OffDays.OPEN and timing.hours is None:
        raise WrongRule("calendar", _now("Choose the calendar that says which days are worked."))
    found = next(following(timing, after), None)
    if found is None and timing.ends_on is not None:
        raise WrongRule("ends_on", _now("There is no date until then. Choose a later end."))
    if found is None:
        raise WrongRule("rule", _now("This rule has no date in the next ten years. Change it."))
    return found


@lru_cache(maxsize=256)
def _rule(text: str, first_on: date) -> rrule:
    # Naive on purpose: the rule counts dates; their time of day is put on afterwards.
    return rrulestr(text, dtstart=datetime.combine(first_on, time()))


def _dates(text: str, first_on: date, last: date) -> Iterator[date]:
    """The dates of the rule until `last`."""
    for found in _rule(text, first_on):
        if found.date() > last:
            return
        yield found.date()


def _kept(timing: Timing, planned: date) -> date | None:
    """The day on which it is opened, or None when it is left out."""
    if timing.off_days == OffDays.OPEN or timing.hours is None or _is_worked(timing.hours, planned):
        return planned
    if timing.off_days == OffDays.SKIP:
        return None
    days = (planned + n * DAY for n in range(1, LONGEST_MOVE + 1))
    return next((day for day in days if _is_worked(timing.hours, day)), None)


def _is_worked(hours: Hours, day: date) -> bool:
    return any(end > start for start, end in openings_on(hours, day))
