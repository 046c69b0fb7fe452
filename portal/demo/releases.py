"""When changes of the demo company may run, and two releases on their way to its customers."""

from datetime import datetime, time, timedelta

from django.db.models import Case, When
from django.utils import timezone

from itil.changes.actions.windows import add_window
from itil.changes.models import Change, FreezeWindow, MaintenanceWindow
from itil.releases import actions
from itil.releases.models import Release
from itil.services.models import Service
from portal.people.models import Organization, Role, User

from .stories import ZONE_INFO

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SCOPE = "Faster search, the new certificate and the fixes of autumn."


def tell_windows(now: datetime) -> None:
    """A freeze over the end of the month, and the nights of Saturday for upkeep."""
    manager = _manager()
    today = timezone.localdate(now, ZONE_INFO)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    payroll = list(Service.objects.filter(name__in=("Payroll", "File storage")))
    usual = {
        "note": "",
        "time_zone": str(ZONE_INFO),
        "rule": "",
        "until": None,
        "environments": [],
        "risks": [],
        "types": [],
        "services": [],
        "item_classes": [],
    }
    close = {
        "name": "Month-end close",
        "note": "Finance closes the books.",
        "begins_on": next_month - 3 * DAY,
        "begins_at": time(0),
        "ends_on": next_month + DAY,
        "ends_at": time(8),
        "services": payroll,
    }
    saturday = today - timedelta(days=today.weekday() + 2 + 7 * 8)
    nights = {
        "name": "Saturday night",
        "begins_on": saturday,
        "begins_at": time(21),
        "ends_on": saturday + DAY,
        "ends_at": time(6),
        "rule": "FREQ=WEEKLY;BYDAY=SA",
        "risks": ["high"],
    }
    add_window(FreezeWindow, usual | close, by=manager, at=now)
    add_window(MaintenanceWindow, usual | nights, by=manager, at=now)


def tell_releases(now: datetime) -> None:
    """One that half of the customers have already, and one that is still tested."""
    manager = _manager()
    owner = User.objects.filter(memberships__role=Role.AGENT).exclude(pk=manager.pk).first()
    customers = list(Organization.objects.filter(kind=Organization.Kind.CUSTOMER).order_by("name"))
    # Those of the shop come first: they are what its versions are made of.
    is_of_shop = Case(When(service__name="Web shop", then=0), default=1)
    free = Change.objects.filter(in_release=None).order_by(is_of_shop, "pk")
    ready = list(free.filter(status__in=("scheduled", "implementation"))[:2])
    early = list(free.filter(status__in=("draft", "assessment"))[:2])
    if owner is None or not customers or not ready or not early:
        return
    half = (len(customers) + 1) // 2
    first = _release(
        owner, "Web shop, autumn", "4.2.0", ready, now - 12 * DAY, planned_at=now - 2 * DAY
    )
    for name, some, start in (
        ("Pilot", customers[:half], now - 2 * DAY),
        ("Everybody else", customers[half:] or [owner.organization], now + DAY),
    ):
        actions.add_wave(
            first, name=name, start=start, end=start + 3 * HOUR, organizations=some, by=owner,
            at=now - 11 * DAY,
        )  # fmt: skip
    for verb, days in (("build", 10), ("test", 6)):
        actions.move(first, verb, by=owner, at=now - days * DAY)
    criteria = {"exit_criteria": "All 214 checks pass; the pilot of Halden ran for two days."}
    actions.move(first, "ask_approval", by=owner, values=criteria, at=now - 4 * DAY)
    actions.decide(first, is_go=True, note="Tested well.", by=manager, at=now - 3 * DAY)
    actions.move(first, "deploy", by=owner, at=now - 2 * DAY)
    for n, row in enumerate(first.deployments.filter(wave__position=1)):
        begun = now - 2 * DAY + n * HOUR
        actions.start_deployment(row, by=owner, at=begun)
        actions.finish_deployment(row, by=owner, at=begun + HOUR / 2)
    second = _release(
        owner, "Web shop, winter", "4.3.0", early, now - 3 * DAY, planned_at=now + 20 * DAY
    )
    actions.add_wave(
        second, name="Pilot", start=now + 20 * DAY, end=now + 20 * DAY + 3 * HOUR,
        organizations=customers[:1], by=owner, at=now - 2 * DAY,
    )  # fmt: skip
    actions.move(second, "build", by=owner, at=now - 2 * DAY)


def _release(
    owner: User,
    title: str,
    version: str,
    changes: list[Change],
    at: datetime,
    *,
    planned_at: datetime,
) -> Release:
    service = Service.objects.filter(name="Web shop").first() or Service.objects.first()
    release = actions.open_release(
        by=owner, title=title, version=version, service=service, scope=SCOPE,
        planned_at=planned_at, at=at,
    )  # fmt: skip
    # The demo knows all of its changes, whoever looks at them.
    manager = _manager()
    for change in changes:
        actions.add_change(release, change, by=manager, at=at)
    return release


def _manager() -> User:
    """Who answers for changes."""
    return User.objects.filter(memberships__role=Role.CHANGE_MANAGER).order_by("pk").first()
