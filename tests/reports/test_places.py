"""The way from one page of figures to another."""

import pytest
import time_machine
from django.utils import timezone

from portal.people.models import Membership, Role
from reports.actions.own import create_dashboard
from reports.charts.dashboards import BOARDS
from tests.cast import MONDAY

PAGE = "/reports/own/"


@pytest.fixture
def shelves(cast, signed_in):
    """The groups that somebody finds beside a page: heading and names."""

    def look(who, page=PAGE):
        found = signed_in(getattr(cast, who)).get(page)
        assert found.status_code == 200
        return {
            str(one.heading): [str(tab.label) for tab in one.tabs] for one in found.context["tabs"]
        }

    return look


def test_every_dashboard_stands_in_one_group(shelves):
    named = [label for labels in shelves("mia").values() for label in labels]
    assert {str(board.title) for board in BOARDS} <= {*named}
    assert len(named) == len({*named})


def test_groups_hold_what_a_person_may_see(shelves):
    assert "What may come" in shelves("mia")
    seen = shelves("bo")
    assert "What may come" not in seen
    assert seen["Work"] == ["Backlog and flow", "People and workload", "Problems and changes"]


def test_own_dashboards_are_named_among_them_and_the_present_page_is_marked(
    cast, signed_in, shelves
):
    own = create_dashboard(by=cast.mia, title="My Monday", at=timezone.now())
    assert shelves("mia")["Own dashboards"][0] == "My Monday"
    page = signed_in(cast.mia).get(own.get_absolute_url()).content.decode()
    assert page.count('aria-current="page"') == 2  # here, and Reports at the side


def test_who_sees_little_gets_it_without_headings(cast, signed_in):
    Membership.objects.filter(user=cast.bea).delete()
    Membership.objects.create(user=cast.bea, role=Role.BILLING_CLERK)
    with time_machine.travel(MONDAY, tick=False):
        page = signed_in(cast.bea).get("/reports/money/")
    assert [(one.heading, len(one.tabs)) for one in page.context["tabs"]] == [("", 1)]
