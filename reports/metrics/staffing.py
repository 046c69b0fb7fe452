"""What a number of people could do against what may come. Plain arithmetic: pages compute it."""

from dataclasses import dataclass

# Longer than this nobody looks ahead.
MOST_WEEKS = 520


@dataclass(frozen=True)
class Load:
    """`load` is the part of the hours there are that the work coming in takes. `weeks` until the
    backlog is gone; None: never at this rate. `grows` is by how many hours a week it grows then."""

    capacity: float
    load: float | None
    weeks: float | None
    grows: float


def load_of(*, agents: float, hours: float, work: float, backlog: float) -> Load:
    """How so many agents with so many hours a week each stand against the work of a week.

    Formula: load = hours of work that come in a week / (agents × hours each); the backlog is gone
    after backlog / (capacity − work) weeks. `work` is the mean of the forecast weeks, `backlog` the
    open tickets × the hours recorded per ticket resolved so far.
    Edge cases: no capacity has no load; when as much or more comes in than can be done the backlog
    is never gone. A backlog of nothing is gone at once.
    """
    capacity = agents * hours
    spare = capacity - work
    weeks: float | None = None
    if backlog <= 0:
        weeks = 0.0
    elif spare > 0 and backlog / spare <= MOST_WEEKS:
        weeks = backlog / spare
    return Load(capacity, work / capacity if capacity else None, weeks, max(0.0, -spare))
