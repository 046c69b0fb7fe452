"""What was promised to one ticket, frozen at the moment it was promised.

Terms are chosen by `itil.sla.matching`, written into the event that caused the choice and copied
to the clocks. So a history can be computed again after its agreement was edited (`SLA-7`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from itil.sla.models import Form

# Reasons for waiting that pause the clocks towards the customer (domain 2.1). An agreement may
# add `awaiting_vendor`.
PAUSING = ("awaiting_requester", "scheduled", "awaiting_approval", "force_majeure")
# Every reason pauses the clock of a team, apart from a failed task, which is its own to mend.
PAUSING_TEAMS = (
    *PAUSING,
    "awaiting_vendor",
    "awaiting_change",
    "awaiting_problem",
    "awaiting_parts",
)
# A supplier is not held up by us.
PAUSING_SUPPLIERS = ("force_majeure",)


@dataclass(frozen=True)
class Target:
    """One cell of the target table with the calendar it is counted by (`SLA-3`).

    `edition` names the opening hours as they were. `at` is the instant agreed on the ticket, in
    ISO 8601.
    """

    calendar: int
    calendar_version: int
    edition: str
    form: str = Form.DURATION
    seconds: int | None = None
    days: int | None = None
    snap: str = ""
    cutoff: int | None = None
    at: str | None = None


@dataclass(frozen=True)
class Step:
    """An escalation at a share of the target; `edition` is the calendar a warning waits for."""

    percent: int
    action: str
    metric: str = ""
    team: int | None = None
    edition: str | None = None

    @property
    def key(self) -> str:
        """Names the step among those of one target version (`SLA-24`)."""
        return f"{self.percent}:{self.action}:{self.metric}"


@dataclass(frozen=True)
class Terms:
    """One agreement as it applies to one ticket: its targets by metric, and its rules."""

    kind: str
    agreement: int
    name: str
    version: int
    reason: str
    # The column of the target table; `target_key` says whether it is a priority or a severity.
    priority: int
    targets: Mapping[str, Target]
    at_risk_percent: int = 75
    pausing: tuple[str, ...] = PAUSING
    reopen: str = "resume"
    steps: tuple[Step, ...] = ()
    team: int | None = None
    supplier: int | None = None
    target_key: str = "priority"

    def as_data(self) -> dict[str, Any]:
        """For the `terms` of an event."""
        targets = {
            metric: {name: value for name, value in vars(target).items() if value is not None}
            for metric, target in self.targets.items()
        }
        return vars(self) | {
            "targets": targets,
            "pausing": list(self.pausing),
            "steps": [vars(step) for step in self.steps],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` made."""
        return cls(
            **{
                **data,
                "targets": {metric: Target(**cell) for metric, cell in data["targets"].items()},
                "pausing": tuple(data["pausing"]),
                "steps": tuple(Step(**step) for step in data["steps"]),
            }
        )

    def only(self, metrics: frozenset[str]) -> Self:
        """The same agreement with no other metrics."""
        targets = {name: cell for name, cell in self.targets.items() if name in metrics}
        return replace(self, targets=targets)


@dataclass(frozen=True)
class Promise:
    """What a clock keeps of its terms: everything that decides how it runs."""

    name: str
    form: str = Form.DURATION
    seconds: int | None = None
    days: int | None = None
    snap: str = ""
    cutoff: int | None = None
    at: str | None = None
    at_risk_percent: int = 75
    pausing: tuple[str, ...] = PAUSING
    reopen: str = "resume"
    steps: tuple[Step, ...] = field(default=())

    @classmethod
    def of(cls, terms: Terms, metric: str) -> Self:
        """What `terms` promise for `metric`."""
        cell = terms.targets[metric]
        return cls(
            name=terms.name,
            form=cell.form,
            seconds=cell.seconds,
            days=cell.days,
            snap=cell.snap,
            cutoff=cell.cutoff,
            at=cell.at,
            at_risk_percent=terms.at_risk_percent,
            pausing=terms.pausing,
            reopen=terms.reopen,
            steps=tuple(step for step in terms.steps if step.metric in ("", metric)),
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` made."""
        return cls(
            **{
                **data,
                "pausing": tuple(data.get("pausing", PAUSING)),
                "steps": tuple(Step(**step) for step in data.get("steps", ())),
            }
        )

    def as_data(self) -> dict[str, Any]:
        """For the `terms` of a clock."""
        return vars(self) | {
            "pausing": list(self.pausing),
            "steps": [vars(step) for step in self.steps],
        }

    @property
    def measure(self) -> tuple[Any, ...]:
        """What the due time is computed from; another measure is another target."""
        return (self.form, self.seconds, self.days, self.snap, self.cutoff, self.at)
