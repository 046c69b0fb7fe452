"""What people could do, what they did and what it costs (`KPI-13`, `KPI-14`, `KPI-20`)."""

from datetime import date

import pandas as pd

from reports.metrics.computing import begun, dated, stepped
from reports.metrics.hours import worked
from reports.metrics.indicator import (
    Frames,
    Indicator,
    Missing,
    Record,
    Statistic,
    Unit,
    Window,
)
from reports.metrics.population import counted, within

from .rows import resolved_cohort
from .work import BILLABLE

OF_PEOPLE = ("team", "agent")
MINUTES_AN_HOUR = 60
ENTRY_COLUMNS = ["entry", "work_date", "minutes", "state", "billing_kind", "agent", "agent_name",
                 "team"]  # fmt: skip
COLUMNS = ["record", "step", "team", "team_name", "agent", "agent_name", "part", "whole"]


def _today(window: Window) -> date:
    return pd.Timestamp(window.now).tz_convert(window.period.zone).date()


def _there(frames: Frames, window: Window) -> pd.DataFrame:
    """The working days of the period, until today, with their step."""
    columns = ["day", "agent", "agent_name", "team", "team_name", "minutes"]
    return dated(frames.read("working_days", columns), "day", window, _today(window))


def _with_gaps(rows: pd.DataFrame, window: Window, why: Missing, known: set[str]) -> pd.DataFrame:
    """The rows, and one that says what is not known of each step without it."""
    gaps = [one.label for one in begun(window) if one.label not in known]
    missing = pd.DataFrame({"step": pd.Series(gaps, dtype=object)}).assign(missing=str(why))
    found = pd.concat([rows.assign(missing=""), missing], ignore_index=True)
    found[["part", "whole"]] = found[["part", "whole"]].astype("float64").fillna(0.0)
    return found


def used(frames: Frames, window: Window) -> pd.DataFrame:
    """Use of working time (utilisation).

    Formula: recorded minutes / minutes of working time.
    Population: recorded time of people whose working time is known; rejected entries and time on
    confidential tickets are left out. Working time are the hours of a person’s calendar without its
    holidays and without the days of absence.
    Basis: the work date and the working day, until today. The team is the one that the person is
    in; who is in several works as long for each, and time is that of the one that holds the
    ticket, else of the first.
    Edge cases: without a working time “n/a”. Not occupancy, which would be of the time that people
    were signed in: that is not recorded. By person only the person and the lead see it.
    """
    there = _there(frames, window)
    teams = there.drop_duplicates(["agent", "team"])
    entries = frames.read("time", ENTRY_COLUMNS)
    entries = worked(entries, window.period.first, min(window.period.last, _today(window)))
    entries = entries[entries["agent"].isin(there["agent"])]
    own = entries.merge(teams[["agent", "team", "team_name"]], on=["agent", "team"], how="left")
    first = teams.drop_duplicates("agent").set_index("agent")
    is_other = own["team_name"].isna()
    found = dated(own, "work_date", window, _today(window))
    found = found.assign(
        team=found["team"].mask(is_other, found["agent"].map(first["team"])),
        team_name=found["team_name"].astype(object)
        .mask(is_other, found["agent"].map(first["team_name"].astype(object))),
        record=found["entry"], part=found["minutes"], whole=0,
    )  # fmt: skip
    hours = there.assign(record=None, part=0, whole=there["minutes"], billing_kind="")
    columns = [*COLUMNS, "billing_kind"]
    rows = pd.concat([_plain(found)[columns], _plain(hours)[columns]], ignore_index=True)
    return _keyed(_with_gaps(rows, window, Missing.HOURS, set(there["step"])))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in ("team_name", "agent_name", "billing_kind") if name in rows]
    return rows.astype({**dict.fromkeys(texts, "object"), "record": "object", "team": "Int64"})


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in ("team", "agent", "record") if name in rows]
    return rows.astype(dict.fromkeys(names, "Int64"))


def used_billable(frames: Frames, window: Window) -> pd.DataFrame:
    """Billable use of working time.

    Formula: recorded billable minutes / minutes of working time.
    Population: as for the use of working time, of which it is a part; prepaid time and time that a
    contract includes are not billable.
    Basis: the work date and the working day, until today.
    Edge cases: without a working time “n/a”. Something else than the share of recorded hours that
    are billable.
    """
    rows = used(frames, window)
    return rows[rows["record"].isna() | (rows["billing_kind"] == BILLABLE)]


