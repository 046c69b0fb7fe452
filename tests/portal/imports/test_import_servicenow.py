"""`manage.py import_servicenow` on small logs."""

import gzip
import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from itil.incidents.models import Incident
from itil.sla.models import Agreement, SlaClock
from itil.tickets.models import Category, Ticket, TicketEvent
from portal.imports.servicenow import writing
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization, Team, User
from portal.worker.dispatch import dispatch_events

from . import logs

pytestmark = pytest.mark.django_db


def run(path, **options) -> str:
    out = io.StringIO()
    call_command("import_servicenow", str(path), stdout=out, **options)
    return out.getvalue()


def at(day: int, hour: int, minute: int, month: int = 2) -> datetime:
    return datetime(2016, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def imported(tmp_path):
    run(logs.write(tmp_path / "log.csv", logs.story()))
    return Incident.objects.get()


def nothing_was_written() -> bool:
    return not any(
        model.objects.exists()
        for model in (Ticket, TicketEvent, User, Team, Category, Organization, Agreement)
    )


def test_the_incident_has_the_values_of_its_last_row(imported):
    assert (imported.status, imported.phase, imported.priority) == ("closed", "done", 3)
    assert imported.title == "Category 55 / Subcategory 170 · Symptom 72"
    assert imported.source_reference == "servicenow:INC0000045"
    assert imported.number.startswith("INC-")
    assert (imported.team.name, imported.assignee.name) == ("Group 70", "Resolver 17")
    assert str(imported.category.parent) == "Category 55"
    assert imported.channel == "phone"
    assert imported.reassignment_count == 1
    assert imported.major_state == "none"


def test_times_are_those_recorded_in_utc(imported):
    assert imported.received_at == at(29, 1, 16)
    assert imported.first_assigned_at == imported.acknowledged_at == at(29, 8, 53)
    assert imported.first_response_at is None
    assert imported.resolved_at == imported.first_resolved_at == at(29, 11, 29)
    assert imported.closed_at == imported.updated_at == at(5, 12, 0, month=3)


def test_its_history_is_replayed_with_its_own_times(imported):
    events = [
        (event.kind, event.at, event.data.get("to"))
        for event in imported.events.exclude(kind="clock")
    ]
    resolver, team = imported.assignee_id, imported.team_id
    assert events == [
        ("opened", at(29, 1, 16), None),
        ("assigned", at(29, 8, 53), resolver),
        ("moved", at(29, 8, 53), "in_progress"),
        ("assigned", at(29, 9, 30), team),
        ("moved", at(29, 9, 30), "on_hold"),
        ("moved", at(29, 11, 29), "resolved"),
        ("moved", at(5, 12, 0, month=3), "closed"),
    ]
    assert all(event.data["imported"] for event in imported.events.all())


def test_history_is_no_news(imported):
    dispatch_events()
    assert not TicketEvent.objects.filter(handled_at=None).exists()
    assert not OutgoingMail.objects.exists()


def test_people_have_an_address_nobody_reads_and_no_password(imported):
    caller = User.objects.get(source_reference="servicenow:Caller 2403")
    assert caller.email == "caller-2403@servicenow.import.invalid"
    assert caller.has_usable_password() is False
    assert caller.organization.name == "Imported log"
    assert User.objects.get(source_reference="servicenow:Opened by 8").organization is None


def test_what_has_no_column_is_kept(imported):
    assert imported.custom == {
        "symptom": "Symptom 72", "location": "Location 143", "knowledge": True,
        "closed_code": "code 5", "contact_type": "Phone", "made_sla": True,
        "recorded_reassignment_count": 1, "recorded_reopen_count": 0,
        "resolution_recorded": True, "log_rows": 5,
    }  # fmt: skip


def test_waiting_for_the_caller_pauses_the_clock(imported):
    clock = SlaClock.objects.get(metric="resolution")
    # Office hours begin at 9:00; from 9:30 on the caller was waited for.
    assert (clock.elapsed_seconds, clock.outcome) == (30 * 60, "met")
    assert SlaClock.objects.get(metric="acknowledge").outcome == "met"


def test_promises_keep_the_scale_of_the_agreement_that_they_are_measured_by(imported):
    """Whatever it counts by later."""

    def names():
        return {(clock.target_key, clock.level_text) for clock in SlaClock.objects.all()}

    [(scale, name)] = names()
    assert (scale, name[:2]) == ("priority", f"P{imported.priority}")
    Agreement.objects.update(target_key="severity")
    assert names() == {(scale, name)}


def test_a_second_run_changes_nothing(imported, tmp_path):
    def everything():
        return [
            list(model.objects.order_by("pk").values()) for model in (Ticket, TicketEvent, User)
        ]

    before = everything()
    said = run(tmp_path / "log.csv")
    assert everything() == before
    assert "1 incidents were there already." in said


def test_an_interrupted_run_is_taken_up_where_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 1)
    first, second = logs.story(), logs.story(number="INC0000046")
    run(logs.write(tmp_path / "half.csv", first))
    said = run(logs.write(tmp_path / "whole.csv", first + second))
    assert Incident.objects.count() == 2
    assert "1 incidents, " in said


def test_a_packed_log_is_read_like_a_plain_one(tmp_path):
    plain = logs.write(tmp_path / "log.csv", logs.story())
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    run(packed)
    assert Incident.objects.count() == 1


def test_organization_and_agreement_can_be_named(tmp_path, cast):
    run(
        logs.write(tmp_path / "log.csv", logs.story()),
        organization="Globex",
        agreement=cast.agreement.name,
    )
    assert Incident.objects.get().organization == cast.globex
    assert set(SlaClock.objects.values_list("agreement__name", flat=True)) == {"Standard"}


