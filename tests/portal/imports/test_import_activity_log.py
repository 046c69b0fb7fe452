"""`manage.py import_activity_log` on small files."""

import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models.fields.json import KT

from itil.incidents.models import Incident
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import Organization, User

pytestmark = pytest.mark.django_db
HEADING = "CaseID,ActivityID,CompleteTimestamp\n"
THREE = "2,1,2012-04-03 16:55:38\n2,8,2012-04-03 16:55:53\n2,6,2012-04-05 17:15:52\n"


def run(tmp_path, text, **options):
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("import_activity_log", str(path), stdout=out, **options)
    return out.getvalue()


def test_a_case_becomes_a_closed_incident_with_an_event_for_each_activity(tmp_path):
    said = run(tmp_path, HEADING + THREE)

    incident = Incident.objects.get()
    assert "New: 1 incidents, 4 events." in said
    assert (incident.status, incident.phase) == ("closed", "done")
    assert incident.received_at == datetime(2012, 4, 3, 16, 55, 38, tzinfo=UTC)
    assert (
        incident.resolved_at == incident.closed_at == datetime(2012, 4, 5, 17, 15, 52, tzinfo=UTC)
    )
    told = TicketEvent.objects.order_by("pk").values_list("kind", "data__to", KT("data__activity"))
    assert list(told) == [
        ("opened", None, "1"), ("moved", "in_progress", "8"), ("moved", "resolved", "6"),
        ("moved", "closed", "6"),
    ]  # fmt: skip
    assert not TicketEvent.objects.filter(handled_at__isnull=True).exists()


def test_a_case_of_one_activity_is_closed_as_it_comes_in(tmp_path):
    run(tmp_path, HEADING + "7,6,2012-04-05 17:15:52\n")
    incident = Incident.objects.get()
    assert incident.received_at == incident.closed_at


def test_a_second_run_changes_nothing_and_a_longer_file_adds_what_is_new(tmp_path):
    run(tmp_path, HEADING + THREE)
    again = run(tmp_path, HEADING + THREE + "3,1,2012-04-06 10:00:00\n")

    assert "1 cases were there already." in again
    assert Ticket.objects.count() == 2
    assert (User.objects.count(), Organization.objects.count()) == (1, 1)


def test_damaged_rows_are_left_out_and_named(tmp_path):
    damaged = "3,1,yesterday\n,1,2012-04-06 10:00:00\n4,1\n"
    said = run(tmp_path, HEADING + THREE + damaged)

    assert "the CompleteTimestamp is no time: line 5" in said
    assert "no CaseID: line 6" in said
    assert "2 values instead of 3: line 7" in said
    assert Ticket.objects.count() == 1


def test_another_file_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(CommandError, match="is not an activity log: it has no column CaseID"):
        run(tmp_path, "number,state\n1,New\n")
    assert (Ticket.objects.count(), Organization.objects.count()) == (0, 0)
