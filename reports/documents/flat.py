"""Rows for programs: one per figure, the same in CSV and in Parquet."""

import io
from operator import itemgetter
from typing import Any

import pandas as pd

from portal.ui.tables import Column, csv_lines
from reports.matter import Report

WHOLE, BROKEN = ("n", "yes"), ("value", "low", "high")


def _rows(report: Report) -> list[dict[str, Any]]:
    """Every row says the period, its zone, the filters and until when data is in."""
    about = {
        "period_first": report.first,
        "period_last": report.last,
        "zone": report.zone,
        "filters": "; ".join(f"{label}: {text}" for label, text in report.facts),
        "data_until": report.data_until,
    }
    return [{**about, **row} for row in report.records]


def csv_of(report: Report) -> bytes:
    """By the rules of every list of ours: UTF-8 with a mark, no text that runs as a formula."""
    rows = _rows(report)
    columns = [Column(name, name, value=itemgetter(name)) for name in rows[0]] if rows else []
    return "".join(csv_lines(columns, rows)).encode()


def parquet_of(report: Report) -> bytes:
    frame = pd.DataFrame(_rows(report))
    for name in frame.columns.intersection(list(WHOLE)):
        frame[name] = frame[name].astype("Int64")
    for name in frame.columns.intersection(list(BROKEN)):
        frame[name] = frame[name].astype("Float64")
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()
