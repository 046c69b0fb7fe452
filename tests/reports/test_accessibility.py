"""Every dashboard and report page, looked at by axe in one browser.

The pages of service levels, satisfaction and what if are in tests/flows/test_accessibility.py.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from itil.desk import actions as desk
from reports.actions.own import create_dashboard, save_tile
from reports.actions.subscribing import subscribe
from reports.charts.dashboards import BOARDS
from reports.metrics.tile import ChartKind, Tile
from tests import make
from tests.axe import STATES, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(company):
    """The pages of a manager who has a dashboard and a scheduled report of her own; of today one
    ticket is solved with some work, one waits with another team, one is new."""
    opened = timezone.now() - timedelta(hours=3)
    solved = make.resolved_incident(company, at=opened)
    desk.log_time(
        solved, by=company.bo, minutes=30, activity=company.activity, work_date=opened.date()
    )
    desk.hand_over(make.taken_incident(company, at=opened), company.network_team, by=company.bo)
    make.incident(company, at=opened)
    own = create_dashboard(by=company.mia, title="My Monday", at=opened)
    chart = Tile("new", ("received",), by="step", chart=ChartKind.BAR)
    tile = save_tile(own, chart, by=company.mia)
    sent = subscribe(
        by=company.mia, at=opened, recipients=[company.mia], name="Monthly", board="backlog",
        formats=["csv"],
    )  # fmt: skip
    url = own.get_absolute_url()
    return [
        "/reports/backlog/",
        "/reports/list/?indicator=received",
        "/reports/flow/",
        "/reports/flow/tickets/?what=all",
        "/reports/forecast/",
        "/reports/pivot/",
        "/reports/own/",
        "/reports/own/new/",
        url,
        f"{url}edit/",
        f"{url}tiles/{tile.pk}/",
        "/reports/mailed/",
        "/reports/mailed/new/",
        sent.get_absolute_url(),
        f"{sent.get_absolute_url()}delete/",
        "/reports/key/",
        "/reports/backlog/?from=2026-02-30",
    ]


def test_no_page_of_figures_keeps_anybody_out(addresses, company, visit):
    page = visit(company.mia)
    said = []
    for address in addresses:
        said += complaints(page, address)
    # The dashboards are made of the same parts and colors, each with its own words and charts.
    for board in BOARDS:
        said += complaints(page, reverse(f"reports:{board.key}"), states=STATES[-1:])
    assert said == []
