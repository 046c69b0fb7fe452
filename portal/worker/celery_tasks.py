"""The two Celery tasks that carry everything: run one task of ours, and ask the schedule."""

import functools
import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskContext, TaskResultStatus

from .celery import PLAN, RUN, app
from .celery_backend import result_of, send, send_now
from .periodic import settle, start_due, write_down
from .retries import MAX_ATTEMPTS, wait_after
from .schedule import is_sweep

logger = logging.getLogger(__name__)


@app.task(name=RUN, bind=True, max_retries=MAX_ATTEMPTS - 1)
def run(self, *, path, args, kwargs, queue, run_after=None):
    """Call the task at import path `path`; a failure is tried again after a growing wait."""
    task = import_string(path).using(queue_name=queue)
    if run_after:
        task = task.using(run_after=datetime.fromisoformat(run_after))
        if task.run_after > timezone.now():
            send(task, self.request.id, args, kwargs)
            return
    if task.takes_context:
        known = result_of(task, self.request.id, args, kwargs, TaskResultStatus.RUNNING)
        args = [TaskContext(task_result=known), *args]
    try:
        task.call(*args, **kwargs)
    except Exception as error:
        attempt = self.request.retries + 1
        if is_sweep(path) or attempt >= MAX_ATTEMPTS:
            raise
        wait = min(wait_after(attempt), settings.CELERY_VISIBILITY_SECONDS / 2)
        logger.warning("%s failed, again in %.0f s", path, wait, exc_info=error)
        raise self.retry(exc=error, countdown=wait) from error
    finally:
        settle(path)


@app.task(name=PLAN)
def plan():
    """Start what the schedule has due."""
    _write_down_once()
    start_due(timezone.now(), enqueue=send_now)


@functools.cache
def _write_down_once():
    write_down(timezone.now())
