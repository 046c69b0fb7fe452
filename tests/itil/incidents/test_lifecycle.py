"""The table of the incident's life (domain 2.1), row by row."""

import pytest

from itil.incidents.lifecycle import LIFECYCLE, CancelReason, HoldReason, ResolutionCode, Status
from itil.incidents.models import Incident
from itil.tickets.lifecycle import Phase

ROWS = {
    ("new", "start", "in_progress"),
    ("new", "hold", "on_hold"),
    ("in_progress", "hold", "on_hold"),
    ("on_hold", "resume", "in_progress"),
    ("new", "resolve", "resolved"),
    ("in_progress", "resolve", "resolved"),
    ("on_hold", "resolve", "resolved"),
    ("resolved", "reopen", "in_progress"),
    ("resolved", "close", "closed"),
    ("new", "cancel", "cancelled"),
    ("in_progress", "cancel", "cancelled"),
    ("on_hold", "cancel", "cancelled"),
    ("new", "withdraw", "cancelled"),
}
ACTORS = {
    "start": {"agent"},
    "hold": {"agent"},
    "resume": {"agent", "system"},
    "resolve": {"agent", "system"},
    "reopen": {"requester", "agent", "system"},
    "close": {"requester", "lead", "major_incident_manager", "system"},
    "cancel": {"agent"},
    "withdraw": {"requester"},
}


def test_the_table_holds_exactly_the_steps_of_the_domain():
    rows = {
        (str(source), move.verb, str(move.target))
        for move in LIFECYCLE.moves
        for source in move.sources
    }
    assert rows == ROWS


def test_each_step_is_open_to_exactly_these_actors():
    assert {move.verb: {str(actor) for actor in move.by} for move in LIFECYCLE.moves} == ACTORS


def test_every_status_can_be_reached_from_the_first():
    reached, frontier = set(), {LIFECYCLE.start}
    while frontier:
        reached |= frontier
        frontier = {m.target for s in frontier for m in LIFECYCLE.moves_from(s)} - reached

    assert reached == set(Status.values)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.CANCELLED])
def test_the_ends_have_no_way_out(status):
    assert LIFECYCLE.moves_from(status) == ()


def test_each_status_has_its_phase():
    assert {str(status): phase for status, phase in LIFECYCLE.phases.items()} == {
        "new": Phase.OPEN,
        "in_progress": Phase.OPEN,
        "on_hold": Phase.WAITING,
        "resolved": Phase.DONE,
        "closed": Phase.DONE,
        "cancelled": Phase.DONE,
    }


@pytest.mark.parametrize(
    ("status", "hold_reason", "words"),
    [
        ("new", "", "Received"),
        ("in_progress", "", "Being worked on"),
        ("on_hold", "awaiting_requester", "Waiting for you"),
        *(
            ("on_hold", reason, "On hold")
            for reason in HoldReason.values
            if reason != "awaiting_requester"
        ),
        ("resolved", "", "Solved, please confirm"),
        ("closed", "", "Closed"),
        ("cancelled", "", "Withdrawn"),
    ],
)
def test_the_requester_reads_words_of_daily_life(status, hold_reason, words):
    incident = Incident(kind="incident", status=status, hold_reason=hold_reason)

    assert str(incident.public_status_label) == words


def test_staff_read_the_name_of_every_status():
    labels = [Incident.status_label_of(status) for status in Status.values]

    assert labels == ["New", "In progress", "On hold", "Resolved", "Closed", "Cancelled"]
    assert Incident.status_label_of("imported oddity") == "imported oddity"


def test_every_guard_of_the_table_is_a_method_of_the_record():
    guards = {guard for move in LIFECYCLE.moves for guard in move.guards}

    assert {name for name in guards if not hasattr(Incident, f"guard_{name}")} == set()


def test_every_code_fits_its_column():
    for choices, name in (
        (Status, "status"),
        (HoldReason, "hold_reason"),
        (ResolutionCode, "resolution_code"),
        (CancelReason, "cancel_reason"),
    ):
        longest = Incident._meta.get_field(name).max_length
        assert max(map(len, choices.values)) <= longest
