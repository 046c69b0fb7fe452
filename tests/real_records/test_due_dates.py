"""Due dates that a city gave its requests, found again by business days.

The records lie beside the checkout (see `REAL_RECORDS` in tests/conftest.py); their README defines
the rules: working days of 08:30 to 17:00 without the holidays of Massachusetts, or days by the wall
clock; the due time is some days later at the same time of day.
"""

import csv
import gzip
import json
from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from itil.calendars.hours import SAME_TIME, Schedule, Week, at_wall, business_days
from tests.conftest import REAL_RECORDS

pytestmark = pytest.mark.real_records

FOLDER = REAL_RECORDS / "boston311"
BOSTON = ZoneInfo("America/New_York")
NEAR_SECONDS = 90


def massachusetts() -> frozenset[date]:
    with open(REAL_RECORDS / "holidays" / "holidays.csv", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        return frozenset(
            date.fromisoformat(row["date"]) for row in rows if row["calendar"] == "US-MA"
        )


SCHEDULES = {
    "business": Schedule(
        BOSTON.key,
        (Week(tuple((day, 510, 1020) for day in range(5))),),
        holidays=massachusetts(),
    ),
    "calendar": Schedule(BOSTON.key, always_open=True),
}


def instant(wall: str) -> datetime:
    return at_wall(BOSTON, datetime.fromisoformat(wall))


@pytest.fixture(scope="module")
def catalog() -> dict[str, dict]:
    """The types that have a rule."""
    with open(FOLDER / "catalog.csv", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        return {row["type"]: row for row in rows if row["due_kind"] in SCHEDULES}


@pytest.fixture(scope="module")
def found(catalog) -> dict[str, list[bool]]:
    """For each request of those types that has a due date: whether the rule gives it."""
    near = defaultdict(list)
    with gzip.open(FOLDER / "requests_2015H1.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            rule = catalog.get(row["type"])
            if rule is None or not row["target_at"]:
                continue
            schedule, days = SCHEDULES[rule["due_kind"]], int(rule["due_days"])
            due = business_days(schedule, instant(row["opened_at"]), days, SAME_TIME)
            off = abs((due - instant(row["target_at"])).total_seconds())
            near[row["type"]].append(off <= NEAR_SECONDS)
    return near


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads((FOLDER / "expected_due.json").read_text())


def figure(requests: list[bool]) -> dict:
    share = round(sum(requests) / len(requests), 6)
    return {"n": len(requests), "yes": sum(requests), "share": share}


def test_each_type_reproduces_the_share_of_its_rule(catalog, found):
    shares = {kind: round(sum(near) / len(near), 4) for kind, near in found.items()}
    assert shares == {kind: float(rule["rule_share"]) for kind, rule in catalog.items()}


def test_all_requests_with_a_rule_give_the_figures_computed_elsewhere(catalog, found, expected):
    requests = [near for kind in found.values() for near in kind]
    assert len(requests) == expected["requests_with_rule"]
    assert figure(requests) == expected["within_90_seconds"]
    for kind in SCHEDULES:
        of_kind = [
            near for name in found if catalog[name]["due_kind"] == kind for near in found[name]
        ]
        assert figure(of_kind) == expected[kind]


def test_the_large_types_give_the_figures_computed_elsewhere(catalog, found, expected):
    large = {
        name: {"kind": catalog[name]["due_kind"], "days": int(catalog[name]["due_days"])}
        | figure(near)
        for name, near in found.items()
        if len(near) >= 300
    }
    assert large == expected["by_type_300"]
