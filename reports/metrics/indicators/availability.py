"""Whether services could be used when that was agreed (`KPI-18`, `KPI-19`)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from itil.calendars.hours import Stretch, merged, within
from reports.metrics.availability import Failure, Outage, degraded, failures, spread
from reports.metrics.computing import begun
from reports.metrics.indicator import Frames, Indicator, Missing, Statistic, Unit, Window

DIMENSIONS = ("service", "team")
OF_A_SERVICE = ("service", "service_name", "team", "team_name")
OF_AN_OUTAGE = ("ticket", "service", "down_from", "down_until", "is_degraded")
PERCENT = "degraded_percent"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Uptime:
    """One service in one step of the period: its agreed time, the time it was down in it, and the
    part that counts of the time it was degraded."""

    belongs: dict[str, Any]
    step: str
    agreed: timedelta
    down: timedelta
    degraded: timedelta
    outages: list[int]
    failures: list[Failure]


def _uptimes(frames: Frames, window: Window) -> Iterator[Uptime]:
    """Every service under an agreement in every step that has begun."""
    steps = begun(window)
    if not steps:
        return
    edges = [*(one.start for one in steps), min(steps[-1].end, window.now)]
    hours = frames.read("service_hours", [*OF_A_SERVICE, "starts_at", "ends_at", PERCENT])
    down = frames.read("outages", [*OF_AN_OUTAGE])
    outages: dict[int, list[Outage]] = {}
    for row in down.itertuples(index=False):
        end = window.now if pd.isna(row.down_until) else min(row.down_until, window.now)
        outage = Outage(row.down_from, end, row.ticket, is_degraded=row.is_degraded)
        outages.setdefault(row.service, []).append(outage)
    for service, own in hours.groupby("service", sort=True):
        agreed = merged(zip(own["starts_at"], own["ends_at"], strict=True))
        known = outages.get(service, ())
        found = failures(agreed, known)
        times = spread(agreed, edges)
        lost = spread((part for one in found for part in one.parts), edges)
        by_percent = {
            int(percent): merged(zip(part["starts_at"], part["ends_at"], strict=True))
            for percent, part in own.groupby(PERCENT)
        }
        worse = _weighed(degraded(known, by_percent), edges)
        counting = [part for percent, parts in by_percent.items() if percent for part in parts]
        hurt = {
            one.record: spread(
                within((one.start, one.end), merged(counting) if one.is_degraded else agreed), edges
            )
            for one in known
        }
        belongs = own.iloc[0][list(OF_A_SERVICE)].to_dict()
        for place, step in enumerate(steps):
            span = (edges[place], edges[place + 1])
            yield Uptime(
                belongs, step.label, times[place], lost[place], worse[place],
                [record for record, parts in hurt.items() if parts[place]],
                [one for one in found if span[0] <= one.start < span[1]],
            )  # fmt: skip


def _weighed(parts: list[tuple[int, list[Stretch]]], edges: Sequence[datetime]) -> list[timedelta]:
    """So much of each of the stretches as its percentage says, between each two of the edges."""
    found = [timedelta(0)] * (len(edges) - 1)
    for percent, stretches_ in parts:
        times = spread(stretches_, edges)
        found = [sofar + percent * time / 100 for sofar, time in zip(found, times, strict=True)]
    return found


def _rows(rows: list[dict[str, Any]], window: Window) -> pd.DataFrame:
    """Rows of which `part` and `whole` are added up; none of a service: nothing was agreed."""
    columns = [*OF_A_SERVICE, "step", "record", "part", "whole", "missing"]
    if not rows:
        nothing = {"service": pd.NA, "service_name": "", "team": pd.NA, "team_name": "",
                   "record": None, "part": 0.0, "whole": 0.0}  # fmt: skip
        rows = [
            nothing | {"step": one.label, "missing": str(Missing.AGREEMENT)}
            for one in begun(window)
        ]
    frame = pd.DataFrame([{"missing": "", **row} for row in rows], columns=columns)
    return frame.astype({"service": "Int64", "team": "Int64", "record": "Int64"})


def available(frames: Frames, window: Window) -> pd.DataFrame:
    """Availability of services.

    Formula: (agreed service time − time down inside it − the part that counts of the time degraded)
    / agreed service time. Of several services both are added up; it is that of services, never the
    mean of their parts.
    Population: services in operation that an agreement gives hours of service: the calendar of the
    customer agreement about the service without any other condition, else of the general or the
    default one. Maintenance windows that name the service are agreed maintenance and no service
    time. Down: from when until when incidents say that their service could not be used; without an
    end until their solution. Cancelled and confidential incidents do not count.
    Basis: the period, in real elapsed time, until now; the team is the one that has the service.
    Edge cases: outages that overlap are one; outside of the agreed time or inside maintenance they
    are none, and maintenance that takes longer than agreed counts from there. Time in which a
    service worked worse than agreed (degraded) counts as much as its agreement says, 0 % unless it
    says more; where it was down at the same time, it was down. Without agreed time “n/a”.
    """
    rows: list[dict[str, Any]] = []
    for one in _uptimes(frames, window):
        place = one.belongs | {"step": one.step}
        up = one.agreed - one.down - one.degraded
        rows.append(place | _sums(None, up, one.agreed / SECOND))
        rows += [place | _sums(record, timedelta(0), 0.0) for record in one.outages]
    return _rows(rows, window)


def between_failures(frames: Frames, window: Window) -> pd.DataFrame:
    """Time between failures (MTBF).

    Formula: (agreed service time − time down inside it) / failures.
    Population: services in operation that an agreement gives hours of service, as for availability.
    A failure is an outage, or several that overlap, inside the agreed time; a service that is only
    degraded has not failed.
    Basis: failures that first hurt in the period, until now.
    Edge cases: without a failure there is none: neither endless nor 0.
    """
    return _per_failure(frames, window, lambda one: one.agreed - one.down)


def to_restore(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to restore the service (MTRS).

    Formula: time down inside the agreed service time / failures.
    Population: services in operation that an agreement gives hours of service, as for availability.
    A failure is an outage, or several that overlap, inside the agreed time; a service that is only
    degraded has not failed.
    Basis: failures that first hurt in the period, until now; the time down of the period.
    Edge cases: without a failure there is none. Not the time to resolve a ticket.
    """
    return _per_failure(frames, window, lambda one: one.down)


