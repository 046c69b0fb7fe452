"""Each run of the schedule starts once."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.worker.models import PeriodicRun
from portal.worker.periodic import settle, start_due, write_down
from portal.worker.schedule import Entry, Every
from tests.together import at_once

TICK = "tests.portal.worker.work.tick"
SCHEDULE = (Entry("tick", Every(10), TICK),)


def test_a_run_starts_when_it_is_due_and_not_before(db, database_queue):
    now = timezone.now()
    write_down(now, SCHEDULE)
    assert start_due(now, schedule=SCHEDULE) == ["tick"]
    DBTaskResult.objects.all().delete()
    assert start_due(now + timedelta(seconds=9.9), schedule=SCHEDULE) == []
    assert start_due(now + timedelta(seconds=10), schedule=SCHEDULE) == ["tick"]
    assert DBTaskResult.objects.get().task_path == TICK


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_work_that_is_not_done_yet_does_not_pile_up(db, database_queue, status):
    now = timezone.now()
    write_down(now, SCHEDULE)
    start_due(now, schedule=SCHEDULE)
    DBTaskResult.objects.update(status=status)
    later = now + timedelta(seconds=10)
    assert start_due(later, schedule=SCHEDULE) == []
    DBTaskResult.objects.update(status="FAILED")
    assert start_due(later + timedelta(seconds=10), schedule=SCHEDULE) == ["tick"]


def test_an_entry_that_is_gone_loses_its_row_and_the_others_keep_theirs(db):
    now = timezone.now()
    write_down(now, (*SCHEDULE, Entry("old", Every(10), TICK)))
    write_down(now + timedelta(hours=1), SCHEDULE)
    assert list(PeriodicRun.objects.values_list("name", "due_at")) == [("tick", now)]


def test_without_a_queue_to_ask_a_run_blocks_the_next_until_it_ends_or_counts_as_lost(db, settings):
    """The way of Celery."""
    settings.WORKER_STALE_SECONDS = 60
    schedule = (Entry("send mail", Every(5), "portal.outbox.tasks.send_due_mail"),)
    started = []
    now = timezone.now()
    write_down(now, schedule)

    def start(seconds):
        moment = now + timedelta(seconds=seconds)
        return start_due(moment, schedule=schedule, enqueue=started.append)

    assert start(0) == ["send mail"]
    assert start(5) == []
    settle("portal.outbox.tasks.send_due_mail")
    assert start(10) == ["send mail"]
    assert start(65) == []
    assert start(71) == ["send mail"]
    assert len(started) == 3


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_starts_the_run(shared_database, database_queue):
    for _round in range(5):
        now = timezone.now()
        PeriodicRun.objects.all().delete()
        DBTaskResult.objects.all().delete()
        write_down(now, SCHEDULE)
        started = at_once(*[partial(start_due, now, schedule=SCHEDULE)] * 4)
        assert sorted(started) == [[], [], [], ["tick"]]
        assert DBTaskResult.objects.count() == 1
