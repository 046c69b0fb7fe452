"""The service requests of a city beside the checkout, imported under its catalog and compared with
figures computed independently of us (`expected.json`)."""

import csv
import io
import json
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from catalog.offerings.models import DepartmentPage
from catalog.requests.models import ServiceRequest
from itil.sla.actions import differences
from itil.sla.models import SlaClock
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import User
from portal.selfservice.actions import ensure_home
from tests.conftest import REAL_RECORDS

FOLDER = REAL_RECORDS / "boston311"
FILE = FOLDER / "requests_2015H1.csv.gz"
BOSTON = ZoneInfo("America/New_York")
# When the city wrote the file.
EXPORTED_AT = datetime(2016, 1, 13, tzinfo=BOSTON)
CALENDAR = "Boston 311, working days"
PERCENTILES = {"p50": 50, "p75": 75, "p90": 90, "p95": 95}
pytestmark = pytest.mark.real_records


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker):
    """Catalog and requests, imported once for this file and rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        ensure_home()
        call_command(
            "import_catalog", str(FOLDER / "catalog.csv"), name="Boston 311", holidays="US-MA",
            time_zone="America/New_York", verbosity=0,
        )  # fmt: skip
        import_requests()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def requests(imported, db):
    """All requests, inside the transaction of a test."""
    return ServiceRequest.objects.all()


@pytest.fixture(scope="module")
def figures(imported, django_db_blocker):
    """The key figures by basis, until the city wrote the file; computed once for this file."""
    with django_db_blocker.unblock():
        return {basis: kpis(basis) for basis in ("created", "resolved")}


def kpis(basis):
    out = io.StringIO()
    call_command(
        "kpis", "--from=2015-01-01", "--to=2016-01-12", f"--basis={basis}",
        "--zone=America/New_York", "--format=json", "--by=team", f"--calendar={CALENDAR}",
        stdout=out,
    )  # fmt: skip
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def expected():
    return json.loads((FOLDER / "expected.json").read_text())


def import_requests():
    call_command("import_requests", str(FILE), catalog="Boston 311", verbosity=0)


def counted(rows, *fields):
    return {
        row[:-1] if len(fields) > 1 else row[0]: row[-1]
        for row in rows.order_by().values_list(*fields).annotate(count=Count("pk"))
    }


def kept(clocks):
    """How many of these promises were kept, as the figures have it."""
    outcomes = Counter(clocks.values_list("outcome", flat=True))
    return share_of(outcomes["met"], outcomes["met"] + outcomes["breached"])


def share_of(yes, n):
    return {"n": n, "yes": yes, "share": round(yes / n, 6)}


def kept_by(clocks, field):
    rows = (
        clocks.order_by()
        .values_list(field)
        .annotate(n=Count("pk"), yes=Count("pk", filter=Q(outcome="met")))
    )
    return {name: share_of(yes, n) for name, n, yes in rows}


def month(at):
    return f"{at.astimezone(BOSTON):%Y-%m}"


def test_every_type_has_as_many_requests_as_the_catalog_says(requests, expected):
    with open(FOLDER / "catalog.csv", encoding="utf-8") as lines:
        told = {
            " ".join(row["type"].split()): int(row["requests"]) for row in csv.DictReader(lines)
        }
    found = counted(requests, "item__title")
    assert found == told
    assert sum(found.values()) == expected["requests"]
    assert expected["top_types"].items() <= found.items()


def test_states_channels_and_departments_are_those_of_the_file(requests, expected):
    assert counted(requests, "status", "phase") == {
        ("closed", "done"): expected["by_status"]["Closed"],
        ("in_fulfilment", "open"): expected["by_status"]["Open"],
    }
    sources = expected["by_source"]
    assert counted(requests, "custom__contact_type") == sources
    assert counted(requests, "channel") == {
        "phone": sources["Constituent Call"],
        "desk": sources["Employee Generated"] + sources["City Worker App"],
        "portal": sources["Self Service"] + sources["Citizens Connect App"],
        "api": sources["Maximo Integration"] + sources["Twitter"],
    }
    assert counted(requests, "team__name") == expected["by_department"]


def test_what_the_city_recorded_is_kept(requests, expected):
    codes = counted(requests, "custom__closure_code")
    assert {code or "(none)": count for code, count in codes.items()} == expected["closure_codes"]
    flags = {True: "ONTIME", False: "OVERDUE", None: "(blank)"}
    recorded = counted(requests, "custom__made_sla")
    assert {flags[flag]: n for flag, n in recorded.items()} == expected["by_recorded_flag"]
    nowhere = requests.exclude(answers__has_key="neighborhood").count()
    assert nowhere == expected["no_neighborhood"]
    somewhere = requests.filter(answers__position="42.359, -71.059").count()
    assert somewhere == expected["default_coordinates"]
    assert requests.filter(custom__submitted_photo=True).count() == expected["with_photo"]["yes"]


def test_times_are_the_wall_times_of_the_city(requests, expected):
    times = list(requests.values_list("received_at", "closed_at"))
    opened = sorted(f"{at.astimezone(BOSTON):%Y-%m-%d %H:%M:%S}" for at, _end in times)
    assert (opened[0], opened[-1]) == (expected["opened_from"], expected["opened_to"])
    hours = [(end - at).total_seconds() / 3600 for at, end in times if end]
    assert min(hours) == 0
    found = {"n": len(hours), "mean": round(float(np.mean(hours)), 4)}
    found |= {name: round(float(np.percentile(hours, p)), 4) for name, p in PERCENTILES.items()}
    assert found == expected["close_hours_elapsed_new_york"]["all"]


def test_the_backlog_of_every_month_is_that_of_the_file(requests, expected):
    times = list(requests.values_list("received_at", "closed_at"))
    came, went = Counter(), Counter()
    for at, end in times:
        came[month(at)] += 1
        if end:
            went[month(end)] += 1
    left, found = 0, {}
    for name in expected["months"]:
        left += came[name] - went[name]
        found[name] = {"opened": came[name], "closed": went[name], "backlog": left}
    assert found == expected["months"]


def test_every_key_figure_equals_the_expected_one(requests, figures, expected):
    created, resolved = figures["created"], figures["resolved"]
    told = created["indicators"]
    assert {
        "requests": created["incidents"],
        "opened_from": created["opened_from"],
        "opened_to": created["opened_to"],
        "by_source": created["by_contact_type"],
        "by_department": {point["name"]: point["n"] for point in told["received"]["points"]},
        "months": {
            name: {"opened": row["opened"], "closed": row["closed"],
                   "backlog": row["backlog_not_closed"]}
            for name, row in created["months"].items() if name in expected["months"]
        },
        "sla_closed_or_overdue": {
            "n": told["compliance"]["total"]["n"], "yes": told["compliance"]["total"]["yes"],
            "share": told["compliance"]["total"]["value"],
        },
        "sla_of_closed": resolved["policy"]["fulfilment"]["4 - Low"],
        "without a target": created["unmeasured"],
    } == {
        **{name: expected[name] for name in (
            "requests", "opened_from", "opened_to", "by_source", "by_department", "months",
            "sla_closed_or_overdue",
        )},
        "sla_of_closed": expected["sla_of_closed"]["all"],
        "without a target": expected["requests"] - expected["with_target"],
    }  # fmt: skip


def test_what_only_requests_have_equals_the_expected(requests, figures, expected):
    created = figures["created"]
    told = created["requests"]
    wall, agreed = told["close_hours_wall_clock"], told["on_time_of_closed"]
    working = dict(created["working_hours"][CALENDAR]["close"])
    working.pop("at_once")
    assert {
        "by_status": told["by_status"],
        "by_department": told["by_team"],
        "types": len(told["by_item"]),
        "by_recorded_flag": told["by_recorded_flag"],
        "closure_codes": told["by_closure_code"],
        "with_photo": told["with_photo"],
        "no_neighborhood": told["answers"]["neighborhood"]["empty"],
        "default_coordinates": told["answers"]["position"]["times"],
        "with_target": told["with_target"],
        "target_state": told["target_state"],
        "computed_equals_recorded_flag": told["computed_equals_recorded_flag"],
        "close_hours_elapsed_new_york": told["close_hours_elapsed"],
        "close_business_hours": working,
    } == {
        name: expected[name]
        for name in (
            "by_status", "by_department", "types", "by_recorded_flag", "closure_codes",
            "with_photo", "no_neighborhood", "default_coordinates", "with_target", "target_state",
            "computed_equals_recorded_flag", "close_hours_elapsed_new_york",
            "close_business_hours",
        )
    }  # fmt: skip
    assert list(told["by_item"].items())[:15] == list(expected["top_types"].items())
    city = expected["close_hours_wall_clock"]
    assert wall["all"] == city["all"]
    assert city["by_department"].items() <= wall["by_team"].items()
    kept = expected["sla_of_closed"]
    assert (agreed["all"], agreed["by_month_received"]) == (kept["all"], kept["by_month_opened"])
    assert kept["by_department"].items() <= agreed["by_team"].items()
    assert kept["by_source"].items() <= agreed["by_source"].items()
    assert kept["by_type_500"].items() <= agreed["by_item"].items()
    assert told["closed_at_once"] >= expected["closed_before_opened"]


def test_due_dates_are_kept_and_promises_measured_by_them(requests, expected):
    assert requests.filter(agreed_at__isnull=False).count() == expected["with_target"]
    clocks = SlaClock.objects.filter(metric="fulfilment")
    assert SlaClock.objects.count() == clocks.count() == expected["with_target"]
    closed = clocks.filter(ticket__phase="done")
    assert not closed.exclude(due_at=F("ticket__agreed_at")).exists()
    told = expected["sla_of_closed"]
    assert kept(closed) == told["all"]
    assert told["by_department"].items() <= kept_by(closed, "ticket__team__name").items()
    assert told["by_source"].items() <= kept_by(closed, "ticket__custom__contact_type").items()
    assert told["by_type_500"].items() <= kept_by(closed, "ticket__title").items()
    late = clocks.exclude(ticket__phase="done").filter(due_at__lt=EXPORTED_AT)
    assert {
        "met": closed.filter(outcome="met").count(),
        "missed": closed.filter(outcome="breached").count(),
        "open, overdue": late.count(),
        "open, in time": clocks.exclude(ticket__phase="done").count() - late.count(),
    } == expected["target_state"]


def test_clocks_are_what_the_events_say(requests):
    some = Ticket.objects.filter(pk__in=list(requests.values_list("pk", flat=True)[::100]))
    wrong = [found for _ticket, found in differences(some, timezone.now()) if found]
    assert wrong == []


def test_the_last_move_of_every_request_is_into_its_status(requests):
    last = {}
    moves = TicketEvent.objects.filter(kind="moved").order_by("pk")
    for ticket, to in moves.values_list("ticket", "data__to"):
        last[ticket] = to
    assert last == dict(requests.values_list("pk", "status"))


def test_a_second_run_changes_nothing(requests):
    def counts():
        models = (Ticket, ServiceRequest, TicketEvent, SlaClock, User)
        return [model.objects.count() for model in models]

    before = counts()
    import_requests()
    assert counts() == before
    assert before[:2] == [58119, 58119]


def test_pages_stay_quick_with_all_of_them(requests, client, django_assert_max_num_queries):
    client.force_login(User.objects.get(name="Unknown requester"))
    department = DepartmentPage.objects.get(title="Public Works Department")
    for address in (reverse("offerings:front"), department.url, "/requests/"):
        client.get(address)
        with django_assert_max_num_queries(8):
            answer = client.get(address)
        assert answer.status_code == 200
