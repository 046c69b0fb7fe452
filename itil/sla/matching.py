"""Which agreement applies to a ticket, and what it promises (`SLA-4` to `SLA-6`)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from itil.calendars.models import BusinessCalendar
from itil.tickets.models import Ticket
from portal.people.models import Organization

from .models import Agreement

_NEVER = float("inf")
_memory: ContextVar[dict[tuple[object, ...], list[Agreement]] | None] = ContextVar(
    "agreements_read", default=None
)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it, the same agreements are read once; for batches that take a second or two.

    An edit in the admin meanwhile counts from the next batch on.
    """
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


@dataclass(frozen=True)
class Facts:
    """What the conditions of an agreement look at."""

    received_at: datetime
    # The ticket's organization, then the ones it is part of, nearest first.
    organizations: tuple[int, ...]
    service: int | None
    requester_is_vip: bool
    ticket_kind: str
    channel: str
    priority: int


@dataclass(frozen=True)
class Match:
    """The chosen agreement, the reason line for agents, and business seconds by metric."""

    agreement: Agreement
    reason: str
    targets: dict[str, tuple[int, BusinessCalendar]]


def ancestors(organization: Organization) -> tuple[int, ...]:
    """The organization and those it is part of, nearest first. A query per three levels."""
    found = [organization.pk]
    above = organization.parent_id
    while above is not None and above not in found:
        levels = Organization.objects.values_list(
            "pk", "parent_id", "parent__parent_id", "parent__parent__parent_id"
        ).get(pk=above)
        for pk in levels[:3]:
            if pk is None or pk in found:
                return tuple(found)
            found.append(pk)
        above = levels[3]
    return tuple(found)


def facts_of(ticket: Ticket) -> Facts:
    return Facts(
        received_at=ticket.received_at,
        organizations=ancestors(ticket.organization),
        service=ticket.service_id,
        requester_is_vip=ticket.requester.vip,
        ticket_kind=ticket.kind,
        channel=ticket.channel,
        priority=ticket.priority,
    )


def matches(agreement: Agreement, facts: Facts) -> bool:
    """True when every condition that is given holds (`SLA-4`)."""
    return (
        (agreement.organization_id is None or agreement.organization_id in facts.organizations)
        and (agreement.service_id is None or agreement.service_id == facts.service)
        and (not agreement.requester_vip or facts.requester_is_vip)
        and agreement.ticket_kind in ("", facts.ticket_kind)
        and agreement.channel in ("", facts.channel)
    )


def precedence(agreement: Agreement, facts: Facts) -> tuple[float | bool, ...]:
    """The sort key of `SLA-5`: rank, what is more specific, later `valid_from`, lower id."""
    distance = (
        _NEVER
        if agreement.organization_id is None
        else facts.organizations.index(agreement.organization_id)
    )
    since = agreement.valid_from.timestamp() if agreement.valid_from else -_NEVER
    return (
        agreement.rank,
        distance,
        agreement.service_id is None,
        not agreement.requester_vip,
        agreement.ticket_kind == "",
        agreement.channel == "",
        -since,
        agreement.pk,
    )


def is_in_force(agreement: Agreement, at: datetime) -> bool:
    """Valid at the instant `at`: its start included, its end excluded."""
    return (agreement.valid_from is None or agreement.valid_from <= at) and (
        agreement.valid_to is None or at < agreement.valid_to
    )


def choose(candidates: Iterable[Agreement], facts: Facts) -> Agreement | None:
    """The agreement that applies, whatever the order of `candidates`; else the default one."""
    candidates = [one for one in candidates if is_in_force(one, facts.received_at)]
    fitting = [agreement for agreement in candidates if matches(agreement, facts)]
    if fitting:
        return min(fitting, key=lambda agreement: precedence(agreement, facts))
    return min((a for a in candidates if a.is_default), key=lambda a: a.pk, default=None)


def reason_for(agreement: Agreement, facts: Facts) -> str:
    """Why this agreement applies, as agents read it: 'organization ACME + service Mail'."""
    if not matches(agreement, facts):
        return _("default agreement")
    parts = []
    if agreement.organization is not None:
        parts.append(_("organization %(name)s") % {"name": agreement.organization.name})
    if agreement.service is not None:
        parts.append(_("service %(name)s") % {"name": agreement.service.name})
    if agreement.requester_vip:
        parts.append(_("VIP"))
    if agreement.ticket_kind:
        label = Ticket.model_of(agreement.ticket_kind)._meta.verbose_name
        parts.append(_("type %(name)s") % {"name": label})
    if agreement.channel:
        parts.append(_("channel %(name)s") % {"name": agreement.get_channel_display()})
    if parts:
        return " + ".join(parts)[:250]
    return _("default agreement") if agreement.is_default else _("applies to every ticket")


def find(ticket: Ticket) -> Match | None:
    """The agreement for a ticket with its targets at the ticket's priority, or None (`SLA-6`).

    One query; one more when a target has a calendar of its own, and one per three levels above
    the organization.
    """
    facts = facts_of(ticket)
    rows = _rows(facts)
    # A row per target: the agreement is the same in all of them.
    chosen = choose({row.pk: row for row in rows}.values(), facts)
    if chosen is None:
        return None
    cells = [row for row in rows if row.pk == chosen.pk and row.cell_metric]
    own = {row.cell_calendar for row in cells} - {None}
    calendars = BusinessCalendar.objects.in_bulk(own) if own else {}
    targets = {
        row.cell_metric: (row.cell_seconds, calendars.get(row.cell_calendar, chosen.calendar))
        for row in cells
    }
    return Match(chosen, reason_for(chosen, facts), targets)


def _rows(facts: Facts) -> list[Agreement]:
    """The agreements that may apply, a row for each target of the priority."""
    memory = _memory.get()
    key = (facts.organizations, facts.service, facts.priority)
    if memory is not None and key in memory:
        return memory[key]
    rows = list(
        Agreement.objects.with_customers()
        .filter(active=True)
        .possible_for(facts.organizations, facts.service)
        .with_cells(facts.priority)
    )
    if memory is not None:
        memory[key] = rows
    return rows
