"""The configuration items that a ticket is about, with the evidence of what fails with them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.cmdb.impact import Impact, what_fails
from itil.cmdb.models import ConfigurationItem
from itil.cmdb.permissions import may_join
from itil.desk import permissions
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import EventKind, ImpactEvidence, ItemRole, Ticket, TicketItem
from portal.people.models import User

from .changing import ensure, locked, touch


@transaction.atomic
def attach_item(
    ticket: Ticket,
    item: ConfigurationItem,
    *,
    by: User | None,
    role: str = ItemRole.AFFECTED,
    at: datetime | None = None,
) -> TicketItem:
    """Say that the ticket is about this item, and keep what was found to fail with it now.

    Raises NotAllowed for a ticket or an item that is not this person's to join; MissingValue for
    an unknown role; Refused when it is there already, once the ticket is closed, and across
    customers (`VIS-5`). `by` None is the system.
    """
    at = at or timezone.now()
    if role not in ItemRole:
        raise MissingValue("role", _("Choose what the item is to the ticket."))
    present = locked(ticket)
    ensure(may_attach(by, present), _("You cannot change this ticket."))
    if present.closed_at:
        raise Refused(_("%(number)s is closed.") % {"number": present.number})
    _ensure_seen(item, by)
    if not may_join(present.organization, item.organization):
        raise Refused(
            _("%(name)s belongs to %(organization)s, the ticket to %(other)s.")
            % {
                "name": item.name,
                "organization": item.organization,
                "other": present.organization,
            }
        )
    if TicketItem.objects.filter(ticket=present.pk, item=item).exists():
        raise Refused(
            _("%(name)s is on %(number)s already.") % {"name": item.name, "number": present.number}
        )
    made = TicketItem.objects.create(
        ticket_id=present.pk, item=item, role=role, added_at=at, added_by=by
    )
    evidence = _keep(present, item, by=by, at=at)
    _tell(present, item, "attached", by=by, at=at, role=role, evidence=evidence.pk)
    return made


@transaction.atomic
def detach_item(
    ticket: Ticket, item: ConfigurationItem, *, by: User | None, at: datetime | None = None
) -> None:
    """The ticket is not about this item after all; what was found is kept.

    Raises NotAllowed; Refused when it was not there, and once the ticket is closed.
    """
    at = at or timezone.now()
    present = locked(ticket)
    ensure(may_attach(by, present), _("You cannot change this ticket."))
    if present.closed_at:
        raise Refused(_("%(number)s is closed.") % {"number": present.number})
    gone, _by_model = TicketItem.objects.filter(ticket=present.pk, item=item).delete()
    if not gone:
        raise Refused(
            _("%(name)s is not on %(number)s.") % {"name": item.name, "number": present.number}
        )
    _tell(present, item, "detached", by=by, at=at)


@transaction.atomic
def keep_evidence(
    ticket: Ticket, item: ConfigurationItem, *, by: User | None, at: datetime | None = None
) -> ImpactEvidence:
    """Find once more what fails with an item of the ticket; what was found before stays.

    Raises NotAllowed; Refused when the item is not on the ticket.
    """
    at = at or timezone.now()
    present = locked(ticket)
    ensure(may_attach(by, present), _("You cannot change this ticket."))
    if not TicketItem.objects.filter(ticket=present.pk, item=item).exists():
        raise Refused(
            _("%(name)s is not on %(number)s.") % {"name": item.name, "number": present.number}
        )
    evidence = _keep(present, item, by=by, at=at)
    _tell(present, item, "evidence", by=by, at=at, evidence=evidence.pk)
    return evidence


def may_attach(user: User | None, ticket: Ticket) -> bool:
    """Who may correct what a ticket is about; the system."""
    return user is None or permissions.may_edit(user, ticket)


def kept_impact(evidence: ImpactEvidence) -> Impact:
    """What was found then, with the names of then."""
    return Impact.of(evidence.result)


def _ensure_seen(item: ConfigurationItem, by: User | None) -> None:
    seen = ConfigurationItem.objects.filter(pk=item.pk)
    if by is not None and not seen.visible_to(by).exists():
        raise NotAllowed(_("You cannot see this item."))


def _keep(
    ticket: Ticket, item: ConfigurationItem, *, by: User | None, at: datetime
) -> ImpactEvidence:
    return ImpactEvidence.objects.create(
        ticket_id=ticket.pk,
        item=item,
        computed_at=at,
        computed_by=by,
        result=what_fails(item).as_data(),
    )


def _tell(
    ticket: Ticket,
    item: ConfigurationItem,
    what: str,
    *,
    by: User | None,
    at: datetime,
    **more: Any,
) -> None:
    data = {"what": what, "item": item.number, "name": item.name, **more}
    tickets.record(ticket, EventKind.ITEM, by=by, at=at, data=data)
    touch(ticket, at=at)
