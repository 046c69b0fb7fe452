"""Real worker processes on the built-in engine, killed and stopped."""

from collections import Counter

import pytest
from django_tasks_db.models import DBTaskResult

from portal.worker.models import WorkerBeat

from .work import fail_until, mark, slow

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def notes(tmp_path):
    """Where the tasks write, and what they have written so far."""
    path = tmp_path / "notes"
    path.touch()

    class Notes:
        def __str__(self):
            return str(path)

        def count(self):
            return Counter(path.read_text().split())

    return Notes()


def own_tasks():
    """The rows of our tasks, without those of the schedule."""
    return DBTaskResult.objects.filter(task_path__startswith="tests.")


def test_a_worker_killed_in_the_middle_of_a_task_loses_and_doubles_nothing(
    shared_database, database_queue, start, wait_for, notes
):
    for number in range(20):
        mark.enqueue(str(notes), f"before-{number}")
    slow.enqueue(str(notes), 1.0)
    for number in range(20):
        mark.enqueue(str(notes), f"after-{number}")
    environment = {"DATABASE_URL": shared_database}
    first = start(environment, "run_worker")
    wait_for(lambda: notes.count()["start"] == 1)
    first.kill()
    assert notes.count()["done"] == 0
    assert own_tasks().filter(status="RUNNING").count() == 1

    second = start(environment, "run_worker")
    wait_for(lambda: own_tasks().exclude(status="SUCCESSFUL").count() == 0)
    words = [f"{when}-{number}" for when in ("before", "after") for number in range(20)]
    # Only the task that was cut off was begun twice; every task was done once.
    assert notes.count() == Counter(words + ["start", "start", "done"])
    assert second.terminate() == 0


def test_a_stopped_worker_ends_its_task_first(
    shared_database, database_queue, start, wait_for, notes
):
    slow.enqueue(str(notes), 1.0)
    mark.enqueue(str(notes), "next")
    worker = start({"DATABASE_URL": shared_database}, "run_worker")
    wait_for(lambda: notes.count()["start"] == 1)
    assert worker.terminate() == 0
    assert notes.count() == Counter(["start", "done"])
    statuses = own_tasks().order_by("enqueued_at").values_list("status", flat=True)
    assert list(statuses) == ["SUCCESSFUL", "READY"]
    assert WorkerBeat.objects.count() == 0


def test_two_workers_share_the_queue_and_do_each_task_once(
    shared_database, database_queue, start, wait_for, notes
):
    workers = [start({"DATABASE_URL": shared_database}, "run_worker") for _one in range(2)]
    wait_for(lambda: WorkerBeat.objects.count() == 2)
    words = [f"word-{number}" for number in range(60)]
    for word in words:
        mark.enqueue(str(notes), word)
    wait_for(lambda: own_tasks().exclude(status="SUCCESSFUL").count() == 0)
    assert notes.count() == Counter(words)
    assert [worker.terminate() for worker in workers] == [0, 0]


def test_draining_does_what_waits_and_exits(
    shared_database, database_queue, start, wait_for, notes
):
    mark.enqueue(str(notes), "one")
    fail_until.enqueue(str(notes), 2)
    drain = start({"DATABASE_URL": shared_database}, "run_worker", "--drain")
    assert drain.process.wait(20) == 0
    assert notes.count() == Counter(["one", "try"])
