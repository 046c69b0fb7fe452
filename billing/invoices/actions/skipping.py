"""Why hours and charges stay out of a run, and what to do about it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Reason(StrEnum):
    """Why hours stay out of a run."""

    NO_CONTRACT = "no_contract"
    EXPIRED = "expired"
    NO_RATE = "no_rate"
    NO_KILOMETRE_RATE = "no_kilometre_rate"
    UNAPPROVED = "unapproved"
    NEXT_RUN = "next_run"
    LATER = "later"
    MIXED_VAT = "mixed_vat"
    CHANGED = "changed"
    UNEXPECTED = "unexpected"
    INCLUDED = "included"
    CHARGE_WITHOUT_CONTRACT = "charge_without_contract"
    INCOMPLETE = "incomplete"
    BLOCK_USED_UP = "block_used_up"


# Someone has to act on these before the month is closed; the others wait for their turn.
NEEDS_ACTION = (
    Reason.NO_CONTRACT,
    Reason.EXPIRED,
    Reason.NO_RATE,
    Reason.NO_KILOMETRE_RATE,
    Reason.UNAPPROVED,
    Reason.MIXED_VAT,
    Reason.CHANGED,
    Reason.UNEXPECTED,
    Reason.CHARGE_WITHOUT_CONTRACT,
    Reason.INCOMPLETE,
    Reason.BLOCK_USED_UP,
)


@dataclass(frozen=True)
class Skip:
    """Hours of one organization that stay out; `minutes` are raw."""

    reason: Reason
    organization: str
    entries: int = 0
    minutes: int = 0
    activity: str = ""
    # What else the sentence names: a contract, what is missing, a charge.
    about: str = ""

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Skip":
        """From a row as a run keeps it."""
        return cls(**{**row, "reason": Reason(row["reason"])})

    def as_row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def needs_action(self) -> bool:
        return self.reason in NEEDS_ACTION

    @property
    def sentence(self) -> str:
        """For a person: how many, and what to do."""
        entries = ngettext("%(count)d time entry", "%(count)d time entries", self.entries) % {
            "count": self.entries
        }
        texts = {
            Reason.NO_CONTRACT: _("%(entries)s without a contract on the day of work."),
            Reason.EXPIRED: _(
                "%(entries)s after the end of contract %(about)s. Prolong it, make a new one, or "
                "mark the hours as not billable."
            ),
            Reason.NO_RATE: _("%(entries)s without an hourly rate for %(activity)s."),
            Reason.NO_KILOMETRE_RATE: _(
                "%(entries)s with kilometers, for which the contract has no price."
            ),
            Reason.UNAPPROVED: _("%(entries)s not approved yet."),
            Reason.NEXT_RUN: _("%(entries)s for the next month: the invoice is issued."),
            Reason.LATER: _("%(entries)s worked after this month."),
            Reason.MIXED_VAT: _(
                "Hours outside the scope of VAT cannot stand beside others on one invoice."
            ),
            Reason.CHANGED: _("The hours changed during the run. Run the month again."),
            Reason.INCLUDED: _("%(entries)s included in the contract; nothing is charged."),
            Reason.CHARGE_WITHOUT_CONTRACT: _(
                "“%(about)s” has no contract that says how it is billed."
            ),
            Reason.INCOMPLETE: _("Before it can be issued, add: %(about)s."),
            Reason.BLOCK_USED_UP: _(
                "The prepaid hours of contract %(about)s are used up; the rest is charged."
            ),
            Reason.UNEXPECTED: _(
                "Something unexpected went wrong; the log of the worker says what. "
                "Run the month again."
            ),
        }
        return texts[self.reason] % {
            "entries": entries,
            "activity": self.activity,
            "about": self.about,
        }
