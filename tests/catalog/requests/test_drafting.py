"""What is begun is kept, seen by its owner only, and has no number and no clock."""

import uuid
from datetime import timedelta

import pytest

from catalog.requests import actions
from catalog.requests.models import Draft, DraftFile, ServiceRequest
from itil.fields.forms import AnswerFile
from itil.sla.models import SlaClock
from itil.tickets.errors import NotAllowed, Refused
from itil.tickets.models import Ticket
from tests.cast import MONDAY

from . import orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_a_draft_may_be_incomplete_and_is_no_ticket(shelf):
    draft = orders.draft(shelf, typed={"model": "", "tag": "HAL-1"})

    assert draft.typed == {"model": "", "tag": "HAL-1"}
    assert Ticket.objects.count() == SlaClock.objects.count() == 0


def test_only_its_owner_sees_a_draft(shelf):
    draft = orders.draft(shelf)

    assert list(Draft.objects.visible_to(shelf.cast.ann)) == [draft]
    for other in (shelf.cast.bo, shelf.cast.cleo, shelf.cast.root, shelf.cast.max):
        assert not Draft.objects.visible_to(other).exists()


def test_a_draft_is_found_again_under_its_key(shelf):
    key = uuid.uuid4()
    orders.draft(shelf, key=key, typed={"model": "light"})
    orders.draft(shelf, key=key, typed={"model": "creator"}, quantity=2)

    draft = Draft.objects.get()
    assert (draft.typed, draft.quantity) == ({"model": "creator"}, 2)


def test_nobody_else_changes_sends_or_throws_away_a_draft(shelf):
    draft = orders.draft(shelf)
    bo = shelf.cast.bo
    for attempt in (
        lambda: orders.draft(shelf, key=draft.uuid, by=bo, typed={"model": "creator"}),
        lambda: actions.submit(draft, by=bo),
        lambda: actions.put_into_cart(draft, by=bo),
        lambda: actions.discard(draft, by=bo),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    assert Draft.objects.get().typed == orders.ANSWERS
    assert not Draft.objects.in_cart().exists()


def test_files_are_kept_with_the_draft_until_they_are_taken_out(shelf):
    key = uuid.uuid4()
    files = {"note": [AnswerFile("../offer.txt", b"1"), AnswerFile("plan.txt", b"22")]}
    orders.draft(shelf, key=key, typed={"note": ["../offer.txt", "plan.txt"]}, files=files)

    draft = Draft.objects.get()
    assert draft.typed["note"] == ["offer.txt", "plan.txt"]
    assert [(one.name, one.size) for one in draft.files.all()] == [
        ("offer.txt", 1),
        ("plan.txt", 2),
    ]

    orders.draft(shelf, key=key, typed={"note": ["plan.txt"]})
    assert [one.name for one in DraftFile.objects.all()] == ["plan.txt"]


def test_a_sent_draft_is_neither_changed_nor_thrown_away(shelf):
    draft = orders.draft(shelf)
    actions.submit(draft, by=shelf.cast.ann, at=MONDAY)

    with pytest.raises(Refused, match="sent already"):
        orders.draft(shelf, key=draft.uuid)
    with pytest.raises(Refused, match="sent already"):
        actions.discard(draft, by=shelf.cast.ann)
    assert not Draft.objects.open().exists()


def test_a_draft_thrown_away_is_gone(shelf):
    draft = orders.draft(shelf)
    actions.discard(draft, by=shelf.cast.ann)

    assert not Draft.objects.exists()
    with pytest.raises(Refused, match="gone already"):
        actions.discard(draft, by=shelf.cast.ann)


def test_what_is_ordered_again_is_a_new_draft_with_the_same_answers(shelf):
    first = orders.sent(shelf, quantity=2)
    again = actions.order_again(first, by=shelf.cast.ann, at=MONDAY)

    assert (again.typed, again.quantity, again.ticket) == (orders.ANSWERS, 2, None)
    assert ServiceRequest.objects.count() == 1
    with pytest.raises(NotAllowed):
        actions.order_again(first, by=shelf.cast.dov)
    shelf.laptop.unpublish()
    with pytest.raises(Refused, match="not offered any more"):
        actions.order_again(first, by=shelf.cast.ann)


def test_old_drafts_are_thrown_away_and_recent_ones_stay(shelf):
    sent, open_one = orders.draft(shelf), orders.draft(shelf)
    actions.submit(sent, by=shelf.cast.ann, at=MONDAY)

    assert actions.prune_drafts(MONDAY + timedelta(days=6)) == 0
    assert actions.prune_drafts(MONDAY + timedelta(days=8)) == 1
    assert list(Draft.objects.all()) == [open_one]
    assert actions.prune_drafts(MONDAY + timedelta(days=366)) == 1
    assert ServiceRequest.objects.count() == 1
