"""What a record must be given before it may wait (domain 2.1), the same for every type."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.tickets.errors import MissingValue, NotAllowed
from portal.people.models import User

from .history import LinkType
from .ticket import Ticket

# What a reason for waiting must name.
_REFERENCES = {
    "awaiting_vendor": _("Name the supplier or the contract."),
    "awaiting_change": _("Name the change it waits for."),
    "awaiting_problem": _("Name the problem it waits for."),
    "awaiting_parts": _("Name the parts it waits for."),
}


# What a reason for waiting must be linked with, by the kind of the record.
AWAITED = {"awaiting_change": "change", "awaiting_problem": "problem"}
_LINKS = {"change": LinkType.FIXED_BY, "problem": LinkType.CAUSED_BY}


class Holding:
    """A record that may be put on hold; the check that its life cycle names "hold"."""

    # What a person may choose, and what only the system finds out.
    HOLD_REASONS: Collection[str]
    FOUND_REASONS: Collection[str] = ()
    team_id: int | None
    pk: int

    def guard_hold(self, values: dict[str, Any], by: User | None) -> None:
        """Each reason for waiting brings what it needs."""
        reason = values["hold_reason"]
        is_known = reason in self.HOLD_REASONS or (by is None and reason in self.FOUND_REASONS)
        if not is_known:
            raise MissingValue("hold_reason", _now("Choose what the ticket waits for."))
        has_note = bool(str(values.get("note") or "").strip())
        if reason == "awaiting_requester" and not has_note:
            raise MissingValue("note", _now("Write the question; the requester reads it."))
        if reason == "scheduled" and not values.get("resume_at"):
            raise MissingValue("resume_at", _now("Choose when work goes on."))
        named = str(values.get("reference") or "").strip()
        if reason == "awaiting_vendor":
            named = named or values.get("supplier")
        if reason in AWAITED:
            self._find_awaited(AWAITED[reason], named, values)
        elif reason in _REFERENCES and not named:
            raise MissingValue("reference", str(_REFERENCES[reason]))
        if reason == "force_majeure":
            if by is None or self.team_id not in by.grants.led_team_ids:
                raise NotAllowed(_now("Only a lead of the team may declare force majeure."))
            if not has_note:
                raise MissingValue("note", _now("Note the evidence."))

    def _find_awaited(self, kind: str, named: str, values: dict[str, Any]) -> None:
        """It waits for a record: the one with this number, or one that is linked already.

        `values` then hold the record to link with, if it is a new one, as `awaits`.
        """
        open_records = Ticket.objects.open().filter(kind=kind, is_confidential=False)
        if named:
            found = open_records.filter(number__iexact=named).first()
            if found is None:
                raise MissingValue(
                    "reference", _now("There is no open record %(number)s.") % {"number": named}
                )
            values["awaits"] = found
        elif not open_records.filter(links_in__source=self.pk).exists():
            raise MissingValue("reference", str(_REFERENCES[f"awaiting_{kind}"]))


def link_type_of(awaited: Ticket) -> LinkType:
    """How a ticket that waits for `awaited` is linked with it."""
    return _LINKS[awaited.kind]
