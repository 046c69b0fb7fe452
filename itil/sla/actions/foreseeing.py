"""What saving an agreement would do, before it is saved (`SLA-7`, `SLA-18`).

Nothing is written here. The agreement may hold values that were never saved.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from itil.sla.clock import running
from itil.sla.matching import Facts, choose, facts_of, reading_once, terms_of
from itil.sla.models import METRICS_OF, Agreement, ClockState, Outcome, SlaClock
from itil.sla.terms import Terms
from itil.tickets.models import Priority, Severity, Ticket
from itil.tickets.querysets import TicketQuerySet
from portal.people.models import Organization

from .previewing import Effect, effects_of

# The most tickets one look takes.
LOOKED_AT = 2000
# Clocks of suppliers keep the terms of their handover, whatever is edited.
KINDS = (Agreement.Kind.SLA, Agreement.Kind.OLA)
METRICS = [metric for kind in KINDS for metric in METRICS_OF[kind]]
# What decides which ticket gets the agreement.
DECIDING = (
    "active", "is_default", "rank", "valid_from", "valid_to", "organization_id", "service_id",
    "location_id", "requester_vip", "ticket_kind", "channel", "team_id", "supplier_id",
)  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """One ticket: the clocks that would move, and the agreement it has and would have.

    The names are empty when there is none.
    """

    ticket: Ticket
    effects: tuple[Effect, ...]
    former: str
    chosen: str
    changes_agreement: bool

    @property
    def breaches(self) -> bool:
        return any(effect.breaches for effect in self.effects)


@dataclass(frozen=True)
class Foresight:
    """What would happen: to the tickets that have the agreement, soon after saving (`at_once`);
    to those that would get it when it is chosen for them again (`later`).
    """

    at_once: tuple[Outlook, ...] = ()
    later: tuple[Outlook, ...] = ()
    looked_at: int = 0
    # False when there were more tickets than one look takes.
    is_complete: bool = True

    def _effects(self) -> Iterator[Effect]:
        return (effect for outlook in self.at_once for effect in outlook.effects)

    @property
    def moved(self) -> int:
        """Clocks that get another due time or target."""
        return sum(not effect.begins and not effect.ends for effect in self._effects())

    @property
    def breached(self) -> int:
        """Clocks that would have been missed."""
        return sum(effect.breaches for effect in self._effects())

    @property
    def ended(self) -> int:
        return sum(effect.ends for effect in self._effects())

    @property
    def begun(self) -> int:
        return sum(effect.begins for effect in self._effects())

    @property
    def changed(self) -> int:
        """Tickets that would change to another agreement, or to none."""
        return sum(outlook.changes_agreement for outlook in self.at_once)

    @property
    def asks(self) -> bool:
        """True when saving does something to the tickets of today."""
        return bool(self.at_once)


# --- The effect on tickets ----------------------------------------------------------------------


def foresee(agreement: Agreement, *, at: datetime, limit: int = LOOKED_AT) -> Foresight:
    """What saving `agreement` as it stands would do at `at` to at most `limit` tickets.

    Nothing when it is not active: what was promised under it stays as it is. A query per 500
    tickets, and one per ticket for which a metric begins anew.
    """
    if agreement.kind not in KINDS or not agreement.active:
        return Foresight()
    agreement = _as_stored(agreement)
    with reading_once():
        before, after = _Choice(), _Choice(agreement)
        mine = _having(agreement, limit + 1)
        others: list[int] = []
        if after.decides_otherwise_than(before) and len(mine) < limit:
            others = _fitting(agreement, limit + 1 - len(mine))
        at_once = _outlooks(mine[:limit], agreement, after, at)
        later = [
            outlook
            for outlook in _outlooks(others[: limit - len(mine)], agreement, after, at, before)
            if outlook.changes_agreement
        ]
    total = len(mine) + len(others)
    return Foresight(
        at_once=tuple(one for one in at_once if one.effects or one.changes_agreement),
        later=tuple(later),
        looked_at=min(total, limit),
        is_complete=total <= limit,
    )


def _as_stored(agreement: Agreement) -> Agreement:
    """A copy that stands among stored agreements: a new one comes after all of them."""
    found = copy(agreement)
    if found.pk is None:
        last = Agreement.objects.aggregate(last=models.Max("pk"))["last"]
        found.pk = (last or 0) + 1
    return found


class _Choice:
    """The agreements as they are, or with `edited` in the place of what is stored of it."""

    def __init__(self, edited: Agreement | None = None):
        stored = Agreement.objects.filter(active=True, kind__in=KINDS).select_related(
            "calendar", "organization", "service", "location", "team", "supplier"
        )
        self.edited = edited
        self.agreements = [one for one in stored if edited is None or one.pk != edited.pk]
        if edited is not None:
            self.agreements.append(edited)
        self.parts: dict[int, dict[str, list[Any]]] = {}

    def decides_otherwise_than(self, other: "_Choice") -> bool:
        """True when the edit is about who gets the agreement."""
        edited = self.edited
        former = next((one for one in other.agreements if edited and one.pk == edited.pk), None)
        if edited is None or former is None:
            return edited is not None
        return any(getattr(former, name) != getattr(edited, name) for name in DECIDING)

    def chosen(self, facts: Facts) -> list[Agreement]:
        """At most one agreement of each kind; the stay with a team needs a team."""
        kinds = KINDS if facts.team is not None else KINDS[:1]
        found = (
            choose((one for one in self.agreements if one.kind == kind), facts) for kind in kinds
        )
        return [agreement for agreement in found if agreement is not None]

    def terms(self, agreement: Agreement, facts: Facts) -> Terms:
        """What `agreement` promises; its rows are read once."""
        if agreement.pk not in self.parts:
            targets, steps = agreement.targets.all(), agreement.steps.all()
            if agreement is not self.edited:
                targets, steps = (rows.select_related("calendar") for rows in (targets, steps))
            self.parts[agreement.pk] = {"targets": list(targets), "steps": list(steps)}
        return terms_of(agreement, facts, **self.parts[agreement.pk])


def _having(agreement: Agreement, limit: int) -> list[int]:
    """Tickets whose undecided clocks the next look of the worker would count anew.

    Like the worker's, it leaves out clocks that wait for their occasion.
    """
    return list(
        SlaClock.objects.exclude(state=ClockState.NOT_STARTED)
        .filter(outcome=Outcome.PENDING, agreement_id=agreement.pk, metric__in=METRICS)
        .values_list("ticket", flat=True)
        .distinct()
        .order_by("-ticket")[:limit]
    )


def _fitting(agreement: Agreement, limit: int) -> list[int]:
    """Open tickets, the newest first, that might get the agreement and do not have it."""
    tickets = Ticket.objects.open().exclude(
        pk__in=SlaClock.objects.filter(outcome=Outcome.PENDING, agreement_id=agreement.pk).values(
            "ticket"
        )
    )
    if not agreement.is_default:
        tickets = _under(tickets, agreement)
    if agreement.valid_from:
        tickets = tickets.filter(received_at__gte=agreement.valid_from)
    if agreement.valid_to:
        tickets = tickets.filter(received_at__lt=agreement.valid_to)
    return list(tickets.order_by("-pk").values_list("pk", flat=True)[:limit])


def _under(tickets: TicketQuerySet, agreement: Agreement) -> TicketQuerySet:
    """Those whose columns fit its conditions."""
    below = _part_of(agreement.organization_id) if agreement.organization_id else None
    asked: dict[str, Any] = {
        "organization__in": below,
        "service": agreement.service_id,
        "requester__location": agreement.location_id,
        "requester__vip": agreement.requester_vip or None,
        "kind": agreement.ticket_kind or None,
        "channel": agreement.channel or None,
        "team": agreement.team_id,
    }
    return tickets.filter(**{name: value for name, value in asked.items() if value is not None})


def _part_of(organization: int) -> set[int]:
    """The organization and all that are part of it, however deep."""
    parts: dict[int | None, list[int]] = {}
    for pk, parent in Organization.objects.values_list("pk", "parent"):
        parts.setdefault(parent, []).append(pk)
    found, left = set(), [organization]
    while left:
        pk = left.pop()
        if pk not in found:
            found.add(pk)
            left.extend(parts.get(pk, []))
    return found


def _outlooks(
    pks: list[int],
    agreement: Agreement,
    after: _Choice,
    at: datetime,
    before: _Choice | None = None,
) -> Iterator[Outlook]:
    """One for each ticket. With `before`, only for those whose choice the edit changes to it."""
    for number in range(0, len(pks), 500):
        part = pks[number : number + 500]
        tickets = Ticket.objects.select_related("organization", "requester").in_bulk(part)
        clocks = _clocks_of(part)
        for pk in part:
            ticket, facts = tickets[pk], facts_of(tickets[pk])
            chosen = after.chosen(facts)
            if before is not None and (
                agreement not in chosen or agreement in before.chosen(facts)
            ):
                continue
            terms = [after.terms(one, facts) for one in chosen]
            yield _outlook(ticket, clocks.get(pk, []), terms, agreement, at)


def _clocks_of(pks: list[int]) -> dict[int, list[SlaClock]]:
    found: dict[int, list[SlaClock]] = {}
    for clock in SlaClock.objects.live().filter(ticket__in=pks).order_by("pk"):
        found.setdefault(clock.ticket_id, []).append(clock)
    return found


def _outlook(
    ticket: Ticket, clocks: list[SlaClock], terms: list[Terms], agreement: Agreement, at: datetime
) -> Outlook:
    """`terms` are those that would be chosen; the names are of agreements of the edited kind."""
    kind = Agreement.Kind(agreement.kind)
    had = {
        clock.agreement_id: clock.terms.get("name", "")
        for clock in clocks
        if clock.metric in METRICS_OF[kind] and clock.outcome == Outcome.PENDING
    }
    former = next(iter(had.values()), "")
    if agreement.pk in had:
        former = had[agreement.pk]
    chosen = next((one for one in terms if one.kind == kind), None)
    return Outlook(
        ticket=ticket,
        effects=tuple(effects_of(ticket, clocks, terms, at=at)),
        former=former,
        chosen=chosen.name if chosen else "",
        changes_agreement=(chosen.agreement if chosen else None) not in had,
    )


# --- Live examples ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A clock that begins now: when would it be due? `zone` is that of its calendar.

    `due_at` is empty for a date that is agreed on the ticket.
    """

    metric: str
    level: int
    zone: str
    due_at: datetime | None
    at_risk_at: datetime | None


