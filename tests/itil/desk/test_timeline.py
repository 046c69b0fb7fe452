"""The story of a ticket as its page tells it."""

from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk.timeline import story
from itil.tickets import actions as tickets
from tests import make
from tests.cast import MONDAY

HOUR = timedelta(hours=1)


def told(ticket, user) -> list[str | list[str]]:
    """Messages as their text, happenings as lists of what was done."""
    return [
        entry.message.text if entry.message else [line.text for line in entry.happenings]
        for entry in story(ticket, user)
    ]


@pytest.fixture
def incident(cast):
    """Reported, taken, noted, answered, and resolved an hour later."""
    incident = make.taken_incident(cast, text="No mail.")
    desk.note(incident, by=cast.bo, text="The relay.", at=MONDAY + HOUR)
    resolution = {"resolution_code": "fixed", "note": "It runs again."}
    return desk.move(incident, "resolve", by=cast.bo, values=resolution, at=MONDAY + 2 * HOUR)


def test_messages_and_happenings_stand_in_the_order_of_time(cast, incident):
    assert told(incident, cast.bo) == [
        "No mail.",
        ["assigned to Bo", "set the status to In progress"],
        "The relay.",
        "It runs again.",
        ["set the status to Resolved"],
    ]


def test_who_may_not_read_notes_is_not_shown_any(cast, incident):
    assert [text for text in told(incident, cast.ann) if isinstance(text, str)] == [
        "No mail.",
        "It runs again.",
    ]


@pytest.mark.parametrize("name", ["mia", "bea"])
def test_managers_and_clerks_read_no_texts(cast, incident, name):
    messages = [entry for entry in story(incident, getattr(cast, name)) if entry.message]
    assert messages == []


def test_each_line_names_who_did_it_and_when(cast, incident):
    tickets.record(incident, "clock", by=None, at=MONDAY + 3 * HOUR, data={"what": "breached"})
    lines = [line for entry in story(incident, cast.bo) for line in entry.happenings]

    assert [(line.actor, line.at) for line in lines] == [
        (cast.bo, MONDAY),
        (cast.bo, MONDAY),
        (cast.bo, MONDAY + 2 * HOUR),
        (None, MONDAY + 3 * HOUR),
    ]


def test_three_happenings_in_a_row_are_folded(cast):
    incident = make.taken_incident(cast, text="")
    before = story(incident, cast.bo)
    desk.unassign(incident, by=cast.bo, at=MONDAY)
    after = story(incident, cast.bo)

    assert [entry.is_folded for entry in before] == [False]
    assert [entry.is_folded for entry in after] == [True]


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("assigned", {"what": "person", "to_name": ""}, "took the assignee off"),
        ("assigned", {"what": "team", "to_name": "Network"}, "handed over to Network"),
        ("claimed", {"from_name": "Cleo"}, "took over from Cleo"),
        ("linked", {"to": "INC-000007", "type": "related"}, "linked INC-000007"),
        (
            "edited",
            {"changes": {"impact": [3, 1], "priority": [4, 1]}},
            "changed impact from Low to High; priority from Low to Critical",
        ),
        (
            "edited",
            {"changes": {"service": [None, "Mail"]}, "reason": "Asked by phone"},
            "changed service from – to Mail (Asked by phone)",
        ),
        (
            "clock",
            {"what": "breached", "metric": "first_response"},
            "Service level missed: first response",
        ),
        (
            "clock",
            {"what": "at_risk", "metric": "resolution"},
            "Service level at risk: resolution",
        ),
    ],
)
def test_each_happening_is_told_in_words(cast, kind, data, words):
    incident = make.incident(cast, text="")
    tickets.record(incident, kind, by=cast.bo, at=MONDAY, data=data)

    assert told(incident, cast.bo) == [[words]]


def test_the_story_takes_three_queries_however_long_it_is(
    cast, incident, django_assert_num_queries
):
    cast.bo.grants  # noqa: B018 - read once per request
    for number in range(30):
        desk.note(incident, by=cast.bo, text=f"Note {number}", at=MONDAY + 3 * HOUR)

    with django_assert_num_queries(3):
        entries = story(incident, cast.bo)
    assert len([entry for entry in entries if entry.message]) == Message.objects.count() == 33
