"""When a step is decided: rules, votes and what they add up to (`APP-2`), and a vote in the plain
words of a mail (`APP-8`). Knows no tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self, runtime_checkable

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleKind(models.TextChoices):
    """How many of a step's approvers have to agree."""

    ALL = "all", _("All of them")
    ANY = "any", _("Any one of them")
    QUORUM = "quorum", _("A number of them")
    PERCENT = "percent", _("A share of them, in percent")


class Rejects(models.TextChoices):
    """When a step is rejected."""

    ANY_REJECT = "any_reject", _("As soon as one declines")
    UNTIL_IMPOSSIBLE = "until_impossible", _("When too few are left who could agree")


class Decision(models.TextChoices):
    """What an approver may say."""

    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Declined")
    ABSTAINED = "abstained", _("Abstained")


class Outcome(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Rule:
    """`number` is how many for a quorum, and a percentage for a share; else it means nothing."""

    kind: str = RuleKind.ALL
    number: int = 0
    rejects: str = Rejects.ANY_REJECT

    def needed(self, eligible: int) -> int:
        """How many of `eligible` approvers have to agree; at least one, and never more than there
        are: of a group that is smaller than its quorum everybody has to.
        """
        match self.kind:
            case RuleKind.ANY:
                wanted = 1
            case RuleKind.QUORUM:
                wanted = self.number
            case RuleKind.PERCENT:
                # The ceiling in whole numbers, without fractions on the way (`GEN-4`).
                wanted = -(-self.number * eligible // 100)
            case _:
                wanted = eligible
        return max(1, min(wanted, eligible))

    def as_data(self) -> dict[str, Any]:
        return {"kind": str(self.kind), "number": self.number, "rejects": str(self.rejects)}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(data["kind"], data["number"], data["rejects"])


@dataclass(frozen=True)
class Bench:
    """Who decides a record together, by their keys, and by which rule; until when, if at all."""

    people: tuple[int, ...]
    rule: Rule
    mandatory: tuple[int, ...] = ()
    chairs: tuple[int, ...] = ()
    closes_at: datetime | None = None


@runtime_checkable
class Benched(Protocol):
    """A record that a board decides; asked when the step of the board begins."""

    def bench(self) -> Bench:
        """The board as it is now."""


@dataclass(frozen=True)
class Ballot:
    """One approver's say; `decision` is empty while there is none.

    Without a mandatory member's approval nothing is approved; a chair's rejection ends the step.
    """

    decision: str = ""
    is_mandatory: bool = False
    is_chair: bool = False


def outcome_of(rule: Rule, ballots: Sequence[Ballot]) -> Outcome:
    """Where a step with these ballots stands. Without any approver it stays open, never approved.

    Abstaining counts as not approving.
    """
    if not ballots:
        return Outcome.OPEN
    rejections = [ballot for ballot in ballots if ballot.decision == Decision.REJECTED]
    if any(ballot.is_chair for ballot in rejections):
        return Outcome.REJECTED
    if rejections and rule.rejects == Rejects.ANY_REJECT:
        return Outcome.REJECTED
    mandatory = [ballot.decision for ballot in ballots if ballot.is_mandatory]
    if {Decision.REJECTED, Decision.ABSTAINED} & set(mandatory):
        return Outcome.REJECTED
    approved = sum(ballot.decision == Decision.APPROVED for ballot in ballots)
    waiting = sum(not ballot.decision for ballot in ballots)
    needed = rule.needed(len(ballots))
    if approved + waiting < needed:
        return Outcome.REJECTED
    if approved >= needed and all(decision == Decision.APPROVED for decision in mandatory):
        return Outcome.APPROVED
    return Outcome.OPEN


# In the languages of the house; whole words, nothing that could mean something else.
_WORDS = {
    Decision.APPROVED: frozenset(
        {
            *("approve", "approved", "i approve"),
            *("akkoord", "goedgekeurd", "goedkeuren"),
            *("genehmigt", "genehmigen", "ich genehmige"),
        }
    ),
    Decision.REJECTED: frozenset(
        {
            *("reject", "rejected", "decline", "declined"),
            *("afgekeurd", "afgewezen", "afwijzen"),
            *("abgelehnt", "ablehnen", "ich lehne ab"),
        }
    ),
}
_BETWEEN = re.compile(r"\s*[:–—]\s*|\s+-\s+|\n")


def decision_in(text: str) -> tuple[Decision, str] | None:
    """The decision and its reason that `text`, an answer without quotation and signature, states
    beyond doubt; None when it may mean something else.

    An approval is the one word and nothing more. A rejection is the word, then on the same line
    after a colon or on the next lines the reason, which may be missing here.
    """
    text = text.strip()
    if any(line.lstrip().startswith((">", "|")) for line in text.splitlines()):
        return None
    head, reason = [*_BETWEEN.split(text, maxsplit=1), ""][:2]
    decision = next((one for one, words in _WORDS.items() if _word(head) in words), None)
    reason = reason.strip()
    if decision is None or (decision == Decision.APPROVED and reason):
        return None
    # Both words in one answer: nobody can tell which counts.
    if any(_word(line) in words for line in reason.splitlines() for words in _WORDS.values()):
        return None
    return decision, reason


def _word(text: str) -> str:
    return text.strip(" \t.!*").casefold()
