"""Two workers at once, and one that is killed: a moment is dealt with once."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db.models import Count

from itil.schedules import actions
from itil.schedules.models import Schedule, ScheduleRun
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket, TicketEvent
from tests.together import at_once

from . import world
from .world import utc

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]
# What another process does with a day at the end of the year: many runs to make up.
CATCH_UP = """
from datetime import UTC, datetime
from itil.schedules.actions import open_due
open_due(datetime(2026, 8, 1, tzinfo=UTC), limit=500, in_a_row=500)
"""
RUNS = 151  # from 3 March to 31 July


def test_two_workers_at_once_open_every_moment_once(cast):
    for number in range(3):
        world.schedule(cast, title=f"Check {number}", missed="all")

    done = at_once(lambda: actions.open_due(utc(6)), lambda: actions.open_due(utc(6)))

    assert sum(done) == 12
    assert ScheduleRun.objects.filter(outcome="opened").count() == 12
    assert Ticket.objects.count() == TicketEvent.objects.filter(kind="schedule").count() == 12
    assert set(Schedule.objects.values_list("next_at", flat=True)) == {utc(7)}


def test_one_confirmation_that_is_sent_twice_at_once_opens_one(cast):
    daily = world.schedule(cast)
    now = utc(2, hour=12)

    results = at_once(
        *(lambda: actions.run_now(daily, by=cast.cleo, at=now, asked_at=now) for _click in "ab")
    )

    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Ticket.objects.count() == daily.runs.count() == 1


@pytest.mark.servers
def test_what_a_killed_worker_left_is_done_by_the_next(cast, shared_database):
    daily = world.schedule(cast, missed="all")
    runner = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "manage.py", "shell", "-c", CATCH_UP],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": shared_database},
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while daily.runs.count() < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    runner.send_signal(signal.SIGKILL)
    assert runner.wait() == -signal.SIGKILL

    done = daily.runs.count()
    assert 3 <= done < RUNS
    # What is there is whole: every line has its ticket, which knows where it came from.
    assert Ticket.objects.count() == TicketEvent.objects.filter(kind="schedule").count() == done

    assert actions.open_due(utc(1, month=8, hour=0), limit=500, in_a_row=500) == RUNS - done
    assert Ticket.objects.count() == daily.runs.filter(outcome="opened").count() == RUNS
    twice = daily.runs.values("planned_at").annotate(lines=Count("pk")).filter(lines__gt=1)
    assert not twice.exists()
