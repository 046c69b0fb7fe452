"""What a step asks for, frozen when its process begins (`REQ-1`)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from .models import OnTimeout, PolicyMember, PolicyStep
from .voting import Bench, Rule, RuleKind


@dataclass(frozen=True)
class StepTerms:
    """One step as data: whom to ask, by which rule, and what happens without an answer."""

    label: str
    source: str
    rule: Rule
    on_timeout: str
    person: int | None = None
    team: int | None = None
    only_above: Decimal | None = None
    mandatory: tuple[int, ...] = ()
    chairs: tuple[int, ...] = ()
    # The members of a board, as they were when its step began, and when their vote closes.
    people: tuple[int, ...] = ()
    closes_at: datetime | None = None

    def applies_to(self, amount: Decimal | None) -> bool:
        """False for a step that only larger amounts need (`APP-1`); no amount is nothing."""
        return self.only_above is None or (amount or Decimal(0)) > self.only_above

    def for_any_one(self) -> "StepTerms":
        """The same, decided by whoever answers first: for people who stand in for a lost step."""
        return replace(self, rule=replace(self.rule, kind=RuleKind.ANY))

    def decided_by(self, bench: Bench) -> "StepTerms":
        """The same, asked of a board by its own rule. What is not said by its deadline is an
        abstention: nobody else is asked instead.
        """
        return replace(
            self,
            rule=bench.rule,
            people=bench.people,
            mandatory=bench.mandatory,
            chairs=bench.chairs,
            closes_at=bench.closes_at,
            on_timeout=OnTimeout.EXPIRE if bench.closes_at else self.on_timeout,
        )

    @classmethod
    def of_step(cls, step: PolicyStep) -> Self:
        """The terms of a policy's step as they are now."""
        members = list(step.members.all())

        def with_duty(duty: str) -> tuple[int, ...]:
            return tuple(member.person_id for member in members if member.duty == duty)

        return cls(
            label=step.label,
            source=step.source,
            rule=Rule(step.rule, step.number, step.rejects),
            on_timeout=step.on_timeout,
            person=step.person_id,
            team=step.team_id,
            only_above=step.only_above,
            mandatory=with_duty(PolicyMember.Duty.MANDATORY),
            chairs=with_duty(PolicyMember.Duty.CHAIR),
        )

    def as_data(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "source": str(self.source),
            "rule": self.rule.as_data(),
            "on_timeout": str(self.on_timeout),
            "person": self.person,
            "team": self.team,
            "only_above": None if self.only_above is None else str(self.only_above),
            "mandatory": list(self.mandatory),
            "chairs": list(self.chairs),
            "people": list(self.people),
            "closes_at": self.closes_at and self.closes_at.isoformat(),
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        only_above, closes_at = data["only_above"], data.get("closes_at")
        return cls(
            **data
            | {
                "rule": Rule.of(data["rule"]),
                "only_above": None if only_above is None else Decimal(only_above),
                "mandatory": tuple(data["mandatory"]),
                "chairs": tuple(data["chairs"]),
                "people": tuple(data.get("people", ())),
                "closes_at": datetime.fromisoformat(closes_at) if closes_at else None,
            }
        )
