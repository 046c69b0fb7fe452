"""The demo company has orders at every point of their way."""

from datetime import timedelta

from catalog.requests.lifecycle import Status
from catalog.requests.models import Draft, RequestBundle, ServiceRequest
from itil.approvals.models import Vote
from itil.sla import actions as sla
from itil.tickets.models import Ticket
from portal.demo.catalog import make_catalog
from portal.demo.company import found
from portal.demo.orders import business_days_before, tell_orders
from portal.selfservice.actions import ensure_home
from tests.cast import MONDAY

NOW = MONDAY + timedelta(days=10)


def test_there_is_a_request_in_every_status_that_lasts(db, client):
    company = found()
    ensure_home()
    make_catalog(company, MONDAY - timedelta(days=60))

    told = tell_orders(NOW)

    statuses = set(ServiceRequest.objects.values_list("status", flat=True))
    assert statuses == set(Status) - {Status.SUBMITTED}
    reasons = ServiceRequest.objects.filter(status=Status.ON_HOLD).values_list(
        "hold_reason", flat=True
    )
    assert set(reasons) == {"awaiting_requester", "task_failed"}
    assert (told, Draft.objects.open().count()) == (ServiceRequest.objects.count(), 1)
    assert Vote.objects.waiting().filter(voter__name="Anna Lind").exists()
    assert not Ticket.objects.filter(updated_at__gt=NOW).exists()
    assert not any(
        differences for _ticket, differences in sla.differences(Ticket.objects.all(), NOW)
    )
    _a_newcomer_gets_seven_things(client)


def _a_newcomer_gets_seven_things(client):
    """One order of seven requests at four departments, one declined and one late."""
    while any(sla.tick(NOW).values()):
        pass
    order = RequestBundle.objects.get()
    requests = list(order.requests.select_related("item"))
    assert len(requests) == 7
    departments = {request.item.department.title for request in requests}
    assert departments == {"IT", "People and HR", "Facilities", "Finance"}
    declined = [one.item_title for one in requests if one.status == Status.REJECTED]
    assert declined == ["Mobile phone"]
    late = [one.item_title for one in requests if one.is_open and one.is_breached]
    assert late == ["Contract and payroll"]
    assert (order.state, order.rejected_count) == ("open", 1)

    client.force_login(order.requester)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "1 request was declined. The others go on." in page
    assert page.count(">Late<") == 1
    assert page.count('class="it"') == 7


def test_days_are_counted_without_weekends():
    assert business_days_before(MONDAY, 1).isoformat() == "2026-02-27T09:30:00+01:00"
    assert MONDAY - business_days_before(MONDAY, 0) == timedelta(hours=2)
