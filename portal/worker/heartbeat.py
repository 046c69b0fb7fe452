"""Signs of life, and taking work back from workers that show none."""

import contextlib
import logging
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks import TaskResultStatus

from .models import Job, WorkerBeat

logger = logging.getLogger(__name__)


def this_place() -> str:
    """Names this boot of this machine and its process numbers; empty where Linux does not run.

    Host names will not do: containers share them, and a process number of one means nothing in
    another.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def is_gone(pid: int) -> bool:
    """True when no process of this place has the number `pid`."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def beat(worker_id: str, now: datetime) -> None:
    """Note that the worker lives."""
    WorkerBeat.objects.update_or_create(
        worker_id=worker_id,
        defaults={"beat_at": now},
        create_defaults={"beat_at": now, "place": this_place(), "pid": os.getpid()},
    )


def living(now: datetime) -> set[str]:
    """The ids of the workers that live at `now`.

    A worker that was killed on this machine is missed at once by its process number; any other
    is missed when its last beat is WORKER_STALE_SECONDS old.
    """
    fresh = WorkerBeat.objects.filter(beat_at__gte=_stale_before(now))
    here = this_place()
    return {
        row.worker_id
        for row in fresh
        if not (here and row.place == here and row.pid != os.getpid() and is_gone(row.pid))
    }


def recover_lost(now: datetime) -> int:
    """Put the running work of lost workers back in the queue; returns how many rows.

    Work without any beat (the engine's own `db_worker`) counts as lost when it started too long
    ago. The running rows are read before the beats, so that a worker which starts in between is
    never taken for lost.
    """
    running = list(Job.objects.filter(status=TaskResultStatus.RUNNING))
    if not running:
        return 0
    alive = living(now)
    known = set(WorkerBeat.objects.values_list("worker_id", flat=True))
    count = 0
    for job in running:
        worker = job.worker_ids[-1] if job.worker_ids else ""
        if worker in alive:
            continue
        if worker not in known and job.started_at and job.started_at >= _stale_before(now):
            continue
        if job.put_back(f"Worker {worker} was lost."):
            logger.warning("%s is run again: worker %s was lost", job.task_path, worker)
            count += 1
    return count


def _stale_before(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.WORKER_STALE_SECONDS)


class Heartbeat(contextlib.AbstractContextManager):
    """Beats from a thread of its own while a worker runs, also during a long task."""

    def __init__(self, worker_id: str):
        self.worker_id = worker_id
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self):
        now = timezone.now()
        beat(self.worker_id, now)
        recover_lost(now)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._ended.set()
        self._thread.join(timeout=settings.WORKER_BEAT_SECONDS)
        WorkerBeat.objects.filter(worker_id=self.worker_id).delete()

    def _run(self):
        while not self._ended.wait(settings.WORKER_BEAT_SECONDS):
            try:
                now = timezone.now()
                beat(self.worker_id, now)
                recover_lost(now)
            except DatabaseError:
                # The database was away or locked; the next beat is the answer to both.
                logger.warning("A sign of life could not be written", exc_info=True)
                connection.close()
        connection.close()
