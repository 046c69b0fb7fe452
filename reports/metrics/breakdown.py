"""Counts of tickets by what they are."""

import pandas as pd


def counts(tickets: pd.DataFrame, column: str) -> pd.DataFrame:
    """Number of tickets per value of `column`, the largest first, equal ones by value."""
    found = tickets.groupby(column, dropna=False, sort=True).size().rename("tickets").reset_index()
    return found.sort_values(["tickets", column], ascending=[False, True], ignore_index=True)


def priority_matrix(tickets: pd.DataFrame) -> pd.DataFrame:
    """The priorities that occur for each pair of impact and urgency, with their numbers."""
    keys = ["impact", "urgency", "priority"]
    return tickets.groupby(keys, sort=True).size().rename("tickets").reset_index()
