"""What reports read, and that every frame can be read."""

from datetime import date, timedelta

import pandas as pd
import pytest
import time_machine

from itil.tickets.models import Ticket
from itil.timesheets.models import WorkingHours
from portal.people.models import User
from reports.frames.selection import Selection
from reports.frames.source import Frames, all_columns
from reports.frames.tables import OF_TICKETS, TABLES
from tests import make
from tests.cast import MONDAY

LATER = MONDAY + timedelta(days=60)


def test_what_has_no_end_goes_up_to_the_instant_that_the_frames_tell_of(cast):
    """Whenever they are read: figures of last summer do not know the days since."""
    WorkingHours.objects.create(person=cast.bo, calendar=cast.calendar, since=date(2020, 1, 1))
    with time_machine.travel(LATER + timedelta(days=400), tick=False):
        days = Frames.live(now=MONDAY).read("working_days", ["day"])["day"]
        first, last = Frames.live(now=MONDAY).selection.span
    assert (first, last) == (MONDAY - timedelta(days=366), MONDAY)
    assert (days.min(), days.max()) == (pd.Timestamp(2025, 3, 1), pd.Timestamp(2026, 3, 2))


def test_a_selection_that_no_frames_are_read_for_has_no_span():
    with pytest.raises(ValueError, match="no span"):
        Selection().span  # noqa: B018 - asking is what is tried
    assert Selection(before=LATER).span[1] == LATER


@pytest.mark.parametrize("name", TABLES)
def test_a_frame_without_rows_has_the_columns_and_types_of_a_full_one(db, name):
    frames = Frames.live(now=LATER)
    table = TABLES[name]
    frame = frames.read(name)
    assert list(frame) == all_columns(table)
    types = {column: str(frame[column].dtype) for column in table.columns}
    assert types == {column: one.type for column, one in table.columns.items()}


def test_tickets_have_keys_and_names(cast):
    ticket = make.resolved_incident(cast, at=MONDAY)
    [row] = Frames.live(now=LATER).tickets.to_dict("records")
    assert (row["ticket"], row["team"], row["team_name"]) == (
        ticket.pk, cast.desk_team.pk, cast.desk_team.name,
    )  # fmt: skip
    assert (row["organization_name"], row["phase"]) == ("Acme", "done")
    assert row["resolved_at"] == ticket.resolved_at
    assert (row["is_child"], row["is_merged"], row["is_cancelled"]) == (False, False, False)


def test_confidential_tickets_and_the_desks_own_records_are_in_no_frame(cast):
    make.incident(cast, is_confidential=True)
    frames = Frames.live(now=LATER)
    for name in ("tickets", "phases", "teams", "clocks", "messages"):
        assert frames.read(name).empty, name


def test_a_team_has_what_it_holds_and_what_it_resolved(cast):
    held = make.incident(cast)
    solved = make.resolved_incident(cast, at=MONDAY + timedelta(hours=1))
    # As an imported history has it: another team took it over when it was solved.
    Ticket.objects.filter(pk=solved.pk).update(team=cast.network_team, reassignment_count=1)
    frames = Frames.live(Selection(teams=(cast.desk_team.pk,)), now=LATER)
    found = frames.tickets.set_index("ticket")
    assert list(found.index) == [held.pk, solved.pk]
    assert found.loc[solved.pk, "team"] == cast.network_team.pk
    assert found.loc[solved.pk, "solver_name"] == cast.desk_team.name


OF_AN_IMPORT = {
    "contact_type": "Phone", "made_sla": False, "resolution_recorded": False, "knowledge": True,
    "problem_id": "PRB1", "rfc": "CHG1", "caused_by": "CHG2", "closure_code": "Duplicate",
    "submitted_photo": True, "log_rows": 3, "activities": "A C A",
}  # fmt: skip
OF_OUR_OWN = {
    "contact_type": "", "made_sla": None, "resolution_recorded": True, "knowledge": False,
    "problem_id": "", "rfc": "", "caused_by": "", "closure_code": "", "submitted_photo": False,
    "log_rows": 0, "activities": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ({}, OF_OUR_OWN),
        (OF_AN_IMPORT, OF_AN_IMPORT | {"made_sla": 0}),
        ({"made_sla": True, "resolution_recorded": True}, OF_OUR_OWN | {"made_sla": 1}),
        ({"made_sla": None, "closure_code": None}, OF_OUR_OWN),
    ],
)
def test_what_an_import_kept_is_read_and_of_our_own_tickets_what_they_are(cast, kept, read):
    ticket = make.incident(cast)
    Ticket.objects.update(custom=kept)
    User.objects.filter(pk=cast.ann.pk).update(source_reference="crm:7")
    [row] = Frames.live(now=LATER).read("recorded").to_dict("records")
    assert row == {"ticket": ticket.pk, "requester_code": "crm:7", **read}


def test_what_was_over_before_an_instant_is_left_out_on_demand(cast):
    make.resolved_incident(cast, at=MONDAY)
    still_open = make.incident(cast, at=MONDAY)
    frames = Frames.live(Selection(since=MONDAY + timedelta(days=30)), now=LATER)
    assert list(frames.tickets["ticket"]) == [still_open.pk]
    assert set(frames.phases["ticket"]) == {still_open.pk}


def test_records_of_a_ticket_may_be_asked_for_what_the_ticket_is(cast):
    make.resolved_incident(cast, at=MONDAY)
    frames = Frames.live(now=LATER)
    found = frames.read("clocks", ["metric", "team_name", "service", "category_parent_name"])
    assert list(found) == ["metric", "team_name", "service", "category_parent_name"]
    assert set(found["team_name"]) == {cast.desk_team.name}
    phases = frames.read("phases", ["phase", *OF_TICKETS[3:6]])
    assert len(phases) == len(frames.phases)


def test_a_column_that_there_is_not_is_refused(db):
    with pytest.raises(KeyError, match="no column mood"):
        Frames.live(now=LATER).read("tickets", ["mood"])
