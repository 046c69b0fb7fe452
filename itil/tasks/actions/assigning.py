"""Who does a task: the person and the team."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.tasks import permissions
from itil.tasks.models import Task
from itil.tickets.errors import Refused
from portal.people.models import Team, User

from .changing import ensure, locked, refresh_copy, tell, write


def take(task: Task, *, by: User, at: datetime) -> Task:
    """Put it on one's own list. `assign`, whose refusals it has, to oneself."""
    return assign(task, by, by=by, at=at)


@transaction.atomic
def assign(task: Task, person: User | None, *, by: User | None, at: datetime) -> Task:
    """Give it to somebody of its team, or back to the team.

    Raises Refused for one that has ended, and when `person` does not work in its team.
    """
    present = locked(task)
    _ensure_may_assign(present, by, at)
    if present.assignee_id == (person and person.pk):
        return refresh_copy(task, present)
    if person is not None and (
        not person.is_active
        or (present.team_id is not None and present.team_id not in person.grants.team_ids)
    ):
        raise Refused(
            _("%(name)s does not work in %(team)s. Hand the task over to another team first.")
            % {"name": person, "team": present.team or _("a team")}
        )
    before = present.assignee
    write(present, at=at, changes={"assignee": person})
    _tell(present, "person", before, person, by=by, at=at)
    return refresh_copy(task, present)


@transaction.atomic
def hand_over(task: Task, team: Team, *, by: User | None, at: datetime) -> Task:
    """Give it to another team; its people decide who does it. Raises Refused once it has ended."""
    present = locked(task)
    _ensure_may_assign(present, by, at)
    if present.team_id == team.pk:
        return refresh_copy(task, present)
    before = present.team
    leaves = present.assignee is not None and team.pk not in present.assignee.grants.team_ids
    write(present, at=at, changes={"team": team} | ({"assignee": None} if leaves else {}))
    _tell(present, "team", before, team, by=by, at=at)
    return refresh_copy(task, present)


def _ensure_may_assign(task: Task, by: User | None, at: datetime) -> None:
    ensure(
        permissions.may_assign(by, task, at),
        _("You cannot assign %(number)s.") % {"number": task.number},
    )
    if not task.is_live:
        raise Refused(
            _("%(number)s is “%(status)s”; there is nothing left to do.")
            % {"number": task.number, "status": task.status_label}
        )


def _tell(
    task: Task,
    kind: str,
    before: User | Team | None,
    after: User | Team | None,
    *,
    by: User | None,
    at: datetime,
) -> None:
    tell(
        task,
        "assigned",
        by=by,
        at=at,
        data={
            "kind": kind,
            "from": before.pk if before else None,
            "to": after.pk if after else None,
            "from_name": before.name if before else "",
            "to_name": after.name if after else "",
        },
    )
