"""A report becomes an order (`VOC-1`, `SLA-22`)."""

from datetime import timedelta

import pytest

from catalog.requests.models import ServiceRequest
from itil.approvals.models import ApprovalProcess, Vote
from itil.desk import actions as desk
from itil.fields.forms import AnswerFile
from itil.incidents.models import Incident, MajorState
from itil.sla.models import ClockState, Metric, Outcome, SlaClock
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketEvent, TicketLink
from itil.timesheets.models import TimeEntry
from tests import make
from tests.cast import HOUR, MONDAY

from . import orders
from .retyped import LATER, a_fault, a_key, a_laptop, clock, differences, everything


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_a_report_becomes_an_order_below_the_same_number(shelf):
    cast = shelf.cast
    incident = make.taken_incident(cast)
    other = make.incident(cast)
    desk.reply(incident, by=cast.bo, text="We look.", at=MONDAY + orders.MINUTE)
    desk.log_time(
        incident, by=cast.bo, minutes=15, activity=cast.activity, work_date=MONDAY.date(), at=MONDAY
    )
    TicketLink.objects.create(source_id=incident.pk, target_id=other.pk, type="related")

    request = a_key(shelf, incident)

    stored = ServiceRequest.objects.get()
    assert (stored.pk, stored.uuid) == (incident.pk, incident.uuid)
    assert (stored.number, stored.kind) == (incident.number, "servicerequest")
    assert (stored.received_at, stored.opened_at) == (MONDAY, incident.opened_at)
    assert (stored.status, stored.phase, stored.assignee) == ("in_fulfilment", "open", cast.bo)
    assert (stored.title, stored.item, stored.item_title) == ("Spare key", shelf.key, "Spare key")
    assert (stored.approved_at, stored.updated_at) == (MONDAY, LATER)
    assert request == stored
    assert list(Incident.objects.all()) == [other]
    assert stored.messages.count() == 2
    assert TimeEntry.objects.get().ticket_id == stored.pk
    assert stored.links_out.get().target_id == other.pk


def test_the_history_keeps_one_event_of_the_change(shelf):
    incident = make.taken_incident(shelf.cast)
    a_key(shelf, incident)

    event = TicketEvent.objects.get(ticket=incident.pk, kind="edited")
    assert (event.actor, event.at) == (shelf.cast.bo, LATER)
    assert event.data["changes"] == {
        "kind": ["incident", "servicerequest"],
        "title": ["Mail does not arrive", "Spare key"],
    }
    assert (event.data["status"], event.data["phase"]) == ("submitted", "open")
    assert (event.data["item"], event.data["begins"]) == ("Spare key", True)


def test_the_fulfilment_of_what_nobody_approves_counts_from_the_receipt(shelf):
    incident = make.taken_incident(shelf.cast)
    acknowledged = clock(incident, Metric.ACKNOWLEDGE)

    request = a_key(shelf, incident)

    assert clock(request).started_at == MONDAY
    assert clock(request).due_at == MONDAY + timedelta(days=1)
    dropped = SlaClock.objects.get(ticket=request.pk, metric=Metric.RESOLUTION)
    assert (dropped.state, dropped.exclusion) == (ClockState.CANCELLED, "no_target")
    assert clock(request, Metric.ACKNOWLEDGE) == acknowledged
    assert clock(request, Metric.ACKNOWLEDGE).outcome == Outcome.MET
    assert clock(request, Metric.FIRST_RESPONSE).started_at == MONDAY
    assert differences() == []


def test_the_waits_of_the_report_do_not_count_for_the_order(shelf):
    cast, incident = shelf.cast, make.taken_incident(shelf.cast)
    asked = {"hold_reason": "awaiting_requester", "note": "Which key?"}
    desk.move(incident, "hold", by=cast.bo, values=asked, at=MONDAY + timedelta(hours=1))

    request = a_key(shelf, incident)

    assert (request.phase, request.hold_reason, request.on_hold_since) == ("open", "", None)
    assert clock(request).elapsed_seconds == HOUR
    # One hour of eight is used; at 13:00 seven are left, of which four are today.
    assert clock(request).due_at == MONDAY + timedelta(days=1, hours=2)
    assert differences() == []


