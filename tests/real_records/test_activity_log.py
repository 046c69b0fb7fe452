"""The real activity log beside the checkout, imported and compared with figures computed
independently of us (`expected.json`), to the last digit."""

import io
import json

import pytest
from django.core.management import call_command

from tests.conftest import REAL_RECORDS

FOLDER = REAL_RECORDS / "helpdesk_it"
pytestmark = pytest.mark.real_records
# What it is called there and here.
NAMES = {"cases": "incidents", "from": "opened_from", "to": "closed_to"}


def test_every_figure_equals_the_expected_one(db):
    call_command("import_activity_log", str(FOLDER / "helpdesk.csv.gz"), verbosity=0)
    out = io.StringIO()
    call_command(
        "kpis", "--from=2010-01-01", "--to=2012-12-31", "--zone=UTC", "--format=json", stdout=out
    )
    found = json.loads(out.getvalue())

    expected = json.loads((FOLDER / "expected.json").read_text())
    assert {name: found[NAMES.get(name, name)] for name in expected} == expected
    months = found["indicators"]["solved"]["points"]
    assert sum(point["n"] for point in months) == expected["cases"]
