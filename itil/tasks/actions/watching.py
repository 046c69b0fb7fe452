"""What time does to tasks: they become late."""

from datetime import datetime

from django.db import transaction

from itil.tasks.models import Task

from .changing import tell


def tell_late(now: datetime) -> int:
    """Tell of each task whose due time has passed at `now`, once for each due time; returns how
    many. Run twice it tells nothing new.
    """
    late = Task.objects.late_untold(now).order_by("due_at", "pk")
    return sum(_tell_late(pk, now) for pk in list(late.values_list("pk", flat=True)))


@transaction.atomic
def _tell_late(pk: int, now: datetime) -> bool:
    """False when it was done, put off or told of meanwhile."""
    task = Task.objects.select_related("ticket").get(pk=pk)
    # Compare and set: of two runs one tells. Nothing of the task itself changes.
    present = Task.objects.late_untold(now).filter(pk=pk, due_at=task.due_at)
    if not present.update(late_told_for=task.due_at):
        return False
    due = task.due_at.isoformat() if task.due_at else ""
    tell(task, "late", by=None, at=now, data={"due_at": due})
    return True
