"""A draft is sent: what is checked, what is frozen, what follows."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.requests import actions
from catalog.requests.models import Draft, RequestBundle, ServiceRequest
from itil.approvals.models import ApprovalProcess
from itil.conversation.models import Attachment
from itil.desk import actions as desk
from itil.fields.forms import AnswerFile
from itil.sla.models import SlaClock
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import Ticket
from portal.people.models import Team
from tests.cast import MONDAY
from tests.catalog.offerings import shop
from tests.together import at_once

from . import orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_an_order_gets_its_number_and_keeps_what_the_item_said(shelf):
    request = orders.sent(shelf, typed={**orders.ANSWERS, "extras": ["monitor"]}, quantity=2)

    assert request.number.startswith("REQ-")
    assert request.title == "2 × New laptop"
    assert (request.item_title, request.price, request.currency) == (
        "New laptop",
        Decimal("2580.00"),
        "EUR",
    )
    assert request.form_version == shelf.laptop.form.current
    assert request.plan_version == shelf.plan.current
    assert request.cost_centre.code == "4400"
    assert request.team == shelf.cast.desk_team
    assert request.received_at == MONDAY


def test_later_edits_of_the_catalog_change_nothing(shelf):
    """`REQ-1`."""
    request = orders.sent(shelf)
    shelf.laptop.title, shelf.laptop.price = "Notebook", Decimal(5000)
    shelf.laptop.save()
    orders.publish(shelf.cast, orders.laptop_form(note={"label": "Wishes?"}))

    request.refresh_from_db()
    assert (request.item_title, request.price) == ("New laptop", Decimal("980.00"))
    assert "note" in request.form_version.questions.questions
    assert request.form_version != shelf.laptop.form.versions.first()


def test_what_needs_approval_waits_for_it_and_has_no_tasks_yet(shelf):
    request = orders.sent(shelf)

    assert (request.status, request.hold_reason) == ("awaiting_approval", "awaiting_approval")
    assert ApprovalProcess.objects.get().ticket_id == request.pk
    assert not Task.objects.exists()
    clocks = dict(SlaClock.objects.values_list("metric", "state"))
    assert clocks["first_response"] == clocks["acknowledge"] == "running"
    assert clocks["fulfilment"] == "waiting"


def test_without_approval_the_work_begins_with_the_receipt(shelf):
    request = orders.sent(shelf, shelf.key)

    assert (request.status, request.approved_at) == ("in_fulfilment", MONDAY)
    assert SlaClock.objects.get(metric="fulfilment").started_at == MONDAY


def test_an_answer_that_is_missing_is_named_and_nothing_is_sent(shelf):
    draft = orders.draft(shelf, typed={"model": "light", "reason": "old"})
    with pytest.raises(MissingValue) as refusal:
        actions.submit(draft, by=shelf.cast.ann, at=MONDAY)

    assert refusal.value.field == "tag"
    assert not Ticket.objects.exists()
    assert Draft.objects.open().count() == 1


def test_answers_to_hidden_questions_are_left_out(shelf):
    request = orders.sent(shelf, typed={**orders.ANSWERS, "tag": "HAL-1"})

    assert request.answers == {"model": "light", "reason": "new"}


def test_sent_twice_it_is_one_request(shelf):
    draft = orders.draft(shelf)
    first = actions.submit(draft, by=shelf.cast.ann, at=MONDAY)
    second = actions.submit(draft, by=shelf.cast.ann, at=MONDAY)

    assert first == second
    assert ServiceRequest.objects.count() == ApprovalProcess.objects.count() == 1


def test_a_form_that_was_published_anew_is_shown_again(shelf):
    draft = orders.draft(shelf)
    orders.publish(shelf.cast, orders.laptop_form(note={"required": True}))

    with pytest.raises(StaleRecord, match="has changed"):
        actions.submit(draft, by=shelf.cast.ann, at=MONDAY)
    assert Draft.objects.open().get().typed == orders.ANSWERS


def test_a_retired_item_is_refused_and_the_answers_stay(shelf):
    draft = orders.draft(shelf)
    shelf.laptop.unpublish()

    with pytest.raises(Refused, match="not offered any more"):
        actions.submit(draft, by=shelf.cast.ann, at=MONDAY)
    assert Draft.objects.open().get().typed == orders.ANSWERS


def test_files_become_a_message_of_the_request(shelf):
    definition = orders.laptop_form(note={"kind": "file"})
    version = orders.publish(shelf.cast, definition, "With a file")
    shelf.laptop.form = version.field_set
    shelf.laptop.save()
    typed = {**orders.ANSWERS, "note": ["plan.txt"]}
    files = {"note": [AnswerFile("plan.txt", b"Room 5")]}
    request = orders.sent(shelf, typed=typed, files=files)

    kept = Attachment.objects.get()
    assert (kept.name, kept.message.ticket_id) == ("plan.txt", request.pk)
    assert request.answers["note"] == ["plan.txt"]
    # Approvers may open it.
    (seen,) = ApprovalProcess.objects.get().about.files
    assert (seen.name, seen.path) == ("plan.txt", kept.file.name)


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [("ann", "ann", True), ("bo", "ann", True), ("max", "ann", True), ("ann", "max", False)],
)
def test_people_order_for_those_they_answer_for(shelf, who, whom, may):
    """Agents for everybody, managers for their people (`c1`)."""
    cast = shelf.cast
    by, person = getattr(cast, who), getattr(cast, whom)
    draft = orders.draft(shelf, shelf.key, by=by, requested_for=person)
    if not may:
        with pytest.raises(NotAllowed):
            actions.submit(draft, by=by, at=MONDAY)
        assert not Ticket.objects.exists()
        return
    request = actions.submit(draft, by=by, at=MONDAY)

    assert (request.requester, request.beneficiary) == (by, person)
    assert request.organization == person.organization


def test_an_item_is_refused_to_whom_it_is_not_offered(shelf):
    shelf.key.only_organizations = [shelf.cast.halden]
    shelf.key.save()
    draft = orders.draft(shelf, shelf.key, by=shelf.cast.bo, requested_for=shelf.cast.ann)

    with pytest.raises(Refused, match="not offered to Ann"):
        actions.submit(draft, by=shelf.cast.bo, at=MONDAY)
    assert not Ticket.objects.exists()


def test_a_private_item_is_seen_by_those_concerned_and_its_team_only(shelf):
    people_team = Team.objects.create(name="People", slug="people")
    private = shop.item("Parental leave", is_private=True, team=people_team)
    request = orders.sent(shelf, private)

    assert request.is_confidential
    for person in (shelf.cast.bo, shelf.cast.cleo, shelf.cast.mia, shelf.cast.root, shelf.cast.dov):
        assert not Ticket.objects.visible_to(person).exists()
    assert Ticket.objects.visible_to(shelf.cast.ann).exists()


# --- Several items ------------------------------------------------------------------------------


def cart(shelf, *items):
    found = []
    for item in items:
        draft = orders.draft(shelf, item)
        found.append(actions.put_into_cart(draft, by=shelf.cast.ann, at=MONDAY))
    return found


def test_several_items_become_one_order_with_a_request_for_each(shelf):
    """`REQ-3`."""
    drafts = cart(shelf, shelf.laptop, shelf.key)
    bundle = actions.submit_together(
        drafts, by=shelf.cast.ann, effective_on=date(2026, 4, 1), at=MONDAY
    )

    assert bundle.number.startswith("BND-")
    assert bundle.title == "New laptop and 1 more"
    assert [one.item_title for one in bundle.requests.order_by("pk")] == ["New laptop", "Spare key"]
    assert {one.effective_on for one in bundle.requests.all()} == {date(2026, 4, 1)}
    assert not Draft.objects.in_cart().exists()
    assert actions.submit_together(drafts, by=shelf.cast.ann, at=MONDAY) == bundle
    assert RequestBundle.objects.count() == 1


def test_when_one_of_them_will_not_do_none_is_sent(shelf):
    good, bad = cart(shelf, shelf.key, shelf.laptop)
    bad.typed = {}
    bad.save()
    with pytest.raises(Refused, match="New laptop: Choose"):
        actions.submit_together([good, bad], by=shelf.cast.ann, at=MONDAY)

    assert not Ticket.objects.exists()
    assert not RequestBundle.objects.exists()
    assert Draft.objects.in_cart().count() == 2


def test_an_empty_order_is_refused(shelf):
    with pytest.raises(Refused, match="nothing in this order"):
        actions.submit_together([], by=shelf.cast.ann)


def test_the_state_of_an_order_is_that_of_its_requests(shelf):
    bundle = actions.submit_together(
        cart(shelf, shelf.laptop, shelf.key), by=shelf.cast.ann, at=MONDAY
    )
    laptop, key = bundle.requests.order_by("pk")
    assert bundle.state == "open"

    orders.vote(laptop, "rejected", reason="Yours is new.")
    orders.react()
    assert (bundle.state, bundle.rejected_count) == ("open", 1)

    desk.move(key, "fulfil", by=shelf.cast.bo)
    assert bundle.state == "delivered"
    desk.move(key, "close", by=shelf.cast.ann)
    assert bundle.state == "closed"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_send_one_request(shared_database, cast):
    shelf = orders.counter(cast)
    draft = orders.draft(shelf)

    results = at_once(*[lambda: actions.submit(draft, by=shelf.cast.ann, at=MONDAY)] * 2)

    assert ServiceRequest.objects.count() == 1
    assert {one.pk for one in results} == {ServiceRequest.objects.get().pk}
