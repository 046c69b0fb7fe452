"""Do the promises behind a promise add up to it? (`SLA-8`)

What a customer was promised can only be kept if the teams on the way, and the suppliers behind
them, were given less time than that. Only durations are compared: a number of days or a time of
day is more or less business time on every other date.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from itil.sla.clock.wording import exactly
from itil.sla.matching import Facts, ancestors, choose
from itil.sla.models import Agreement, Form, Metric, SlaClock
from itil.tickets.models import EventKind, TicketEvent
from portal.people.models import Team

# How far back the usual paths are looked for, and in how many tickets.
LOOKED_BACK = timedelta(days=90)
LOOKED_AT = 2000
# While nobody has gone any path: so many teams, those with the most time.
TEAMS_OF_A_PATH = 2

TO_CUSTOMERS = (Metric.RESOLUTION, Metric.FULFILMENT)


@dataclass(frozen=True)
class Part:
    """What stands behind a promise: the agreement of a team or supplier, and its seconds."""

    agreement: Agreement
    name: str
    seconds: int


@dataclass(frozen=True)
class Excess:
    """A promise, and what stands behind it and may take longer. Durations are business seconds."""

    promise: Agreement
    metric: str
    level: int
    seconds: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """For people: "P1: Gold promises Resolution within 4h, but Desk 3h + Network 2h = 5h"."""
        about = {
            "level": f"sev{self.level}" if _by_severity(self.promise) else f"P{self.level}",
            "name": self.promise.name,
            "metric": Metric(self.metric).label,
            "promised": exactly(self.seconds),
            "parts": " + ".join(f"{part.name} {exactly(part.seconds)}" for part in self.parts),
            "total": exactly(sum(part.seconds for part in self.parts)),
        }
        if len(self.parts) == 1:
            text = _("%(level)s: %(name)s promises %(metric)s within %(promised)s, but %(parts)s")
        else:
            text = _(
                "%(level)s: %(name)s promises %(metric)s within %(promised)s,"
                " but %(parts)s = %(total)s"
            )
        return text % about


def _by_severity(agreement: Agreement) -> bool:
    return agreement.target_key == Agreement.TargetKey.SEVERITY


def excesses(agreement: Agreement, *, at: datetime) -> list[Excess]:
    """Where `agreement`, with values saved or not, and those it depends on do not add up at `at`.

    Six queries, and one for each level of organizations that a condition names.
    """
    if not agreement.active:
        return []
    beside = _others(agreement)
    slas, olas, ucs = (
        [one for one in (*beside, agreement) if one.kind == kind]
        for kind in (Agreement.Kind.SLA, Agreement.Kind.OLA, Agreement.Kind.UC)
    )
    found: list[Excess] = []
    if agreement.kind != Agreement.Kind.UC and olas:
        asked = slas if agreement.kind == Agreement.Kind.OLA else [agreement]
        paths = usual_paths([sla.pk for sla in asked if sla.pk], at=at)
        for sla in asked:
            found.extend(_along(paths.get(sla.pk, ()), sla, olas, at))
    for upper in (*slas, *olas):
        for supplier in ucs:
            found.extend(_behind(upper, supplier))
    return [excess for excess in found if _concerns(agreement, excess)]


def _concerns(agreement: Agreement, excess: Excess) -> bool:
    return agreement in (excess.promise, *(part.agreement for part in excess.parts))


def _others(agreement: Agreement) -> list[Agreement]:
    return list(
        Agreement.objects.filter(active=True)
        .exclude(pk=agreement.pk)
        .select_related("organization", "supplier", "team")
        .prefetch_related("targets")
        .order_by("name")
    )


def _durations(agreement: Agreement, metric: str) -> dict[int, int]:
    """Business seconds by priority or severity."""
    return {
        row.priority: row.seconds
        for row in agreement.targets.all()
        if row.metric == metric and row.form == Form.DURATION and row.seconds
    }


# --- Teams --------------------------------------------------------------------------------------


def _along(
    path: Sequence[Team], sla: Agreement, olas: list[Agreement], at: datetime
) -> list[Excess]:
    """The promises of `sla` that its teams, one after the other, need not keep."""
    found = []
    for metric in TO_CUSTOMERS:
        for level, seconds in sorted(_durations(sla, metric).items()):
            parts = _on_path(path, sla, level, olas, at) if path else _largest(sla, level, olas)
            if sum(part.seconds for part in parts) > seconds:
                found.append(Excess(sla, metric, level, seconds, tuple(parts)))
    return found


def _on_path(
    path: Sequence[Team], sla: Agreement, level: int, olas: list[Agreement], at: datetime
) -> list[Part]:
    """What each team of the path was given, where it was given a time."""
    parts = []
    for team in path:
        ola = choose(olas, _facts_under(sla, level, team, at))
        if ola is None or ola.target_key != sla.target_key:
            continue
        seconds = _durations(ola, Metric.OLA_RESOLUTION).get(level)
        if seconds is not None:
            parts.append(Part(ola, team.name, seconds))
    return parts


def _facts_under(sla: Agreement, level: int, team: Team, at: datetime) -> Facts:
    """A ticket that is just what `sla` asks for."""
    return Facts(
        received_at=at,
        organizations=ancestors(sla.organization) if sla.organization else (),
        service=sla.service_id,
        location=sla.location_id,
        requester_is_vip=sla.requester_vip,
        ticket_kind=sla.ticket_kind,
        channel=sla.channel,
        priority=level,
        severity=level,
        team=team.pk,
    )


def _largest(sla: Agreement, level: int, olas: list[Agreement]) -> list[Part]:
    """The teams with the most time, for a path that nobody has gone yet."""
    parts = [
        Part(ola, ola.team.name if ola.team else ola.name, seconds)
        for ola in olas
        if ola.target_key == sla.target_key and may_meet(sla, ola)
        for seconds in [_durations(ola, Metric.OLA_RESOLUTION).get(level)]
        if seconds is not None
    ]
    return sorted(parts, key=lambda part: -part.seconds)[:TEAMS_OF_A_PATH]


def usual_paths(agreements: Iterable[int], *, at: datetime) -> dict[int, tuple[Team, ...]]:
    """By agreement, the teams that most of its tickets of the last 90 days went through, in order.

    A team that had the ticket twice counts once. Three queries.
    """
    rows = (
        SlaClock.objects.filter(
            agreement__in=list(agreements), ticket__received_at__gte=at - LOOKED_BACK
        )
        .values_list("agreement_id", "ticket_id")
        .distinct()
        .order_by("-ticket_id")[:LOOKED_AT]
    )
    tickets: dict[int, list[int]] = {}
    for agreement, ticket in rows:
        tickets.setdefault(ticket, []).append(agreement)
    counts: dict[int, Counter[tuple[int, ...]]] = {}
    for ticket, path in _paths(tickets).items():
        for agreement in tickets[ticket]:
            counts.setdefault(agreement, Counter())[path] += 1
    usual = {
        # The longer one of two that are as frequent.
        agreement: max((count, len(path), path) for path, count in paths.items())[2]
        for agreement, paths in counts.items()
    }
    teams = Team.objects.in_bulk({pk for path in usual.values() for pk in path})
    return {
        agreement: tuple(teams[pk] for pk in path if pk in teams)
        for agreement, path in usual.items()
    }


def _paths(tickets: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The teams of each ticket in the order they had it."""
    found: dict[int, dict[int, None]] = {}
    events = TicketEvent.objects.filter(
        ticket__in=list(tickets), kind__in=(EventKind.OPENED, EventKind.ASSIGNED)
    ).order_by("pk")
    for ticket, kind, data in events.values_list("ticket_id", "kind", "data"):
        team = data.get("team") if kind == EventKind.OPENED else None
        if kind == EventKind.ASSIGNED and data.get("what") == "team":
            team = data.get("to")
        if team:
            found.setdefault(ticket, {})[team] = None
    return {ticket: tuple(teams) for ticket, teams in found.items()}


# --- Suppliers ----------------------------------------------------------------------------------


def _behind(upper: Agreement, supplier: Agreement) -> list[Excess]:
    """Where a supplier may take longer than what stands on it, at the same priority."""
    if upper.target_key != supplier.target_key or not may_meet(upper, supplier):
        return []
    metrics = TO_CUSTOMERS if upper.kind == Agreement.Kind.SLA else (Metric.OLA_RESOLUTION,)
    theirs = _durations(supplier, Metric.UC_RESOLUTION)
    name = supplier.supplier.name if supplier.supplier else supplier.name
    return [
        Excess(upper, metric, level, seconds, (Part(supplier, name, theirs[level]),))
        for metric in metrics
        for level, seconds in sorted(_durations(upper, metric).items())
        if theirs.get(level, 0) > seconds
    ]


def may_meet(one: Agreement, other: Agreement) -> bool:
    """True when some ticket could fall under both: no condition of theirs contradicts."""
    names = ("service_id", "location_id", "ticket_kind", "channel", "team_id")
    for name in names:
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours and theirs and ours != theirs:
            return False
    if one.organization is None or other.organization is None:
        return True
    return one.organization_id in ancestors(other.organization) or (
        other.organization_id in ancestors(one.organization)
    )
