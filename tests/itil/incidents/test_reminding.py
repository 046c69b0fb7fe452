"""Reminders to a requester who does not answer (domain, settings of section 0)."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import Incident
from itil.incidents.tasks import remind_unanswered
from itil.tickets.models import TicketEvent
from tests import make
from tests.cast import MONDAY
from tests.together import at_once

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
FIRST, LAST, END = MONDAY + 2 * DAY, MONDAY + 4 * DAY, MONDAY + 9 * DAY
QUESTION = {"hold_reason": "awaiting_requester", "note": "Which address?"}


@pytest.fixture
def ticket(cast):
    """Bo asked Ann on Monday."""
    ticket = make.taken_incident(cast)
    return desk.move(ticket, "hold", by=cast.bo, values=QUESTION, at=MONDAY)


def reminders():
    """The numbers and times of the reminders that were given."""
    events = TicketEvent.objects.filter(kind="mail", data__what="reminder").order_by("pk")
    return [(event.data["number"], event.at) for event in events]


def test_the_requester_is_reminded_after_two_and_after_four_business_days(ticket):
    for moment in (FIRST - SECOND, FIRST, FIRST + HOUR, LAST - SECOND, LAST, LAST + HOUR):
        actions.remind_unanswered(moment)
    assert reminders() == [(1, FIRST), (2, LAST)]
    event = TicketEvent.objects.filter(kind="mail").last()
    assert (event.actor, event.channel) == (None, "system")
    assert event.data["ends_at"] == END.isoformat()


def test_a_reminder_is_no_change_of_the_ticket(ticket):
    before = Incident.objects.values().get()
    actions.remind_unanswered(FIRST)
    assert Incident.objects.values().get() == before


def test_a_run_that_comes_late_gives_the_last_one_only(ticket):
    assert actions.remind_unanswered(LAST + HOUR) == 1
    assert actions.remind_unanswered(LAST + 2 * HOUR) == 0
    assert reminders() == [(2, LAST + HOUR)]


def test_nobody_is_reminded_once_the_question_is_given_up(ticket):
    assert actions.remind_unanswered(END) == 0
    assert actions.resolve_unanswered(END) == 1
    assert actions.remind_unanswered(END) == 0


def test_nobody_is_reminded_who_has_answered(cast, ticket):
    desk.comment(ticket, by=cast.ann, text="Mine.", at=MONDAY + DAY)
    assert actions.remind_unanswered(LAST) == 0


def test_a_new_question_begins_a_new_count(cast, ticket):
    actions.remind_unanswered(FIRST)
    desk.comment(ticket, by=cast.ann, text="Mine.", at=FIRST + HOUR)
    again = FIRST + 2 * HOUR
    desk.move(Incident.objects.get(), "hold", by=cast.bo, values=QUESTION, at=again)
    assert actions.remind_unanswered(LAST) == 0
    assert actions.remind_unanswered(again + 2 * DAY) == 1
    assert reminders() == [(1, FIRST), (1, again + 2 * DAY)]


def test_the_task_reminds_by_the_clock_of_the_machine(ticket, time_machine):
    time_machine.move_to(FIRST)
    assert remind_unanswered.call() == 1
    assert remind_unanswered.call() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_three_workers_at_once_give_one_reminder(ticket):
    given = at_once(*[lambda: actions.remind_unanswered(FIRST)] * 3)
    assert sorted(given) == [0, 0, 1]
    assert reminders() == [(1, FIRST)]