def test_an_agreement_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(CommandError, match="There is no agreement “Gold”"):
        run(logs.write(tmp_path / "log.csv", logs.story()), agreement="Gold")
    assert nothing_was_written()


def test_damaged_rows_are_left_out_counted_and_named(tmp_path):
    rows = [
        *logs.story(),
        logs.line(number="INC0000046", incident_state="-100"),
        logs.line(number="?"),
        logs.line(number="INC0000047", sys_updated_at="31/2/2016 10:00"),
        logs.line(number="INC0000048", priority="high"),
        logs.line(number="INC0000049", incident_state="-100"),
    ]
    said = run(logs.write(tmp_path / "log.csv", rows))
    assert Incident.objects.count() == 1
    assert "5 damaged rows were left out:" in said
    assert "unknown state “-100”: line 7, 11" in said
    assert "no incident number: line 8" in said
    assert "unreadable time in sys_updated_at: line 9" in said
    assert "unreadable number in priority: line 10" in said


def test_a_row_that_is_cut_off_is_damaged(tmp_path):
    path = logs.write(tmp_path / "log.csv", logs.story())
    path.write_text(path.read_text() + "INC0000050,New\n")
    assert "2 values instead of 30: line 7" in run(path)


@pytest.mark.parametrize("content", [b"", b"id,name\n1,Anna\n", b"\x89PNG\r\n\x1a\n\xff\xfe\x00"])
def test_a_foreign_file_is_refused_and_nothing_is_written(tmp_path, content):
    path = tmp_path / "foreign.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="at least the columns number, incident_state"):
        run(path)
    assert nothing_was_written()


def test_a_packed_file_that_is_cut_off_is_refused(tmp_path):
    plain = logs.write(tmp_path / "log.csv", logs.story() * 50)
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(plain.read_bytes())[:-20])
    with pytest.raises(CommandError, match="damaged or cut off"):
        run(path)
    assert nothing_was_written()


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "none.csv")


def test_an_unknown_caller_is_a_person(tmp_path):
    run(logs.write(tmp_path / "log.csv", logs.story(caller_id="?")))
    assert Incident.objects.get().requester.name == "Unknown caller"


def test_without_a_recorded_time_the_last_move_into_resolved_counts(tmp_path):
    run(logs.write(tmp_path / "log.csv", logs.story(resolved_at="?")))
    incident = Incident.objects.get()
    assert incident.resolved_at == at(29, 11, 29)
    assert incident.custom["resolution_recorded"] is False


def test_an_incident_whose_first_row_is_resolved_was_resolved_then(tmp_path):
    rows = [
        logs.line(incident_state="Resolved", resolved_at="?"),
        logs.line(incident_state="Closed", resolved_at="?", sys_updated_at="5/3/2016 12:00"),
    ]
    run(logs.write(tmp_path / "log.csv", rows))
    assert Incident.objects.get().resolved_at == at(29, 1, 23)


def test_the_team_that_resolved_it_counts_although_another_one_closed_it(tmp_path):
    rows = logs.story()
    rows[-1]["assignment_group"] = "Group 12"
    run(logs.write(tmp_path / "log.csv", rows))
    incident = Incident.objects.get()
    assert (incident.resolved_team.name, incident.team.name) == ("Group 70", "Group 12")


def test_an_incident_in_work_was_resolved_by_no_team(tmp_path):
    rows = [logs.line(resolved_at="?", closed_at="?", assignment_group="Group 70")]
    run(logs.write(tmp_path / "log.csv", rows))
    incident = Incident.objects.get()
    assert (incident.resolved_team, incident.team.name) == (None, "Group 70")


def test_history_that_our_life_cycle_forbids_is_kept_as_it_was(tmp_path):
    rows = [
        *logs.story(reopen_count="1"),
        logs.line(incident_state="Active", sys_updated_at="6/3/2016 08:00", reopen_count="1"),
        logs.line(incident_state="Closed", sys_updated_at="7/3/2016 08:00", reopen_count="1"),
    ]
    run(logs.write(tmp_path / "log.csv", rows))
    incident = Incident.objects.get()
    moves = incident.events.filter(kind="moved").values_list("data__from", "data__to")
    assert list(moves)[-2:] == [("closed", "in_progress"), ("in_progress", "closed")]
    assert (incident.reopen_count, incident.reopened_at) == (1, at(6, 8, 0, month=3))


def test_an_incident_never_assigned_is_not_measured_by_acknowledgement(tmp_path):
    run(logs.write(tmp_path / "log.csv", logs.story(assigned_to="?")))
    assert list(SlaClock.objects.values_list("metric", flat=True)) == ["resolution"]


def test_an_open_incident_keeps_its_clock_running(tmp_path):
    rows = [logs.line(resolved_at="?", closed_at="?", assigned_to="Resolver 1")]
    run(logs.write(tmp_path / "log.csv", rows))
    incident = Incident.objects.get()
    assert (incident.phase, incident.resolved_at) == ("open", None)
    # 24 office hours from Monday 9:00: two days of nine hours and six more.
    assert incident.due_at == at(2, 15, 0, month=3)


def test_a_change_of_priority_is_an_edit(tmp_path):
    rows = logs.story()
    rows[0] |= {"impact": "3 - Low", "priority": "4 - Low"}
    run(logs.write(tmp_path / "log.csv", rows))
    edit = TicketEvent.objects.get(kind="edited")
    assert edit.data["changes"] == {"impact": [3, 2], "priority": [4, 3]}
