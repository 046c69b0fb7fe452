"""`manage.py import_requests` on small files."""

import gzip
import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.requests.models import ServiceRequest
from itil.fields.answers import readable
from itil.sla.actions import differences, tick
from itil.sla.models import Agreement, SlaClock
from itil.tickets.models import Ticket, TicketEvent
from portal.imports.requests import writing
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization, Team, User
from portal.worker.dispatch import dispatch_events

from . import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalog(tmp_path):
    cases.make_catalog(tmp_path)


@pytest.fixture
def imported(catalog, tmp_path):
    run(cases.write(tmp_path / "cases.csv", [cases.case()]))
    return ServiceRequest.objects.get()


@pytest.fixture
def from_row(catalog, tmp_path):
    """A function that imports one case and gives its request."""

    def give(**changes):
        run(cases.write(tmp_path / "one.csv", [cases.case(**changes)]))
        return ServiceRequest.objects.get()

    return give


def run(path, **options) -> str:
    out = io.StringIO()
    call_command("import_requests", str(path), stdout=out, **options)
    return out.getvalue()


def everything():
    models = (Ticket, ServiceRequest, TicketEvent, SlaClock, User, Team, Agreement, Organization)
    return [list(model.objects.order_by("pk").values()) for model in models]


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2015, 1, day, hour, minute, second, tzinfo=UTC)


def test_a_closed_case_is_a_closed_request_for_its_item(imported):
    assert (imported.status, imported.phase, imported.channel) == ("closed", "done", "portal")
    assert (imported.item.title, imported.item_title) == ("Street Light Outages",) * 2
    assert imported.title == "Street Light Outages"
    assert imported.number.startswith("REQ-")
    assert imported.source_reference == "imported-catalog:101001240735"
    assert imported.team.name == "PWDx"
    assert imported.category.name == "Street Lights"
    assert imported.organization.name == "Imported requests"


def test_times_without_an_offset_are_wall_times_of_the_catalog(imported):
    assert imported.received_at == imported.approved_at == at(1, 5, 25, 23)
    assert imported.resolved_at == imported.closed_at == at(2, 21, 17, 43)
    assert imported.agreed_at == at(16, 13, 30)
    assert imported.updated_at == imported.closed_at


def test_another_time_zone_can_be_named_and_an_offset_counts(catalog, tmp_path):
    path = cases.write(tmp_path / "cases.csv", [cases.case(target_at="2015-01-16T08:30:00+02:00")])
    run(path, time_zone="UTC")
    request = ServiceRequest.objects.get()
    assert (request.received_at, request.agreed_at) == (at(1, 0, 25, 23), at(16, 6, 30))


def test_its_history_has_its_own_times(imported):
    events = [
        (event.kind, event.at, event.data.get("verb"), event.channel)
        for event in imported.events.all()
    ]
    opened, closed = imported.received_at, imported.closed_at
    assert events == [
        ("opened", opened, None, "portal"),
        ("moved", opened, "begin", "system"),
        ("moved", closed, "fulfil", "system"),
        ("moved", closed, "close", "system"),
    ]
    assert all(event.data["imported"] for event in imported.events.all())


def test_history_is_no_news(from_row):
    from_row(**cases.OPEN)
    dispatch_events()
    assert tick(timezone.now()) == {"breached": 0, "at_risk": 0, "escalated": 0}
    assert not TicketEvent.objects.filter(handled_at=None).exists()
    assert not OutgoingMail.objects.exists()


def test_the_place_is_shown_as_answers_and_the_rest_is_kept(imported):
    (_title, lines), *_rest = readable(imported.form_version.questions, imported.answers)
    assert [text for _label, text in lines] == ["Fenway", "02215", "42.347, -71.094"]
    assert imported.custom == {
        "contact_type": "Citizens Connect App", "closure_code": "Resolved",
        "subject": "Public Works", "reason": "Street Lights", "made_sla": True,
        "queue": "PWDx_Street Light Outages", "submitted_photo": True, "closed_photo": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("closed_at", "outcome"),
    [("2015-01-16T08:30:00", "met"), ("2015-01-16T08:30:01", "breached")],
)
def test_a_promise_is_kept_until_its_due_date(from_row, closed_at, outcome):
    request = from_row(closed_at=closed_at)
    clock = SlaClock.objects.get()
    assert (clock.metric, clock.outcome, clock.due_at) == ("fulfilment", outcome, at(16, 13, 30))
    assert request.is_breached is (outcome == "breached")
    told = request.events.filter(kind="clock", data__what="breached")
    assert [event.at for event in told] == ([at(16, 13, 30)] if request.is_breached else [])


def test_an_open_case_is_in_fulfilment_and_overdue_since_its_due_date(from_row):
    request = from_row(**cases.OPEN)
    assert (request.status, request.phase, request.closed_at) == ("in_fulfilment", "open", None)
    clock = SlaClock.objects.get()
    assert (clock.state, clock.outcome, clock.breached_at) == (
        "running",
        "breached",
        at(16, 13, 30),
    )
    assert (request.due_at, request.is_breached) == (at(16, 13, 30), True)


