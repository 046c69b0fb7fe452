"""Recorded hours."""

from datetime import date

import pandas as pd

from reports.metrics import hours


def entries():
    frame = pd.DataFrame(
        {
            "work_date": ["2026-02-28", "2026-03-01", "2026-03-31", "2026-03-31"],
            "organization_name": ["Acme", "Acme", "Globex", "Acme"],
            "state": ["approved", "approved", "approved", "rejected"],
            "minutes": [60, 25, 90, 480],
        }
    )
    return frame.assign(work_date=pd.to_datetime(frame["work_date"]))


def test_both_ends_count_and_rejected_entries_do_not():
    found = hours.worked(entries(), date(2026, 3, 1), date(2026, 3, 31))
    assert list(found["minutes"]) == [25, 90]


def test_hours_are_exact_and_the_largest_come_first():
    found = hours.by(
        hours.worked(entries(), date(2026, 1, 1), date(2026, 12, 31)), ["organization_name"]
    )
    assert found[["organization_name", "hours"]].to_dict("list") == {
        "organization_name": ["Globex", "Acme"],
        "hours": [1.5, 85 / 60],
    }


def test_by_month_follows_the_work_date():
    found = hours.by_month(entries(), ["organization_name"])
    assert list(found["month"]) == ["2026-02", "2026-03", "2026-03"]
