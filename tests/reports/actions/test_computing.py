"""A worker fills what a page asked for."""

from datetime import date, timedelta

import pytest

from reports.actions.computing import compute_snapshot
from reports.actions.reading import Scope
from reports.actions.snapshots import CSAT, LEVELS, filters_of, snapshot_of
from reports.metrics.period import Period
from tests.cast import MONDAY

MARCH = Scope(Period(date(2026, 3, 1), date(2026, 3, 31), "UTC"))


@pytest.mark.parametrize(("report", "part"), [(CSAT, "months"), (LEVELS, "measures")])
def test_each_report_is_filled_with_its_own_figures(db, report, part):
    snapshot = snapshot_of(report, filters_of(MARCH), now=MONDAY)
    compute_snapshot(snapshot, now=MONDAY + timedelta(days=1))
    snapshot.refresh_from_db()
    assert part in snapshot.data
    assert snapshot.is_ready
