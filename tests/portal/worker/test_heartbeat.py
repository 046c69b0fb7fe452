"""Work of lost workers is taken back, work of living ones is left alone."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.worker.heartbeat import beat, living, recover_lost, this_place
from portal.worker.loop import JobWorker
from portal.worker.models import WorkerBeat

from .work import mark

NOBODY = 2**22 + 1  # No process has a number this high.


@pytest.fixture
def worker(db, database_queue, tmp_path):
    """A worker that has begun a task."""
    mark.enqueue(str(tmp_path / "notes"), "x")
    worker = JobWorker(drain=False)
    worker.claim_next()
    return worker


def status():
    return DBTaskResult.objects.get().status


def test_the_work_of_a_living_worker_is_left_alone(worker):
    now = timezone.now()
    beat(worker.worker_id, now)
    assert living(now) == {worker.worker_id}
    assert recover_lost(now + timedelta(seconds=59)) == 0
    assert status() == "RUNNING"


def test_the_work_of_a_silent_worker_is_put_back(worker, settings):
    now = timezone.now()
    beat(worker.worker_id, now)
    WorkerBeat.objects.update(place="another machine", pid=NOBODY)
    assert recover_lost(now + timedelta(seconds=settings.WORKER_STALE_SECONDS)) == 0
    assert recover_lost(now + timedelta(seconds=settings.WORKER_STALE_SECONDS + 1)) == 1
    row = DBTaskResult.objects.get()
    assert (row.status, row.started_at) == ("READY", None)


def test_a_worker_killed_on_this_machine_is_missed_at_once(worker):
    now = timezone.now()
    beat(worker.worker_id, now)
    WorkerBeat.objects.update(pid=NOBODY)
    assert WorkerBeat.objects.get().place == this_place() != ""
    assert recover_lost(now) == 1
    assert status() == "READY"


def test_the_same_process_number_elsewhere_says_nothing(worker):
    now = timezone.now()
    beat(worker.worker_id, now)
    WorkerBeat.objects.update(place="another container", pid=NOBODY)
    assert recover_lost(now) == 0


def test_work_without_any_beat_is_given_its_time(worker, settings):
    now = timezone.now()
    assert recover_lost(now) == 0
    assert recover_lost(now + timedelta(seconds=settings.WORKER_STALE_SECONDS + 5)) == 1


def test_a_beat_tells_the_process(db):
    now = timezone.now()
    beat("w", now - timedelta(seconds=10))
    beat("w", now)
    row = WorkerBeat.objects.get()
    assert (row.pid, row.beat_at) == (os.getpid(), now)
