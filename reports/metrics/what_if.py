"""What the clocks of a period would have come to with other hours, targets or reasons to pause.

The rules are those of `itil.sla.clock`, over arrays: a clock is missed when its target was used up
inside one of its active stretches, before that stretch ended (`SLA-15`, `SLA-16`). Instants are
epoch seconds, durations seconds of business time.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from itil.calendars.hours import Schedule
from itil.calendars.hours.arrays import add, between
from reports.frames.arrays import (
    Clocks,
    Flags,
    Numbers,
    Promises,
    Seconds,
    Stretches,
    Waits,
)
from reports.frames.codes import NEVER, SEVERITIES, Outcome

from .comparison import Comparison, Tally, Usual

# The numbers of priorities and severities are below this.
LEVELS = SEVERITIES.stop


@dataclass(frozen=True)
class Changes:
    """What is tried.

    `targets` gives other seconds by (metric, priority), `hours` the number of the opening hours for
    all clocks. Of the reasons in `decided` those in `pausing` pause and the others do not; what
    waits for another reason stays as it was.
    """

    targets: Mapping[tuple[int, int], int]
    hours: int | None = None
    pausing: Collection[int] = ()
    decided: Collection[int] = ()


@dataclass(frozen=True)
class Verdicts:
    """One entry per clock.

    `due_at` is when the target is or was used up, NEVER when that is not known. `replayed` marks
    the clocks that the changes may touch; the others keep what they have and have no `due_at`.
    """

    outcomes: Numbers
    due_at: Seconds
    replayed: Flags


def what_if(
    clocks: Clocks, changes: Changes, schedules: Sequence[Schedule], waits: Waits | None = None
) -> Verdicts:
    """The outcome of every clock under `changes`; without any it is the one it has.

    `schedules` are the opening hours by their number, `waits` those of the tickets, needed when
    reasons are decided. NeverOpenError when the hours do not open again for a target.
    """
    promises = _changed(clocks, changes)
    touched = np.zeros(len(clocks), bool)
    different = promises.targets != clocks.promises.targets
    different |= promises.schedules != clocks.promises.schedules
    touched[promises.clocks[different]] = True
    stretches = clocks.stretches
    if changes.decided and waits is not None:
        stretches, moved = _paused_anew(clocks, changes, waits)
        touched |= moved
    touched &= clocks.replayable
    breached_at, due_at = judge(clocks, stretches, promises, schedules, touched)
    anew = np.where(
        breached_at != NEVER,
        Outcome.BREACHED,
        np.where(clocks.stopped, Outcome.MET, Outcome.PENDING),
    )
    return Verdicts(np.where(touched, anew, clocks.outcomes), due_at, touched)


def judge(
    clocks: Clocks,
    stretches: Stretches,
    promises: Promises,
    schedules: Sequence[Schedule],
    wanted: Flags,
) -> tuple[Seconds, Seconds]:
    """When each clock was missed, NEVER if it was not; and when it is or was due.

    What is due after a pause is what was left, counted from the end of the pause. Used up exactly
    at the end of a stretch is not missed (`SLA-15`). Only the `wanted` clocks are judged; of the
    others both are NEVER, as is the due time while a clock stands still.
    """
    count = len(clocks)
    stretches = _up_to_the_stop(stretches.where(wanted[stretches.owners]), clocks, wanted)
    promises = promises.where(wanted[promises.clocks])
    # One row per promise and stretch of its clock, in this order.
    of_clock = np.bincount(stretches.owners, minlength=count)
    first_of_clock = of_clock.cumsum() - of_clock
    rows = of_clock[promises.clocks]
    first = rows.cumsum() - rows
    promise = np.repeat(np.arange(len(rows)), rows)
    row = np.arange(len(promise)) + np.repeat(first_of_clock[promises.clocks] - first, rows)
    starts = stretches.starts[row]
    ends = np.minimum(stretches.ends[row], promises.until[promise])

    which = promises.schedules[promise]
    used = _by_schedule(between, schedules, which, starts, ends)
    total = used.cumsum() - used
    begun = np.zeros(len(rows), np.int64)
    begun[rows > 0] = total[first[rows > 0]]
    left = np.maximum(0, promises.targets[promise] - (total - begun[promise]))
    last = np.zeros(len(promise), bool)
    last[(first + rows - 1)[rows > 0]] = True
    asked = last | (used >= left)
    due = np.full(len(promise), NEVER)
    due[asked] = _by_schedule(add, schedules, which[asked], starts[asked], left[asked])

    breached_at, due_at = np.full(count, NEVER), np.full(count, NEVER)
    stands_still = ~clocks.stopped & (_ends_of_last(stretches, clocks) < clocks.ends)
    final = last & (promises.until[promise] == NEVER) & ~stands_still[promises.clocks[promise]]
    due_at[promises.clocks[promise[final]]] = due[final]
    missed = np.flatnonzero(due < ends)
    late, place = np.unique(promises.clocks[promise[missed]], return_index=True)
    breached_at[late] = due_at[late] = due[missed[place]]
    return breached_at, due_at


def _ends_of_last(stretches: Stretches, clocks: Clocks) -> Seconds:
    """The end of the last stretch of every clock, its beginning for those that have none."""
    ends = clocks.begins.copy()
    ends[stretches.owners] = stretches.ends
    return ends


def _up_to_the_stop(stretches: Stretches, clocks: Clocks, wanted: Flags) -> Stretches:
    """A clock that stood still when it was stopped is due as if it had gone on at that instant."""
    still = clocks.stopped & wanted & (_ends_of_last(stretches, clocks) < clocks.ends)
    stops = np.flatnonzero(still)
    owners = np.concatenate((stretches.owners, stops))
    starts = np.concatenate((stretches.starts, clocks.ends[stops]))
    ends = np.concatenate((stretches.ends, clocks.ends[stops]))
    order = np.argsort(owners, kind="stable")
    return Stretches(owners[order], starts[order], ends[order])


def _by_schedule(
    count: Callable[[Schedule, Seconds, Seconds], Seconds],
    schedules: Sequence[Schedule],
    which: Numbers,
    one: Seconds,
    other: Seconds,
) -> Seconds:
    """`count` of each pair by the opening hours of its number."""
    found = np.zeros(len(which), np.int64)
    for number in np.flatnonzero(np.bincount(which)).tolist():
        mine = which == number
        found[mine] = count(schedules[number], one[mine], other[mine])
    return found


def _changed(clocks: Clocks, changes: Changes) -> Promises:
    """The promises with the targets and hours that are tried."""
    old = clocks.promises
    highest = max([int(clocks.metrics.max(initial=0)), *(metric for metric, _ in changes.targets)])
    table = np.full((highest + 1, LEVELS), -1)
    for (metric, priority), seconds in changes.targets.items():
        table[metric, priority] = seconds
    tried = table[clocks.metrics[old.clocks], old.priorities]
    return Promises(
        old.clocks,
        old.until,
        old.priorities,
        np.where(tried >= 0, tried, old.targets),
        old.schedules if changes.hours is None else np.full(len(old.clocks), changes.hours),
    )


def _paused_anew(clocks: Clocks, changes: Changes, waits: Waits) -> tuple[Stretches, Flags]:
    """The active stretches as the decided reasons would have left them, and whose may differ."""
    known = waits.stretches
    decided = np.isin(waits.reasons, list(changes.decided))
    decided &= (clocks.pausable & clocks.replayable)[known.owners]
    pauses = np.isin(waits.reasons, list(changes.pausing))
    runs = known.where(decided & ~pauses).within(clocks.begins, clocks.ends)
    stands = known.where(decided & pauses).within(clocks.begins, clocks.ends)
    moved = np.zeros(len(clocks), bool)
    moved[runs.owners] = moved[stands.owners] = True
    return combined(clocks.stretches, runs, stands), moved


# --- Counting -------------------------------------------------------------------------------------


def compared(groups: Numbers, before: Numbers, after: Numbers) -> dict[int, Comparison]:
    """The outcomes before and after by group, counted; groups in the order of their numbers."""
    names, place = np.unique(groups, return_inverse=True)
    shape = (len(names), len(Outcome))
    tallies = [
        np.bincount(place * len(Outcome) + outcomes, minlength=shape[0] * shape[1]).reshape(shape)
        for outcomes in (before, after)
    ]
    was, is_now = before == Outcome.BREACHED, after == Outcome.BREACHED
    turned = [
        np.bincount(place[changed], minlength=shape[0])
        for changed in (is_now & ~was, was & ~is_now)
    ]
    return {
        int(name): Comparison(
            Tally(*tallies[0][row].tolist()),
            Tally(*tallies[1][row].tolist()),
            int(turned[0][row]),
            int(turned[1][row]),
        )
        for row, name in enumerate(names)
    }


def usual_targets(clocks: Clocks, wanted: Flags) -> dict[int, Usual]:
    """The target of the `wanted` clocks that can be replayed, by metric * LEVELS + priority."""
    promises = clocks.promises
    last = (promises.until == NEVER) & (wanted & clocks.replayable)[promises.clocks]
    groups = clocks.metrics[promises.clocks[last]] * LEVELS + promises.priorities[last]
    targets = promises.targets[last]
    found = {}
    for group in np.unique(groups).tolist():
        values, counts = np.unique(targets[groups == group], return_counts=True)
        found[group] = Usual(int(values[counts.argmax()]), len(values) == 1)
    return found


# --- Stretches ------------------------------------------------------------------------------------


def combined(active: Stretches, added: Stretches, removed: Stretches) -> Stretches:
    """What lies in `active` or `added` and not in `removed`; touching stretches are joined.

    All owners lie side by side on one line, so that one sorted sweep serves them all.
    """
    parts = (active, added, removed)
    owners = np.concatenate([part.owners for part in parts for _edge in range(2)])
    if not owners.size:
        return active
    instants = np.concatenate([edge for part in parts for edge in (part.starts, part.ends)])
    first = instants.min()
    width = instants.max() - first + 1
    places = owners * width + (instants - first)
    inside = _steps(len(active), 1, len(added), 1, len(removed), 0)
    outside = _steps(len(active), 0, len(added), 0, len(removed), 1)
    order = np.argsort(places, kind="stable")
    places = places[order]
    # What holds from an instant on is known at its last edge.
    last = np.append(places[1:] != places[:-1], True)
    is_on = ((inside[order].cumsum() > 0) & (outside[order].cumsum() == 0))[last]
    places = places[last]
    before = np.append(False, is_on[:-1])
    starts, ends = places[is_on & ~before], places[~is_on & before]
    return Stretches(starts // width, starts % width + first, ends % width + first)


def _steps(*counts_and_weights: int) -> Numbers:
    """+weight at the starts and -weight at the ends of each part."""
    counts, weights = counts_and_weights[::2], counts_and_weights[1::2]
    signs = [sign * weight for weight in weights for sign in (1, -1)]
    return np.repeat(np.array(signs, np.int64), np.repeat(counts, 2))
