"""The life cycle of an incident as people and the system walk it (domain 2.1)."""

from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.incidents.lifecycle import LIFECYCLE, HoldReason, Status
from itil.incidents.models import Incident
from itil.tickets.errors import (
    MissingValue,
    MoveNotAllowed,
    NotAllowed,
    Refused,
    StaleRecord,
)
from itil.tickets.models import Ticket, TicketEvent
from tests import make
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}


def moved(ticket):
    """The verbs in the history of `ticket`."""
    events = TicketEvent.objects.filter(ticket_id=ticket.pk, kind="moved")
    return [event.data["verb"] for event in events]


def test_a_new_incident_is_received_in_the_words_of_the_requester(cast):
    incident = make.incident(cast)

    assert (incident.status, incident.phase) == ("new", "open")
    assert incident.public_status_label == "Received"


def test_taking_assigns_starts_and_acknowledges(cast):
    incident = make.incident(cast)

    desk.take(incident, by=cast.bo, at=MONDAY + HOUR)

    stored = Incident.objects.get()
    assert stored.status == "in_progress"
    assert stored.assignee == cast.bo
    assert stored.acknowledged_at == MONDAY + HOUR
    assert stored.first_assigned_at == MONDAY + HOUR
    assert stored.claimed_by == cast.bo


def test_work_does_not_start_before_someone_has_it(cast):
    incident = make.incident(cast)

    with pytest.raises(MissingValue, match="Take the ticket or assign it first"):
        desk.move(incident, "start", by=cast.bo)

    assert Incident.objects.get().status == "new"


def test_waiting_for_the_requester_needs_the_question(cast):
    incident = make.taken_incident(cast)

    with pytest.raises(MissingValue) as refusal:
        desk.move(incident, "hold", by=cast.bo, values={"hold_reason": "awaiting_requester"})

    assert refusal.value.field == "note"
    assert Incident.objects.get().status == "in_progress"


def test_the_question_is_public_and_a_human_answer(cast):
    incident = make.taken_incident(cast)

    desk.move(
        incident,
        "hold",
        by=cast.bo,
        values={"hold_reason": "awaiting_requester", "note": "Which address?"},
        at=MONDAY + HOUR,
    )

    question = Message.objects.latest("pk")
    assert (question.text, question.visibility) == ("Which address?", "public")
    stored = Incident.objects.get()
    assert stored.first_response_at == MONDAY + HOUR
    assert stored.public_status_label == "Waiting for you"


@pytest.mark.parametrize("reason", ["awaiting_vendor", "awaiting_parts"])
def test_waiting_for_something_else_names_it_and_stays_internal(cast, reason):
    incident = make.taken_incident(cast)
    values = {"hold_reason": reason, "note": "They will call back."}

    with pytest.raises(MissingValue) as refusal:
        desk.move(incident, "hold", by=cast.bo, values=values)
    desk.move(incident, "hold", by=cast.bo, values=values | {"reference": "Vendor 7"})

    assert refusal.value.field == "reference"
    assert Message.objects.latest("pk").visibility == "internal"
    assert Incident.objects.get().public_status_label == "On hold"


def test_only_a_lead_of_the_team_declares_force_majeure(cast):
    incident = make.taken_incident(cast)
    values = {"hold_reason": HoldReason.FORCE_MAJEURE, "note": "Flood in the data centre"}

    with pytest.raises(NotAllowed):
        desk.move(incident, "hold", by=cast.bo, values=values)
    desk.take_over(incident, by=cast.cleo)
    desk.move(incident, "hold", by=cast.cleo, values=values)

    assert Incident.objects.get().hold_reason == "force_majeure"


def test_resolving_needs_a_code_and_a_note_for_the_requester(cast):
    incident = make.taken_incident(cast)

    with pytest.raises(MissingValue) as no_code:
        desk.move(incident, "resolve", by=cast.bo, values={"note": "Done."})
    with pytest.raises(MissingValue) as no_note:
        desk.move(incident, "resolve", by=cast.bo, values={"resolution_code": "fixed"})
    with pytest.raises(MissingValue) as wrong_code:
        desk.move(incident, "resolve", by=cast.bo, values=RESOLUTION | {"resolution_code": "magic"})

    fields = [refusal.value.field for refusal in (no_code, no_note, wrong_code)]
    assert fields == ["resolution_code", "note", "resolution_code"]
    assert Incident.objects.get().status == "in_progress"


def test_two_agents_resolving_at_once_give_one_move_and_one_message(cast):
    first = make.taken_incident(cast)
    second = Ticket.objects.get(pk=first.pk)
    desk.move(first, "resolve", by=cast.bo, values=RESOLUTION)

    with pytest.raises(StaleRecord, match="is “Resolved” already"):
        desk.move(second, "resolve", by=cast.cleo, values=RESOLUTION)

    assert moved(first) == ["start", "resolve"]
    assert Message.objects.filter(text="It runs again.").count() == 1


def test_the_answer_of_the_requester_ends_the_wait_at_its_own_time(cast):
    incident = make.taken_incident(cast)
    question = {"hold_reason": "awaiting_requester", "note": "Which address?"}
    desk.move(incident, "hold", by=cast.bo, values=question, at=MONDAY + HOUR)

    desk.comment(incident, by=cast.ann, text="Mine.", at=MONDAY + 2 * HOUR)

    assert Incident.objects.get().status == "in_progress"
    assert Incident.objects.get().hold_reason == ""
    resumed = TicketEvent.objects.filter(kind="moved").latest("pk")
    assert (resumed.actor, resumed.at) == (None, MONDAY + 2 * HOUR)


