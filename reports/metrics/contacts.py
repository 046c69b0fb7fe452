"""Which tickets one contact has solved (`KPI-6`)."""

from datetime import datetime, timedelta

import pandas as pd

from .population import was_reopened
from .routing import handoffs

# Whoever writes within this time after the solution was not helped by it.
WINDOW = timedelta(days=5)
# How long a contact on the telephone is taken to last at most.
LONGEST_LIVE = timedelta(hours=1)
KINDS = ("incident", "servicerequest")
# Nobody asked for these.
NO_CONTACT = ("system",)


def at_first_contact(
    tickets: pd.DataFrame,
    *,
    messages: pd.DataFrame,
    teams: pd.DataFrame,
    approvals: pd.DataFrame,
    links: pd.DataFrame,
    now: datetime,
) -> pd.DataFrame:
    """Those of the resolved `tickets` that first contact could have solved, with
    `is_first_contact` and, while somebody may still write, `is_provisional`."""
    found = _eligible(tickets, approvals, links)
    keys = found["ticket"]
    moved = handoffs(teams[teams["ticket"].isin(keys)])
    own = messages[messages["ticket"].isin(keys) & ~messages["is_automatic"]]
    own = own[own["visibility"] == "public"]
    answers = own[own["is_staff_side"]].groupby("ticket").size()
    ends = found.set_index("ticket")["first_resolved_at"].fillna(
        found.set_index("ticket")["resolved_at"]
    )
    later = [
        _wrote_after(own[~own["is_staff_side"]], ends),
        _wrote_after(_follow_ups(links), ends),
    ]
    is_live = found["first_response_at"] <= found["received_at"]
    return found.assign(
        is_first_contact=(
            ~was_reopened(found)
            & ~keys.isin(moved.loc[moved["handoffs"] > 0, "ticket"])
            & (keys.map(answers).fillna(0) <= 1)
            & ~keys.isin(later[0])
            & ~keys.isin(later[1])
            & (~is_live | (found["resolved_at"] - found["received_at"] <= LONGEST_LIVE))
        ),
        is_provisional=found["resolved_at"] > now - WINDOW,
    )


def _eligible(tickets: pd.DataFrame, approvals: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    asked = tickets[tickets["kind"].isin(KINDS) & ~tickets["channel"].isin(NO_CONTACT)]
    approved = _by_ticket(approvals.set_index("ticket")["approved_at"], asked["ticket"])
    changed = links[links["target_kind"] == "change"]
    needed = (approved > asked["received_at"]) | asked["ticket"].isin(changed["source"])
    return asked[~needed]


def _follow_ups(links: pd.DataFrame) -> pd.DataFrame:
    found = links[links["type"] == "follow_up_of"]
    return found.rename(columns={"target": "ticket", "source_received_at": "at"})


def _wrote_after(said: pd.DataFrame, ends: pd.Series) -> set[int]:
    """The tickets of which something was said within the window after the instant in `ends`."""
    end = _by_ticket(ends, said["ticket"])
    return set(said.loc[(said["at"] > end) & (said["at"] <= end + WINDOW), "ticket"])


def _by_ticket(instants: pd.Series, tickets: pd.Series) -> pd.Series:
    """The instant of each ticket. Unlike `map` it also knows what none of no instants are."""
    return instants.reindex(tickets).set_axis(tickets.index)
