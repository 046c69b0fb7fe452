"""Stored figures: asked for once, kept, renewed."""

from datetime import date, timedelta

import pytest

from reports.actions.reading import Scope
from reports.actions.snapshots import (
    CSAT,
    LEVELS,
    claim_refresh,
    filters_of,
    key_of,
    scope_of,
    snapshot_of,
    store,
)
from reports.metrics.period import Period
from reports.models import ReportSnapshot
from tests.cast import MONDAY

SCOPE = Scope(Period(date(2026, 3, 1), date(2026, 3, 31), "UTC"), team_id=7)
pytestmark = pytest.mark.django_db


def figures_of(scope, *, now, report=LEVELS):
    return snapshot_of(report, filters_of(scope), now=now)


def test_filters_can_be_read_back():
    assert scope_of(filters_of(SCOPE)) == SCOPE


def test_the_same_filters_find_the_same_row_and_others_another():
    first = figures_of(SCOPE, now=MONDAY)
    assert figures_of(SCOPE, now=MONDAY).pk == first.pk
    assert figures_of(Scope(SCOPE.period, team_id=8), now=MONDAY).pk != first.pk


def test_figures_stored_before_recommendations_were_among_them_are_computed_anew():
    asked = {**filters_of(SCOPE), "report": CSAT}
    old = ReportSnapshot.objects.create(
        key=key_of(5, asked), filters=asked, used_at=MONDAY, computed_at=MONDAY, data={"scores": []}
    )
    found = figures_of(SCOPE, now=MONDAY, report=CSAT)
    assert (found.pk == old.pk, found.computed_at) == (False, None)


def test_only_one_of_two_readers_asks_for_the_figures():
    snapshot = figures_of(SCOPE, now=MONDAY)
    assert [claim_refresh(snapshot, now=MONDAY) for _reader in range(2)] == [True, False]


def test_a_request_without_an_answer_is_repeated_after_two_minutes():
    snapshot = figures_of(SCOPE, now=MONDAY)
    claim_refresh(snapshot, now=MONDAY)
    assert claim_refresh(snapshot, now=MONDAY + timedelta(seconds=119)) is False
    assert claim_refresh(snapshot, now=MONDAY + timedelta(seconds=121)) is True


def test_figures_are_renewed_after_five_minutes():
    snapshot = figures_of(SCOPE, now=MONDAY)
    claim_refresh(snapshot, now=MONDAY)
    store(snapshot, {"figures": 1}, now=MONDAY)
    assert claim_refresh(snapshot, now=MONDAY + timedelta(minutes=5)) is False
    assert claim_refresh(snapshot, now=MONDAY + timedelta(minutes=5, seconds=1)) is True


def test_a_list_nobody_looked_at_for_an_hour_is_dropped():
    asked = [Scope(SCOPE.period, team_id=team) for team in range(3)]
    for scope, minutes in zip(asked, (61, 59, 61), strict=True):
        figures_of(scope, now=MONDAY - timedelta(minutes=minutes))
    store(figures_of(asked[0], now=MONDAY), {}, b"long", now=MONDAY)
    store(figures_of(asked[1], now=MONDAY), {}, b"long", now=MONDAY)
    store(figures_of(asked[2], now=MONDAY), {}, now=MONDAY)
    teams = {row.filters["team"] for row in ReportSnapshot.objects.all()}
    assert teams == {1, 2}


def test_figures_nobody_looked_at_for_a_week_are_dropped():
    figures_of(Scope(SCOPE.period), now=MONDAY - timedelta(days=8))
    snapshot = figures_of(SCOPE, now=MONDAY)
    store(snapshot, {}, now=MONDAY)
    assert list(ReportSnapshot.objects.values_list("pk", flat=True)) == [snapshot.pk]
