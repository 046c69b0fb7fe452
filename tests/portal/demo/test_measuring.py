"""What the benchmark fills and times, with a few rows; it says itself how fast that is."""

import pytest
from django.utils import timezone

from catalog.requests.models import ServiceRequest
from itil.approvals.models import Vote
from itil.changes.charts.schedule import VIEWS
from itil.changes.models import Change
from itil.cmdb.models import ConfigurationItem, Relation
from itil.sla.models import SlaClock
from itil.tickets.models import Ticket
from portal.demo import changes_bench, estate_bench
from portal.demo.bulk import add_tickets, make_world
from portal.demo.bulk_history import add_history
from portal.demo.bulk_orders import add_orders, make_shop


# The benchmark leaves the index out by itself.
@pytest.mark.reference_index
def test_everything_is_filled_into_one_database_and_timed(db):
    now = timezone.now()
    world = make_world()
    add_tickets(world, 20, already=0, now=now)
    impact = list(estate_bench.measure_impact(60, 200))
    calendar = list(changes_bench.measure_calendar(400))
    shop = make_shop(world, 8, now)
    add_orders(world, shop, 60, already=0, now=now)

    assert ConfigurationItem.objects.count() == 60
    assert Relation.objects.count() == 200
    assert Change.objects.count() == 400
    assert ServiceRequest.objects.count() == 60
    assert Ticket.objects.count() == 480
    # The child rows stand on base rows of their own type.
    assert {order.number[:3] for order in ServiceRequest.objects.all()} == {"REQ"}
    waiting = ServiceRequest.objects.filter(status="awaiting_approval").count()
    assert Vote.objects.filter(state="waiting").count() == waiting > 0
    assert [line.partition(",")[0] for line in impact] == [
        "what fails with the first item",
        "what fails with any item",
        "what any item needs",
    ]
    assert all("(goal 300 ms: " in line for line in impact)
    assert all("(goal 150 ms: " in line for line in calendar)
    for view, line in zip(VIEWS, calendar, strict=True):
        assert line.startswith(f"{view} with 400 changes over a year: ")
        [many, one] = [
            part for part in line.split(", ") if "statement" in part or "with one" in part
        ]
        assert many.split()[0] == one.split()[0]


def test_history_that_is_written_by_columns_keeps_the_scale_of_its_promises(db):
    """As what is opened at the desk does."""
    world = make_world()
    assert add_history(world, 400, now=timezone.now()) > 0

    clocks = SlaClock.objects.select_related("ticket")
    assert clocks.count() == 800
    assert {clock.target_key for clock in clocks} == {"priority"}
    assert all(clock.level_text.startswith(f"P{clock.ticket.priority} ") for clock in clocks)
