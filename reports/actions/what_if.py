"""What the service levels of a period would have been with other hours, targets or pauses.

Read once and kept for some minutes, so that the next change of a target is answered at once.
Imports NumPy: for workers, which store the answers (`reports.actions.answers`) for the page.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist

from itil.calendars.hours import Schedule
from itil.calendars.models import schedule_of
from itil.incidents.lifecycle import HoldReason
from reports.frames.arrays import Clocks, Flags, Numbers, Seconds
from reports.frames.choices import read_choices
from reports.frames.clock_arrays import METRICS, Reading, read_clocks
from reports.frames.codes import NEVER, Outcome
from reports.frames.packing import packed, unpacked
from reports.frames.waits import TicketWaits, of_clocks, read_waits
from reports.metrics.comparison import Comparison
from reports.metrics.period import Period
from reports.metrics.what_if import LEVELS, Changes, compared, usual_targets, what_if

from .answers import Answer, Sides
from .questions import Question
from .reading import Scope

# Raised when the shape of what is kept changes.
VERSION = 2
KEPT_SECONDS = 600
REASONS = tuple(HoldReason.values)


def answer(question: Question, *, now: datetime) -> Answer:
    """What would have been. Figures are as of the reading, some minutes old at most.

    NeverOpenError when the hours that are tried do not open again for a target.
    """
    reading = _reading(question.period, now)
    chosen = _chosen(reading, question)
    schedules = [_hours(edition) for edition in reading.hours]
    clocks = _replayable(reading, schedules, question, chosen)
    hours = None
    if question.schedule is not None:
        hours = len(schedules)
        schedules.append(question.schedule)
    changes = Changes(
        targets={(METRICS.index(name), n): sec for (name, n), sec in question.targets.items()},
        hours=hours,
        pausing=[REASONS.index(reason) for reason in question.pausing or ()],
        decided=range(len(REASONS)) if question.pausing is not None else (),
    )
    waits = of_clocks(reading, _waits(question.period, reading)) if changes.decided else None
    # Hours that are not known belong to clocks that are not replayed.
    known = [schedule or Schedule("UTC", always_open=True) for schedule in schedules]
    verdicts = what_if(clocks, changes, known, waits)
    before, after = clocks.outcomes, verdicts.outcomes
    changed = (before == Outcome.BREACHED) != (after == Outcome.BREACHED)
    counted = np.flatnonzero(chosen)
    metrics, teams = clocks.metrics[counted], reading.record.teams[reading.tickets[counted]]
    replayable = clocks.replayable | (before == Outcome.EXCLUDED)

    def by(groups: Numbers) -> dict[int, Comparison]:
        return compared(groups, before[counted], after[counted])

    width = int(teams.max(initial=0)) + 1
    return Answer(
        taken_at=datetime.fromtimestamp(reading.taken_at, UTC),
        clocks=len(counted),
        left_as_they_are=int((chosen & ~replayable).sum()),
        by_metric={METRICS[group]: found for group, found in by(metrics).items()},
        by_priority={
            (METRICS[group // LEVELS], group % LEVELS): found
            for group, found in by(metrics * LEVELS + reading.priorities[counted]).items()
        },
        by_team={
            (METRICS[group // width], group % width): found
            for group, found in by(metrics * width + teams).items()
        },
        usual={
            (METRICS[group // LEVELS], group % LEVELS): found
            for group, found in usual_targets(clocks, chosen).items()
        },
        sides=_sides(reading, np.flatnonzero(changed & chosen), after, verdicts.due_at),
    )


# --- Reading --------------------------------------------------------------------------------------


def _key(period: Period, what: str) -> str:
    return f"what-if:{VERSION}:{what}:{period.first}:{period.last}:{period.zone}"


def _reading(period: Period, now: datetime) -> Reading:
    """All clocks of the period; one answer reads them, the next ones find them kept."""
    kept = cache.get(_key(period, "clocks"))
    if kept is not None:
        return unpacked(Reading, kept)
    reading = read_choices(read_clocks(Scope(period).received(), now))
    cache.set(_key(period, "clocks"), packed(reading), KEPT_SECONDS)
    return reading


def _waits(period: Period, reading: Reading) -> TicketWaits:
    kept = cache.get(_key(period, "waits"))
    if kept is not None:
        return unpacked(TicketWaits, kept)
    waits = read_waits(reading.record, REASONS)
    cache.set(_key(period, "waits"), packed(waits), KEPT_SECONDS)
    return waits


def _hours(edition: str) -> Schedule | None:
    try:
        return schedule_of(UUID(edition))
    except ObjectDoesNotExist:
        return None


# --- Parts ----------------------------------------------------------------------------------------


def _chosen(reading: Reading, question: Question) -> Flags:
    """The clocks that the filters leave."""
    chosen = np.ones(len(reading.clocks), bool)
    if question.priorities:
        chosen &= np.isin(reading.priorities, list(question.priorities))
    if question.agreement:
        chosen &= reading.agreements == question.agreement
    if question.team:
        chosen &= reading.record.teams[reading.tickets] == question.team
    if question.organization:
        chosen &= reading.record.organizations[reading.tickets] == question.organization
    return chosen


def _replayable(
    reading: Reading, schedules: Sequence[Schedule | None], question: Question, chosen: Flags
) -> Clocks:
    """The clocks, of which those not looked at and those by unknown hours stay as they are."""
    clocks = reading.clocks
    replayable = clocks.replayable & chosen
    unknown = [place for place, schedule in enumerate(schedules) if schedule is None]
    if unknown and question.schedule is None:
        promises = clocks.promises
        replayable[promises.clocks[np.isin(promises.schedules, unknown)]] = False
    return replace(clocks, replayable=replayable)


def _sides(reading: Reading, places: Numbers, after: Numbers, due_at: Seconds) -> Sides:
    """The clocks at these places, in the order of the fields of `Side`."""
    clocks, tickets = reading.clocks, reading.tickets[places]
    columns = (
        reading.record.keys[tickets],
        clocks.metrics[places],
        reading.priorities[places],
        reading.record.teams[tickets],
        clocks.outcomes[places],
        after[places],
        reading.due_at[places],
        due_at[places],
        np.where(clocks.stopped, clocks.ends, NEVER)[places],
    )
    return Sides(np.stack(columns, axis=1).astype("<i8").tobytes())
