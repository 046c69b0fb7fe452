"""The stored figures of the overview."""

import json
from datetime import date, timedelta

from itil.desk import actions as desk
from reports.actions.overview import overview
from reports.actions.reading import Scope
from reports.metrics.period import Period
from tests import make
from tests.cast import MONDAY
from tests.catalog.requests import orders

MARCH = Scope(Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin"))
LATER = MONDAY + timedelta(days=60)


def test_a_reopened_ticket_leaves_the_resolved_ones_until_it_is_resolved_again(cast):
    ticket = make.resolved_incident(cast, at=MONDAY + timedelta(hours=1))
    desk.move(
        ticket, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY + timedelta(hours=2)
    )
    assert overview(MARCH, now=LATER)["figures"]["current"]["resolution"]["n"] == 0
    desk.move(
        ticket,
        "resolve",
        by=cast.bo,
        values={"resolution_code": "fixed", "note": "Now it holds."},
        at=MONDAY + timedelta(hours=4),
    )
    figures = overview(MARCH, now=LATER)["figures"]["current"]
    assert figures["resolution"] == {"n": 1, "p50": 3 * 3600.0, "p90": None}
    assert figures["reopened"] == {"n": 1, "yes": 1, "share": 1.0}


def test_a_cancelled_ticket_came_in_but_is_in_no_rate(cast):
    ticket = make.taken_incident(cast)
    desk.move(
        ticket, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn"},
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    found = overview(MARCH, now=LATER)
    month = found["months"][0]
    assert (month["opened"], month["came_in"], month["cancelled"], month["at_end"]) == (1, 1, 1, 0)
    assert found["figures"]["current"]["first_response"]["unanswered"] == 0
    assert found["compliance"] == []


def test_a_running_period_ends_now(cast):
    make.incident(cast)
    now = MONDAY + timedelta(days=2)
    found = overview(MARCH, now=now)
    assert found["is_over"] is False
    assert found["ageing_day"] == "2026-03-04"
    assert [row["open"] for row in found["ageing"]] == [0, 1, 0, 0, 0, 0]


def test_an_overdue_open_ticket_counts_as_missed_before_anybody_noticed(cast):
    make.incident(cast)
    found = overview(MARCH, now=LATER)
    assert {row["metric"]: row["breached"] for row in found["compliance"]} == {
        "acknowledge": 1,
        "first_response": 1,
        "resolution": 1,
    }


def test_an_empty_desk_has_figures_that_can_be_stored(db):
    found = overview(MARCH, now=LATER)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_hours_are_those_of_the_period_and_of_the_one_before(cast):
    ticket = make.taken_incident(cast)
    days = (date(2026, 1, 28), date(2026, 1, 29), date(2026, 2, 28), date(2026, 3, 1),
            date(2026, 3, 31), date(2026, 4, 1))  # fmt: skip
    for place, day in enumerate(days):
        desk.log_time(
            ticket, by=cast.bo, minutes=2**place, activity=cast.activity, work_date=day, at=LATER
        )
    figures = overview(MARCH, now=LATER)["figures"]
    assert figures["previous"]["hours"]["total"] == 2 + 4
    assert figures["current"]["hours"]["total"] == 8 + 16


def test_a_request_is_delivered_from_its_approval_and_is_no_resolution(cast):
    shelf = orders.counter(cast)
    request = orders.delivered(shelf, at=MONDAY + timedelta(hours=8))

    found = overview(MARCH, now=LATER)

    figures = found["figures"]["current"]
    assert figures["resolution"]["n"] == 0
    request.refresh_from_db()
    waited = (request.resolved_at - request.approved_at).total_seconds()
    whole = (request.resolved_at - request.received_at).total_seconds()
    assert figures["delivery"]["from_approval"] == {"n": 1, "p50": waited, "p90": None}
    assert figures["delivery"]["from_receipt"]["p50"] == whole
    assert 0 < waited < whole
    assert figures["delivery"]["net"]["n"] == 1
    assert [month["from_approval"]["n"] for month in found["delivery"]] == [1]
