"""A plan is published: from then on new work goes by it, and what runs keeps the version it has."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.calendars.hours import opens_within
from itil.tasks.definition import Plan, PlanError
from itil.tasks.models import PlanVersion, TaskPlan
from itil.tickets.errors import Refused
from portal.people.models import User


@transaction.atomic
def publish(plan: TaskPlan, *, by: User | None, at: datetime) -> PlanVersion:
    """Freeze the plan as its next version; the last one when nothing has changed since.

    Raises Refused with every fault of the plan by the name of its task: no tasks, two with one
    key, one that comes after a task that is not there, a circle, a due time without opening hours.
    """
    TaskPlan.objects.select_for_update().only("pk").get(pk=plan.pk)
    content = plan.as_entered()
    found = faults(plan, content, at=at)
    if found:
        raise Refused(" ".join(found))
    last = plan.current
    if last is not None and last.definition == content.as_data():
        return last
    return PlanVersion.objects.create(
        plan=plan,
        number=last.number + 1 if last else 1,
        definition=content.as_data(),
        published_at=at,
        published_by=by,
    )


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
