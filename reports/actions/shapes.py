"""Figures as the plain structure of docs/kpis.md: rounded, None where nothing can be counted."""

from typing import Any

import pandas as pd

from itil.sla.models import Agreement
from itil.tickets.models import Channel, Level, Priority, Severity
from reports.frames.codes import level_of
from reports.metrics import breakdown, durations, hours
from reports.metrics.population import share

HOUR = 3600.0


def priority_label(value: Any) -> str:
    """`3 - Moderate`; of a promise by the scale of a contract `sev3`."""
    scale, level = level_of(int(value))
    if scale == Agreement.TargetKey.SEVERITY:
        return str(Severity(level).label)
    return f"{level} - {Priority(level).name.capitalize()}"


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each with its values by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def moment(at: Any, zone: str) -> str | None:
    """`2016-02-29 01:16:00` in the zone of the report."""
    return None if pd.isna(at) else f"{at.tz_convert(zone):%Y-%m-%d %H:%M:%S}"


def level_label(value: Any) -> str:
    return f"{int(value)} - {Level(int(value)).name.capitalize()}"


def contact_types(cohort: pd.DataFrame) -> pd.Series:
    """As recorded by the source, else the name of our channel."""
    own = cohort["channel"].map({channel.value: channel.name.capitalize() for channel in Channel})
    return cohort["contact_type"].where(cohort["contact_type"] != "", own)


def counts_of(frame: pd.DataFrame, top: int | None = None) -> dict[str, int]:
    """Tickets by the column `key`, the largest first; `?` stands for none."""
    keys = frame["key"].where(frame["key"] != "", "?")
    table = breakdown.counts(frame.assign(key=keys), "key").head(top or len(frame))
    return dict(zip(table["key"], (int(n) for n in table["tickets"]), strict=True))


def hours_by(entries: pd.DataFrame, column: str) -> dict[str, float]:
    table = hours.by(entries, [column])
    return {row[column]: round(row["hours"], 4) for row in rows_of(table)}


def by_priority(frame: pd.DataFrame, column: str, unit: float) -> dict[str, Any]:
    table = durations.summaries(frame[frame[column].notna()], "priority", column, unit)
    return {priority_label(row.pop("priority")): all_rounded(row) for row in rows_of(table)}


def hours_of(seconds: pd.Series) -> dict[str, Any]:
    return all_rounded(durations.summary(seconds, HOUR))


def flag_of(frame: pd.DataFrame) -> dict[str, Any]:
    """Of the imported tickets, how many their source says were in time."""
    known = frame["made_sla"].dropna()
    return part_of(int(known.sum()), len(known))


def part_of(yes: int, n: int) -> dict[str, Any]:
    return {"n": n, "yes": yes, "share": rounded(share(yes, n), 6)}


def promise_parts(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {
        str(metric): {
            priority_label(row["priority"]): part_of(row["met"], row["met"] + row["breached"])
            for row in rows_of(group)
        }
        for metric, group in table.groupby("metric", sort=True)
    }


def promise(row: dict[str, Any]) -> dict[str, Any]:
    decided = int(row["met"] + row["breached"])
    return part_of(int(row["met"]), decided) | {
        "pending": int(row["pending"]),
        "excluded": int(row["excluded"]),
    }


def all_rounded(figures: dict[str, Any], digits: int = 4) -> dict[str, Any]:
    return {
        name: rounded(value, digits) if isinstance(value, float) else _whole(value)
        for name, value in figures.items()
    }


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), digits)


def _whole(value: Any) -> Any:
    return None if value is None else int(value)
