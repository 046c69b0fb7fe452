"""Shapes of clocks as arrays; what reads them and what counts with them share these.

Instants are epoch seconds, durations seconds, names and records are numbers (`codes`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stretches:
    """`[start, end)` of `owners`, which are row numbers; sorted by owner and start."""

    owners: Numbers
    starts: Seconds
    ends: Seconds

    def __len__(self) -> int:
        return len(self.owners)

    def where(self, wanted: Flags) -> "Stretches":
        """Those of which `wanted`, one flag each, is true."""
        return Stretches(self.owners[wanted], self.starts[wanted], self.ends[wanted])

    def within(self, begins: Seconds, ends: Seconds) -> "Stretches":
        """Cut to the life of their owner, from `begins` to `ends`, one of each per owner."""
        cut = Stretches(
            self.owners,
            np.maximum(self.starts, begins[self.owners]),
            np.minimum(self.ends, ends[self.owners]),
        )
        return cut.where(cut.starts < cut.ends)


@dataclass(frozen=True)
class Promises:
    """What was promised to each clock, one after the other, sorted by clock and time.

    `until` is when the next promise took its place, NEVER for the last one: a priority that is
    changed re-targets a clock from its start, unless it was missed by then (`SLA-17`).
    `schedules` are numbers of opening hours.
    """

    clocks: Numbers
    until: Seconds
    priorities: Numbers
    targets: Seconds
    schedules: Numbers

    def where(self, wanted: Flags) -> "Promises":
        return Promises(
            self.clocks[wanted],
            self.until[wanted],
            self.priorities[wanted],
            self.targets[wanted],
            self.schedules[wanted],
        )


@dataclass(frozen=True)
class Clocks:
    """Clocks as they were at one moment, one entry each; `stretches` and `promises` name them by
    the number of their entry.

    A stretch that is still open ends at that moment; `ends` is when the clock stopped, or that
    moment. `replayable` ones have a target of business time by known hours and are not excluded.
    """

    metrics: Numbers
    outcomes: Numbers
    stopped: Flags
    begins: Seconds
    ends: Seconds
    replayable: Flags
    pausable: Flags
    stretches: Stretches
    promises: Promises

    def __len__(self) -> int:
        return len(self.metrics)


@dataclass(frozen=True)
class Waits:
    """The times in which the ticket of a clock waited; `reasons` are numbers of hold reasons."""

    stretches: Stretches
    reasons: Numbers
