"""What only requests have, of frames written down by hand."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from reports.actions.requested import requested
from tests.reports import frames_given as given

# The night before clocks go forward in New York.
START = datetime(2026, 3, 7, 17, tzinfo=UTC)
END = START + timedelta(days=30)
HOUR = timedelta(hours=1)


def orders(*rows):
    usual = {"kind": "servicerequest", "received_at": START, "status": "closed"}
    found = given.tickets(*({**usual, **row} for row in rows))
    kept = [row.get("made_sla") for row in rows]
    return found.assign(
        contact_type="", closure_code="", submitted_photo=False, item_name="Lamp",
        made_sla=pd.array(kept, dtype="Int64"),
    )  # fmt: skip


def due(*rows):
    usual = {"metric": "fulfilment", "due_at": START + 48 * HOUR}
    return given.clocks(*({**usual, **row} for row in rows))


def test_agreed_dates_are_judged_at_the_end_and_compared_with_what_was_recorded():
    found = requested(
        orders(
            {"closed_at": START + 24 * HOUR, "made_sla": 1},
            {"closed_at": START + 72 * HOUR, "made_sla": 1},
            {"made_sla": 0},
            {},
        ),
        due(
            {"ticket": 1, "outcome": "met", "outcome_at": START + 24 * HOUR},
            {"ticket": 2, "outcome": "breached", "outcome_at": START + 48 * HOUR},
            {"ticket": 3, "state": "running", "outcome": "pending"},
            {"ticket": 4, "state": "running", "outcome": "pending", "due_at": END + HOUR},
        ),
        {1: {"place": "A", "floor": ""}, 2: {"place": "A"}},
        end=END, zone="America/New_York",
    )  # fmt: skip

    assert found["by_status"] == {"Closed": 2, "Open": 2}
    assert found["target_state"] == {
        "met": 1, "missed": 1, "open, overdue": 1, "open, in time": 1,
    }  # fmt: skip
    assert found["on_time_of_closed"]["all"] == {"n": 2, "yes": 1, "share": 0.5}
    # The second was late, whatever was recorded.
    assert found["computed_equals_recorded_flag"] == {"n": 3, "yes": 2, "share": 0.666667}
    assert found["answers"] == {"place": {"empty": 2, "most_given": "A", "times": 2}}
    # Clocks went forward in between: a day and three were an hour longer on the wall.
    assert found["close_hours_elapsed"]["differing_from_wall_clock"] == 2
    assert found["close_hours_wall_clock"]["all"]["mean"] == 49.0


def test_without_requests_there_is_nothing_to_tell():
    nothing = requested(given.tickets(), given.clocks(), {}, end=END, zone="UTC")
    assert nothing == {}