def load(frames: Frames, window: Window) -> pd.DataFrame:
    """Load: the work that comes in for the working time there is.

    Formula: tickets received × hours per ticket / hours of working time. Hours per ticket: hours
    recorded in the period / tickets last resolved in it, of the whole desk. More than 100% cannot
    be done.
    Population: tickets received, all kinds; cancelled, merged and child tickets are left out.
    Basis: received in the period, until today; the team is the one that holds the ticket now, and
    the one that people work for.
    Edge cases: without a working time, a recorded hour or a solved ticket “n/a”.
    """
    tickets = frames.read("tickets", ["ticket", "received_at", "status", "merged_into", "parent",
                                      "team", "team_name"])  # fmt: skip
    tickets = counted(within(tickets, "received_at", window.start, window.end))
    entries = worked(frames.read("time", ENTRY_COLUMNS), window.period.first, window.period.last)
    solved = len(resolved_cohort(frames, window))
    hours = entries["minutes"].sum() / MINUTES_AN_HOUR
    there = _there(frames, window)
    came = stepped(
        tickets.assign(at=tickets["received_at"], record=tickets["ticket"], whole=0.0), window
    ).assign(part=hours / solved if solved else 0.0)
    came = came.assign(day=came["at"].dt.tz_convert(window.period.zone).dt.tz_localize(None))
    spent = there.assign(record=None, part=0.0, whole=there["minutes"] / MINUTES_AN_HOUR)
    columns = ["record", "step", "day", "team", "team_name", "part", "whole"]
    rows = pd.concat([_plain(came)[columns], _plain(spent)[columns]], ignore_index=True)
    rows["week"] = rows["day"].dt.to_period("W").astype("str")
    why, known = Missing.HOURS, set(there["step"])
    if known and not (hours and solved):
        why, known = (Missing.SOLVED if hours else Missing.RECORDED), set()
    return _keyed(_with_gaps(rows, window, why, known))


def until_full(frames: Frames, window: Window) -> pd.DataFrame:
    """Time until the load comes to 100%.

    Formula: from the last week of the period until the linear trend of the weekly load reaches it;
    0 when it has.
    Population: as for the load.
    Basis: ISO weeks of the period in which somebody works, until today. Nobody records the use of
    other resources.
    Edge cases: with fewer than 8 such weeks, a trend that does not rise, or one that takes longer
    than two years, there is no forecast.
    """
    return load(frames, window)


def cost_per_ticket(frames: Frames, window: Window) -> pd.DataFrame:
    """Cost per ticket.

    Formula: operating cost of the desk / tickets handled. The cost is the working time of people ×
    what an hour of each of them costs the desk; these rates hold salaries, management, tools,
    premises and training.
    Population: tickets last resolved in the period; not cancelled, merged or child tickets. Working
    time also of people who recorded nothing.
    Basis: resolved in the period, and the working days of the period, until today.
    Edge cases: as long as the working time or the cost of an hour of somebody is not known, nothing
    is told rather than less. No ticket gives “n/a”. By team or channel the cost would have to be
    divided, so it is not told. Amounts of several currencies are never added.
    """
    costs = frames.read("desk_costs", ["day", "amount", "currency", "is_known"])
    costs = dated(costs, "day", window, _today(window))
    costs = costs.astype({"currency": "object"})
    unknown = set(costs.loc[~costs["is_known"], "step"])
    costs = costs.assign(record=None, part=costs["amount"], whole=0)
    found = resolved_cohort(frames, window)
    found = stepped(found.assign(at=found["resolved_at"]), window)
    # Tickets have no currency: they take that of the cost, so that there is one.
    currency = next(iter(costs.loc[costs["is_known"], "currency"]), "")
    found = found.assign(record=found["ticket"], part=0, whole=1, currency=currency)
    costs["currency"] = costs["currency"].where(costs["is_known"], currency)
    columns = ["record", "step", "part", "whole", "currency"]
    rows = pd.concat(
        [costs.astype({"record": "object"})[columns], found.astype({"record": "object"})[columns]],
        ignore_index=True,
    )
    rows = _with_gaps(rows, window, Missing.HOURS, set(costs["step"]))
    rows["currency"] = rows["currency"].fillna(currency)
    rows.loc[rows["step"].isin(unknown), "missing"] = str(Missing.COST)
    return _keyed(rows)


INDICATORS = (
    Indicator(
        "utilisation", "KPI-14", used, Statistic.RATIO, Unit.SHARE, dimensions=OF_PEOPLE,
        record=Record.ENTRY, fewest=0, is_personal=True,
    ),
    Indicator(
        "billable_utilisation", "KPI-14", used_billable, Statistic.RATIO, Unit.SHARE,
        dimensions=OF_PEOPLE, record=Record.ENTRY, fewest=0, is_personal=True,
    ),
    Indicator(
        "load", "KPI-20", load, Statistic.RATIO, Unit.SHARE, dimensions=("team",), more_is=-1,
        fewest=0,
    ),
    Indicator(
        "time_until_full", "KPI-20", until_full, Statistic.TREND, Unit.DURATION,
        dimensions=("team",), more_is=+1, fewest=0,
    ),
    Indicator(
        "cost_per_ticket", "KPI-13", cost_per_ticket, Statistic.RATIO, Unit.MONEY, dimensions=(),
        more_is=-1, is_cost=True,
    ),
)  # fmt: skip
