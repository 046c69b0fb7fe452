"""How tickets really move and where they wait, from their events (`KPI-5`, `KPI-8`).

A *place* is a state (`on_hold/awaiting_vendor`: on hold and for what) or a team (0: none). A
*visit* is one uninterrupted stay of a ticket in a place. Durations are seconds.
"""

from datetime import datetime

import pandas as pd

from .waiting import UNTOUCHED

WAITING = "waiting"
NO_TEAM = 0


def states_of(phases: pd.DataFrame) -> pd.DataFrame:
    """The events that change the state: `place`, and `waits` where it is one of waiting."""
    status, reason = phases["status"].astype(str), phases["hold_reason"].astype(str)
    held = (phases["phase"] == WAITING).to_numpy()
    place = status.where(~held | (reason == "").to_numpy(), status + "/" + reason)
    waits = held | status.isin(UNTOUCHED).to_numpy()
    return phases[["ticket", "at"]].assign(place=place.astype(object), waits=waits)


def holders_of(teams: pd.DataFrame) -> pd.DataFrame:
    """The events that change the team."""
    return teams[["ticket", "at"]].assign(place=teams["team"].fillna(NO_TEAM).astype("int64"))


def visits(events: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """One row per visit, in the order of events.

    Formula: from an event that brought the ticket to a place to the next one that took it
    elsewhere, cut to the time between receipt and last resolution; `to` is where it went.
    Population: `tickets`, all with both times. Basis: real elapsed time, day and night.
    Edge cases: the first place is held to have lasted since the receipt, so that the visits of a
    ticket add up to its time to resolution. What happened after the last resolution is left out.
    """
    found = _within_life(events, tickets)
    same = found["ticket"] == found["ticket"].shift()
    found = found[~(same & (found["place"] == found["place"].shift()))]
    return _timed(found)


def _within_life(events: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    life = tickets.set_index("ticket")[["received_at", "resolved_at"]]
    found = events.join(life, on="ticket", how="inner")
    return found[found["at"] <= found["resolved_at"]].reset_index(drop=True)


def _timed(found: pd.DataFrame) -> pd.DataFrame:
    """Each row until the next one of its ticket, the last one until the resolution."""
    ticket = found["ticket"]
    is_first = ticket != ticket.shift()
    start = found["at"].where(~is_first, found["received_at"])
    start = start.where(start >= found["received_at"], found["received_at"])
    goes_on = ticket == ticket.shift(-1)
    end = start.shift(-1).where(goes_on, found["resolved_at"])
    return found.assign(
        seconds=(end - start).dt.total_seconds(),
        to=found["place"].astype(object).shift(-1).where(goes_on, None),
    ).reset_index(drop=True)


def nodes(found: pd.DataFrame) -> pd.DataFrame:
    """Time by place.

    Formula: `seconds` = sum over the visits; `median` = median over tickets of the time each spent
    there altogether; `share` = of the time of all tickets from receipt to last resolution, so that
    the shares add up to 1. `rank` is the mean place in the order of first visits.
    Edge cases: the state that ends a ticket has no time, except until a reopening.
    """
    found = found.assign(order=found.groupby("ticket").cumcount())
    of_tickets = found.groupby(["place", "ticket"], sort=True).agg(
        seconds=("seconds", "sum"), visits=("seconds", "size"), rank=("order", "min")
    )
    by_place = of_tickets.groupby("place", sort=True)
    table = by_place.agg(seconds=("seconds", "sum"), visits=("visits", "sum"),
                         median=("seconds", "median"), rank=("rank", "mean"))  # fmt: skip
    table["tickets"] = by_place.size()
    total = float(found["seconds"].sum())
    table["share"] = table["seconds"] / total if total else 0.0
    return table.reset_index().sort_values(["seconds", "rank"], ascending=[False, True])


def edges(found: pd.DataFrame) -> pd.DataFrame:
    """Moves between places.

    Formula: number of moves, the tickets that made them, and the median time that they had stayed
    at `place` before they went `to` the other.
    Edge cases: a ticket that makes the same move twice counts twice as a move and once as a ticket.
    """
    moved = found[found["to"].notna()]
    table = moved.groupby(["place", "to"], sort=True).agg(
        moves=("seconds", "size"), tickets=("ticket", "nunique"), median=("seconds", "median")
    )
    return table.reset_index().sort_values(["moves", "place"], ascending=[False, True])


def ping_pong(of_teams: pd.DataFrame) -> pd.DataFrame:
    """Pairs of teams between which tickets go to and fro.

    Formula: a return is a change back to the team that held the ticket right before; `seconds` is
    the time with the team in between. Pairs are without order: A, B, A and B, A, B count together.
    Edge cases: a time without a team in between is left out. A, B, A, B has two returns.
    """
    table = (
        returns(of_teams)
        .groupby(["low", "high"], sort=True)
        .agg(returns=("ticket", "size"), tickets=("ticket", "nunique"), seconds=("seconds", "sum"))
    )
    return table.reset_index().sort_values(["returns", "low"], ascending=[False, True])


def returns(of_teams: pd.DataFrame) -> pd.DataFrame:
    """One row per return that `ping_pong` counts: its pair, the ticket, the time in between."""
    held = of_teams[of_teams["place"] != NO_TEAM]
    same = held["ticket"] == held["ticket"].shift()
    held = held[~(same & (held["place"] == held["place"].shift()))]
    back = (held["ticket"] == held["ticket"].shift(2)) & (held["place"] == held["place"].shift(2))
    between = held["place"].shift().where(back)[back].astype("int64")
    home = held["place"][back].astype("int64")
    return pd.DataFrame(
        {
            "low": home.where(home < between, between),
            "high": home.where(home > between, between),
            "ticket": held["ticket"][back],
            "seconds": held["seconds"].shift()[back],
        }
    )


def waits(states: pd.DataFrame, holders: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """Where tickets wait: by state and by the team that held them then, the longest first.

    Formula: sum of the time in which a ticket was on hold or waited for approval, or was new and
    nobody had begun. `median` is over the tickets that waited there; `share` is of all time of all
    tickets from receipt to last resolution.
    Basis: real elapsed time; the team that held the ticket at that time, not the one that solved
    it.
    """
    timed = stays(states, holders, tickets)
    total = float(timed["seconds"].sum())
    of_tickets = waiting(timed)
    by_place = of_tickets.groupby(["place", "team"], sort=True)["seconds"]
    table = by_place.agg(seconds="sum", median="median", tickets="size").reset_index()
    table["share"] = table["seconds"] / total if total else 0.0
    return table.sort_values(["seconds", "place"], ascending=[False, True])


def stays(states: pd.DataFrame, holders: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """One row per time in which neither the state (`place`) nor the team changed."""
    rows = _within_life(pd.concat([states, holders.rename(columns={"place": "team"})]), tickets)
    rows = rows.sort_values(["ticket", "at"], kind="stable")
    by_ticket = rows.groupby("ticket")
    # The team of an opening comes with an event of its own, at the same instant.
    team = by_ticket["team"].ffill().groupby(rows["ticket"]).bfill()
    rows = rows.assign(
        place=by_ticket["place"].ffill(),
        team=team.fillna(NO_TEAM).astype("int64"),
        waits=by_ticket["waits"].ffill().fillna(value=False).astype(bool),
    )
    return _timed(rows)


def waiting(timed: pd.DataFrame) -> pd.DataFrame:
    """One row per ticket and place where it waited: `place`, `team`, `ticket`, `seconds`."""
    found = timed[timed["waits"] & (timed["seconds"] > 0)]
    return found.groupby(["place", "team", "ticket"], sort=True)["seconds"].sum().reset_index()


def halves(
    tickets: pd.DataFrame, of_states: pd.DataFrame, of_teams: pd.DataFrame, at: datetime
) -> dict[str, dict[str, float | int | None]]:
    """The same figures of the tickets resolved before an instant, and of those from it on.

    Formula: medians over tickets of the time to resolution and of the time waited; `waiting_share`
    = time waited / all time; `moves` and `handoffs` are means per ticket, of changes of state and
    of team; `returned` is the number of tickets that went back to the team before.
    Edge cases: a side without tickets has no figures. The two sides hold other tickets, so that a
    difference may come from what was asked rather than from how it was done.
    """
    is_before = tickets["resolved_at"] < at
    return {
        "before": _side(tickets[is_before], of_states, of_teams),
        "after": _side(tickets[~is_before], of_states, of_teams),
    }


def _side(
    tickets: pd.DataFrame, of_states: pd.DataFrame, of_teams: pd.DataFrame
) -> dict[str, float | int | None]:
    n = len(tickets)
    if not n:
        return {"n": 0} | dict.fromkeys(
            ("median", "waited", "waiting_share", "moves", "handoffs", "returned")
        )
    states = of_states[of_states["ticket"].isin(tickets["ticket"])]
    teams = of_teams[of_teams["ticket"].isin(tickets["ticket"])]
    lead = (tickets["resolved_at"] - tickets["received_at"]).dt.total_seconds()
    waited = states["seconds"].where(states["waits"], 0.0).groupby(states["ticket"]).sum()
    total = float(states["seconds"].sum())
    named = teams[(teams["place"] != NO_TEAM) & (teams["to"] != NO_TEAM)]
    back = ping_pong(teams)
    return {
        "n": n,
        "median": float(lead.median()),
        "waited": float(waited.reindex(tickets["ticket"]).fillna(0.0).median()),
        "waiting_share": float(waited.sum()) / total if total else None,
        "moves": int(states["to"].notna().sum()) / n,
        "handoffs": int(named["to"].notna().sum()) / n,
        "returned": int(back["tickets"].sum()),
    }
