"""The table of a service request's life (domain 2.2), row by row and cell by cell."""

import itertools

import pytest

from catalog.requests.lifecycle import FOUND_OUT, LIFECYCLE, HoldReason, Status
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from itil.tickets.errors import Refused
from itil.tickets.lifecycle import Phase
from itil.tickets.models import TicketEvent

from . import orders

# Each row of the table: from, verb, to. What is not sent yet is a draft (test_drafting.py).
ROWS = {
    ("submitted", "ask_approval", "awaiting_approval"),
    ("submitted", "begin", "in_fulfilment"),
    ("awaiting_approval", "approve", "in_fulfilment"),
    ("awaiting_approval", "reject", "rejected"),
    ("in_fulfilment", "hold", "on_hold"),
    ("on_hold", "resume", "in_fulfilment"),
    ("in_fulfilment", "ask_approval", "awaiting_approval"),
    ("in_fulfilment", "fulfil", "fulfilled"),
    ("fulfilled", "reopen", "in_fulfilment"),
    ("fulfilled", "close", "closed"),
    *(
        (status, verb, "cancelled")
        for status in ("submitted", "awaiting_approval", "in_fulfilment", "on_hold")
        for verb in ("cancel", "withdraw")
    ),
}
ACTORS = {
    "ask_approval": {"system"},
    "begin": {"system"},
    "approve": {"system"},
    "reject": {"system"},
    "hold": {"agent", "system"},
    "resume": {"agent", "system"},
    "fulfil": {"agent", "system"},
    "reopen": {"requester", "agent"},
    "close": {"requester", "system"},
    "cancel": {"agent"},
    "withdraw": {"requester"},
}
# What each verb must be given, so that a refusal is never for want of a value.
VALUES = {
    "ask_approval": {"hold_reason": "awaiting_approval"},
    "reject": {"reason": "Too dear"},
    "hold": {"hold_reason": "awaiting_requester", "note": "Which door?"},
    "reopen": {"reason": "It is not here"},
    "cancel": {"reason": "Ordered twice"},
    "withdraw": {"reason": "Not needed any more"},
}
# Who may do it, of the cast: the system, Bo who works in the team, Ann who asked.
WHO = {"requester": "ann", "agent": "bo", "system": None}
EVERYBODY = [*WHO, "outsider"]


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_the_table_holds_exactly_the_steps_of_the_domain():
    rows = {
        (str(source), move.verb, str(move.target))
        for move in LIFECYCLE.moves
        for source in move.sources
    }
    assert rows == ROWS


def test_each_step_is_open_to_exactly_these_actors():
    assert {move.verb: {str(actor) for actor in move.by} for move in LIFECYCLE.moves} == ACTORS


@pytest.mark.parametrize("status", list(Status.values))
def test_every_cell_of_the_table_is_a_step_or_a_refusal_that_changes_nothing(shelf, status):
    """Every verb, from this status, by everybody: allowed ones work, all others are refused."""
    request = orders.in_status(shelf, status)
    assert request.status == status
    before = ServiceRequest.objects.filter(pk=request.pk).values().get()
    events = TicketEvent.objects.filter(ticket=request.pk).count()
    verbs = {move.verb for move in LIFECYCLE.moves}

    for verb, actor in itertools.product(sorted(verbs), EVERYBODY):
        row = next((row for row in ROWS if row[:2] == (status, verb)), None)
        if row and actor in ACTORS[verb]:
            continue
        by = (
            shelf.cast.dov
            if actor == "outsider"
            else WHO[actor] and getattr(shelf.cast, WHO[actor])
        )
        with pytest.raises(Refused):
            desk.move(
                ServiceRequest.objects.get(pk=request.pk), verb, by=by, values=VALUES.get(verb)
            )

    assert ServiceRequest.objects.filter(pk=request.pk).values().get() == before
    assert TicketEvent.objects.filter(ticket=request.pk).count() == events


@pytest.mark.parametrize(("status", "verb", "target"), sorted(ROWS))
def test_every_allowed_step_can_be_taken_by_each_of_its_actors(shelf, status, verb, target):
    for actor in sorted(ACTORS[verb]):
        request = orders.in_status(shelf, status)
        by = WHO[actor] and getattr(shelf.cast, WHO[actor])

        desk.move(request, verb, by=by, values=VALUES.get(verb))

        assert ServiceRequest.objects.get(pk=request.pk).status == target


@pytest.mark.parametrize("status", list(Status.values))
def test_the_page_of_the_desk_refuses_every_step_that_the_table_has_not(shelf, signed_in, status):
    request = orders.in_status(shelf, status)
    client = signed_in(shelf.cast.bo)
    before = ServiceRequest.objects.filter(pk=request.pk).values().get()

    for verb in sorted({move.verb for move in LIFECYCLE.moves}):
        if any(row[:2] == (status, verb) for row in ROWS) and "agent" in ACTORS[verb]:
            continue
        answer = client.post(f"/desk/tickets/{request.number}/move/{verb}/", VALUES.get(verb, {}))
        assert answer.status_code == 409, verb

    assert ServiceRequest.objects.filter(pk=request.pk).values().get() == before


def test_every_status_can_be_reached_from_the_first():
    reached, frontier = set(), {LIFECYCLE.start}
    while frontier:
        reached |= frontier
        frontier = {m.target for s in frontier for m in LIFECYCLE.moves_from(s)} - reached

    assert reached == set(Status.values)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.REJECTED, Status.CANCELLED])
def test_the_ends_have_no_way_out(status):
    assert LIFECYCLE.moves_from(status) == ()


def test_each_status_has_its_phase():
    assert {str(status): phase for status, phase in LIFECYCLE.phases.items()} == {
        "submitted": Phase.OPEN,
        "awaiting_approval": Phase.WAITING,
        "in_fulfilment": Phase.OPEN,
        "on_hold": Phase.WAITING,
        "fulfilled": Phase.DONE,
        "closed": Phase.DONE,
        "rejected": Phase.DONE,
        "cancelled": Phase.DONE,
    }


@pytest.mark.parametrize(
    ("status", "hold_reason", "words"),
    [
        ("submitted", "", "Received"),
        ("awaiting_approval", "awaiting_approval", "Waiting for approval"),
        ("in_fulfilment", "", "In progress"),
        ("on_hold", "awaiting_requester", "Waiting for you"),
        ("on_hold", "task_failed", "On hold"),
        ("fulfilled", "", "Delivered, please confirm"),
        ("closed", "", "Closed"),
        ("rejected", "", "Declined"),
        ("cancelled", "", "Withdrawn"),
    ],
)
def test_the_requester_reads_words_of_daily_life(status, hold_reason, words):
    request = ServiceRequest(kind="servicerequest", status=status, hold_reason=hold_reason)

    assert str(request.public_status_label) == words


def test_nobody_chooses_what_only_the_system_finds_out(shelf):
    for reason in FOUND_OUT:
        request = orders.in_status(shelf, Status.IN_FULFILMENT)
        with pytest.raises(Refused):
            desk.move(request, "hold", by=shelf.cast.bo, values={"hold_reason": reason})
        assert ServiceRequest.objects.get(pk=request.pk).status == "in_fulfilment"


def test_every_code_fits_its_column():
    for choices, name in ((Status, "status"), (HoldReason, "hold_reason")):
        longest = ServiceRequest._meta.get_field(name).max_length
        assert max(map(len, choices.values)) <= longest
