"""The customer answers: by the link of the mail, or signed in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.estimates.lifecycle import ANSWERS, ESTIMATE, State
from billing.estimates.models import Estimate, EstimateEvent
from billing.estimates.permissions import may_decide
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, Refused
from itil.timesheets.hours import business_date
from portal.people.models import User

from .drafting import locked, record
from .keeping import release_drafts

NOTE_LENGTH = 2000


def accept(
    estimate: Estimate, *, by: User, at: datetime, note: str = "", address: str | None = None
) -> Estimate:
    """`by` binds the customer to it; `address` is where the answer came from.

    Said twice by the same person, the first answer stands. Raises NotAllowed, MoveNotAllowed and
    Refused after its last day.
    """
    return _decide(estimate, "accept", by=by, at=at, note=note, address=address)


def reject(
    estimate: Estimate, *, by: User, at: datetime, note: str, address: str | None = None
) -> Estimate:
    """The customer does not want it; `note` says why. Raises as `accept`, and MissingValue."""
    if not note.strip():
        raise MissingValue("note", _("Say what would have to be different."))
    return _decide(estimate, "reject", by=by, at=at, note=note, address=address)


def note_seen(estimate: Estimate, *, by: User, at: datetime) -> None:
    """Keep that the customer opened it, once for a person."""
    seen = estimate.events.filter(kind=EstimateEvent.Kind.SEEN, actor=by)
    if not seen.exists():
        record(estimate, EstimateEvent.Kind.SEEN, by, at)


@transaction.atomic
def _decide(
    estimate: Estimate, verb: str, *, by: User, at: datetime, note: str, address: str | None
) -> Estimate:
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise MissingValue(
            "note", _("Shorten the text to %(limit_value)s letters.") % {"limit_value": NOTE_LENGTH}
        )
    estimate = locked(estimate)
    if not may_decide(by, estimate):
        raise NotAllowed(_("You may not answer this estimate for your organization."))
    move = ESTIMATE.find(verb, estimate.state)
    if move is None:
        if estimate.state in ANSWERS:
            if estimate.decided_by_id == by.pk and estimate.state == _target(verb):
                return estimate
            raise MoveNotAllowed(
                _("%(name)s has answered it already: %(answer)s.")
                % {"name": estimate.decided_name, "answer": estimate.get_state_display()}
            )
        raise MoveNotAllowed(_ended(estimate))
    if estimate.valid_until < business_date(at):
        raise Refused(_("It could be answered until its last day. Ask us for a new version."))
    estimate.state = State(move.target)
    estimate.decided_at, estimate.decided_by, estimate.decided_name = at, by, by.name
    estimate.decided_from, estimate.decision_note = address, note
    estimate.save()
    kind = EstimateEvent.Kind.ACCEPTED if verb == "accept" else EstimateEvent.Kind.REJECTED
    record(estimate, kind, by, at, note=note)
    if estimate.state == State.ACCEPTED:
        release_drafts(estimate, at=at)
    return estimate


def _target(verb: str) -> str:
    return State.ACCEPTED if verb == "accept" else State.REJECTED


def _ended(estimate: Estimate) -> str:
    if estimate.state == State.SUPERSEDED:
        return _("There is a newer version of this estimate. Please answer that one.")
    if estimate.state == State.EXPIRED:
        return _("It could be answered until its last day. Ask us for a new version.")
    return _("This estimate cannot be answered.")
