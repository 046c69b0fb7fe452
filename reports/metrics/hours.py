"""Recorded hours (`BIL-3`): raw minutes, before any contract rounds them."""

from datetime import date

import pandas as pd

REJECTED = "rejected"


def worked(entries: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Entries of the work dates `first` to `last`, both included, without rejected ones."""
    inside = entries["work_date"].between(pd.Timestamp(first), pd.Timestamp(last))
    return entries[inside & (entries["state"] != REJECTED)]


def by(entries: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Hours per value of `keys`, the largest first.

    Formula: sum of raw minutes / 60, exact; contracts round when they bill, not here.
    Population: recorded time with a work date in the period; rejected entries are left out.
    Basis: the work date, a local date of the business time zone.
    Edge cases: time on confidential tickets is left out like the tickets themselves.
    """
    summed: pd.DataFrame = entries.groupby(keys, sort=True)[["minutes"]].sum().reset_index()
    summed["hours"] = summed["minutes"] / 60
    return summed.sort_values(["minutes", *keys], ascending=[False, *[True] * len(keys)])


def by_month(entries: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """As `by`, for each calendar month of the work date, in the order of months."""
    dated = entries.assign(month=entries["work_date"].dt.strftime("%Y-%m"))
    return by(dated, ["month", *keys]).sort_values(["month", "minutes"], ascending=[True, False])
