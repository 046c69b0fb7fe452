"""Flow read from the events of real tickets."""

from datetime import date, timedelta

from itil.desk import actions as desk
from reports.actions.flow import flow_of
from reports.actions.reading import Scope
from reports.metrics.period import Period
from tests import make
from tests.cast import HOUR, MONDAY

MARCH = Scope(Period(date(2026, 3, 1), date(2026, 3, 31), "UTC"))
SPLIT = {"split": "2026-03-15"}


def test_a_ticket_is_followed_from_its_receipt_to_its_resolution(cast):
    ticket = make.resolved_incident(cast, at=MONDAY + timedelta(hours=3))
    make.incident(cast)
    found = flow_of(MARCH, SPLIT, now=MONDAY + timedelta(days=60))
    assert (found["n"], found["seconds"]) == (1, 3 * HOUR)
    assert ticket.received_at == MONDAY
    assert [(row["place"], row["to"], row["moves"]) for row in found["states"]["edges"]] == [
        ("in_progress", "resolved", 1), ("new", "in_progress", 1),
    ]  # fmt: skip
    assert [(row["place"], row["seconds"]) for row in found["teams"]["nodes"]] == [
        (cast.desk_team.pk, 3 * HOUR)
    ]
    assert found["team_names"] == {str(cast.desk_team.pk): "Service desk"}
    assert found["halves"]["before"]["n"] == 1
    assert found["halves"]["after"]["n"] == 0


def test_waiting_is_named_by_what_it_waits_for(cast):
    ticket = make.taken_incident(cast)
    desk.move(
        ticket, "hold", by=cast.bo,
        values={"hold_reason": "awaiting_requester", "note": "Which office is it?"},
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    desk.move(ticket, "resume", by=cast.bo, at=MONDAY + timedelta(hours=5))
    desk.move(
        ticket, "resolve", by=cast.bo, values={"resolution_code": "fixed", "note": "Replaced."},
        at=MONDAY + timedelta(hours=6),
    )  # fmt: skip
    found = flow_of(MARCH, SPLIT, now=MONDAY + timedelta(days=60))
    assert [(row["place"], row["seconds"]) for row in found["waits"]] == [
        ("on_hold/awaiting_requester", 4 * HOUR)
    ]
    assert found["waiting"] == 4 * HOUR


def test_a_period_without_tickets_has_no_places(db):
    found = flow_of(MARCH, SPLIT, now=MONDAY)
    assert (found["n"], found["states"]["nodes"], found["waits"]) == (0, [], [])