def test_the_fulfilment_of_what_is_approved_counts_from_the_approval(shelf):
    incident = make.taken_incident(shelf.cast)

    request = a_laptop(shelf, incident, quantity=2)

    assert (request.status, request.title, request.price) == (
        "awaiting_approval",
        "2 × New laptop",
        1960,
    )
    assert clock(request).state == ClockState.NOT_STARTED
    assert ApprovalProcess.objects.get().matter["title"] == "2 × New laptop"
    assert Vote.objects.waiting().get().voter == shelf.cast.max

    orders.vote(request, at=LATER + timedelta(hours=1))
    orders.react()

    request.refresh_from_db()
    assert (request.status, request.approved_at) == ("in_fulfilment", LATER + timedelta(hours=1))
    assert clock(request).started_at == LATER + timedelta(hours=1)
    assert Task.objects.of(request).count() == 4
    assert differences() == []


def test_its_files_are_kept_as_a_message(shelf):
    request = a_key(shelf, make.incident(shelf.cast), files=[AnswerFile("plan.txt", b"left door")])

    message = request.messages.get(author=shelf.cast.bo)
    assert [one.name for one in message.attachments.all()] == ["plan.txt"]


def test_it_goes_to_the_team_that_delivers(shelf):
    shelf.key.team = shelf.cast.network_team
    shelf.key.save()

    request = a_key(shelf, make.taken_incident(shelf.cast))

    assert (request.team, request.assignee) == (shelf.cast.network_team, None)
    assert differences() == []


def test_what_is_ordered_for_someone_else_is_offered_to_that_person(shelf):
    cast = shelf.cast
    shelf.key.only_organizations = [cast.halden]
    shelf.key.save()
    incident = make.incident(cast)
    before = everything(incident)

    with pytest.raises(Refused, match="“Spare key” is not offered to Ann."):
        a_key(shelf, incident)
    assert everything(incident) == before


def test_an_answer_that_is_missing_is_named(shelf):
    incident = make.incident(shelf.cast)
    before = everything(incident)

    with pytest.raises(MissingValue) as refusal:
        a_laptop(shelf, incident, answers={"model": "light"})
    assert refusal.value.field == "reason"
    with pytest.raises(MissingValue) as refusal:
        a_laptop(shelf, incident, quantity=0)
    assert refusal.value.field == "quantity"
    assert everything(incident) == before


@pytest.mark.parametrize("state", [MajorState.CANDIDATE, MajorState.ACCEPTED])
def test_a_major_incident_stays_one(shelf, state):
    incident = make.taken_incident(shelf.cast)
    Incident.objects.update(major_state=state)
    before = everything(incident)

    with pytest.raises(Refused, match="is a major incident or a candidate"):
        a_key(shelf, incident)
    assert everything(incident) == before


def test_what_is_resolved_is_reopened_first(shelf):
    incident = make.resolved_incident(shelf.cast)
    before = everything(incident)
    with pytest.raises(Refused, match="is “Resolved”. Reopen it first."):
        a_key(shelf, incident)
    assert everything(incident) == before

    desk.move(incident, "close", by=None, at=LATER)
    before = everything(incident)
    with pytest.raises(Refused, match="is “Closed”. It stays what it is."):
        a_key(shelf, incident)
    assert everything(incident) == before


def test_what_was_merged_is_left_to_the_other_one(shelf):
    cast = shelf.cast
    incident, other = make.taken_incident(cast), make.taken_incident(cast)
    desk.merge(incident, other, by=cast.bo, at=LATER)
    before = everything(incident)

    with pytest.raises(Refused, match="was merged into another ticket"):
        a_key(shelf, incident)
    assert everything(incident) == before


def test_only_who_may_edit_it_may_change_its_type(shelf):
    cast = shelf.cast
    incident = make.incident(cast)
    request = orders.sent(shelf, shelf.key)
    before = everything(incident), everything(request)

    for person in (cast.ann, cast.ned, cast.mia, cast.dov):
        with pytest.raises(NotAllowed):
            a_key(shelf, incident, by=person)
        with pytest.raises(NotAllowed):
            a_fault(shelf, request, by=person)
    assert (everything(incident), everything(request)) == before


def test_a_lead_may(shelf):
    assert a_key(shelf, make.incident(shelf.cast), by=shelf.cast.cleo).status == "in_fulfilment"


def test_while_a_colleague_works_on_it_it_stays(shelf):
    incident = make.taken_incident(shelf.cast)
    before = everything(incident)

    with pytest.raises(Refused, match="Bo is working on"):
        a_key(shelf, incident, by=shelf.cast.cleo, at=MONDAY + orders.MINUTE)
    assert everything(incident) == before
