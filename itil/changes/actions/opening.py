"""A change comes to be: by hand, from a template, or as the answer to an incident or problem."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.changes import permissions
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType
from itil.changes.models import COPIED, Change, ChangeTemplate
from itil.cmdb.models import ConfigurationItem
from itil.desk import actions as desk
from itil.desk.actions.changing import ensure
from itil.desk.actions.items import attach_item
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, ItemRole, LinkType, Ticket
from portal.people.models import Team, User

from .conflicts import check_conflicts


@transaction.atomic
def open_change(
    *,
    by: User,
    title: str,
    change_type: str = ChangeType.NORMAL,
    service: Service | None = None,
    team: Team | None = None,
    items: Iterable[ConfigurationItem] = (),
    services: Iterable[Service] = (),
    implementers: Iterable[User] = (),
    answers: Iterable[Ticket] = (),
    columns: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Change:
    """Open a draft, owned by who opens it.

    `answers` are the incidents and problems that it fixes. Raises NotAllowed, MissingValue, and
    Refused for a standard change, which begins from a template.
    """
    at = at or timezone.now()
    ensure(permissions.may_open(by), _("You cannot open changes."))
    columns = dict(columns or {})
    if change_type == ChangeType.STANDARD and columns.get("template") is None:
        raise MissingValue("template", _("Choose a template: a standard change begins from one."))
    ensure_window(columns.get("planned_start"), columns.get("planned_end"))
    team = team or (service.team if service else None) or _own_team(by)
    change = desk.open_ticket(
        Change,
        by=by,
        title=title,
        text="",
        requester=by,
        channel=Channel.DESK,
        service=service,
        team=team,
        columns={"change_type": change_type, "assignee": by, "first_assigned_at": at, **columns},
        at=at,
    )
    change.affected_services.set(services)
    implementers = list(implementers)
    change.implementers.set(implementers)
    let_in(change, implementers)
    for item in items:
        attach_item(change, item, by=by, role=ItemRole.CHANGED, at=at)
    for ticket in answers:
        tickets.link(ticket, change, LinkType.FIXED_BY, by=by, at=at)
    present = Change.objects.get(pk=change.pk)
    if present.planned_start is not None and present.planned_end is not None:
        check_conflicts(present, at)
    return present


def open_standard(
    template: ChangeTemplate,
    *,
    by: User,
    title: str = "",
    planned_start: datetime | None = None,
    planned_end: datetime | None = None,
    columns: dict[str, Any] | None = None,
    at: datetime | None = None,
    **more: Any,
) -> Change:
    """Open a standard change from a template that is in force. Raises Refused for another one."""
    at = at or timezone.now()
    if not template.is_usable or template.review_on <= timezone.localdate(at):
        raise Refused(
            _("The template “%(name)s” is not in force: %(state)s.")
            % {"name": template, "state": template.get_state_display()}
        )
    copied = {name: getattr(template, name) for name in COPIED}
    plan = template.task_plan.current if template.task_plan else None
    return open_change(
        by=by,
        title=title or template.name,
        change_type=ChangeType.STANDARD,
        service=more.pop("service", None) or template.service,
        team=template.team,
        columns={
            **copied,
            "template": template,
            # Its risk was judged once, with the template.
            "risk": Risk.LOW,
            "plan_version": plan,
            "planned_start": planned_start,
            "planned_end": planned_end,
            **(columns or {}),
        },
        at=at,
        **more,
    )


def ensure_window(start: datetime | None, end: datetime | None) -> None:
    """Raises MissingValue for a window that ends before it begins."""
    if start is not None and end is not None and end <= start:
        raise MissingValue("planned_end", _("The end must be after the start."))


def let_in(change: Change, implementers: Iterable[User]) -> None:
    """Who carries it out can open it, of whatever team: takes part in it like a watcher."""
    for person in implementers:
        if not Change.objects.visible_to(person).filter(pk=change.pk).exists():
            tickets.watch(change, person)


def _own_team(person: User) -> Team | None:
    return Team.objects.filter(pk__in=person.grants.team_ids).order_by("pk").first()
