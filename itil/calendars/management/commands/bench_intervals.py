"""Time the counting of business time, beside what others offer for it."""

import importlib
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from itil.calendars.hours import Schedule, Week, add, arrays, between

INTERVALS = 1_000_000
ONE_BY_ONE = 50_000
# The others take up to a thousand times as long for each.
OTHERS = 400
BEST_OF = 5

ZONE = "Europe/Berlin"
OPENS, CLOSES = 9, 17
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
LONGEST = timedelta(days=30)
MOST_HOURS = 80
# So many times as fast as businesstimedelta the arrays are meant to be.
TARGETS = {"between": 5_000, "add": 1_000}


class Command(BaseCommand):
    help = (
        "Count business time between instants up to 30 days apart, and add up to 80 hours of it, on"
        " a calendar of Monday to Friday 09:00 to 17:00 in Berlin: over arrays, one by one, and"
        " with businesstimedelta and business-duration where bin/setup --bench installed them."
    )
    requires_system_checks: list = []

    def add_arguments(self, parser):
        parser.add_argument("--intervals", type=int, default=INTERVALS)

    def handle(self, *args, intervals=INTERVALS, **options):
        work = Work(intervals)
        built = nanoseconds(1, lambda: between(work.fresh_schedule(), FIRST, LAST))
        found = [*ours(work), *theirs(work)]
        self.stdout.write(
            f"The openings of two years are worked out once, in {built / 1e6:.1f} ms."
        )
        self.stdout.write(f"{'business time':<34}{'between':>14}{'add':>14}")
        for name, count, times in found:
            cells = "".join(
                f"{times[what]:>11,.1f} ns" if what in times else f"{'-':>14}" for what in TARGETS
            )
            self.stdout.write(f"{name:<34}{cells}   {count:,} intervals")
        by_name = {name: times for name, _count, times in found}
        other = by_name.get("businesstimedelta")
        if other is None:
            self.stdout.write("businesstimedelta is not installed: bin/setup --bench")
            return
        for what, target in TARGETS.items():
            ratio = other[what] / by_name["arrays"][what]
            said = "reached" if ratio >= target else "MISSED"
            self.stdout.write(
                f"{what} over arrays is {ratio:,.0f} times as fast as businesstimedelta"
                f" (target {target:,}: {said})"
            )


class Work:
    """The same intervals and durations for all, as epoch seconds and as instants."""

    def __init__(self, count: int):
        generator = random.Random(20260302)  # noqa: S311 - to be the same each time
        first, last = int(FIRST.timestamp()), int(LAST.timestamp())
        longest = int(LONGEST.total_seconds())
        self.starts = [generator.randrange(first, last) for _ in range(count)]
        self.ends = [start + generator.randrange(longest) for start in self.starts]
        self.seconds = [generator.randrange(1, MOST_HOURS * 3600) for _ in range(count)]
        self.schedule = self.fresh_schedule()

    def fresh_schedule(self) -> Schedule:
        """The calendar, with nothing worked out yet."""
        return Schedule(ZONE, (Week(tuple((day, OPENS * 60, CLOSES * 60) for day in range(5))),))

    def instants(self, count: int) -> list[tuple[datetime, datetime, int]]:
        """The first so many as start, end and seconds."""
        rows = zip(self.starts[:count], self.ends[:count], self.seconds[:count], strict=True)
        return [
            (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), seconds)
            for start, end, seconds in rows
        ]


Timed = tuple[str, int, dict[str, float]]


def nanoseconds(count: int, run: Callable[[], Any], best_of: int = BEST_OF) -> float:
    """Time per interval, of the best of some runs: the others waited for something else."""
    best = float("inf")
    for _ in range(best_of):
        started = time.perf_counter_ns()
        run()
        best = min(best, time.perf_counter_ns() - started)
    return best / count


def ours(work: Work) -> list[Timed]:
    schedule, count = work.schedule, len(work.starts)
    starts, ends, seconds = (
        np.array(values, np.int64) for values in (work.starts, work.ends, work.seconds)
    )
    few = work.instants(ONE_BY_ONE)
    over_arrays = {
        "between": nanoseconds(count, lambda: arrays.between(schedule, starts, ends)),
        "add": nanoseconds(count, lambda: arrays.add(schedule, starts, seconds)),
    }
    one_by_one = {
        "between": nanoseconds(len(few), lambda: [between(schedule, a, b) for a, b, _s in few], 2),
        "add": nanoseconds(len(few), lambda: [add(schedule, a, s) for a, _b, s in few], 2),
    }
    return [("arrays", count, over_arrays), ("one by one", len(few), one_by_one)]


def theirs(work: Work) -> list[Timed]:
    """The others that are installed, once they have given the same answers."""
    found = []
    few = work.instants(OTHERS)
    delta, duration = installed("businesstimedelta"), installed("business_duration")
    if delta is not None:
        found.append(("businesstimedelta", len(few), with_timedelta(delta, work.schedule, few)))
    if duration is not None:
        found.append(("business-duration", len(few), with_duration(duration, work.schedule, few)))
    return found


def installed(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def same(module: ModuleType, theirs: list, ours: list) -> None:
    """CommandError when the answers differ: then the work was not the same."""
    differ = sum(one != other for one, other in zip(theirs, ours, strict=True))
    if differ:
        raise CommandError(f"{module.__name__} gives {differ} of {len(ours)} other answers.")


def with_timedelta(module: ModuleType, schedule: Schedule, few: list) -> dict[str, float]:
    """businesstimedelta, which needs the zones of pytz."""
    zone = importlib.import_module("pytz").timezone(ZONE)
    day = module.WorkDayRule(
        start_time=wall(OPENS), end_time=wall(CLOSES), working_days=[0, 1, 2, 3, 4], tz=zone
    )
    rules = module.Rules([day])
    local = [(start.astimezone(zone), end.astimezone(zone), s) for start, end, s in few]

    def differences() -> list[float]:
        return [rules.difference(a, b).timedelta.total_seconds() for a, b, _s in local]

    def sums() -> list[datetime]:
        return [a + module.BusinessTimeDelta(rules, seconds=s) for a, _b, s in local]

    same(module, differences(), [between(schedule, a, b) for a, b, _s in few])
    same(module, sums(), [add(schedule, a, s) for a, _b, s in few])
    count = len(few)
    return {
        "between": nanoseconds(count, differences, 1),
        "add": nanoseconds(count, sums, 1),
    }


def with_duration(module: ModuleType, schedule: Schedule, few: list) -> dict[str, float]:
    """business-duration, which knows wall times without a zone."""
    zone = ZoneInfo(ZONE)
    local = [[at.astimezone(zone).replace(tzinfo=None) for at in (a, b)] for a, b, _s in few]

    def durations() -> list[float]:
        opens, closes = wall(OPENS), wall(CLOSES)
        return [module.businessDuration(a, b, opens, closes, unit="sec") for a, b in local]

    same(module, durations(), [between(schedule, a, b) for a, b, _s in few])
    return {"between": nanoseconds(len(few), durations, 1)}
