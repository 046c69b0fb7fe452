"""The same tasks on Celery over Redis; runs where TEST_REDIS_URL names a Redis."""

import os
import uuid
from collections import Counter

import pytest

from itil.tickets.actions import record
from itil.tickets.models import EventKind, TicketEvent
from tests import make
from tests.cast import MONDAY

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

ENQUEUE = """
from datetime import timedelta
from django.utils import timezone
from tests.portal.worker.work import fail_until, mark, slow
soon = timezone.now() + timedelta(seconds=3)
mark.using(run_after=soon).enqueue("{notes}", "later")
fail_until.using(run_after=soon).enqueue("{notes}", 2)
slow.enqueue("{notes}", 2)
for number in range(10):
    mark.enqueue("{notes}", f"word-{{number}}")
"""


@pytest.fixture
def environment(shared_database):
    """A queue of its own in the Redis of the tests; lost work is given away after six seconds."""
    return {
        "DATABASE_URL": shared_database,
        "TASKS_ENGINE": "celery",
        "REDIS_URL": os.environ["TEST_REDIS_URL"],
        "CELERY_KEY_PREFIX": f"test-{uuid.uuid4().hex}:",
        "CELERY_VISIBILITY_SECONDS": "6",
        "CELERY_WORKER_CONCURRENCY": "2",
    }


def is_done(path):
    counted = Counter(path.read_text().split())
    return counted["later"] and counted["done"] and counted["try"] >= 2


def test_a_killed_celery_worker_loses_nothing_and_the_schedule_runs(
    environment, start, wait_for, tmp_path, cast
):
    record(make.incident(cast), EventKind.EDITED, by=None, at=MONDAY)
    path = tmp_path / "notes"
    path.touch()
    worker = start(environment, "run_worker")
    filler = start(environment, "shell", "--command", ENQUEUE.format(notes=path))
    wait_for(lambda: "start" in path.read_text())
    worker.kill()
    assert filler.process.wait(20) == 0
    assert "done" not in path.read_text()

    again = start(environment, "run_worker")
    wait_for(lambda: is_done(path), seconds=60)
    wait_for(lambda: not TicketEvent.objects.filter(handled_at__isnull=True).exists())
    assert again.terminate() == 0
    counted = Counter(path.read_text().split())
    # Delivery is at least once: short tasks may come twice. The one that was cut off is done once.
    assert counted["done"] == 1
    assert {word for word in counted if word.startswith("word-")} == {
        f"word-{number}" for number in range(10)
    }
