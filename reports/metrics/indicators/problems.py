"""How much of the work problems explain (`KPI-17`)."""

import pandas as pd

from reports.metrics.indicator import Frames, Indicator, Statistic, Unit, Window
from reports.metrics.population import counted, within

from .rows import DIMENSION_COLUMNS, POPULATION_COLUMNS, ticket_rows

DIMENSIONS = ("team", "service", "organization", "category", "priority", "channel")
OF_PROBLEMS = ("team", "service", "organization", "category", "priority")
PROBLEM_COLUMNS = ["problem", "received_at", "known_error_at", "fixed_at", "is_known_error",
                   "has_workaround", *OF_PROBLEMS, "team_name", "service_name",
                   "organization_name", "category_name"]  # fmt: skip
INCIDENT, PROBLEM = "incident", "problem"


def _incidents(frames: Frames, window: Window) -> pd.DataFrame:
    columns = ["ticket", "received_at", *POPULATION_COLUMNS, *DIMENSION_COLUMNS]
    tickets = frames.read("tickets", columns)
    tickets = tickets[tickets["kind"] == INCIDENT]
    return counted(within(tickets, "received_at", window.start, window.end))


def _pairs(frames: Frames) -> pd.DataFrame:
    """Each incident with each problem it is linked to, whichever way round, once."""
    links = frames.read("links", ["source", "target", "source_kind", "target_kind"])
    there = links[(links["source_kind"] == INCIDENT) & (links["target_kind"] == PROBLEM)]
    back = links[(links["source_kind"] == PROBLEM) & (links["target_kind"] == INCIDENT)]
    pairs = [
        there[["source", "target"]].set_axis(["ticket", "problem"], axis=1),
        back[["target", "source"]].set_axis(["ticket", "problem"], axis=1),
    ]
    return pd.concat(pairs, ignore_index=True).drop_duplicates()


def linked(frames: Frames, window: Window) -> pd.DataFrame:
    """Incidents that a problem explains.

    Formula: incidents linked to a problem / incidents. An incident with two problems counts once.
    Population: incidents; not cancelled, merged or child ones.
    Basis: received in the period, as linked now; the team is the one that holds the incident.
    """
    found = _incidents(frames, window)
    rows = ticket_rows(found, found["received_at"])
    return rows.assign(yes=found["ticket"].isin(_pairs(frames)["ticket"]))


def per_problem(frames: Frames, window: Window) -> pd.DataFrame:
    """Incidents per problem.

    Formula: incidents linked to a problem / problems they are linked to.
    Population: incidents with a problem; not cancelled, merged or child ones.
    Basis: received in the period, as linked now.
    Edge cases: an incident with two problems counts for either. No such problem gives “n/a”.
    """
    found = _incidents(frames, window).merge(_pairs(frames), on="ticket", how="inner")
    rows = ticket_rows(found, found["received_at"])
    pair = found["ticket"].astype("str") + "-" + found["problem"].astype("str")
    return rows.assign(part=pair, whole=found["problem"])


def recurring(frames: Frames, window: Window) -> pd.DataFrame:
    """Incidents after the fix.

    Formula: number of incidents received after the fix of a problem they are linked to was applied.
    Population: incidents; not cancelled, merged or child ones. Accepting the risk is no fix.
    Basis: received in the period, as linked now; an incident counts once.
    """
    problems = frames.read("problems", ["problem", "fixed_at"])
    pairs = _pairs(frames).merge(problems, on="problem", how="inner")
    found = _incidents(frames, window).merge(pairs, on="ticket", how="inner")
    found = found[found["received_at"] >= found["fixed_at"]].drop_duplicates("ticket")
    return ticket_rows(found, found["received_at"])


def with_workaround(frames: Frames, window: Window) -> pd.DataFrame:
    """Known errors with a workaround.

    Formula: known errors with a workaround / known errors.
    Population: problems that were declared a known error.
    Basis: declared in the period, with the workarounds there are now.
    """
    problems = frames.read("problems", PROBLEM_COLUMNS)
    problems = problems[problems["is_known_error"]]
    found = within(problems, "known_error_at", window.start, window.end)
    return found.assign(
        record=found["problem"], at=found["known_error_at"], yes=found["has_workaround"]
    )


INDICATORS = (
    Indicator(
        "incidents_with_problem", "KPI-17", linked, Statistic.SHARE, Unit.SHARE,
        dimensions=DIMENSIONS,
    ),
    Indicator(
        "incidents_per_problem", "KPI-17", per_problem, Statistic.DISTINCT, Unit.NUMBER,
        dimensions=DIMENSIONS, more_is=-1,
    ),
    Indicator(
        "recurring_incidents", "KPI-17", recurring, Statistic.COUNT, Unit.COUNT,
        dimensions=DIMENSIONS, more_is=-1,
    ),
    Indicator(
        "known_errors_with_workaround", "KPI-17", with_workaround, Statistic.SHARE, Unit.SHARE,
        dimensions=OF_PROBLEMS, more_is=+1,
    ),
)  # fmt: skip
