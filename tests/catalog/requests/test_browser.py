"""Ordering in a real browser: by the keyboard alone, and every page of it looked at by axe."""

import pytest
from django.utils import timezone

from catalog.requests import actions
from catalog.requests.lifecycle import Status
from catalog.requests.models import ServiceRequest
from itil.approvals.links import token_for
from itil.approvals.models import Vote
from tests import make
from tests.axe import complaints, complaints_here, keyboard_complaints

from . import bundles, orders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shelf(company):
    return orders.counter(company)


def form_of(item) -> str:
    return item.get_url()


def test_no_page_of_the_catalog_and_of_orders_keeps_anybody_out(shelf, visit):
    cast, now = shelf.cast, timezone.now()
    requests = {status: orders.in_status(shelf, status) for status in Status.values}
    asked = requests[Status.AWAITING_APPROVAL]
    drafts = [orders.draft(shelf, item, at=now) for item in (shelf.laptop, shelf.key)]
    bundle = actions.submit_together(
        [orders.draft(shelf, item, at=now) for item in (shelf.laptop, shelf.key)],
        by=cast.ann,
        at=now,
    )
    said, ann = [], visit(cast.ann)
    said += complaints(ann, form_of(shelf.laptop))
    said += complaints(ann, form_of(shelf.key))
    # Something is missing and something more is asked for: the same form with errors.
    ann.goto(form_of(shelf.laptop))
    ann.get_by_label("Mine needs replacing").check()
    ann.get_by_role("button", name="Send request").click()
    ann.get_by_text("There is a problem").wait_for()
    said += complaints_here(ann, "an order with errors")
    actions.put_into_cart(drafts[1], by=cast.ann, at=now)
    pages = ["/requests/", "/requests/order/", bundle.get_absolute_url(), "/requests/?show=all"]
    pages += [request.public_url for request in requests.values()]
    pages += [f"/requests/{asked.number}/change/"]
    for path in pages:
        said += complaints(ann, path)
    ann.goto(requests[Status.CLOSED].public_url)
    ann.get_by_role("button", name="Order again").click()
    ann.get_by_role("button", name="Send request").wait_for()
    said += complaints_here(ann, "ordered again")

    assert said == []


def test_no_page_of_the_desk_about_orders_keeps_anybody_out(shelf, visit):
    cast = shelf.cast
    incident, request = make.taken_incident(cast), orders.sent(shelf, shelf.key)
    waiting = orders.sent(shelf)
    vote = Vote.objects.get(step__process__ticket=waiting.pk)
    mailed = f"/approvals/mail/{token_for(vote, cast.max, timezone.now())}/"
    said, bo = [], visit(cast.bo)
    for path in (
        f"/desk/tickets/{request.number}/",
        f"/desk/tickets/{waiting.number}/",
        f"/desk/requests/{request.number}/send-back/",
        f"/desk/tickets/{incident.number}/to-request/",
        f"/desk/tickets/{incident.number}/to-request/?item={shelf.laptop.pk}",
        f"/desk/tickets/{request.number}/to-incident/",
    ):
        said += complaints(bo, path)
    bo.context.clear_cookies()
    bo.goto(mailed)
    bo.get_by_role("button", name="Approve").click()
    bo.get_by_role("heading", name="Approved").wait_for()
    said += complaints_here(bo, "decided by mail")
    said += complaints(bo, mailed)

    assert said == []


def test_the_tab_key_reaches_everything_there_is_to_order_with(shelf, visit):
    cast = shelf.cast
    waiting = orders.sent(shelf)
    drafted = orders.draft(shelf, shelf.key)
    actions.put_into_cart(drafted, by=cast.ann, at=timezone.now())
    page, said = visit(cast.ann), []
    for path in (form_of(shelf.laptop), "/requests/order/", waiting.public_url):
        said += keyboard_complaints(page, path)

    assert said == []


def test_ordering_a_bundle_keeps_nobody_out(shelf, visit):
    story = bundles.welcome(shelf)
    page = visit(shelf.cast.ann)
    said = complaints(page, form_of(story.item)) + keyboard_complaints(page, form_of(story.item))
    # Sent half filled in: the same page, with what is missing beside each line.
    page.get_by_role("button", name="Send all requests").click()
    page.get_by_text("There is a problem").wait_for()
    said += complaints_here(page, "a bundle with errors")

    assert said == []


def press_until(page, label: str) -> None:
    """The tab key until the control with this label has the focus."""
    wanted = page.get_by_label(label)
    for _press in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The tab key does not lead to “{label}”.")


def test_an_order_is_made_by_the_keyboard_alone(shelf, visit):
    page = visit(shelf.cast.ann)
    page.goto(form_of(shelf.laptop))

    press_until(page, "Light 14")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    press_until(page, "Monitor")
    page.keyboard.press("Space")
    press_until(page, "I have none")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    # The second answer asks one question more, and that is the next stop.
    page.keyboard.press("Tab")
    page.keyboard.type("HAL-20417")
    page.keyboard.press("Enter")
    page.get_by_text("Sent. Number REQ-").wait_for()

    answers = ServiceRequest.objects.get().answers
    assert answers["model"] == "creator"
    assert answers["extras"] == ["monitor"]
    assert (answers["reason"], answers["tag"]) == ("old", "HAL-20417")
