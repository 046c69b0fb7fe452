"""What the requester reads of what happened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.tickets.models import Ticket
from portal.selfservice import timeline
from tests import make
from tests.cast import MONDAY


def headings(ticket, viewer):
    entries, _older = timeline.activity(ticket, viewer)
    return [(str(entry.heading), entry.text) for entry in entries]


def test_a_whole_story_newest_first(cast):
    ticket = make.incident(cast)
    desk.take(ticket, by=cast.bo, at=MONDAY + timedelta(hours=1))
    desk.note(ticket, by=cast.bo, text="Ask Xerox.", at=MONDAY + timedelta(hours=2))
    desk.move(
        ticket,
        "hold",
        by=cast.bo,
        values={"hold_reason": "awaiting_requester", "note": "Which floor?"},
        at=MONDAY + timedelta(hours=3),
    )
    desk.comment(ticket, by=cast.ann, text="The second.", at=MONDAY + timedelta(hours=4))
    assert headings(ticket, cast.ann) == [
        ("We go on working on it", ""),
        ("You", "The second."),
        ("Bo", "Which floor?"),
        ("We have started to work on it", ""),
        ("You", "Since this morning no mail arrives."),
    ]


def test_values_of_events_are_not_shown(cast):
    ticket = make.taken_incident(cast)
    values = {"hold_reason": "awaiting_vendor", "note": "On Friday", "reference": "Xerox"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    assert headings(ticket, cast.ann)[0] == ("Put on hold", "")
    assert "Xerox" not in str(timeline.activity(ticket, cast.ann))


@pytest.mark.parametrize(
    ("build", "said", "states"),
    [
        (make.incident, "We have received your report.", ["now", "", "", ""]),
        (make.taken_incident, "Bo is working on it.", ["done", "now", "", ""]),
        (make.resolved_incident, "We think this is solved. Is it?", ["done", "done", "now", ""]),
    ],
)
def test_where_things_stand(cast, build, said, states):
    ticket = build(cast)
    assert str(timeline.sentence(ticket)) == said
    assert [step.state for step in timeline.steps(ticket)] == states


def test_a_closed_request_has_all_steps_behind_it(cast):
    ticket = make.resolved_incident(cast)
    desk.move(ticket, "close", by=cast.ann)
    assert {step.state for step in timeline.steps(ticket)} == {"done"}


def expected(ticket, now=MONDAY):
    """Why `ticket` is expected when it is, as its page reads it."""
    read = timeline.with_promise(Ticket.objects.filter(pk=ticket.pk)).get()
    return timeline.expectation(read, timeline.moves_of(read), now)


def ask(ticket, cast, at):
    values = {"hold_reason": "awaiting_requester", "note": "Which floor?"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=at)


def test_the_due_time_is_told_only_if_the_agreement_allows(cast):
    ticket = make.incident(cast)
    assert expected(ticket).due_at is not None
    cast.agreement.requester_sees_due = False
    cast.agreement.save()
    assert expected(ticket) is None


def test_no_due_time_is_told_while_the_clock_is_paused(cast):
    ticket = make.taken_incident(cast)
    ask(ticket, cast, MONDAY)
    assert expected(ticket).due_at is None


def test_who_is_waited_for_reads_when_it_would_be_done_if_answered_now(cast):
    ticket = make.taken_incident(cast)
    ask(ticket, cast, MONDAY + timedelta(hours=2))
    why = expected(ticket, MONDAY + timedelta(days=1))
    # 22 of 24 hours are left, from Tuesday 10:00 on: 7, then 8, then 7 on Thursday.
    assert why.due_if_resumed == MONDAY + timedelta(days=3, hours=6)
    assert why.waits_for_you
    assert why.waits == (timeline.Wait(MONDAY + timedelta(hours=2), None, is_for_you=True),)


def test_times_that_did_not_count_are_told_apart(cast):
    ticket = make.taken_incident(cast)
    hours = [MONDAY + timedelta(hours=number) for number in range(7)]
    ask(ticket, cast, hours[1])
    desk.comment(ticket, by=cast.ann, text="The second.", at=hours[2])
    later = {"hold_reason": "scheduled", "resume_at": hours[4]}
    desk.move(ticket, "hold", by=cast.bo, values=later, at=hours[3])
    desk.move(ticket, "resume", by=cast.bo, at=hours[4])
    resolved = {"resolution_code": "fixed", "note": "It runs."}
    desk.move(ticket, "resolve", by=cast.bo, values=resolved, at=hours[5])
    assert expected(ticket) is None
    desk.move(ticket, "reopen", by=cast.ann, values={"reason": "It does not."}, at=hours[6])
    assert expected(ticket, hours[6]).waits == (
        timeline.Wait(hours[1], hours[2], is_for_you=True),
        timeline.Wait(hours[3], hours[4], is_for_you=False),
    )


def test_hours_and_days_off_are_named_and_the_zone_where_it_is_another(cast):
    cast.calendar.holiday_country = "DE"
    cast.calendar.save()
    ticket = make.incident(cast, at=MONDAY + timedelta(days=31))
    with timezone.override("Asia/Tokyo"):
        why = expected(ticket, MONDAY + timedelta(days=31))
    assert (why.hours, why.place) == (("Mon–Fri 09:00–17:00",), "Europe/Berlin")
    assert [day.on.isoformat() for day in why.closed] == ["2026-04-03", "2026-04-06"]
    with timezone.override("Europe/Berlin"):
        assert expected(ticket).place == ""


def test_a_long_story_is_cut_and_says_so(cast):
    ticket = make.incident(cast)
    for number in range(5):
        desk.comment(ticket, by=cast.ann, text=f"Number {number}", at=MONDAY + timedelta(hours=1))
    entries, older = timeline.activity(ticket, cast.ann, limit=3)
    assert ([entry.text for entry in entries], older) == (
        ["Number 4", "Number 3", "Number 2"],
        True,
    )
