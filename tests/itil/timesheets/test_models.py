"""Invoiced time is frozen where it is stored, not only in forms."""

import pytest
from django.db import IntegrityError, transaction

from itil.timesheets.errors import FrozenEntry
from itil.timesheets.models import TimeEntry, Timer
from tests import make as world
from tests.cast import MONDAY

from . import make


def save(entry):
    entry.minutes = 10
    entry.save()


@pytest.mark.parametrize(
    "change",
    [
        save,
        lambda entry: entry.delete(),
        lambda entry: TimeEntry.objects.update(note="Customer was rude"),
        lambda entry: TimeEntry.objects.filter(pk=entry.pk).update(state="approved"),
        lambda entry: TimeEntry.objects.all().delete(),
        lambda entry: entry.ticket.time_entries.update(minutes=10),
    ],
    ids=["save", "delete", "update all", "update state", "delete all", "through the ticket"],
)
def test_nothing_changes_or_removes_what_was_invoiced(cast, change):
    entry = make.invoiced(cast)

    with pytest.raises(FrozenEntry, match="issued invoice"):
        change(entry)

    now = TimeEntry.objects.get()
    assert (now.minutes, now.note, now.state) == (30, "", "invoiced")


def test_of_one_person_one_timer_runs_whatever_the_code_does(cast):
    first, second = world.taken_incident(cast), world.taken_incident(cast)
    Timer.objects.create(agent=cast.bo, ticket=first, started_at=MONDAY, running_since=MONDAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Timer.objects.create(agent=cast.bo, ticket=second, started_at=MONDAY, running_since=MONDAY)

    Timer.objects.create(agent=cast.bo, ticket=second, started_at=MONDAY)
    assert Timer.objects.running().count() == 1
