"""Which agreement applies to a ticket, and what it promises (`SLA-4` to `SLA-6`)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from django.utils.translation import gettext as _

from itil.calendars.models import BusinessCalendar
from itil.tickets.lifecycle import Mark
from itil.tickets.models import Ticket
from portal.people.models import Organization

from .models import METRICS_OF, Agreement, EscalationStep, Form, Metric, ServiceTarget
from .terms import PAUSING, Step, Target, Terms

_NEVER = float("inf")
Found = TypeVar("Found")
_memory: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("agreements_read", default=None)


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
    location: int | None
    requester_is_vip: bool
    ticket_kind: str
    channel: str
    priority: int
    severity: int | None = None
    team: int | None = None
    supplier: int | None = None
    # The date agreed on the ticket, for targets that go by it.
    agreed_at: datetime | None = None

    def level(self, agreement: Agreement) -> int | None:
        """The column of the agreement's table (`SLA-4`)."""
        if agreement.target_key == Agreement.TargetKey.SEVERITY:
            return self.severity
        return self.priority


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


def facts_of(ticket: Ticket, supplier: Organization | None = None) -> Facts:
    """The conditions of `ticket`; `supplier` is who it is handed to."""
    return Facts(
        received_at=ticket.received_at,
        organizations=ancestors(ticket.organization),
        service=ticket.service_id,
        location=ticket.requester.location_id,
        requester_is_vip=ticket.requester.vip,
        ticket_kind=ticket.kind,
        channel=ticket.channel,
        priority=ticket.priority,
        severity=ticket.severity,
        team=ticket.team_id,
        supplier=supplier.pk if supplier else None,
        agreed_at=ticket.agreed_at,
    )


class Condition(NamedTuple):
    """One condition of an agreement (`SLA-4`): is it given, does it hold, in what words?"""

    is_given: bool
    holds: bool
    words: str


def conditions(agreement: Agreement, facts: Facts) -> list[Condition]:
    """Every condition of `agreement`, the most specific first (`SLA-5`)."""
    kind = agreement.ticket_kind
    return [
        Condition(
            agreement.organization_id is not None,
            agreement.organization_id in facts.organizations,
            _("organization %(name)s") % {"name": agreement.organization},
        ),
        Condition(
            agreement.service_id is not None,
            agreement.service_id == facts.service,
            _("service %(name)s") % {"name": agreement.service},
        ),
        Condition(
            agreement.location_id is not None,
            agreement.location_id == facts.location,
            _("location %(name)s") % {"name": agreement.location},
        ),
        Condition(agreement.requester_vip, facts.requester_is_vip, _("VIP")),
        Condition(
            kind != "",
            kind == facts.ticket_kind,
            _("type %(name)s") % {"name": Ticket.model_of(kind)._meta.verbose_name if kind else ""},
        ),
        Condition(
            agreement.channel != "",
            agreement.channel == facts.channel,
            _("channel %(name)s") % {"name": agreement.get_channel_display()},
        ),
        Condition(
            agreement.team_id is not None,
            agreement.team_id == facts.team,
            _("team %(name)s") % {"name": agreement.team},
        ),
        Condition(
            agreement.supplier_id is not None,
            agreement.supplier_id == facts.supplier,
            _("supplier %(name)s") % {"name": agreement.supplier},
        ),
    ]


