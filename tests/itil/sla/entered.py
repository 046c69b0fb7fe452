"""What administrators enter on the pages of agreements, as it is posted."""

from itil.sla.models import Agreement
from tests.itil.calendars.test_wagtail_hooks import formset


def target(seconds="", **changes) -> dict:
    """A row of the target table: resolution of critical tickets within business time."""
    return {"metric": "resolution", "priority": 1, "form": "duration", "seconds": seconds} | changes


def step(percent, action="notify_assignee", **changes) -> dict:
    return {"percent": percent, "metric": "", "action": action} | changes


def agreement(calendar, targets=(), steps=(), **changes) -> dict:
    """A new agreement "Gold" with customers; a value of None is not posted, as an empty box."""
    fields = {
        "name": "Gold",
        "kind": "sla",
        "calendar": calendar.pk,
        "active": "on",
        "rank": 100,
        "target_key": "priority",
        "reopen_policy": "resume",
        "at_risk_percent": 75,
        "degraded_percent": 0,
        "requester_sees_due": "on",
    } | changes
    posted = {name: value for name, value in fields.items() if value is not None}
    return posted | formset("targets", list(targets)) | formset("steps", list(steps))


def as_opened(agreement_: Agreement, **changes) -> dict:
    """The page of an agreement posted as it was opened, with these changes.

    `targets` is a function that changes the rows before they are posted.
    """
    change_targets = changes.pop("targets", lambda rows: rows)
    change_steps = changes.pop("steps", lambda rows: rows)
    targets = [
        target(
            _time(row.seconds),
            id=row.pk,
            metric=row.metric,
            priority=row.priority,
            form=row.form,
            days=row.days or "",
            snap=row.snap,
            cutoff=f"{row.cutoff // 60:02}:{row.cutoff % 60:02}" if row.cutoff else "",
            calendar=row.calendar_id or "",
        )
        for row in agreement_.targets.all()
    ]
    steps = [
        step(
            row.percent,
            row.action,
            id=row.pk,
            metric=row.metric,
            team=row.team_id or "",
            calendar=row.calendar_id or "",
        )
        for row in agreement_.steps.all()
    ]
    values = {
        "name": agreement_.name,
        "kind": agreement_.kind,
        "version": agreement_.version,
        "is_default": "on" if agreement_.is_default else None,
        "active": "on" if agreement_.active else None,
        "rank": agreement_.rank,
        "organization": agreement_.organization_id or "",
        "service": agreement_.service_id or "",
        "team": agreement_.team_id or "",
        "supplier": agreement_.supplier_id or "",
        "target_key": agreement_.target_key,
    } | changes
    return agreement(agreement_.calendar, change_targets(targets), change_steps(steps), **values)


def _time(seconds: int | None) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}" if seconds else ""
