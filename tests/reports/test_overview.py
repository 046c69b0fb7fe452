"""The figures of the overview."""

import json
from datetime import date, timedelta

from itil.desk import actions as desk
from reports.actions.boarding import answer_board
from reports.actions.boards import BoardScope, Compare, plain_tile
from reports.charts.dashboards import OVERVIEW
from reports.metrics.indicator import Step
from reports.metrics.period import Period
from tests import make
from tests.cast import MONDAY
from tests.catalog.requests import orders

MARCH = BoardScope(
    Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin"), Step.MONTH, Compare.BEFORE
)
LATER = MONDAY + timedelta(days=60)


def overview(now=LATER):
    """All that is stored of March."""
    tiles = [plain_tile(tile) for tile in OVERVIEW.tiles]
    return answer_board(MARCH.as_filters() | {"tiles": tiles}, now)


def totals(found=None):
    """The total of each figure, by its key; of a count the number alone."""
    known = {}
    for one in (found or overview())["answers"].values():
        for series in one["series"]:
            known.setdefault(series["indicator"], series["total"])
    return known


def points(key, found=None):
    """How many each point of the first series of a tile counts, by its key."""
    series = (found or overview())["answers"][key]["series"][0]
    return {point["keys"][0]: point["n"] for point in series["points"]}


def test_a_reopened_ticket_leaves_the_resolved_ones_until_it_is_resolved_again(cast):
    ticket = make.resolved_incident(cast, at=MONDAY + timedelta(hours=1))
    desk.move(
        ticket, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY + timedelta(hours=2)
    )
    assert totals()["resolution_median"]["n"] == 0
    desk.move(
        ticket,
        "resolve",
        by=cast.bo,
        values={"resolution_code": "fixed", "note": "Now it holds."},
        at=MONDAY + timedelta(hours=4),
    )
    known = totals()
    assert known["resolution_median"] == {"n": 1, "value": 3 * 3600.0}
    # Nine in ten of a single ticket is nothing.
    assert (known["resolution_p90"]["n"], known["resolution_p90"]["value"]) == (1, None)
    assert known["reopened"] == {"n": 1, "yes": 1, "value": 1.0}


def test_a_cancelled_ticket_came_in_but_is_in_no_rate(cast):
    ticket = make.taken_incident(cast)
    desk.move(
        ticket, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn"},
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    known = totals()
    assert [known[key]["n"] for key in ("received", "resolved", "backlog")] == [1, 0, 0]
    assert known["unanswered"]["n"] == 0
    assert (known["compliance"]["n"], known["resolved_in_time"]["value"]) == (0, None)


def test_a_running_period_ends_now(cast):
    make.incident(cast)
    found = overview(now=MONDAY + timedelta(days=2))
    assert [step["is_over"] for step in found["answers"]["backlog-bucket"]["steps"]] == [False]
    assert points("backlog-bucket", found) == {"1-3": 1}


def test_an_overdue_open_ticket_counts_as_missed_before_anybody_noticed(cast):
    make.incident(cast)
    assert points("compliance-metric") == {"acknowledge": 1, "first_response": 1, "resolution": 1}
    known = totals()
    assert (known["compliance"]["n"], known["compliance"]["yes"]) == (3, 0)
    assert known["resolved_in_time"] == {"n": 1, "yes": 0, "value": 0.0}


def test_an_empty_desk_has_figures_that_can_be_stored(db):
    found = overview()
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_hours_are_those_of_the_period_and_of_the_one_before(cast):
    ticket = make.taken_incident(cast)
    days = (date(2026, 1, 28), date(2026, 1, 29), date(2026, 2, 28), date(2026, 3, 1),
            date(2026, 3, 31), date(2026, 4, 1))  # fmt: skip
    for place, day in enumerate(days):
        desk.log_time(
            ticket, by=cast.bo, minutes=2**place, activity=cast.activity, work_date=day, at=LATER
        )
    series = overview()["answers"]["hours-organization"]["series"][0]
    assert round(series["before"]["value"] * 60, 6) == 2 + 4
    assert round(series["total"]["value"] * 60, 6) == 8 + 16


def test_a_request_is_delivered_from_its_approval_and_is_no_resolution(cast):
    shelf = orders.counter(cast)
    request = orders.delivered(shelf, at=MONDAY + timedelta(hours=8))

    known = totals()
    assert known["resolution_median"]["n"] == 0
    request.refresh_from_db()
    waited = (request.resolved_at - request.approved_at).total_seconds()
    whole = (request.resolved_at - request.received_at).total_seconds()
    assert known["delivery_from_approval_median"] == {"n": 1, "value": waited}
    assert known["delivery_median"]["value"] == whole
    assert 0 < waited < whole
    assert known["delivery_net_median"]["n"] == 1
    tile = "delivery-from-approval-median-delivery-from-approval-p90-step"
    assert points(tile) == {"2026-03": 1}
