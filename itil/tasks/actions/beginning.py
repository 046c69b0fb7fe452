"""Tasks come to be: by the plan of a ticket, by hand, and once more after a failure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from itil.calendars.hours import NeverOpenError, Schedule, add, business_days
from itil.calendars.models import BusinessCalendar
from itil.fields.answers import readable
from itil.fields.models import FormVersion
from itil.tasks import permissions
from itil.tasks.definition import EVERY_ANSWER, PlannedTask, circle_in
from itil.tasks.lifecycle import LIFECYCLE, SETTLED, Status
from itil.tasks.models import EvidenceKind, PlanVersion, Task, TaskDependency
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Ticket
from itil.tickets.numbering import next_number, reserve_numbers
from portal.people.models import Team, User

from .changing import (
    ensure,
    locked,
    locked_ticket,
    open_ready,
    order_of,
    refresh_copy,
    step,
    tell,
    tell_opened,
    write,
)

HOUR = 3600


@transaction.atomic
def begin(
    ticket: Ticket,
    plan_version: PlanVersion,
    *,
    answers: Mapping[str, Any],
    form_version: FormVersion | None = None,
    at: datetime,
) -> list[Task]:
    """Make the tasks of a plan that `answers` ask for; open what waits for nothing; what was added.

    `form_version` is the form that was answered: with it, tasks show the answers that the plan lets
    them show. Called again, with other answers or another version, it adds the tasks that are not
    there yet, and those that go on show the new answers. Raises Refused when the ticket is done.
    """
    present = locked_ticket(ticket)
    _ensure_open(present)
    plan = plan_version.content
    by_key = {task.key: task for task in Task.objects.of(present).filter(replaced_by__isnull=True)}
    wanted = plan.applying_to(answers)
    shown = {planned.key: _facts(planned, answers, form_version) for planned in wanted}
    _show_new_answers(by_key, shown, at=at)
    # A ticket that was cancelled for good has none; one that was of another type has (`VOC-1`).
    gone = {task.key for task in by_key.values() if task.status == Status.CANCELLED}
    new = [planned for planned in wanted if planned.key not in by_key.keys() - gone]
    if not new:
        return []
    calendar = BusinessCalendar.objects.filter(pk=plan.calendar).first()
    does_it = _doers(new, present)
    held_since = _held_since(present)
    added = []
    for planned, number in zip(new, reserve_numbers(Task.NUMBER_PREFIX, len(new)), strict=True):
        team, person = does_it[planned.key]
        task = Task(
            number=number,
            ticket=present,
            plan_version=plan_version,
            key=planned.key,
            position=plan.tasks.index(plan.by_key[planned.key]),
            title=planned.title,
            text=planned.text,
            team=team,
            assignee=person,
            is_optional=planned.is_optional,
            visible_to_requester=planned.visible_to_requester,
            calendar=calendar,
            due_at=_due(planned, calendar and calendar.schedule(), at),
            checklist=_checklist(planned.checklist),
            evidence_kind=planned.evidence,
            facts=shown[planned.key],
            replaces=by_key.get(planned.key),
        )
        _insert(task, at=at, held_since=held_since)
        by_key[planned.key] = task
        added.append(task)
    _depend(wanted, by_key)
    told = {"plan": plan_version.plan.name, "version": plan_version.number}
    tell(added[0], "planned", by=None, at=at, data=told | {"tasks": order_of(added)})
    opened = {task.pk: task for task in open_ready(present, at=at)}
    return [opened.get(task.pk, task) for task in added]


@transaction.atomic
def add_task(
    ticket: Ticket,
    *,
    by: User | None,
    at: datetime,
    title: str,
    text: str = "",
    team: Team | None = None,
    assignee: User | None = None,
    is_optional: bool = False,
    visible_to_requester: bool = False,
    due_at: datetime | None = None,
    checklist: Iterable[str] = (),
    evidence_kind: str = EvidenceKind.NONE,
    after: Iterable[Task] = (),
) -> Task:
    """Add a task by hand; without a team the one that holds the ticket does it.

    Raises NotAllowed, MissingValue (title, team, assignee, after), and Refused when the ticket is
    done: what was finished stays finished, and a reopened ticket gets new tasks.
    """
    present = locked_ticket(ticket)
    _ensure_may_plan(by, present)
    _ensure_open(present)
    team = team or present.team
    if not title.strip():
        raise MissingValue("title", _("Say what is to be done."))
    if assignee is not None and (team is None or team.pk not in assignee.grants.team_ids):
        raise MissingValue(
            "assignee",
            _("%(name)s does not work in %(team)s.")
            % {"name": assignee, "team": team or _("a team")},
        )
    predecessors = list(after)
    if any(task.ticket_id != present.pk for task in predecessors):
        raise MissingValue("after", _("Choose tasks of the same ticket."))
    last = Task.objects.of(present).last()
    task = Task(
        number=next_number(Task.NUMBER_PREFIX),
        ticket=present,
        position=last.position + 1 if last else 0,
        title=title.strip(),
        text=text.strip(),
        team=team,
        assignee=assignee,
        is_optional=is_optional,
        visible_to_requester=visible_to_requester,
        due_at=due_at,
        checklist=_checklist(checklist),
        evidence_kind=evidence_kind,
    )
    _insert(task, at=at, held_since=_held_since(present))
    for predecessor in predecessors:
        TaskDependency.objects.create(task=task, predecessor=predecessor)
    tell(task, "added", by=by, at=at)
    _open_if_ready(task, at=at)
    return task


@transaction.atomic
def try_again(task: Task, *, by: User | None, at: datetime) -> Task:
    """Put a new task in the place of one that failed; the new one.

    It is the same work for the same team, with nothing ticked and nothing shown yet; what waited
    for the failed task waits for it. Raises Refused for a task that did not fail, or that is tried
    again already.
    """
    failed = locked(task)
    _ensure_may_plan(by, failed.ticket)
    _ensure_open(failed.ticket)
    words = {"number": failed.number, "status": failed.status_label}
    if failed.status != Status.FAILED:
        raise Refused(_("%(number)s is “%(status)s”. Only what failed is tried again.") % words)
    if Task.objects.filter(replaces=failed).exists():
        raise Refused(_("%(number)s is tried again already.") % words)
    new = Task(
        number=next_number(Task.NUMBER_PREFIX),
        ticket=failed.ticket,
        plan_version=failed.plan_version,
        key=failed.key,
        position=failed.position,
        title=failed.title,
        text=failed.text,
        team=failed.team,
        is_optional=failed.is_optional,
        visible_to_requester=failed.visible_to_requester,
        checklist=_checklist(item["text"] for item in failed.checklist),
        evidence_kind=failed.evidence_kind,
        facts=failed.facts,
        replaces=failed,
    )
    _insert(new, at=at, held_since=_held_since(failed.ticket))
    TaskDependency.objects.filter(predecessor=failed).update(predecessor=new)
    tell(new, "tried_again", by=by, at=at, data={"failed": failed.number})
    _open_if_ready(new, at=at)
    refresh_copy(task, failed)
    return new


@transaction.atomic
def depend(task: Task, predecessor: Task, *, by: User | None, at: datetime) -> Task:
    """Let `task` wait for `predecessor` as well.

    Raises Refused for tasks of different tickets, for a task that does not wait any more, and for
    a dependency that would close a circle.
    """
    present = locked(task)
    before = Task.objects.get(pk=predecessor.pk)
    _ensure_may_plan(by, present.ticket)
    words = {"number": present.number, "other": before.number, "status": present.status_label}
    if before.ticket_id != present.ticket_id:
        raise Refused(_("%(other)s belongs to another ticket.") % words)
    if present.status != Status.PENDING and before.status not in SETTLED:
        raise Refused(
            _("%(number)s is “%(status)s” and cannot wait for another task any more.") % words
        )
    pairs = TaskDependency.objects.filter(task__ticket=present.ticket_id)
    after: dict[int, list[int]] = {present.pk: [before.pk]}
    for later, earlier in pairs.values_list("task_id", "predecessor_id"):
        after.setdefault(later, []).append(earlier)
    if circle_in(after):
        raise Refused(
            _("%(other)s waits for %(number)s already: they would wait for each other.") % words
        )
    _made, is_new = TaskDependency.objects.get_or_create(task=present, predecessor=before)
    if is_new:
        write(present, at=at, changes={})
        tell(present, "depends", by=by, at=at, data={"on": before.number})
    return refresh_copy(task, present)


def _show_new_answers(
    by_key: Mapping[str, Task], shown: Mapping[str, list[list[str]]], *, at: datetime
) -> None:
    """Let the tasks that go on show what was answered now."""
    for key in shown.keys() & by_key.keys():
        if by_key[key].is_live and by_key[key].facts != shown[key]:
            write(by_key[key], at=at, changes={"facts": shown[key]})


def _doers(
    planned: Iterable[PlannedTask], ticket: Ticket
) -> dict[str, tuple[Team | None, User | None]]:
    """The team and the person of each task by its key; the team of the ticket for a lost one.

    Somebody who left the team since the plan was published does not keep the work from it.
    """
    rows = list(planned)
    teams = Team.objects.in_bulk({row.team for row in rows if row.team})
    people = User.objects.active().in_bulk({row.person for row in rows if row.person})
    found: dict[str, tuple[Team | None, User | None]] = {}
    for row in rows:
        team, person = teams.get(row.team) or ticket.team, people.get(row.person)
        stays = person is not None and team is not None and team.pk in person.grants.team_ids
        found[row.key] = (team, person if stays else None)
    return found


def _insert(task: Task, *, at: datetime, held_since: datetime | None) -> None:
    """Store a new task in the first status of the life cycle."""
    task.status = LIFECYCLE.start
    task.phase = LIFECYCLE.phases[LIFECYCLE.start]
    task.created_at = task.updated_at = at
    task.held_since = held_since
    task.save()


def _depend(wanted: Iterable[PlannedTask], by_key: Mapping[str, Task]) -> None:
    """Put the tasks of a plan in its order; what has been opened before waits for nothing more."""
    known = set(
        TaskDependency.objects.filter(task__in=by_key.values()).values_list(
            "task_id", "predecessor_id"
        )
    )
    TaskDependency.objects.bulk_create(
        TaskDependency(task=by_key[planned.key], predecessor=by_key[key])
        for planned in wanted
        for key in planned.after
        if by_key[planned.key].status == Status.PENDING
        and (by_key[planned.key].pk, by_key[key].pk) not in known
    )


def _open_if_ready(task: Task, *, at: datetime) -> None:
    if Task.objects.filter(pk=task.pk).ready().exists():
        step(task, "open", by=None, at=at)
        tell_opened(task, at=at)


def _held_since(ticket: Ticket) -> datetime | None:
    """Since when the ticket waits for a decision, as its other tasks know it."""
    held = Task.objects.of(ticket).live().filter(held_since__isnull=False).first()
    return held.held_since if held else None


def _due(planned: PlannedTask, schedule: Schedule | None, at: datetime) -> datetime | None:
    """When it is due, counted from the beginning of the plan."""
    if schedule is None:
        return None
    try:
        if planned.hours:
            return add(schedule, at, planned.hours * HOUR)
        return business_days(schedule, at, planned.days) if planned.days else None
    except NeverOpenError:
        return None


def _facts(
    planned: PlannedTask, answers: Mapping[str, Any], form_version: FormVersion | None
) -> list[list[str]]:
    """What the people who do the task may read of the request: label and text of each answer."""
    if form_version is None or not planned.answers:
        return []
    chosen = answers
    if EVERY_ANSWER not in planned.answers:
        chosen = {key: answers[key] for key in planned.answers if key in answers}
    sections = readable(form_version.questions, chosen)
    return [[str(label), text] for _title, lines in sections for label, text in lines]


def _checklist(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [{"text": line.strip(), "done": False} for line in lines if line.strip()]


def _ensure_may_plan(by: User | None, ticket: Ticket) -> None:
    ensure(
        permissions.may_plan(by, ticket),
        _("You cannot plan the tasks of %(number)s.") % {"number": ticket.number},
    )


def _ensure_open(ticket: Ticket) -> None:
    if not ticket.is_open:
        raise Refused(_("%(number)s is done. Reopen it first.") % {"number": ticket.number})
