"""Every indicator reads the desk as it is, and says what it is."""

from datetime import date, timedelta

import pytest

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
