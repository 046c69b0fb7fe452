"""The pages of a request that was sent: for who ordered it, and for the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.requests import actions
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from itil.tickets.models import Ticket
from tests.cast import MONDAY
from tests.catalog.offerings import shop

from . import orders

URL = "/catalog/it/new-laptop/"


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def ann(shelf, signed_in):
    return signed_in(shelf.cast.ann)


def page_of(answer) -> str:
    return answer.content.decode()


def test_the_page_of_a_request_tells_where_it_is_and_who_decides(ann, shelf):
    request = orders.sent(shelf)
    page = page_of(ann.get(request.public_url))

    for words in (
        "Max has been asked to approve it",
        "Light 14",
        "€980.00",
        "Marketing",
        "Manager",
    ):
        assert words in page
    assert "Cancel request" in page


def test_a_declined_request_gives_the_reason_and_can_be_ordered_again(ann, shelf):
    request = orders.in_status(shelf, "rejected")
    page = page_of(ann.get(request.public_url))
    assert "Yours is new." in page
    assert "Declined" in page

    answer = ann.post(f"/requests/{request.number}/again/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"{URL}?draft=")
    assert ServiceRequest.objects.count() == 1


def test_what_was_delivered_is_confirmed_or_disputed_on_its_page(ann, shelf):
    request = orders.delivered(shelf)
    page = page_of(ann.get(request.public_url))
    assert "It is delivered. Do you have it?" in page
    assert "I have it" in page

    ann.post(f"/requests/{request.number}/reopen/", {"reason": "It is not here."})
    request.refresh_from_db()
    assert request.status == "in_fulfilment"
    desk.move(request, "fulfil", by=shelf.cast.bo)
    ann.post(f"/requests/{request.number}/solved/")
    request.refresh_from_db()
    assert request.status == "closed"


def test_a_change_is_made_on_the_form_it_was_ordered_by(ann, shelf):
    request = orders.approved(shelf)
    url = f"/requests/{request.number}/change/"
    assert "Light 14" in page_of(ann.get(url))
    data = {"q-model": "creator", "q-reason": "old", "quantity": "1", "version": request.version}

    wrong = ann.post(url, data)
    assert wrong.status_code == 422
    assert "asset tag" in page_of(wrong).lower()
    done = ann.post(url, data | {"q-tag": "HAL-1"}, follow=True)
    assert "They are approved before we go on." in page_of(done)
    request.refresh_from_db()
    assert request.status == "awaiting_approval"

    stale = ann.post(url, data | {"q-tag": "HAL-2"})
    assert stale.status_code == 409
    assert "HAL-2" in page_of(stale)


def test_what_is_over_is_not_changed_on_the_page_either(ann, shelf):
    request = orders.delivered(shelf)
    answer = ann.get(f"/requests/{request.number}/change/", follow=True)
    assert "It cannot be changed any more" in page_of(answer)
    assert "Change request" not in page_of(ann.get(request.public_url))


def test_strangers_find_no_page_of_a_request(shelf, signed_in):
    request = orders.sent(shelf)
    client = signed_in(shelf.cast.dov)
    for path in ("", "change/"):
        assert client.get(f"/requests/{request.number}/{path}").status_code == 404
    assert client.post(f"/requests/{request.number}/again/").status_code == 404


def test_the_desk_sees_answers_approvals_and_tasks_and_sends_it_back(shelf, signed_in):
    request = orders.approved(shelf)
    client = signed_in(shelf.cast.bo)
    page = page_of(client.get(f"/desk/tickets/{request.number}/"))
    for words in ("Light 14", "€980.00", "4400 Marketing", "Order the laptop", "Manager"):
        assert words in page

    client.post(f"/desk/requests/{request.number}/send-back/", {"note": "Which color?"})
    request.refresh_from_db()
    assert (request.status, request.hold_reason) == ("on_hold", "awaiting_requester")
    assert signed_in(shelf.cast.dov).get("/desk/requests/x/send-back/").status_code == 404


def test_the_desk_reads_which_answers_were_changed(shelf, signed_in):
    request = orders.approved(shelf)
    actions.change_answers(
        request,
        by=shelf.cast.ann,
        version=request.version,
        answers={**request.answers, "note": "Blue"},
        quantity=1,
        at=MONDAY + timedelta(hours=1),
    )
    page = page_of(signed_in(shelf.cast.bo).get(f"/desk/tickets/{request.number}/"))
    assert "changed “Anything we should know?” from – to Blue" in page


def test_my_requests_tell_each_order_in_a_sentence_with_the_same_queries(
    ann, shelf, django_assert_max_num_queries
):
    for _number in range(6):
        orders.sent(shelf)
    delivered = orders.in_status(shelf, "fulfilled")
    with django_assert_max_num_queries(8):
        page = page_of(ann.get("/requests/"))
    assert page.count("Your order waits for approval.") == 6
    assert delivered.number in page


def test_a_late_request_stands_out_in_its_order(ann, shelf):
    draft = actions.put_into_cart(orders.draft(shelf, shelf.key), by=shelf.cast.ann)
    bundle = actions.submit_together([draft], by=shelf.cast.ann, at=MONDAY)
    Ticket.objects.update(is_breached=True, due_at=timezone.now() - timedelta(days=1))
    assert "Late" in page_of(ann.get(bundle.get_absolute_url()))


def test_a_private_item_shows_its_requests_to_nobody_else(shelf, signed_in):
    private = shop.item("Parental leave", is_private=True, team=shelf.cast.network_team)
    request = orders.sent(shelf, private)
    for who in ("bo", "cleo", "mia", "root"):
        client = signed_in(getattr(shelf.cast, who))
        assert client.get(f"/desk/tickets/{request.number}/").status_code == 404
        assert client.get(f"/requests/{request.number}/").status_code == 404