def between_starts(frames: Frames, window: Window) -> pd.DataFrame:
    """Time between the starts of failures (MTBSI).

    Formula: agreed service time / failures, which is MTBF + MTRS.
    Population: services in operation that an agreement gives hours of service, as for availability.
    Basis: failures that first hurt in the period, until now.
    Edge cases: without a failure there is none: neither endless nor 0.
    """
    return _per_failure(frames, window, lambda one: one.agreed)


def failed(frames: Frames, window: Window) -> pd.DataFrame:
    """Failures of services.

    Formula: number of outages inside the agreed time; those that overlap are one, and a service
    that is only degraded has not failed.
    Population: services in operation that an agreement gives hours of service, as for availability.
    Basis: failures that first hurt in the period; the list shows the first incident of each.
    """
    rows = _per_failure(frames, window, lambda one: one.agreed)
    return rows[rows["record"].notna()].drop(columns="missing")


def _per_failure(
    frames: Frames, window: Window, time: Callable[[Uptime], timedelta]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for one in _uptimes(frames, window):
        place = one.belongs | {"step": one.step}
        rows.append(place | _sums(None, time(one), 0.0))
        rows += [place | _sums(found.record, timedelta(0), 1.0) for found in one.failures]
    return _rows(rows, window)


def _sums(record: int | None, part: timedelta, whole: float) -> dict[str, Any]:
    return {"record": record, "part": part / SECOND, "whole": whole}


INDICATORS = (
    # Without an outage there is a figure, and it is the best one.
    Indicator(
        "availability", "KPI-18", available, Statistic.RATIO, Unit.SHARE, dimensions=DIMENSIONS,
        more_is=+1, fewest=0,
    ),
    Indicator(
        "failures", "KPI-19", failed, Statistic.COUNT, Unit.COUNT, dimensions=DIMENSIONS,
        more_is=-1,
    ),
    Indicator(
        "time_between_failures", "KPI-19", between_failures, Statistic.RATIO, Unit.DURATION,
        dimensions=DIMENSIONS, more_is=+1,
    ),
    Indicator(
        "time_to_restore", "KPI-19", to_restore, Statistic.RATIO, Unit.DURATION,
        dimensions=DIMENSIONS, more_is=-1,
    ),
    Indicator(
        "time_between_starts", "KPI-19", between_starts, Statistic.RATIO, Unit.DURATION,
        dimensions=DIMENSIONS, more_is=+1,
    ),
)  # fmt: skip
