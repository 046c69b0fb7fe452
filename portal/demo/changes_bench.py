"""How long the change calendar takes with a year's changes."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as clock
from functools import partial

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from itil.changes.actions.windows import add_window
from itil.changes.charts.schedule import VIEWS
from itil.changes.definition import Risk
from itil.changes.lifecycle import LIFECYCLE, ChangeType, Status
from itil.changes.models import Change, FreezeWindow, MaintenanceWindow
from itil.services.models import Service
from itil.tickets.models import Channel, Ticket
from itil.tickets.numbering import reserve_numbers
from itil.tickets.priority import priority_of
from portal.demo.bulk import PASSWORD_LESS
from portal.demo.children import add_child_rows
from portal.demo.counting import Taken
from portal.people.models import Membership, Organization, Role, Team, User

CHANGES = 5_000
DAYS = 365
SERVICES = 15
RUNS = 20
# Milliseconds.
GOAL = 150
WARM_UP = 2
CHUNK = 1000


def measure_calendar(number: int = CHANGES) -> Iterator[str]:
    """Lines of the report: the views of the calendar in the middle of the year of changes, beside
    those of a calendar with one change.
    """
    manager = make_changes(number)
    client = Client()
    client.force_login(manager)
    url = reverse("changes:calendar")
    for view in VIEWS:
        many, one = Taken(), Taken()
        for _run in range(WARM_UP):
            client.get(url, {"view": view})
        for _run in range(RUNS):
            page = many.run(partial(client.get, url, {"view": view}))
            if page.status_code != 200:
                yield f"{view}: not measured, it answered {page.status_code}"
                return
        with transaction.atomic():
            _leave_one()
            one.run(partial(client.get, url, {"view": view}))
            transaction.set_rollback(True)
        yield (
            f"{view} with {number:,} changes over a year: {many.text(GOAL)}, "
            f"{max(one.statements)} with one change, {len(page.content):,} bytes"
        )


def _leave_one() -> None:
    """Take the windows of all changes away but of one, which goes on."""
    now = timezone.now()
    one = Change.objects.order_by("pk")[:1].get()
    Change.objects.exclude(pk=one.pk).update(planned_start=None, planned_end=None)
    _goes_on(one, now)


def _goes_on(change: Change, now: datetime) -> None:
    Change.objects.filter(pk=change.pk).update(
        planned_start=now, planned_end=now + timedelta(hours=1)
    )


def make_changes(number: int) -> User:
    """Changes half a year back and ahead, with weekly maintenance windows and a freeze.

    Returns a change manager, who sees all of them. The spread is the same every time.
    """
    chance = random.Random(11)  # noqa: S311 - a spread, not a secret
    now = timezone.now()
    provider = Organization.objects.create(name="Planning", kind=Organization.Kind.PROVIDER)
    team = Team.objects.create(name="Planners", slug="planners")
    manager = User.objects.create(
        email="planner@example.com", name="Planner", organization=provider, password=PASSWORD_LESS
    )
    for role, of in ((Role.AGENT, team), (Role.CHANGE_MANAGER, None)):
        Membership.objects.create(user=manager, role=role, team=of)
    services = Service.objects.bulk_create(
        Service(name=f"Planned service {n:02}", team=team) for n in range(SERVICES)
    )
    add_windows(manager, now)
    for done in range(0, number, CHUNK):
        with transaction.atomic():
            add_changes(chance, min(CHUNK, number - done), manager, services, now)
    # At whatever hour this is, no view of today is empty.
    _goes_on(Change.objects.order_by("pk")[:1].get(), now)
    return manager


def add_windows(manager: User, now: datetime) -> None:
    """Upkeep every Saturday night, and a freeze over the next days."""
    day = timezone.localdate(now)
    usual = {
        "note": "",
        "time_zone": timezone.get_current_timezone_name(),
        "begins_at": clock(21),
        "ends_at": clock(5),
        "until": None,
        "environments": [],
        "risks": [],
        "types": [],
        "services": [],
        "item_classes": [],
    }
    begins = day - timedelta(days=DAYS // 2)
    upkeep = {"begins_on": begins, "ends_on": begins + timedelta(days=1)}
    weekly = usual | upkeep | {"name": "Saturday night", "rule": "FREQ=WEEKLY;BYDAY=SA"}
    add_window(MaintenanceWindow, weekly, by=manager, at=now)
    once = {"name": "Freeze", "rule": "", "begins_on": day, "ends_on": day + timedelta(days=3)}
    add_window(FreezeWindow, usual | once, by=manager, at=now)


def add_changes(
    chance: random.Random, size: int, manager: User, services: list[Service], now: datetime
) -> None:
    """Those of the past are done, those ahead are assessed or scheduled."""
    tickets, changes = [], []
    for number in reserve_numbers(Change.NUMBER_PREFIX, size):
        start = now + timedelta(minutes=chance.randrange(-DAYS * 720, DAYS * 720))
        ahead = chance.choice((Status.SCHEDULED, Status.ASSESSMENT))
        status = Status.CLOSED if start < now else ahead
        service = chance.choice(services)
        opened = min(start, now) - timedelta(days=10)
        changes.append(
            Change(
                change_type=chance.choices(list(ChangeType), (60, 30, 10))[0],
                risk=chance.choice(list(Risk)),
                planned_start=start,
                planned_end=start + timedelta(hours=chance.choice((1, 2, 4, 30))),
            )
        )
        tickets.append(
            Ticket(
                number=number,
                kind=Change._meta.model_name,
                title=f"Patch machine {chance.randrange(1, 400)}",
                status=status,
                phase=LIFECYCLE.phases[status],
                impact=3,
                urgency=3,
                priority=priority_of(3, 3),
                channel=Channel.DESK,
                requester=manager,
                organization=manager.organization,
                team=service.team,
                assignee=manager,
                service=service,
                received_at=opened,
                opened_at=opened,
                updated_at=opened,
            )
        )
    Ticket.objects.bulk_create(tickets)
    add_child_rows(changes, tickets)
