"""One row per point: for people as CSV, in their words, and for programs as Parquet, with names
that stay."""

import io
from operator import itemgetter
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from portal.ui.tables import Column, csv_lines
from reports.matter import Report

WHOLE, BROKEN = ("n", "yes"), ("value", "low", "high")


def _about(report: Report) -> dict[str, tuple[str, Any]]:
    """What every row says, by its name: its heading and its value."""
    filters = "; ".join(f"{label}: {text}" for label, text in report.facts)
    return {
        "period_first": (_("First day"), report.first),
        "period_last": (_("Last day"), report.last),
        "zone": (_("Time zone"), report.zone),
        "filters": (_("Filters"), filters),
        "data_until": (_("Data until"), report.data_until),
    }


def csv_of(report: Report) -> bytes:
    """By the rules of every list of ours: UTF-8 with a mark, no text that runs as a formula. The
    headings are in the language that is active."""
    about = list(_about(report).values())
    headings = [*(heading for heading, _value in about), *report.listing.headings]
    columns = [
        Column(str(place), heading, value=itemgetter(place))
        for place, heading in enumerate(headings)
    ]
    same = [value for _heading, value in about]
    return "".join(csv_lines(columns, [[*same, *row] for row in report.listing.rows])).encode()


def parquet_of(report: Report) -> bytes:
    about = {name: value for name, (_heading, value) in _about(report).items()}
    frame = pd.DataFrame([{**about, **row} for row in report.records])
    for name in frame.columns.intersection(list(WHOLE)):
        frame[name] = frame[name].astype("Int64")
    for name in frame.columns.intersection(list(BROKEN)):
        frame[name] = frame[name].astype("Float64")
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()
