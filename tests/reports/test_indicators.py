"""Every indicator reads the desk as it is, and says what it is."""

from datetime import date, timedelta

import pytest

from itil.sla import actions as sla
from itil.sla.models import SlaClock
from reports.frames.source import Frames
from reports.metrics.indicator import NAMED, Window
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer, behind
from tests import make
from tests.cast import MONDAY

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "UTC")
NOW = MONDAY + timedelta(days=60)


@pytest.fixture
def desk(cast):
    make.resolved_incident(cast)
    make.incident(cast)
    return Desk(Frames.live(now=NOW), Window(MARCH, NOW))


def test_every_indicator_is_told_over_time_and_adds_up(desk):
    for key in INDICATORS:
        series = answer(Tile("t", (key,), by="step"), desk)["series"][0]
        assert series["told"], key
        total = series["total"]["n"]
        assert sum(point["n"] or 0 for point in series["points"]) == (total or 0), key
        assert len(behind(key, {}, desk)) in (0, total or 0), key


def test_every_indicator_has_the_columns_of_its_dimensions(desk):
    for key, indicator in INDICATORS.items():
        rows = desk.rows(indicator)
        names = {f"{name}_name" for name in indicator.dimensions if name in NAMED}
        assert set(indicator.dimensions) | names <= set(rows), key


def test_sla_28_a_promise_that_was_decided_stays_in_its_period_when_it_is_left_out(cast):
    met = make.resolved_incident(cast)
    open_one = make.incident(cast, at=NOW - timedelta(hours=2))
    given = {"reason": "force_majeure", "note": "Flood.", "by": cast.cleo, "at": NOW}
    for ticket in (met, open_one):
        clock = SlaClock.objects.get(ticket=ticket, metric="resolution")
        sla.exclude(ticket, clock=clock, **given)
    may = Period(date(2026, 5, 1), date(2026, 5, 31), "UTC")
    told = [
        answer(
            Tile("t", ("promises_excluded",)),
            Desk(Frames.live(now=NOW + timedelta(days=1)), Window(period, NOW + timedelta(days=1))),
        )["series"][0]["total"]["n"]
        for period in (MARCH, may)
    ]
    assert told == [1, 1]