def examples(agreement: Agreement, *, at: datetime) -> list[Example]:
    """One for each target of `agreement`, in the order of its table."""
    levels: Iterable[int] = Priority.values
    if agreement.target_key == Agreement.TargetKey.SEVERITY:
        levels = Severity.values
    zones = {
        (row.metric, row.priority): (row.calendar or agreement.calendar).time_zone
        for row in agreement.targets.all()
    }
    found = []
    for level in levels:
        terms = terms_of(agreement, _received_now(agreement, level, at))
        for metric in METRICS_OF[Agreement.Kind(agreement.kind)]:
            if (metric, level) in zones:
                found.append(_example(terms, metric, level, zones[metric, level], at))
    return found


def _received_now(agreement: Agreement, level: int, at: datetime) -> Facts:
    return Facts(
        received_at=at,
        organizations=(),
        service=None,
        location=None,
        requester_is_vip=False,
        ticket_kind="",
        channel="",
        priority=level,
        severity=level,
        team=agreement.team_id,
        supplier=agreement.supplier_id,
    )


def _example(terms: Terms, metric: str, level: int, zone: str, at: datetime) -> Example:
    if metric not in terms.targets:
        return Example(metric, level, zone, None, None)
    clock = running.imagined(terms, metric, at)
    return Example(metric, level, zone, clock.due_at, clock.at_risk_at)
