"""A plan is published: from then on new work goes by it, and what runs keeps the version it has."""

from dataclasses import fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.calendars.hours import opens_within
from itil.tasks import permissions
from itil.tasks.definition import Plan, PlanError, PlannedTask
from itil.tasks.models import PlanTask, PlanVersion, TaskPlan
from itil.tickets.errors import Refused
from portal.people.models import User

from .changing import ensure

# The column that a part of the definition is entered in, where it has another name.
_ENTERED_IN = {"hours": "due_amount", "days": "due_amount", "condition": "condition_question"}


@transaction.atomic
def publish(plan: TaskPlan, *, by: User | None, at: datetime) -> PlanVersion:
    """Freeze the plan as its next version; the last one when nothing has changed since.

    Raises Refused with every fault of the plan by the name of its task: no tasks, two with one
    key, one that comes after a task that is not there, a circle, a due time without opening hours.
    NotAllowed for everybody but catalog managers and administrators.
    """
    ensure(permissions.may_publish(by), _("Only catalog managers publish plans."))
    present = TaskPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    content = present.as_entered()
    found = faults(present, content, at=at)
    if found:
        raise Refused(" ".join(found))
    last: PlanVersion | None = present.current
    if last is not None and last.definition == content.as_data():
        return last
    version: PlanVersion = PlanVersion.objects.create(
        plan=present,
        number=last.number + 1 if last else 1,
        definition=content.as_data(),
        published_at=at,
        published_by=by,
    )
    # Not by `save`, which would also write the rows of the plan that somebody may be editing.
    TaskPlan.objects.filter(pk=present.pk).update(current=version)
    plan.current = present.current = version
    return version


def faults(plan: TaskPlan, content: Plan, *, at: datetime) -> list[str]:
    """What keeps the plan from being published, each as a sentence; empty for none."""
    found = []
    try:
        content.check()
    except PlanError as error:
        found += [_in_words(content, what, where) for what, where in error.problems]
    if any(task.hours or task.days for task in content.tasks):
        if plan.calendar is None:
            found.append(_("Choose the calendar that the due times count by."))
        elif not opens_within(plan.calendar.schedule(), at.date()):
            found.append(
                _("The calendar %(name)s is never open; nothing would ever be due.")
                % {"name": plan.calendar}
            )
    return found


def differences(before: Plan, after: Plan) -> list[str]:
    """What a publication would change, a sentence for each task; empty for nothing."""
    found = []
    if before.calendar != after.calendar:
        found.append(_("Another calendar."))
    for task in after.tasks:
        former = before.by_key.get(task.key)
        if former is None:
            found.append(_("New: “%(name)s”.") % {"name": task.title})
        elif former != task:
            words = {"name": task.title, "what": ", ".join(_changed(former, task))}
            found.append(_("“%(name)s”: %(what)s.") % words)
    found += [
        _("Left out: “%(name)s”.") % {"name": task.title}
        for task in before.tasks
        if task.key not in after.by_key
    ]
    kept = [task.key for task in after.tasks if task.key in before.by_key]
    if kept != [task.key for task in before.tasks if task.key in after.by_key]:
        found.append(_("They are read in another order."))
    return found


def _changed(before: PlannedTask, after: PlannedTask) -> list[str]:
    """The names of the columns in which two tasks differ."""
    names = [
        _ENTERED_IN.get(part.name, part.name)
        for part in fields(PlannedTask)
        if getattr(before, part.name) != getattr(after, part.name)
    ]
    return [str(PlanTask._meta.get_field(name).verbose_name) for name in dict.fromkeys(names)]


def _in_words(content: Plan, what: str, where: tuple[str, ...]) -> str:
    names = [content.by_key[key].title if key in content.by_key else key for key in where]
    if what == "empty":
        return _("Add at least one task.")
    if what == "twice":
        return _("Two tasks have the key “%(key)s”; give one of them another.") % {"key": where[0]}
    if what == "unknown":
        return _("“%(name)s” comes after “%(key)s”, which is no task of this plan.") % {
            "name": names[0],
            "key": where[1],
        }
    return _("These tasks wait for each other in a circle: %(names)s.") % {
        "names": " → ".join([*names, names[0]])
    }
