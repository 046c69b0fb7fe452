"""The story of a ticket as its page tells it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk.timeline import story
from itil.incidents.actions import remind_unanswered
from itil.tickets import actions as tickets
from tests import make
from tests.cast import MONDAY

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def berlin():
    """Where the readers are."""
    with timezone.override(ZoneInfo("Europe/Berlin")):
        yield


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
        (
            "edited",
            {"changes": {"severity": [None, 2], "agreed_at": [None, "2026-03-06T11:00:00+00:00"]}},
            "changed severity from – to sev2; agreed date from – to Fri 6 Mar, 12:00",
        ),
        (
            "edited",
            {"changes": {"major_state": ["none", "candidate"]}, "reason": "Half the time is gone."},
            "changed major incident from Not major to Candidate (Half the time is gone.)",
        ),
        (
            "moved",
            {
                "to": "on_hold",
                "to_phase": "waiting",
                "hold_reason": "awaiting_vendor",
                "supplier": "Globex",
                "reference": "G-1",
            },
            "set the status to On hold: Waiting for a supplier (Globex, G-1)",
        ),
        (
            "moved",
            {"to": "on_hold", "to_phase": "waiting", "hold_reason": "awaiting_requester"},
            "set the status to On hold: Waiting for the requester",
        ),
        ("supplier", {"supplier": "Globex", "reference": "G-1"}, "noted the answer of Globex"),
        ("supplier", {"supplier": "", "reference": "PrintCo"}, "noted the answer of PrintCo"),
        ("supplier", {}, "noted the answer of the supplier"),
    ],
)
def test_each_happening_is_told_in_words(cast, kind, data, words):
    incident = make.incident(cast, text="")
    tickets.record(incident, kind, by=cast.bo, at=MONDAY, data=data)

    assert told(incident, cast.bo) == [[words]]


DUE, FORMER = "2026-03-02T12:30:00+00:00", "2026-03-04T08:30:00+00:00"
RESOLUTION = {"metric": "resolution"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            RESOLUTION | {"what": "retargeted", "due_at": DUE, "former_due_at": FORMER},
            "moved resolution: due Mon 2 Mar, 13:30 instead of Wed 4 Mar, 09:30",
        ),
        (
            RESOLUTION
            | {"what": "retargeted", "due_at": None, "former_due_at": None}
            | {"former_target_seconds": 40 * 3600},
            "set another target for resolution (it was 40h)",
        ),
        (
            RESOLUTION
            | {"what": "retargeted", "due_at": DUE, "former_due_at": None}
            | {"former_target_seconds": 4 * 3600},
            "set another target for resolution: due Mon 2 Mar, 13:30 (it was 4h)",
        ),
        (
            RESOLUTION | {"what": "dropped", "due_at": None, "former_due_at": FORMER},
            "ended resolution, which is not promised any more (it was due Wed 4 Mar, 09:30)",
        ),
        (
            RESOLUTION | {"what": "dropped", "due_at": None, "former_due_at": None},
            "ended resolution, which is not promised any more",
        ),
        (
            RESOLUTION | {"what": "escalated", "percent": 75, "action": "notify_lead"},
            "Escalation at 75% of resolution: tell the team's leads",
        ),
        (
            {"metric": "ola_resolution", "what": "escalated", "percent": 90, "action": "hand_over"}
            | {"late": True, "noticed_at": "2026-03-02T12:30:00+00:00"},
            "Escalation at 90% of time with the team: hand over to a team"
            " (late: noticed Mon 2 Mar, 13:30)",
        ),
        (
            {"what": "excluded", "reason": "customer_caused", "note": "No access."},
            "left this ticket out of the figures: Caused by the customer. No access.",
        ),
        (
            RESOLUTION | {"what": "excluded", "reason": "force_majeure", "note": "No power."},
            "left resolution out of the figures: Force majeure. No power.",
        ),
        (
            {"what": "recounted", "calendar_name": "Office hours", "version": 2},
            "counts by the edited calendar Office hours",
        ),
        (
            {"what": "absorbed", "from": "INC-000007", "received_at": DUE, "answered_at": None},
            "counts INC-000007 as well: received Mon 2 Mar, 13:30",
        ),
        (
            {"what": "absorbed", "from": "INC-000007", "received_at": DUE, "answered_at": FORMER},
            "counts INC-000007 as well: received Mon 2 Mar, 13:30, answered Wed 4 Mar, 09:30",
        ),
        (
            {"what": "terms", "terms": [{"name": "Gold"}, {"name": "Network team"}]},
            "The agreement was edited; now applies: Gold, Network team",
        ),
        ({"what": "terms", "terms": []}, "The agreement was edited; none applies any more"),
        (
            {"what": "measured", "terms": {"name": "Imported"}, "steps": []},
            "measured by the imported history: Imported",
        ),
        ({"what": "something new"}, "service level"),
    ],
)
def test_what_happened_to_clocks_is_told_in_the_zone_of_the_reader(cast, data, words):
    incident = make.incident(cast, text="")
    tickets.record(incident, "clock", by=None, at=MONDAY, data=data)

    assert told(incident, cast.bo) == [[words]]


def test_a_reader_in_tokyo_reads_another_hour(cast):
    incident = make.incident(cast, text="")
    data = RESOLUTION | {"what": "retargeted", "due_at": DUE, "former_due_at": FORMER}
    tickets.record(incident, "clock", by=None, at=MONDAY, data=data)

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert told(incident, cast.bo) == [
            ["moved resolution: due Mon 2 Mar, 21:30 instead of Wed 4 Mar, 17:30"]
        ]


def test_the_story_takes_three_queries_however_long_it_is(
    cast, incident, django_assert_num_queries
):
    cast.bo.grants  # noqa: B018 - read once per request
    for number in range(30):
        desk.note(incident, by=cast.bo, text=f"Note {number}", at=MONDAY + 3 * HOUR)

    with django_assert_num_queries(3):
        entries = story(incident, cast.bo)
    assert len([entry for entry in entries if entry.message]) == Message.objects.count() == 33


def test_a_reminder_of_the_question_is_told(cast):
    ticket = make.taken_incident(cast)
    values = {"hold_reason": "awaiting_requester", "note": "Which address?"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    remind_unanswered(MONDAY + 48 * HOUR)
    assert told(ticket, cast.bo)[-1][-1] == "reminded the requester of the question"


def test_a_ticket_that_the_reader_may_not_see_is_not_named(cast):
    ticket, survivor, related = (make.incident(cast, team=cast.desk_team) for _one in range(3))
    tickets.link(ticket, related, "related", by=cast.bo)
    desk.merge(ticket, survivor, by=cast.bo)
    for hidden in (survivor, related):
        desk.hand_over(hidden, cast.network_team, by=cast.bo)
    assert f"merged this into {survivor.number}" in told(ticket, cast.cleo)[-1]
    bo_reads = told(ticket, cast.bo)[-1]
    assert "merged this into another ticket" in bo_reads
    assert "linked another ticket" in bo_reads
    assert not {survivor.number, related.number}.intersection(" ".join(bo_reads).split())
