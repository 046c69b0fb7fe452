"""The real incident log beside the checkout, imported and compared with figures computed
independently of us (`expected.json`), to the last digit."""

import io
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from itil.sla.models import SlaClock
from itil.tickets.models import Ticket, TicketEvent

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "uci_incidents"
LOG = FOLDER / "events_to_2016-04.csv.gz"
pytestmark = pytest.mark.real_records
# `KPI-9`: the first is what it was the day before, plus two, minus two.
FLOW = ("backlog", "came_in", "reopenings", "solved", "cancelled")

# Parts of expected.json that are no key figures of a period. `replay` is compared from the events;
# working hours on any calendar and the policy without pauses are not offered.
APART = {
    "/events_state_minus100",
    "/replay",
    "/working_hours_to_resolution",
    "/paused/hours_A_total",
    "/policy/resolution_no_pause",
}


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker):
    """The whole log, imported once for this file and rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_servicenow", str(LOG), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def log(imported, db):
    """The imported log inside the transaction of a test."""


@pytest.fixture(scope="module")
def figures(imported, django_db_blocker):
    """All key figures of the log, computed once for this file."""
    with django_db_blocker.unblock():
        return kpis()


@pytest.fixture(scope="module")
def expected():
    return json.loads((FOLDER / "expected.json").read_text())


def kpis(**options):
    out = io.StringIO()
    call_command(
        "kpis", "--from=2016-02-01", "--to=2017-02-28", "--zone=UTC", "--format=json", stdout=out,
        **options,
    )  # fmt: skip
    return json.loads(out.getvalue())


def differences(expected, found, path=""):
    """Every value of `expected` that `found` lacks or has otherwise."""
    if path in APART:
        return {}
    if not isinstance(expected, dict):
        return {} if expected == found else {path: (expected, found)}
    result = {}
    for name, value in expected.items():
        there = found.get(name) if isinstance(found, dict) else None
        result |= differences(value, there, f"{path}/{name}")
    return result


def test_every_key_figure_equals_the_expected_one(log, figures, expected):
    assert differences(expected, figures) == {}


def test_counts_are_listed_in_the_same_order(log, figures, expected):
    for name in ("by_priority", "by_contact_type", "top_categories", "top_groups"):
        assert list(figures[name]) == list(expected[name])


def test_the_moves_stored_as_events_are_those_of_the_log(log, expected):
    moves = TicketEvent.objects.filter(kind="moved", data__has_key="recorded_from")
    found = Counter(
        f"{data['recorded_from']} -> {data['recorded_to']}"
        for data in moves.values_list("data", flat=True)
        if data["recorded_from"] != data["recorded_to"]
    )
    assert found == expected["replay"]["state_changes"]


def test_reopenings_replayed_from_events_equal_the_recorded_counter(log):
    done = {"resolved", "closed"}
    replayed = Counter(
        ticket
        for ticket, data in TicketEvent.objects.filter(kind="moved").values_list("ticket", "data")
        if data["from"] in done and data["to"] not in done
    )
    recorded = dict(Ticket.objects.filter(reopen_count__gt=0).values_list("pk", "reopen_count"))
    assert replayed == recorded


def test_the_last_move_of_every_ticket_is_into_its_status(log):
    last = {}
    moves = TicketEvent.objects.filter(kind="moved").order_by("pk")
    for ticket, to in moves.values_list("ticket", "data__to"):
        last[ticket] = to
    assert last == dict(Ticket.objects.asked_for().values_list("pk", "status"))


def test_the_outcome_of_every_clock_agrees_with_its_elapsed_time(log):
    late = SlaClock.objects.filter(outcome="breached")
    assert all(
        elapsed > target
        for elapsed, target in late.values_list("elapsed_seconds", "target_seconds")
    )


def test_indicators_tell_what_the_figures_tell(log, figures, expected):
    told = {key: one["total"] for key, one in figures["indicators"].items()}
    assert told["received"]["n"] == expected["incidents"]
    assert told["reopened"]["yes"] == expected["reopened"]["yes"]
    moved = expected["handoffs"]
    assert told["reassignments"]["n"] == moved["incidents_with_group"]
    assert told["reassignments"]["value"] == moved["mean"]


def test_the_backlog_identity_holds_on_every_day(log):
    found = kpis(step="day", indicator=list(FLOW))["indicators"]
    told = {
        key: {point["key"]: point["n"] for point in one["points"]} for key, one in found.items()
    }
    before, first, days = 0, date(2016, 2, 1), 394
    for number in range(days):
        day = str(first + timedelta(days=number))
        backlog, came, back, solved, cancelled = (told[key].get(day, 0) for key in FLOW)
        assert backlog == before + came + back - solved - cancelled, day
        before = backlog
    assert found["came_in"]["total"]["n"] == 17136


def test_a_second_run_changes_nothing(log):
    def counts():
        return [model.objects.count() for model in (Ticket, TicketEvent, SlaClock)]

    before = counts()
    call_command("import_servicenow", str(LOG), verbosity=0)
    # One event of each incident tells how its clocks were measured; the problems and the changes
    # that the last rows of the incidents name are opened beside them.
    beside = 170 + 146
    assert counts() == before == [17136 + beside, 109160 + 17136 + beside, 33624]
