"""Waiting time from events."""

import pandas as pd

from reports.metrics import working


def test_waiting_is_cut_to_the_life_of_the_ticket():
    phases = pd.DataFrame(
        {
            "ticket": [1, 1, 1, 1],
            "at": ["2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 12:00", "2026-03-02 13:00"],
            "phase": ["open", "waiting", "open", "waiting"],
        }
    ).assign(at=lambda frame: pd.to_datetime(frame["at"], utc=True))
    tickets = pd.DataFrame(
        {"ticket": [1], "received_at": ["2026-03-02 09:00"], "resolved_at": ["2026-03-02 11:30"]}
    )
    for name in ("received_at", "resolved_at"):
        tickets[name] = pd.to_datetime(tickets[name], utc=True)
    found = working.waits(phases, tickets)
    assert working.waiting_hours(found) == 1.5
    assert list(found["ticket"]) == [1]
