"""What can be asked of what-if. Imports neither NumPy nor pandas: forms make these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from itil.calendars.hours import Schedule
from itil.calendars.hours.definition import definition, schedule_from
from reports.metrics.period import Period

from .reading import Scope
from .snapshots import filters_of, scope_of


@dataclass(frozen=True)
class Question:
    """Which clocks are looked at, and what is tried.

    Tickets received in `period`, so that before and after are about the same ones. Empty filters
    take all; `team` resolved the ticket, or holds it. `targets` are seconds by metric and priority;
    `schedule` takes the place of all opening hours, `pausing` of the reasons that pause. None: as
    it was.
    """

    period: Period
    priorities: frozenset[int] = frozenset()
    team: int | None = None
    organization: int | None = None
    agreement: int | None = None
    targets: Mapping[tuple[str, int], int] = field(default_factory=dict)
    schedule: Schedule | None = None
    pausing: frozenset[str] | None = None

    @property
    def tries_anything(self) -> bool:
        return bool(self.targets) or self.schedule is not None or self.pausing is not None

    def as_filters(self) -> dict[str, Any]:
        """The question as JSON, the same for the same question."""
        return filters_of(Scope(self.period, self.team, self.organization)) | {
            "priorities": sorted(self.priorities),
            "agreement": self.agreement,
            "targets": sorted([*cell, seconds] for cell, seconds in self.targets.items()),
            "schedule": self.schedule and definition(self.schedule),
            "pausing": None if self.pausing is None else sorted(self.pausing),
        }

    @classmethod
    def of_filters(cls, filters: Mapping[str, Any]) -> "Question":
        """The inverse of `as_filters`."""
        scope, schedule, pausing = scope_of(filters), filters["schedule"], filters["pausing"]
        return cls(
            period=scope.period,
            priorities=frozenset(filters["priorities"]),
            team=scope.team_id,
            organization=scope.organization_id,
            agreement=filters["agreement"],
            targets={
                (metric, priority): seconds for metric, priority, seconds in filters["targets"]
            },
            schedule=schedule and schedule_from(schedule, is_kept=True),
            pausing=None if pausing is None else frozenset(pausing),
        )
