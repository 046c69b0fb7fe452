"""The pages on which a report becomes an order, and what is seen afterwards."""

import pytest

from catalog.requests import actions
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import Membership, Role
from tests import make
from tests.cast import MONDAY, person

from . import orders

FAULT = {"impact": "1", "urgency": "2", "reason": "The old one is broken."}


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def bo(shelf, signed_in):
    return signed_in(shelf.cast.bo)


def page_of(answer) -> str:
    return answer.content.decode()


def address(ticket, step="") -> str:
    return f"/desk/tickets/{ticket.number}/{step}"


def test_the_ticket_page_leads_there_and_back(bo, shelf):
    incident = make.taken_incident(shelf.cast)
    request = orders.sent(shelf, shelf.key)

    page = page_of(bo.get(address(incident)))
    assert address(incident, "to-request/") in page
    assert "Change to a request…" in page
    assert address(request, "to-incident/") in page_of(bo.get(address(request)))


def test_who_may_not_change_it_is_not_led_there(shelf, signed_in):
    incident = make.incident(shelf.cast)
    mia = signed_in(shelf.cast.mia)

    assert "to-request/" not in page_of(mia.get(address(incident)))
    answer = mia.get(address(incident, "to-request/"), follow=True)
    assert answer.redirect_chain == [(address(incident), 303)]
    assert "You cannot change this ticket." in page_of(answer)


@pytest.mark.parametrize("who", ["ann", "dov", "ned"])
def test_to_others_the_pages_are_not_there(shelf, signed_in, who):
    incident, request = make.incident(shelf.cast), orders.sent(shelf, shelf.key)
    client = signed_in(getattr(shelf.cast, who))

    for url in (address(incident, "to-request/"), address(request, "to-incident/")):
        assert client.get(url).status_code == 404
        assert client.post(url, FAULT).status_code == 404
    assert not TicketEvent.objects.filter(kind="edited").exists()


def test_who_reported_it_without_a_duty_at_the_desk_finds_no_page(shelf, signed_in):
    """A catalog manager has other duties: the own report is among the own requests."""
    cat = person("Cat", shelf.cast.halden)
    Membership.objects.create(user=cat, role=Role.CATALOG_MANAGER)
    incident = make.incident(shelf.cast, by=cat, requester=cat)

    assert signed_in(cat).get(address(incident, "to-request/")).status_code == 404
    assert signed_in(cat).get(address(incident, "to-incident/")).status_code == 404


def test_what_is_offered_to_the_requester_can_be_chosen(bo, shelf, django_assert_max_num_queries):
    shelf.laptop.only_organizations = [shelf.cast.halden]
    shelf.laptop.save()
    url = address(make.incident(shelf.cast), "to-request/")

    with django_assert_max_num_queries(8):
        page = page_of(bo.get(url))
    assert ("Spare key" in page, "New laptop" in page) == (True, False)
    assert "Nothing matches" in page_of(bo.get(url, {"q": "laptop"}))
    assert bo.get(url, {"item": shelf.laptop.pk}).status_code == 404
    assert bo.post(f"{url}?item={shelf.laptop.pk}", {}).status_code == 404


def test_the_form_says_what_will_happen_before_anything_is_saved(bo, shelf):
    incident = make.taken_incident(shelf.cast)

    page = page_of(bo.get(address(incident, "to-request/"), {"item": shelf.laptop.pk}))

    for words in ("Which model?", "Max is asked to approve it", "What saving does", "Fulfilment"):
        assert words in page
    assert Incident.objects.get().version == incident.version


def test_a_mistake_keeps_what_was_typed(bo, shelf):
    incident = make.taken_incident(shelf.cast)
    url = f"{address(incident, 'to-request/')}?item={shelf.laptop.pk}"

    answer = bo.post(url, {"q-model": "creator", "quantity": "none"})

    assert answer.status_code == 422
    page = page_of(answer)
    assert "Write a whole number such as 2" in page
    assert answer.context["form"].typed["model"] == "creator"
    assert Incident.objects.filter(pk=incident.pk).exists()

    assert bo.post(url, {"q-model": "light", "effect": "1"}).status_code == 200
    assert Incident.objects.filter(pk=incident.pk).exists()


def test_sent_the_ticket_is_an_order_and_every_page_shows_it_so(bo, shelf, signed_in):
    incident = make.taken_incident(shelf.cast)
    asked = {"hold_reason": "awaiting_requester", "note": "Which one?"}
    desk.move(incident, "hold", by=shelf.cast.bo, values=asked)
    url = f"{address(incident, 'to-request/')}?item={shelf.laptop.pk}"

    answer = bo.post(url, {"q-model": "light", "q-reason": "new", "quantity": "1"}, follow=True)

    assert answer.redirect_chain == [(address(incident), 303)]
    page = page_of(answer)
    assert f"{incident.number} is an order of “New laptop” now." in page
    for words in (
        "the type from incident to service request",
        "set the status to In progress",
        "set the status to On hold: Waiting for the requester",
        "Light 14",
    ):
        assert words in page
    assert bo.get(address(incident, "deadlines/")).status_code == 200
    rows = page_of(bo.get("/desk/tickets/"))
    assert "New laptop" in rows
    assert incident.number in rows

    again = bo.post(url, {"q-model": "light", "q-reason": "new"}, follow=True)
    assert "was changed to “service request” already" in page_of(again)

    ann = signed_in(shelf.cast.ann)
    mine = page_of(ann.get(f"/requests/{incident.number}/"))
    for words in ("We handle this as an order", "New laptop", "Max has been asked"):
        assert words in mine


def test_an_order_becomes_an_incident_on_its_page(bo, shelf, signed_in):
    request = orders.sent(shelf)
    actions.change_answers(
        request,
        by=shelf.cast.ann,
        version=request.version,
        answers=orders.ANSWERS,
        quantity=2,
        at=MONDAY,
    )
    url = address(request, "to-incident/")
    assert bo.get(url).status_code == 200
    assert "Resolution" in page_of(bo.post(url, FAULT | {"effect": "1"}))
    assert bo.post(url, FAULT | {"reason": ""}).status_code == 422
    assert ServiceRequest.objects.exists()

    answer = bo.post(url, FAULT, follow=True)

    assert answer.redirect_chain == [(address(request), 303)]
    page = page_of(answer)
    for words in (
        f"{request.number} is an incident now.",
        "the type from service request to incident",
        "quantity from 1 to 2",
        "(The old one is broken.)",
        "Ordered: 2 × New laptop",
    ):
        assert words in page
    mine = page_of(signed_in(shelf.cast.ann).get(f"/requests/{request.number}/"))
    for words in ("We handle this as something that does not work", "You sent this request"):
        assert words in mine
    assert "The old one is broken." not in mine


def test_a_decided_order_is_refused_with_what_was_typed(bo, shelf):
    request = orders.approved(shelf)

    answer = bo.post(address(request, "to-incident/"), FAULT)

    assert answer.status_code == 409
    assert "Max has decided on this order already" in page_of(answer)
    assert "The old one is broken." in page_of(answer)
    assert Ticket.objects.get(pk=request.pk).kind == "servicerequest"