def test_clocks_are_what_the_events_say(from_row):
    from_row(closed_at="2015-02-16T08:30:00")
    found = [wrong for _ticket, wrong in differences(Ticket.objects.all(), timezone.now())]
    assert found == [[]]


def test_without_a_due_date_nothing_was_promised(from_row):
    request = from_row(target_at="")
    assert (request.agreed_at, request.due_at, SlaClock.objects.exists()) == (None, None, False)


def test_a_case_closed_before_it_opened_was_closed_at_once(from_row):
    request = from_row(closed_at="2015-01-01T00:25:21")
    assert request.closed_at == request.received_at


def test_an_unknown_channel_is_another_system(from_row):
    assert from_row(source="Twitter").channel == "api"


def test_a_second_run_changes_nothing(imported, tmp_path):
    before = everything()
    said = run(tmp_path / "cases.csv")
    assert everything() == before
    assert "1 requests were there already." in said


def test_people_teams_and_promises_are_made_once(imported, tmp_path):
    counts = [model.objects.count() for model in (User, Team, Agreement, Organization)]
    run(cases.write(tmp_path / "more.csv", [cases.case(case_id="2"), cases.case(case_id="3")]))
    assert [model.objects.count() for model in (User, Team, Agreement, Organization)] == counts
    assert ServiceRequest.objects.count() == 3
    assert imported.requester.has_usable_password() is False
    assert imported.requester.email == "imported-catalog@requests.import.invalid"


def test_an_interrupted_run_is_taken_up_where_it_ended(catalog, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 1)
    rows = [cases.case(), cases.case(case_id="2", **cases.OPEN)]
    run(cases.write(tmp_path / "half.csv", rows[:1]))
    run(cases.write(tmp_path / "whole.csv", rows))
    assert ServiceRequest.objects.count() == 2


def test_damaged_rows_are_left_out_counted_and_named(catalog, tmp_path):
    rows = [
        cases.case(),
        cases.case(),
        cases.case(case_id="2", opened_at="2015-02-30T10:00:00"),
        cases.case(case_id="3", status="Pending"),
        cases.case(case_id="4", closed_at=""),
        cases.case(case_id="5", status="Open"),
        cases.case(case_id=""),
        cases.case(case_id="6", type="Parking Enforcement"),
        cases.case(case_id="7", opened_at=""),
        cases.case(case_id="8", department=""),
        cases.case(case_id="9", status="Pending"),
    ]
    path = cases.write(tmp_path / "cases.csv", rows)
    path.write_text(path.read_text() + "10,2015-01-01T00:00:00\n")
    said = run(path)
    assert ServiceRequest.objects.count() == 1
    assert said.splitlines()[-11:] == [
        "11 damaged rows were left out:",
        "  the case stands in an earlier row: line 3",
        "  unreadable time in opened_at: line 4",
        "  unknown status “Pending”: line 5, 12",
        "  closed without a time in closed_at: line 6",
        "  open with a time in closed_at: line 7",
        "  no case_id: line 8",
        "  no time in opened_at: line 10",
        "  no department: line 11",
        "  2 values instead of 20: line 13",
        "  the catalog has no item “Parking Enforcement”: line 9",
    ]


def test_a_packed_file_is_read_like_a_plain_one(catalog, tmp_path):
    plain = cases.write(tmp_path / "cases.csv", [cases.case()])
    packed = tmp_path / "cases.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    run(packed)
    assert ServiceRequest.objects.count() == 1


def test_a_packed_file_that_is_cut_off_is_refused(catalog, tmp_path):
    before = everything()
    plain = cases.write(tmp_path / "cases.csv", [cases.case(case_id=str(n)) for n in range(99)])
    path = tmp_path / "cases.csv.gz"
    path.write_bytes(gzip.compress(plain.read_bytes())[:-20])
    with pytest.raises(CommandError, match="damaged or cut off"):
        run(path)
    assert everything() == before


@pytest.mark.parametrize("content", [b"", b"id,name\n1,Anna\n", b"\x89PNG\r\n\x1a\n\xff\xfe\x00"])
def test_a_foreign_file_is_refused_and_nothing_is_written(catalog, tmp_path, content):
    before = everything()
    path = tmp_path / "foreign.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="at least the columns case_id, opened_at"):
        run(path)
    assert everything() == before


def test_a_catalog_that_is_not_there_is_named(tmp_path):
    path = cases.write(tmp_path / "cases.csv", [cases.case()])
    with pytest.raises(CommandError, match="There is no catalog “Boston 311”"):
        run(path, catalog="Boston 311")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd"])
def test_a_time_zone_that_does_not_exist_is_refused(catalog, tmp_path, zone):
    path = cases.write(tmp_path / "cases.csv", [cases.case()])
    with pytest.raises(CommandError, match="There is no time zone"):
        run(path, time_zone=zone)
    assert not Ticket.objects.exists()
