"""Django's Tasks interface on Celery, chosen by TASKS_ENGINE=celery and REDIS_URL."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.utils import get_random_id, normalize_json

from .celery import RUN, app


class CeleryBackend(BaseTaskBackend):
    """Sends each task as one message of the Celery task `portal.worker.run`.

    Delivery is at least once. Priorities are accepted and not kept; results are not stored.
    """

    supports_defer = True
    supports_async_task = True
    supports_priority = True

    def enqueue(self, task, args, kwargs):
        """Send when the transaction commits, so that the worker finds the rows it needs."""
        self.validate_task(task)
        result = result_of(task, get_random_id(), args, kwargs, TaskResultStatus.READY)
        # Robust: when Redis is away the error is logged, and the person's change still stands.
        transaction.on_commit(
            lambda: send(task, result.id, result.args, result.kwargs), robust=True
        )
        return result


def send_now(task: Task) -> None:
    """Send a task without arguments before the transaction commits: rather twice than never."""
    send(task, get_random_id(), [], {})


def send(task: Task, task_id: str, args: list, kwargs: dict) -> None:
    """Hand one message to Redis.

    A message with a time further ahead than half the visibility timeout would be given to several
    workers, so it travels in hops: `portal.worker.run` sends it on until its time has come.
    """
    message = {"path": task.module_path, "args": args, "kwargs": kwargs, "queue": task.queue_name}
    if task.run_after:
        message["run_after"] = task.run_after.isoformat()
    app.send_task(
        RUN,
        kwargs=message,
        task_id=task_id,
        queue=task.queue_name,
        eta=task.run_after and min(task.run_after, latest_hop(timezone.now())),
    )


def latest_hop(now: datetime) -> datetime:
    """The furthest time for which one message may be held back."""
    return now + timedelta(seconds=settings.CELERY_VISIBILITY_SECONDS / 2)


def result_of(
    task: Task, task_id: str, args: list, kwargs: dict, status: TaskResultStatus
) -> TaskResult:
    """What is known of a task on its way; its outcome is not kept."""
    return TaskResult(
        task=task,
        id=task_id,
        status=status,
        enqueued_at=timezone.now(),
        started_at=None,
        last_attempted_at=None,
        finished_at=None,
        args=normalize_json(list(args)),
        kwargs=normalize_json(kwargs),
        backend=task.backend,
        errors=[],
        worker_ids=[],
    )
