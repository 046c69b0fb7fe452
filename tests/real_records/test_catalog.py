"""The catalog of a city: every type of request with its department, topic and promise."""

import csv
from collections import Counter

import pytest
from django.core.management import call_command

from catalog.offerings.models import CatalogItem, DepartmentPage
from portal.selfservice.actions import ensure_home
from tests.conftest import REAL_RECORDS

pytestmark = [pytest.mark.real_records, pytest.mark.django_db]

FILE = REAL_RECORDS / "boston311" / "catalog.csv"


def test_the_whole_catalog_loads_with_its_rules_and_loads_once(capsys):
    ensure_home()
    with open(FILE, encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for _run in range(2):
        call_command("import_catalog", str(FILE), name="Boston 311", holidays="US-MA")
    assert capsys.readouterr().out.splitlines() == [
        "New: 15 departments, 52 topics, 13 teams, 155 items.",
        "New: 0 departments, 0 topics, 0 teams, 0 items.",
        "155 items were there already.",
    ]
    items = CatalogItem.objects.select_related("calendar")
    assert {item.title: item.delivery_business_days for item in items} == {
        # Some names have double blanks.
        " ".join(row["type"].split()): int(row["due_days"]) if row["due_days"] else None
        for row in rows
    }
    kinds = Counter(
        "calendar" if item.calendar.always_open else "business"
        for item in items
        if item.delivery_business_days
    )
    assert kinds == {"business": 48, "calendar": 34}
    by_department = {page.title: page.numchild for page in DepartmentPage.objects.all()}
    assert by_department == Counter(row["subject"] for row in rows)
