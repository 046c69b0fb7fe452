"""A month with two tickets, and reports of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.paper.languages import printed_in
from reports.actions.composing import compose
from reports.actions.delivering import deliver_next
from reports.actions.narrowing import share_of
from reports.actions.subscribing import subscribe
from reports.metrics.period import Period
from tests import make
from tests.cast import MONDAY

MADE = datetime(2026, 3, 10, 12, tzinfo=UTC)
# 7 o'clock of the first of April in Berlin.
DUE = datetime(2026, 4, 1, 5, tzinfo=UTC)
MARCH = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def march(cast, db):
    """Of 2 March: one of Acme solved in time, one of Globex untouched, with a name that a
    spreadsheet would run."""
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        make.resolved_incident(cast, at=MONDAY + timedelta(hours=3))
        return make.incident(cast, by=cast.dov, requester=cast.dov, title="=1+1")


def scheduled(cast, *recipients, by=None, **fields):
    values = {"name": "Monthly", "board": "backlog", "formats": ["csv"], "hour": 7} | fields
    return subscribe(by=by or cast.mia, at=MADE, recipients=list(recipients), **values)


def deliver_due(now):
    """Make and mail all that is due; says how many were tried."""
    tried = 0
    while deliver_next(now):
        tried += 1
    return tried


def report_of(subscription, reader, language="en"):
    with printed_in(language), timezone.override("Europe/Berlin"):
        return composed(subscription, reader)


def composed(subscription, reader):
    """The report of March, in the language and zone that are active."""
    share = share_of(subscription, reader)
    period = Period(*MARCH, "Europe/Berlin")
    return compose(subscription, share, reader, period, comment="Calm.", now=DUE)
