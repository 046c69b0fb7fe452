"""The worker's entry."""

import pytest
import time_machine

from itil.schedules.tasks import open_due
from itil.tickets.models import Ticket
from portal.worker.schedule import SCHEDULE, Every

from . import world
from .world import utc


def test_it_comes_round_each_minute():
    entry = next(one for one in SCHEDULE if one.task == "itil.schedules.tasks.open_due")
    assert entry.when == Every(60)


@pytest.mark.django_db
def test_what_is_due_now_is_opened(cast):
    world.schedule(cast)
    with time_machine.travel(utc(3), tick=False):
        assert open_due.call() == 1
        assert open_due.call() == 0
    assert Ticket.objects.count() == 1
