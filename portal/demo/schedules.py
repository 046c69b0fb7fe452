"""What the demo company does by the calendar, with the log of the last months."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from itil.calendars.models import BusinessCalendar
from itil.changes import actions as changes
from itil.changes.lifecycle import Outcome, Status
from itil.changes.models import Change, ChangeTemplate
from itil.cmdb.models import ConfigurationItem
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.schedules import actions
from itil.schedules.models import Schedule
from itil.services.models import Service
from portal.people.models import User

from .company import Company
from .stories import ZONE, ZONE_INFO

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOLD = 88 * DAY
ROOM, RESTORE = "Weekly check of the server room", "Monthly restore test of backups"
REVIEW, PATCHES = "Quarterly review of access rights", "Monthly patches of the servers"
FOUND = {
    ROOM: "Looked through: 21 degrees, no leaks, all power supplies are green.",
    RESTORE: "Ten files and one database were put back on the test server and compared.",
}


def tell_schedules(company: Company, now: datetime) -> int:
    """Make the four schedules and run them as the worker would have; returns how many runs.

    One weekly check was skipped because nothing ran that Monday, and one restore test failed
    because its service had been switched off by mistake.
    """
    _make(company, now - TOLD)
    skipped = _nth_run(ROOM, now, 4)
    failed = _nth_run(RESTORE, now, 1)
    told = 0
    while schedule := Schedule.objects.due(now).order_by("next_at", "pk").first():
        moment = schedule.next_at
        at = moment + timedelta(seconds=20)
        if (schedule.title, moment) == (ROOM, skipped):
            at = min(moment + 14 * HOUR, now)
        is_failed = (schedule.title, moment) == (RESTORE, failed)
        if is_failed:
            Service.objects.filter(name="File storage").update(active=False)
        told += actions.open_due(at)
        if is_failed:
            Service.objects.filter(name="File storage").update(active=True)
    _finish(company, now)
    return told


def _make(company: Company, at: datetime) -> None:
    people = {user.name: user for user in User.objects.filter(memberships__isnull=False)}
    first_on = timezone.localdate(at, ZONE_INFO)
    usual: dict[str, Any] = {"first_on": first_on, "time_zone": ZONE, "ends_on": None, "at": at}
    kept = {"off_days": "open", "calendar": None, "missed": "latest", "grace_hours": 12}
    office = BusinessCalendar.objects.filter(always_open=False).order_by("pk").first()
    worked = kept | ({"off_days": "next", "calendar": office} if office else {})

    def make(title: str, owner: str, kind: str, rule: str, at_time: time, **more: Any) -> None:
        person = people[owner]
        actions.create_schedule(
            by=person, owner=person, title=title, kind=kind, rule=rule, at_time=at_time,
            **usual | kept | more,
        )  # fmt: skip

    services = {service.name: service for service in Service.objects.all()}
    low = {"category": None, "impact": 3, "urgency": 3}
    backup = ConfigurationItem.objects.filter(name="backup-01")
    make(
        ROOM, "Pavel Sokolov", "check", "FREQ=WEEKLY;BYDAY=MO", time(8), missed="none",
        values=low | {
            "title": "Check the server room",
            "text": "Temperature, leaks, lights of the power supplies, dust on the filters.",
            "team": company.teams["Network"],
            "service": services["Network and VPN"],
            "items": [],
        },
    )  # fmt: skip
    make(
        RESTORE, "Sanne de Wit", "check", "FREQ=MONTHLY;BYDAY=-1FR", time(10),
        **worked,
        values=low | {
            "title": "Restore test of backups",
            "text": "Put ten files and one database back on the test server and compare them.",
            "team": company.teams["Service desk"],
            "service": services.get("File storage"),
            "items": list(backup),
        },
    )  # fmt: skip
    make(
        REVIEW, "Sanne de Wit", "review",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", time(9),
        **worked | {"missed": "all"},
        values=low | {
            "title": "Review of access rights",
            "text": "Who left, who changed jobs, who has rights that nobody can explain?",
            "team": company.teams["Service desk"],
            "service": services["Workplace"],
        },
    )  # fmt: skip
    make(
        PATCHES, "Kenji Mori", "standard-change", "FREQ=MONTHLY;BYMONTHDAY=1", time(6),
        values={
            "template": ChangeTemplate.objects.get(name="Patch a server"),
            "title": "Patches of the month",
            "service": services["Network and VPN"],
            "lead_days": 9,
            "starts_at": time(22),
            "minutes": 120,
            "items": [],
        },
    )  # fmt: skip


def _nth_run(title: str, now: datetime, number: int) -> datetime | None:
    """The planned moment of one of its runs until now; None when there are not so many."""
    schedule = Schedule.objects.get(title=title)
    moment = schedule.next_at
    for _turn in range(number - 1):
        moment = moment and schedule.after(moment)
    return moment if moment is not None and moment <= now else None


def _finish(company: Company, now: datetime) -> None:
    """What was opened some days ago is done."""
    done = Incident.objects.filter(schedule_runs__isnull=False, opened_at__lt=now - 4 * DAY)
    titles = dict(done.values_list("pk", "schedule_runs__schedule__title"))
    for incident in done.select_related("team"):
        agent = company.agents[incident.team.name][0]
        at = incident.opened_at + 2 * HOUR
        desk.take(incident, by=agent, at=at)
        values = {"resolution_code": "fixed", "note": FOUND[titles[incident.pk]]}
        desk.move(incident, "resolve", by=agent, values=values, at=at + HOUR)
    past = Change.objects.filter(
        schedule_runs__isnull=False, status=Status.SCHEDULED, planned_end__lt=now
    )
    for change in past:
        owner = change.assignee
        changes.move(change, "start", by=owner, at=change.planned_start)
        values = {"outcome": Outcome.SUCCESSFUL, "note": "All servers are patched and watched."}
        changes.move(change, "finish", by=owner, values=values, at=change.planned_start + HOUR)
