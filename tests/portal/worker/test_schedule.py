"""What runs when."""

from datetime import UTC, datetime, time

import pytest
from django.utils.module_loading import import_string
from django_tasks.base import Task

from portal.worker.schedule import SCHEDULE, Daily, Every, Monthly, is_sweep


@pytest.fixture(autouse=True)
def berlin(settings):
    settings.BUSINESS_TIME_ZONE = "Europe/Berlin"


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_every_entry_names_a_task_that_exists_and_has_a_name_of_its_own():
    assert all(isinstance(import_string(entry.task), Task) for entry in SCHEDULE)
    assert len({entry.name for entry in SCHEDULE}) == len(SCHEDULE)
    assert len({entry.task for entry in SCHEDULE}) == len(SCHEDULE)


def test_an_interval_keeps_its_beat_and_leaves_out_what_was_missed():
    rule = Every(20)
    due = at(2026, 3, 2, 9, 0, 0)
    assert rule.first(due) == due
    assert rule.following(due, at(2026, 3, 2, 9, 0, 1)) == at(2026, 3, 2, 9, 0, 20)
    assert rule.following(due, at(2026, 3, 2, 11, 0, 0)) == at(2026, 3, 2, 11, 0, 20)


def test_daily_work_keeps_wall_time_when_the_clocks_change():
    rule = Daily(time(6, 0))
    # The night of 28 to 29 March 2026 is an hour short in Berlin.
    assert rule.first(at(2026, 3, 28, 4, 59)) == at(2026, 3, 28, 5, 0)
    assert rule.first(at(2026, 3, 28, 5, 0)) == at(2026, 3, 29, 4, 0)


def test_monthly_work_runs_on_its_day_and_goes_over_the_end_of_the_year():
    rule = Monthly(1, time(6, 0))
    assert rule.first(at(2026, 3, 1, 4, 59)) == at(2026, 3, 1, 5, 0)
    assert rule.first(at(2026, 3, 1, 5, 0)) == at(2026, 4, 1, 4, 0)
    assert rule.first(at(2026, 12, 31, 12, 0)) == at(2027, 1, 1, 5, 0)
    # In Berlin it is the first already.
    assert rule.first(at(2026, 3, 31, 22, 30)) == at(2026, 4, 1, 4, 0)


def test_only_frequent_work_counts_as_a_sweep():
    assert is_sweep("portal.outbox.tasks.send_due_mail") is True
    assert is_sweep("portal.worker.tasks.prune") is False
    assert is_sweep("tests.portal.worker.work.mark") is False
