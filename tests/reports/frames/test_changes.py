"""Fact files with what changed since are the database."""

from datetime import timedelta

import pytest
from pandas.testing import assert_frame_equal

from itil.desk import actions as desk
from itil.tickets.models import Ticket
from reports.actions.facts import build_facts
from reports.frames import changes
from reports.frames.changes import CurrentReader, changed_tickets
from reports.frames.facts import MANIFEST, folder, read_manifest
from reports.frames.live import LiveReader
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.frames.tables import stored_tables
from tests import make
from tests.cast import MONDAY

APRIL = MONDAY + timedelta(days=40)
LATER = MONDAY + timedelta(days=60)


@pytest.fixture
def built(cast, settings, tmp_path):
    """Fact files of two tickets solved in March and one of April that is open."""
    settings.FACTS_DIR = tmp_path / "facts"
    for hours in (0, 1):
        make.resolved_incident(cast, at=MONDAY + timedelta(hours=hours))
    make.taken_incident(cast, at=APRIL)
    build_facts(now=LATER)
    return cast


def assert_current(selection, reader=CurrentReader):
    latest, live = Frames.latest(selection, now=LATER), Frames.live(selection, now=LATER)
    assert type(latest._reader) is reader
    for name in stored_tables():
        found, expected = (
            frames.read(name).astype(dict.fromkeys(texts(frames.read(name)), "str"))
            for frames in (latest, live)
        )
        assert_frame_equal(found, expected, obj=name)


def texts(frame):
    return frame.columns[frame.dtypes == "category"]


def test_what_changed_since_they_were_built_is_read_from_the_database(built):
    cast = built
    assert changed_tickets(read_manifest()) == frozenset()
    reopened, solved, open_one = Ticket.objects.order_by("pk")
    desk.move(
        reopened, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY + timedelta(2)
    )
    desk.log_time(
        solved, by=cast.bo, minutes=25, activity=cast.activity, work_date=APRIL.date(), at=APRIL
    )
    desk.reply(open_one, by=cast.bo, text="Looking.", at=APRIL + timedelta(hours=1))
    new = make.incident(cast, at=APRIL, team=cast.network_team)
    assert changed_tickets(read_manifest()) == {reopened.pk, solved.pk, open_one.pk, new.pk}
    for selection in (
        Selection(),
        Selection(before=APRIL),
        Selection(since=APRIL),
        Selection(teams=(cast.desk_team.pk,)),
        Selection(organizations=(cast.globex.pk,)),
    ):
        assert_current(selection)
    build_facts(now=LATER + timedelta(minutes=5))
    assert changed_tickets(read_manifest()) == frozenset()


def test_a_look_keeps_to_the_files_it_began_with(built):
    manifest = read_manifest()
    changed = changed_tickets(manifest)
    (folder() / MANIFEST).unlink()
    reader = CurrentReader(manifest, changed)
    found = reader.read(stored_tables()["tickets"], ["ticket"], Selection())
    assert found["ticket"].tolist() == list(
        Ticket.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_a_change_that_names_no_ticket_sends_to_the_database(built):
    cast = built
    solved = Ticket.objects.order_by("pk").first()
    entry = desk.log_time(
        solved, by=cast.bo, minutes=25, activity=cast.activity, work_date=APRIL.date(), at=APRIL
    )
    build_facts(now=LATER)
    desk.remove_time(entry, by=cast.bo, reason="Booked twice.", at=LATER)
    assert_current(Selection(), LiveReader)


def test_so_do_many_changes_and_files_that_are_not_there(built, monkeypatch):
    cast = built
    monkeypatch.setattr(changes, "FEW", 1)
    for _ in range(2):
        make.incident(cast, at=APRIL)
    assert_current(Selection(), LiveReader)
    (folder() / MANIFEST).unlink()
    assert_current(Selection(), LiveReader)
