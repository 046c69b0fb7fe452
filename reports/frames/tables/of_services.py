"""The frames of services: when they are to be there, and when they were not.

They are small or follow from calendars, so they are never part of fact files.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models.functions import Coalesce

from itil.calendars.hours import Stretch, merged, openings_between, within, without
from itil.changes.hours import occurrences
from itil.changes.models import MaintenanceWindow
from itil.incidents.models import Incident
from itil.services.models import Service
from itil.sla.models import Agreement
from reports.frames.codes import UNSOLVED
from reports.frames.columns import COUNT, FLAG, INSTANT, KEY
from reports.frames.selection import Selection

from .shape import Column, apart

# What was down before the period is told from what first hurt inside it.
RUN_UP = timedelta(days=31)
ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC))


def _general() -> list[Agreement]:
    """Agreements with customers that hold without a condition, but for the service; in the order in
    which they are chosen (`SLA-5`), default ones last."""
    found = Agreement.objects.filter(
        kind=Agreement.Kind.SLA,
        active=True,
        organization=None,
        location=None,
        requester_vip=False,
        ticket_kind="",
        channel="",
    ).select_related("calendar")
    newest = sorted(found, key=lambda one: one.valid_from or ALWAYS[0], reverse=True)
    return sorted(newest, key=lambda one: (one.is_default, one.rank, one.service_id is None))


def _agreed(
    service: Service, agreements: Sequence[Agreement], hours: dict[Any, list[Stretch]]
) -> list[tuple[int, list[Stretch]]]:
    """The hours of service of the agreements that hold one after the other, and what percentage of
    time degraded each counts as time down."""
    found: list[tuple[int, list[Stretch]]] = []
    rest = [ALWAYS]
    for one in agreements:
        if one.service_id not in (None, service.pk):
            continue
        valid = (one.valid_from or ALWAYS[0], one.valid_to or ALWAYS[1])
        for part in rest:
            spans = within(part, [valid])
            own = [stretch for span in spans for stretch in within(span, hours[one.calendar_id])]
            found.append((one.degraded_percent, merged(own)))
        rest = without(rest, merged([valid]))
    return found


def _service_hours(selection: Selection) -> Iterator[tuple[Any, ...]]:
    """The agreed time of each service, without the maintenance that was agreed for it."""
    start, end = selection.span
    start -= RUN_UP
    agreements = _general()
    hours = {
        one.calendar_id: openings_between(one.calendar.schedule(), start, end) for one in agreements
    }
    upkeep: dict[int, list[Stretch]] = {}
    windows = MaintenanceWindow.objects.filter(active=True, services__isnull=False).distinct()
    for window in windows.prefetch_related("services"):
        times = occurrences(window.recurrence, start, end)
        for service in window.services.all():
            upkeep.setdefault(service.pk, []).extend(times)
    services = Service.objects.filter(
        active=True, status__in=(Service.Status.LIVE, Service.Status.RETIRING)
    )
    for service in selection.narrow(services, services="pk").order_by("pk"):
        kept = merged(upkeep.get(service.pk, ()))
        for percent, agreed in _agreed(service, agreements, hours):
            for begins, ends in without(agreed, kept):
                yield service.pk, service.team_id, begins, ends, percent


def _outages(selection: Selection) -> Any:
    found = Incident.objects.filter(
        down_from__isnull=False, service__isnull=False, is_confidential=False
    ).exclude(status__in=UNSOLVED)
    return selection.narrow(found, services="service_id")


SERVICE_HOURS = apart(
    name="service_hours",
    made=_service_hours,
    columns={
        "service": Column(COUNT),
        "team": Column(KEY),
        "starts_at": Column(INSTANT),
        "ends_at": Column(INSTANT),
        # So much of the time in which it is degraded counts as time down.
        "degraded_percent": Column(COUNT),
    },
)

OUTAGES = apart(
    name="outages",
    rows=_outages,
    order=("down_from", "pk"),
    has_own_time=True,
    columns={
        "ticket": Column(COUNT, "pk"),
        "service": Column(COUNT, "service_id"),
        "down_from": Column(INSTANT),
        # Empty: it is down still.
        "down_until": Column(INSTANT, Coalesce("down_until", "resolved_at")),
        # It worked, but worse than agreed.
        "is_degraded": Column(FLAG),
    },
)