def test_an_automatic_answer_neither_resumes_nor_reopens(cast):
    waiting = make.taken_incident(cast)
    question = {"hold_reason": "awaiting_requester", "note": "Which address?"}
    desk.move(waiting, "hold", by=cast.bo, values=question)
    resolved = make.resolved_incident(cast)

    for incident in (waiting, resolved):
        desk.comment(incident, by=cast.ann, text="I am on holiday.", is_automatic=True)

    assert [incident.status for incident in Incident.objects.order_by("pk")] == [
        "on_hold",
        "resolved",
    ]


def test_a_message_after_resolution_reopens_and_keeps_the_assignee(cast):
    incident = make.resolved_incident(cast)

    desk.comment(incident, by=cast.ann, text="It stopped again.", at=MONDAY + HOUR)

    stored = Incident.objects.get()
    assert (stored.status, stored.assignee, stored.reopen_count) == ("in_progress", cast.bo, 1)
    assert stored.resolved_at is None
    assert stored.first_resolved_at == MONDAY
    assert stored.reopened_at == MONDAY + HOUR


def test_the_team_that_resolved_it_is_kept_until_it_is_reopened(cast):
    ticket = make.resolved_incident(cast)
    assert Ticket.objects.get(pk=ticket.pk).resolved_team == cast.desk_team
    desk.comment(ticket, by=cast.ann, text="It is back.", at=MONDAY + HOUR)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.resolved_team, stored.team) == (None, cast.desk_team)


def test_a_message_on_a_resolved_major_incident_is_kept_and_reopens_nothing(cast):
    incident = make.resolved_incident(cast)
    Incident.objects.update(major_state="accepted")

    desk.comment(incident, by=cast.ann, text="It stopped again.", at=MONDAY + HOUR)

    assert Incident.objects.get().status == "resolved"
    assert Message.objects.filter(text="It stopped again.").count() == 1


def test_the_requester_confirms_and_then_nothing_more_can_be_said(cast):
    incident = make.resolved_incident(cast)
    desk.move(incident, "close", by=cast.ann)

    with pytest.raises(Refused, match="Report the problem again"):
        desk.comment(incident, by=cast.ann, text="One more thing")

    assert Incident.objects.get().status == "closed"


def test_an_agent_cannot_close_but_a_lead_can(cast):
    incident = make.resolved_incident(cast)

    with pytest.raises(NotAllowed):
        desk.move(incident, "close", by=cast.bo)
    desk.move(incident, "close", by=cast.cleo)

    assert Incident.objects.get().status == "closed"


def test_the_requester_may_withdraw_only_what_nobody_has_started(cast):
    new, started = make.incident(cast), make.taken_incident(cast)

    desk.move(new, "withdraw", by=cast.ann, values={"reason": "Found it myself"})
    with pytest.raises(MoveNotAllowed):
        desk.move(started, "withdraw", by=cast.ann, values={"reason": "Found it myself"})

    assert [i.status for i in Incident.objects.order_by("pk")] == ["cancelled", "in_progress"]


def test_a_duplicate_names_its_original_of_the_same_organization(cast):
    original, copy = make.incident(cast), make.taken_incident(cast)
    foreign = make.incident(cast, by=cast.dov, requester=cast.dov)

    with pytest.raises(MissingValue):
        desk.move(copy, "cancel", by=cast.bo, values={"cancel_reason": "duplicate"})
    with pytest.raises(Refused, match="another organization"):
        desk.merge(copy, foreign, by=cast.bo)
    desk.merge(copy, original, by=cast.bo)

    assert Incident.objects.get(pk=copy.pk).merged_into_id == original.pk


def test_a_duplicate_is_not_cancelled_without_its_conversation(cast):
    original, copy = make.incident(cast), make.taken_incident(cast)
    values = {"cancel_reason": "duplicate", "merged_into": original}

    with pytest.raises(Refused, match=f"^Merge {copy.number} into the other ticket"):
        desk.move(copy, "cancel", by=cast.bo, values=values)

    assert Incident.objects.get(pk=copy.pk).status == "in_progress"


def test_outsiders_and_other_teams_cannot_move(cast):
    incident = make.taken_incident(cast)

    for stranger in (cast.dov, cast.ned, cast.mia, cast.bea):
        with pytest.raises(NotAllowed):
            desk.move(incident, "resolve", by=stranger, values=RESOLUTION)

    assert moved(incident) == ["start"]


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("verb", LIFECYCLE.verbs)
def test_what_the_table_does_not_list_is_refused(cast, status, verb):
    incident = make.incident(cast)
    Incident.objects.filter(pk=incident.pk).update(
        status=status, phase=LIFECYCLE.phases[status], assignee=cast.bo
    )
    row = LIFECYCLE.find(verb, status)
    values = RESOLUTION | {
        "hold_reason": "awaiting_requester",
        "reason": "because",
        "cancel_reason": "spam",
    }
    by = cast.ann if row and row.by == {"requester"} else cast.cleo

    if row is None:
        with pytest.raises((MoveNotAllowed, StaleRecord)):
            desk.move(incident, verb, by=by, values=values)
        assert Incident.objects.get().status == status
    else:
        desk.move(
            incident,
            verb,
            by=by if by == cast.ann or row.by & {"agent", "lead"} else None,
            values=values,
        )
        assert Incident.objects.get().status == row.target


def test_every_move_leaves_one_event_with_who_from_and_to(cast):
    incident = make.resolved_incident(cast)

    event = TicketEvent.objects.filter(ticket=incident, kind="moved").latest("pk")
    assert event.actor == cast.bo
    assert (event.data["from"], event.data["to"]) == ("in_progress", "resolved")
    assert (event.data["from_phase"], event.data["to_phase"]) == ("open", "done")
    assert event.data["resolution_code"] == "fixed"
