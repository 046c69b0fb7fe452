"""The page of forecasts."""

import pytest

from reports.actions.snapshots import store
from reports.models import ReportSnapshot
from tests import make
from tests.cast import MONDAY

PAGE = "/reports/forecast/"
POINTS = [{"value": 20.0, "low": 10.0, "high": 30.0}] * 8
TOLD = {
    "weeks": 12, "method": "mean-4", "error": 2.0, "covered": 0.75, "checked": 9, "held_out": 6,
    "points": POINTS, "past": [20.0] * 12,
}  # fmt: skip


@pytest.fixture
def figures(cast):
    """Figures of twelve full weeks, and the probability of one open ticket and of a secret one."""
    seen = make.incident(cast)
    secret = make.incident(cast, is_confidential=True)
    rows = [
        {"ticket": one.pk, "probability": 0.4, "used": 0.5, "due_at": MONDAY.isoformat()}
        for one in (seen, secret)
    ]
    return {
        "weeks": [f"2026-0{1 + n // 4}-0{1 + n % 4}" for n in range(12)],
        "opened": TOLD, "hours": TOLD, "hours_per_ticket": 2.0, "open": 10,
        "breach": {
            "n": 200, "missed": 40, "enough": True, "useful": True, "tested": 60, "asked": 200,
            "score": 0.1, "plain_score": 0.16, "tickets": rows,
            "bins": [{"low": 0.0, "high": 0.2, "n": 200, "said": 0.1, "happened": 0.12}],
        },
        "confidential": None, "how": {"forecast": "Formula", "breach": "Formula"},
    }  # fmt: skip


def test_thin_data_says_so_instead_of_a_figure(cast, signed_in):
    page = signed_in(cast.mia).get(PAGE)
    said = [panel.sentence for panel in page.context["panels"]]
    assert all(sentence.startswith("Too thin") for sentence in said)
    assert page.context["figures"] == {}
    assert page.context["facts"] == []


def test_figures_are_told_with_error_and_coverage_and_open_tickets_as_far_as_they_are_seen(
    cast, signed_in, figures
):
    client = signed_in(cast.mia)
    client.get(PAGE)
    snapshot = ReportSnapshot.objects.get()
    store(snapshot, figures, now=snapshot.computed_at)
    page = client.get(PAGE, {"agents": "1", "hours": "25"})
    said = [panel.sentence for panel in page.context["panels"]]
    assert "in 8 of 10 cases between 10 and 30" in said[0]
    assert "it was off by 2.0 on average, and 75.0% of them lay between" in said[0]
    assert said[2].startswith("Brier score 0.100 on 60 newer promises, against 0.160")
    assert [row.probability for row in page.context["likely"]] == ["40%"]
    # 20 hours of 25 come in; 10 tickets of 2 hours are worked off by the 5 that are left.
    assert [fact.value for fact in page.context["facts"]] == ["80%", "4.0 weeks", "never"]
