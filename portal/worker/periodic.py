"""Starting what the schedule says, each run once, however many workers look."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task_backends
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

from .models import Job, PeriodicRun
from .schedule import SCHEDULE, Entry


def write_down(now: datetime, schedule: tuple[Entry, ...] = SCHEDULE) -> None:
    """Give each entry of the schedule its row, and drop rows of entries that are gone."""
    names = [entry.name for entry in schedule]
    PeriodicRun.objects.exclude(name__in=names).delete()
    known = set(PeriodicRun.objects.values_list("name", flat=True))
    PeriodicRun.objects.bulk_create(
        [
            PeriodicRun(name=entry.name, due_at=entry.when.first(now))
            for entry in schedule
            if entry.name not in known
        ],
        ignore_conflicts=True,
    )


def start_due(
    now: datetime,
    *,
    schedule: tuple[Entry, ...] = SCHEDULE,
    enqueue: Callable[[Task], object] = Task.enqueue,
) -> list[str]:
    """Enqueue the tasks of the entries that are due at `now`; returns the entries' names.

    The row is moved on and the task enqueued in one transaction: of several workers one wins the
    row, and a crash in between leaves the run due. An entry whose last run still waits or runs is
    passed over until its next time, so that slow work does not pile up.
    """
    due = dict(PeriodicRun.objects.filter(due_at__lte=now).values_list("name", "due_at"))
    started = []
    for entry in schedule:
        if entry.name not in due:
            continue
        was_due = due[entry.name]
        with transaction.atomic():
            rows = PeriodicRun.objects.filter(name=entry.name, due_at=was_due)
            busy = is_busy(entry, now)
            moved = {"due_at": entry.when.following(was_due, now)}
            if rows.update(**moved if busy else moved | {"started_at": now}) and not busy:
                enqueue(import_string(entry.task))
                started.append(entry.name)
    return started


def is_busy(entry: Entry, now: datetime) -> bool:
    """Whether the last run of the entry still waits or runs.

    The built-in engine can be asked. Celery cannot: there a run counts as busy for as long as a
    silent worker counts as alive, unless `settle` says earlier that it has ended.
    """
    if isinstance(task_backends["default"], DatabaseBackend):
        return Job.objects.filter(
            task_path=entry.task, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
        ).exists()
    since = now - timedelta(seconds=settings.WORKER_STALE_SECONDS)
    return PeriodicRun.objects.filter(name=entry.name, started_at__gt=since).exists()


def settle(task_path: str) -> None:
    """Note that a run of a scheduled task has ended (Celery only, see `is_busy`)."""
    names = [entry.name for entry in SCHEDULE if entry.task == task_path]
    if names:
        PeriodicRun.objects.filter(name__in=names).update(started_at=None)