def matches(agreement: Agreement, facts: Facts) -> bool:
    """True when every condition that is given holds (`SLA-4`)."""
    return (
        (agreement.organization_id is None or agreement.organization_id in facts.organizations)
        and agreement.service_id in (None, facts.service)
        and agreement.location_id in (None, facts.location)
        and (not agreement.requester_vip or facts.requester_is_vip)
        and agreement.ticket_kind in ("", facts.ticket_kind)
        and agreement.channel in ("", facts.channel)
        and agreement.team_id in (None, facts.team)
        and agreement.supplier_id in (None, facts.supplier)
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
        agreement.location_id is None,
        not agreement.requester_vip,
        agreement.ticket_kind == "",
        agreement.channel == "",
        agreement.team_id is None,
        agreement.supplier_id is None,
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
    parts = [one.words for one in conditions(agreement, facts) if one.is_given]
    if parts:
        return " + ".join(parts)[:250]
    return _("default agreement") if agreement.is_default else _("applies to every ticket")


# --- Terms ---------------------------------------------------------------------------------------


def find(ticket: Ticket, *kinds: str, supplier: Organization | None = None) -> list[Terms]:
    """The terms of `ticket` by its agreements of these kinds, by default SLA and OLA (`SLA-6`).

    Two queries; one more when a target has a calendar of its own, and one per three levels above
    the organization. Nothing is promised about the desk's own records.
    """
    if ticket.record_model.IS_INTERNAL:
        return []
    return terms_for(facts_of(ticket, supplier), *kinds)


def terms_for(facts: Facts, *kinds: str) -> list[Terms]:
    """What is promised in these circumstances: at most one agreement of each kind (`SLA-1`)."""
    asked = kinds or (Agreement.Kind.SLA, Agreement.Kind.OLA)
    wanted = tuple(kind for kind in asked if _has_party(kind, facts))
    rows = _rows(facts, wanted) if wanted else []
    # A row per target: the agreement is the same in all of them.
    candidates = {row.pk: row for row in rows}.values()
    chosen = [choose((one for one in candidates if one.kind == kind), facts) for kind in wanted]
    found = [agreement for agreement in chosen if agreement is not None]
    steps = _steps({agreement.pk for agreement in found})
    calendars = _calendars({row.cell_calendar for row in rows} - {None}) if found else {}
    return [
        terms_of(
            agreement,
            facts,
            targets=[_target(row, calendars) for row in rows if row.pk == agreement.pk],
            steps=steps.get(agreement.pk, []),
        )
        for agreement in found
    ]


def _has_party(kind: str, facts: Facts) -> bool:
    """A team's stay needs a team, a handover needs a supplier (`SLA-1`)."""
    if kind == Agreement.Kind.OLA:
        return facts.team is not None
    return kind != Agreement.Kind.UC or facts.supplier is not None


@cache
def _metrics_of(agreement_kind: str, ticket_kind: str) -> frozenset[str]:
    """What such an agreement may promise to records of a kind; "" is any.

    A record that needs approval is fulfilled, any other is resolved (`SLA-2`).
    """
    metrics = frozenset(METRICS_OF[Agreement.Kind(agreement_kind)])
    if not ticket_kind:
        return metrics
    moves = Ticket.model_of(ticket_kind).LIFECYCLE.moves
    is_approved = any(move.marks == Mark.APPROVED for move in moves)
    return metrics - {Metric.RESOLUTION if is_approved else Metric.FULFILMENT}


def terms_of(
    agreement: Agreement,
    facts: Facts,
    *,
    targets: Iterable[ServiceTarget] | None = None,
    steps: Iterable[EscalationStep] | None = None,
) -> Terms:
    """What `agreement` promises in these circumstances, frozen.

    Its own targets and steps unless they are given; no query when those are loaded with their
    calendars.
    """
    level = facts.level(agreement)
    possible = _metrics_of(agreement.kind, facts.ticket_kind)
    cells = {
        row.metric: _cell(row, agreement, facts)
        for row in (agreement.targets.all() if targets is None else targets)
        if row.priority == level and row.metric in possible
    }
    return Terms(
        kind=agreement.kind,
        agreement=agreement.pk,
        name=agreement.name,
        version=agreement.version,
        reason=reason_for(agreement, facts),
        priority=level or 0,
        target_key=str(agreement.target_key),
        targets={metric: cell for metric, cell in cells.items() if cell is not None},
        at_risk_percent=agreement.at_risk_percent,
        pausing=(*PAUSING, "awaiting_vendor") if agreement.vendor_pauses else PAUSING,
        reopen=agreement.reopen_policy,
        steps=tuple(
            Step(
                percent=step.percent,
                action=step.action,
                metric=step.metric,
                team=step.team_id,
                edition=str(step.calendar.edition) if step.calendar else None,
            )
            for step in (agreement.steps.all() if steps is None else steps)
        ),
        team=facts.team if agreement.kind == Agreement.Kind.OLA else None,
        supplier=facts.supplier if agreement.kind == Agreement.Kind.UC else None,
    )


def _cell(row: ServiceTarget, agreement: Agreement, facts: Facts) -> Target | None:
    """One cell frozen; None for an agreed date while none is agreed."""
    calendar = row.calendar or agreement.calendar
    at = None
    if row.form == Form.FIXED_INSTANT:
        if facts.agreed_at is None:
            return None
        at = facts.agreed_at.astimezone(UTC).isoformat()
    return Target(
        calendar=calendar.pk,
        calendar_version=calendar.version,
        edition=str(calendar.edition),
        form=row.form,
        seconds=row.seconds if row.form == Form.DURATION else None,
        days=row.days if row.form == Form.BUSINESS_DAYS else None,
        snap=row.snap if row.form == Form.BUSINESS_DAYS else "",
        cutoff=row.cutoff if row.form == Form.CUTOFF else None,
        at=at,
    )


# --- Reading -------------------------------------------------------------------------------------


def _remembered(key: tuple[Any, ...], read: Callable[[], Found]) -> Found:
    """What `read` gives; within `reading_once` it is asked once."""
    memory = _memory.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    return cast(Found, memory[key])


def _rows(facts: Facts, kinds: Sequence[str]) -> list[Agreement]:
    """The agreements that may apply, a row for each target of the priority or severity."""
    key = (kinds, facts.organizations, facts.service, facts.location, facts.team, facts.supplier)
    return _remembered(
        ("rows", *key, facts.priority, facts.severity),
        lambda: list(
            Agreement.objects.filter(active=True, kind__in=kinds)
            .possible_for(*key[1:])
            .with_cells(facts.priority, facts.severity)
        ),
    )


def _target(row: Any, calendars: dict[int, BusinessCalendar]) -> ServiceTarget:
    """The target of a row of `with_cells`; one without a metric when there is none."""
    return ServiceTarget(
        metric=row.cell_metric or "",
        priority=row.cell_priority or 0,
        form=row.cell_form or "",
        seconds=row.cell_seconds,
        days=row.cell_days,
        snap=row.cell_snap or "",
        cutoff=row.cell_cutoff,
        calendar=calendars.get(row.cell_calendar),
    )


def _steps(agreements: set[int]) -> dict[int, list[EscalationStep]]:
    if not agreements:
        return {}

    def read() -> dict[int, list[EscalationStep]]:
        found: dict[int, list[EscalationStep]] = {}
        rows = EscalationStep.objects.filter(agreement__in=agreements).select_related("calendar")
        for step in rows:
            found.setdefault(step.agreement_id, []).append(step)
        return found

    return _remembered(("steps", frozenset(agreements)), read)


def _calendars(pks: set[int]) -> dict[int, BusinessCalendar]:
    if not pks:
        return {}
    return _remembered(("calendars", frozenset(pks)), lambda: BusinessCalendar.objects.in_bulk(pks))
