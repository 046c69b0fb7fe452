"""How an attempt at a task ends."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail
from portal.outbox.tasks import send_due_mail
from portal.worker.loop import JobWorker
from portal.worker.models import Job
from portal.worker.retries import MAX_ATTEMPTS
from portal.worker.tasks import prune

from .work import fail_until, mark

pytestmark = pytest.mark.usefixtures("db", "database_queue")


@pytest.fixture
def worker():
    return JobWorker(drain=False)


def attempt(worker):
    job = worker.claim_next()
    worker.run_task(job)
    return DBTaskResult.objects.get(pk=job.pk)


def test_a_failed_task_comes_back_after_waits_that_double(worker, tmp_path, settings):
    settings.WORKER_RETRY_SECONDS = 10
    fail_until.enqueue(str(tmp_path / "notes"), MAX_ATTEMPTS)
    for number in range(1, MAX_ATTEMPTS):
        before = timezone.now()
        row = attempt(worker)
        assert row.status == "READY"
        assert "not yet" in row.traceback
        wait = (row.run_after - before).total_seconds()
        expected = 10 * 2 ** (number - 1)
        assert 0.8 * expected <= wait <= 1.2 * expected + 1
        assert worker.claim_next() is None
        DBTaskResult.objects.update(run_after=timezone.now())
    row = attempt(worker)
    assert (row.status, row.traceback) == ("SUCCESSFUL", "")
    assert len(row.worker_ids) == MAX_ATTEMPTS


def test_after_the_last_attempt_a_task_stays_failed_with_its_error(worker, tmp_path):
    fail_until.enqueue(str(tmp_path / "notes"), MAX_ATTEMPTS + 1)
    for _number in range(MAX_ATTEMPTS):
        DBTaskResult.objects.update(run_after=timezone.now())
        row = attempt(worker)
    assert row.status == "FAILED"
    assert row.exception_class_path == "builtins.ValueError"
    DBTaskResult.objects.update(run_after=timezone.now())
    assert worker.claim_next() is None


def test_a_task_that_is_no_more_fails_without_taking_the_worker_down(worker, tmp_path):
    mark.enqueue(str(tmp_path / "notes"), "x")
    DBTaskResult.objects.update(task_path="tests.portal.worker.work.gone")
    assert attempt(worker).status == "READY"


def test_a_sweep_that_went_well_leaves_no_row(worker):
    send_due_mail.enqueue()
    worker.run_task(worker.claim_next())
    assert DBTaskResult.objects.count() == 0


def test_a_worker_that_was_thought_lost_cannot_end_the_attempt_that_took_its_place(
    worker, tmp_path
):
    mark.enqueue(str(tmp_path / "notes"), "x")
    old = worker.claim_next()
    assert Job.objects.get().put_back("lost") is True
    new = JobWorker(drain=False).claim_next()
    old.set_failed(ValueError("too late"))
    row = DBTaskResult.objects.get()
    assert (row.status, row.started_at) == ("RUNNING", new.started_at)
    new.set_successful(None)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_that_takes_worker_after_worker_down_is_given_up(tmp_path):
    mark.enqueue(str(tmp_path / "notes"), "x")
    for _number in range(MAX_ATTEMPTS):
        JobWorker(drain=False).claim_next()
        Job.objects.get().put_back("Worker w was lost.")
    row = DBTaskResult.objects.get()
    assert (row.status, row.traceback) == ("FAILED", "Worker w was lost.")


def test_finished_work_is_forgotten_after_a_day_and_failures_after_two_weeks(tmp_path):
    now = timezone.now()
    ages = {"SUCCESSFUL": (23, 25), "FAILED": (25, 13 * 24, 15 * 24), "READY": (100 * 24,)}
    for status, hours in ages.items():
        for age in hours:
            result = mark.enqueue(str(tmp_path / "notes"), "x")
            DBTaskResult.objects.filter(pk=result.id).update(
                status=status, finished_at=now - timedelta(hours=age)
            )
    prune.call()
    left = sorted(DBTaskResult.objects.values_list("status", flat=True))
    assert left == ["FAILED", "FAILED", "READY", "SUCCESSFUL"]


def test_sent_mail_is_forgotten_after_the_days_of_the_settings(settings):
    settings.OUTGOING_MAIL_KEPT_DAYS = 30
    for days in (29, 31):
        post(key=f"{days}", to="ann@acme.example", subject="Hello", text="x")
        OutgoingMail.objects.filter(key=f"{days}").update(
            state="sent", sent_at=timezone.now() - timedelta(days=days)
        )
    prune.call()
    assert OutgoingMail.objects.get().key == "29"
