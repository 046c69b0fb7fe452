"""What the requester reads of what happened."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
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


def test_the_due_time_is_told_only_if_the_agreement_allows(cast):
    ticket = make.incident(cast)
    assert timeline.expected_at(ticket) is not None
    cast.agreement.requester_sees_due = False
    cast.agreement.save()
    assert timeline.expected_at(ticket) is None


def test_no_due_time_is_told_while_the_clock_is_paused(cast):
    ticket = make.taken_incident(cast)
    values = {"hold_reason": "awaiting_requester", "note": "Which floor?"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    assert timeline.expected_at(ticket) is None


def test_a_long_story_is_cut_and_says_so(cast):
    ticket = make.incident(cast)
    for number in range(5):
        desk.comment(ticket, by=cast.ann, text=f"Number {number}", at=MONDAY + timedelta(hours=1))
    entries, older = timeline.activity(ticket, cast.ann, limit=3)
    assert ([entry.text for entry in entries], older) == (
        ["Number 4", "Number 3", "Number 2"],
        True,
    )
