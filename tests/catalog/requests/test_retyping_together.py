"""Two who change the type at the same moment: one of them does it, the other is told."""

import pytest

from catalog.requests import actions
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent
from tests import make
from tests.together import at_once

from . import orders

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def test_of_two_who_make_an_order_of_it_one_does(cast):
    shelf = orders.counter(cast)
    incident = make.taken_incident(cast)
    copies = [Incident.objects.get(pk=incident.pk) for _copy in range(2)]

    results = at_once(
        *(
            lambda one=one: actions.to_request(one, shelf.key, by=cast.bo, answers={})
            for one in copies
        )
    )

    refusals = [one for one in results if isinstance(one, Refused)]
    assert [str(one) for one in refusals] == [
        f"{incident.number} was changed to “service request” already."
    ]
    assert ServiceRequest.objects.get().status == "in_fulfilment"
    assert not Incident.objects.exists()
    assert TicketEvent.objects.filter(data__changes__has_key="kind").count() == 1


def test_resolved_and_ordered_at_once_it_is_one_of_the_two(cast):
    shelf = orders.counter(cast)
    incident = make.taken_incident(cast)
    copy = Incident.objects.get(pk=incident.pk)
    solution = {"resolution_code": "fixed", "note": "It runs again."}

    results = at_once(
        lambda: actions.to_request(incident, shelf.key, by=cast.bo, answers={}),
        lambda: desk.move(copy, "resolve", by=cast.bo, values=solution),
    )

    assert [isinstance(one, Refused) for one in results].count(True) == 1
    assert Incident.objects.count() + ServiceRequest.objects.count() == 1
