"""Two people at once (`GEN-7`): one of them does it, the other is told."""

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.errors import Refused, StaleRecord
from itil.tickets.models import Ticket, TicketEvent
from itil.timesheets.models import TimeEntry, Timer
from tests import make
from tests.cast import MONDAY
from tests.itil.timesheets import make as timesheets
from tests.together import at_once

RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def copy_of(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_two_who_resolve_at_once_give_one_resolution_and_one_message(cast):
    ticket = make.taken_incident(cast)
    copies = [copy_of(ticket), copy_of(ticket)]

    results = at_once(
        *(
            lambda one=one: desk.move(one, "resolve", by=cast.bo, values=RESOLUTION)
            for one in copies
        )
    )

    refusals = [result for result in results if isinstance(result, Refused)]
    assert [type(refusal) for refusal in refusals] == [StaleRecord]
    assert "is “Resolved” already" in str(refusals[0])
    assert TicketEvent.objects.filter(data__verb="resolve").count() == 1
    assert Message.objects.filter(text=RESOLUTION["note"]).count() == 1
    assert Incident.objects.get().status == "resolved"


def test_of_two_who_take_it_at_once_one_gets_it(cast):
    ticket = make.incident(cast)
    mine, theirs = copy_of(ticket), copy_of(ticket)

    results = at_once(lambda: desk.take(mine, by=cast.bo), lambda: desk.take(theirs, by=cast.cleo))

    refused = [isinstance(result, Refused) for result in results]
    assert sorted(refused) == [False, True]
    winner = cast.cleo if refused[0] else cast.bo
    stored = Incident.objects.get()
    assert (stored.assignee, stored.claimed_by) == (winner, winner)
    assert TicketEvent.objects.filter(kind="assigned").count() == 1


def test_of_two_edits_of_the_same_version_one_is_kept(cast):
    ticket = make.incident(cast)
    titles = ("Mail is slow", "Mail is late")

    results = at_once(
        *(
            lambda title=title: desk.edit(
                copy_of(ticket), by=cast.bo, version=ticket.version, changes={"title": title}
            )
            for title in titles
        )
    )

    assert sorted(type(result).__name__ for result in results) == ["StaleRecord", "Ticket"]
    kept = titles[isinstance(results[0], StaleRecord)]
    stored = Incident.objects.get()
    assert (stored.title, stored.version) == (kept, ticket.version + 1)


def test_a_timer_stopped_twice_is_booked_once(cast):
    ticket = make.taken_incident(cast)
    desk.start_timer(ticket, by=cast.bo, activity=cast.activity)

    results = at_once(lambda: desk.stop_timer(by=cast.bo), lambda: desk.stop_timer(by=cast.bo))

    assert sorted(len(booked) for booked in results) == [0, 1]
    assert TimeEntry.objects.count() == 1


def test_two_timers_started_at_once_leave_one_that_runs(cast):
    first, second = make.taken_incident(cast), make.taken_incident(cast)

    at_once(
        *(
            lambda one=one: desk.start_timer(copy_of(one), by=cast.bo, activity=cast.activity)
            for one in (first, second)
        )
    )

    assert Timer.objects.count() == 1
    assert TimeEntry.objects.get().ticket_id != Timer.objects.get().ticket_id


def test_a_timer_paused_and_stopped_at_once_is_booked_once(cast):
    ticket = make.taken_incident(cast)
    desk.start_timer(ticket, by=cast.bo, activity=cast.activity)

    at_once(
        lambda: desk.pause_timer(by=cast.bo),
        lambda: desk.stop_timer(by=cast.bo, ticket=copy_of(ticket)),
    )

    assert TimeEntry.objects.count() == 1
    assert not Timer.objects.exists()


def test_two_leads_who_approve_at_once_approve_once(cast):
    ticket = make.taken_incident(cast)
    entry = timesheets.submitted(cast, ticket, billing_kind="non_billable")

    results = at_once(*(lambda: desk.approve_time([entry], by=cast.cleo) for _lead in range(2)))

    assert sorted(isinstance(result, Refused) for result in results) == [False, True]
    assert entry.events.filter(kind="approved").count() == 1


def test_a_week_sheet_saved_twice_at_once_books_once(cast):
    ticket = make.taken_incident(cast)

    def save():
        return desk.set_cell(
            copy_of(ticket), cast.activity, MONDAY.date(), by=cast.bo, minutes=30, was=0
        )

    at_once(save, save)

    assert TimeEntry.objects.get().minutes == 30


def test_a_timer_started_twice_runs_once(cast):
    ticket = make.taken_incident(cast)

    def start():
        return desk.start_timer(copy_of(ticket), by=cast.bo, activity=cast.activity)

    first, second = at_once(start, start)

    assert first == second == Timer.objects.get()
    assert not TimeEntry.objects.exists()
