"""One receipt for what was ordered at once (`MAI-7`)."""

from catalog.requests import actions
from itil.tickets.models import Ticket
from portal.notifications.reactions import react
from tests.cast import MONDAY
from tests.catalog.requests import orders

from .post import dispatched


def test_an_order_of_seven_items_gets_one_receipt_that_names_them_all(cast):
    shelf = orders.counter(cast)
    drafts = []
    for _number in range(7):
        draft = orders.draft(shelf, shelf.key)
        drafts.append(actions.put_into_cart(draft, by=cast.ann, at=MONDAY))
    dispatched()
    bundle = actions.submit_together(drafts, by=cast.ann, at=MONDAY)
    requests = list(bundle.requests.order_by("pk"))
    Ticket.objects.filter(pk=requests[3].pk).update(is_confidential=True, title="Secret key")

    receipts = [mail for mail in dispatched() if mail.key.split(":")[2].startswith("receipt")]

    (mail,) = receipts
    assert mail.to == cast.ann.email
    assert mail.subject == f"[#{requests[0].number}] {bundle.title}"
    assert f"your order {bundle.number}. It is 7 requests" in mail.text
    for request in requests:
        assert request.number in mail.text
        assert request.number in mail.html
    assert bundle.get_absolute_url() in mail.text
    assert "Secret key" not in mail.text + mail.html
    for request in requests:
        react(request.events.get(kind="opened"))
    assert dispatched() == []


def test_an_item_that_was_ordered_alone_gets_its_own_receipt(cast):
    shelf = orders.counter(cast)
    dispatched()
    request = orders.sent(shelf, shelf.key)

    (mail,) = [mail for mail in dispatched() if ":receipt" in mail.key]
    assert f"Its number is {request.number}." in mail.text
