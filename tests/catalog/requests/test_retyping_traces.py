"""What a change of type leaves behind: on the order, with the requester, for the desk (`VOC-1`)."""

import pytest

from catalog.requests import actions
from itil.conversation.models import Message
from itil.incidents.models import Incident
from portal.outbox.models import OutgoingMail
from tests import make
from tests.cast import MONDAY

from . import bundles, orders
from .retyped import LATER, a_fault, a_key, a_laptop


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def mails_to(person, words: str) -> int:
    found = OutgoingMail.objects.filter(to=person.email)
    return sum(words in mail.text for mail in found)


def test_an_order_remembers_the_request_that_became_a_fault(shelf, signed_in):
    ann = shelf.cast.ann
    story = bundles.welcome(shelf)
    bundle = actions.submit_bundle(bundles.begun(story), by=ann, at=MONDAY)
    badge = bundle.requests.get(item=story.badge)
    a_fault(shelf, badge, by=shelf.cast.ned)

    bundle.refresh_from_db()
    assert bundle.gone == [
        {"number": badge.number, "title": "Badge", "at": LATER.isoformat()},
    ]
    assert bundle.requests.count() == 1
    page = signed_in(ann).get(bundle.get_absolute_url()).content.decode()
    assert f"/requests/{badge.number}/" in page
    assert "This turned out to be a fault" in page


def test_the_requester_is_told_what_became_of_it(shelf):
    ann = shelf.cast.ann
    incident = make.incident(shelf.cast)
    a_laptop(shelf, incident)
    orders.react()
    orders.react()
    assert mails_to(ann, "an order of “New laptop” from now on") == 1
    assert mails_to(ann, "It is approved first.") == 1

    request = orders.sent(shelf, shelf.key)
    a_fault(shelf, request)
    orders.react()
    assert mails_to(ann, "something that does not work") == 1


def test_a_known_workaround_is_kept_as_a_note(shelf):
    incident = make.incident(shelf.cast)
    Incident.objects.filter(pk=incident.pk).update(workaround="Use the web page.")
    incident.refresh_from_db()
    a_key(shelf, incident)

    note = Message.objects.get(ticket=incident.pk, visibility="internal")
    assert "Use the web page." in note.text
