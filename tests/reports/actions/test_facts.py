"""Fact files give what the database gives, and follow it."""

import fcntl
import os
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pandas.testing import assert_frame_equal

from itil.desk import actions as desk
from itil.tickets.models import Ticket
from reports.actions.facts import BusyError, build_facts, verify_facts
from reports.frames.facts import MANIFEST, TOGETHER, NoFactsError, folder, read_manifest
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.frames.tables import TABLES
from tests import make
from tests.cast import MONDAY

APRIL = MONDAY + timedelta(days=40)
LATER = MONDAY + timedelta(days=60)


@pytest.fixture
def desk_of_two_months(cast, settings, tmp_path):
    settings.FACTS_DIR = tmp_path / "facts"
    solved = make.resolved_incident(cast, at=MONDAY)
    desk.log_time(
        solved, by=cast.bo, minutes=25, activity=cast.activity, work_date=MONDAY.date(), at=APRIL
    )
    make.incident(cast, at=APRIL, team=cast.network_team)
    make.incident(cast, at=APRIL, is_confidential=True)
    make.incident(cast, at=APRIL, requester=cast.dov, by=cast.dov)
    return cast


def assert_same(selection):
    live, stored = Frames.live(selection, now=LATER), Frames.stored(selection, now=LATER)
    # Hours that no bound ends are told until now: both are read at one moment.
    with time_machine.travel(LATER, tick=False):
        for name in TABLES:
            assert_frame_equal(live.read(name), stored.read(name), obj=name)


def test_files_and_database_give_equal_frames(desk_of_two_months):
    cast = desk_of_two_months
    build_facts(now=LATER)
    for selection in (
        Selection(),
        Selection(before=APRIL),
        Selection(received_from=APRIL),
        Selection(since=APRIL),
        Selection(organizations=(cast.globex.pk,)),
        Selection(teams=(cast.desk_team.pk,)),
        Selection(services=(cast.mail_service.pk,), priorities=(3, 4)),
        Selection(kinds=("servicerequest",)),
    ):
        assert_same(selection)


def test_columns_of_a_few_are_those_of_the_whole(desk_of_two_months):
    build_facts(now=LATER)
    wanted = ["metric", "team_name", "outcome", "is_cancelled"]
    selection = Selection(since=APRIL)
    assert_frame_equal(
        Frames.live(selection, now=LATER).read("clocks", wanted),
        Frames.stored(selection, now=LATER).read("clocks", wanted),
    )


def test_only_the_months_in_which_something_changed_are_built_anew(desk_of_two_months):
    cast = desk_of_two_months
    assert build_facts(now=LATER).months == ("2026-03", "2026-04")
    before = read_manifest().months
    assert build_facts(now=LATER).months == ()
    old = Ticket.objects.order_by("pk").first()
    desk.move(old, "reopen", by=cast.ann, values={"reason": "Again."}, at=MONDAY + timedelta(2))
    assert build_facts(now=LATER + timedelta(minutes=5)).months == ("2026-03",)
    assert read_manifest().months["2026-04"] == before["2026-04"]
    assert_same(Selection())
    # Seen once, although the mark still lies before it.
    assert build_facts(now=LATER + timedelta(minutes=10)).months == ()
    assert build_facts(now=LATER + timedelta(hours=1)).months == ()


def test_a_change_of_booked_time_is_followed_though_the_ticket_tells_nothing(desk_of_two_months):
    cast = desk_of_two_months
    build_facts(now=LATER)
    entry = Ticket.objects.order_by("pk").first().time_entries.get()
    desk.remove_time(entry, by=cast.bo, reason="Booked twice.", at=LATER)
    assert "2026-03" in build_facts(now=LATER + timedelta(minutes=5)).months
    assert Frames.stored(now=LATER).time.empty


def test_a_ticket_that_became_confidential_leaves_the_files(desk_of_two_months):
    build_facts(now=LATER)
    ticket = Ticket.objects.order_by("pk").first()
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)
    differing = {(one.month, one.frame) for one in verify_facts()}
    assert ("2026-03", "tickets") in differing
    with pytest.raises(CommandError, match="frames differ"):
        call_command("build_facts", "--verify")
    call_command("build_facts", "--month", "2026-03")
    assert list(verify_facts()) == []


def test_what_a_killed_run_leaves_is_read_by_nobody_and_removed_later(desk_of_two_months):
    build_facts(now=LATER)
    half_made = folder() / "2026-03" / "0123456789ab"
    half_made.mkdir()
    (half_made / "tickets.parquet").write_bytes(b"PAR1")
    (folder() / "manifest.new").write_text("{")
    assert_same(Selection())
    build_facts(now=LATER)
    assert half_made.exists()
    os.utime(half_made, (0, 0))
    build_facts(now=LATER)
    assert not half_made.exists()
    assert_same(Selection())


def test_files_that_no_longer_count_stay_for_those_who_have_yet_to_open_them(desk_of_two_months):
    build_facts(now=LATER)
    begun = read_manifest()
    replaced = [
        folder() / "2026-03" / begun.months["2026-03"].generation,
        folder() / TOGETHER / begun.late_generation,
    ]
    # Written long ago, and replaced only now.
    for generation in replaced:
        os.utime(generation, (0, 0))
    expected = Frames.live(now=LATER).tickets
    reading = Frames.stored(now=LATER)
    build_facts(now=LATER, months=["2026-03"])
    assert all(generation.exists() for generation in replaced)
    assert_frame_equal(reading.tickets, expected)
    for generation in replaced:
        os.utime(generation, (0, 0))
    build_facts(now=LATER)
    assert not any(generation.exists() for generation in replaced)


def test_a_month_of_which_nothing_is_left_leaves_the_files(desk_of_two_months):
    build_facts(now=LATER)
    Ticket.objects.filter(received_at__gte=APRIL).delete()
    build_facts(now=LATER, everything=True)
    assert list(verify_facts()) == []
    assert_same(Selection())


def test_a_restored_database_is_noticed_though_it_has_grown_past_the_mark(desk_of_two_months):
    cast = desk_of_two_months
    make.incident(cast, at=MONDAY)
    build_facts(now=LATER)
    # The copy is of before the last ticket; the next one gets the keys that it had.
    lost = Ticket.objects.order_by("-pk").first()
    events = list(lost.events.order_by("pk").values_list("pk", flat=True))
    lost.delete()
    new = make.incident(cast, at=APRIL)
    for event, key in zip(new.events.order_by("pk"), events, strict=True):
        new.events.filter(pk=event.pk).update(id=key)
    assert build_facts(now=LATER).months == ("2026-03", "2026-04")
    assert list(verify_facts()) == []
    assert build_facts(now=LATER).months == ()


def test_a_first_run_that_came_to_grief_is_taken_up_again(desk_of_two_months):
    in_the_way = folder() / "2026-04"
    in_the_way.parent.mkdir()
    in_the_way.touch()
    with pytest.raises(OSError, match="2026-04"):
        build_facts(now=LATER)
    assert list(read_manifest().months) == ["2026-03"]
    in_the_way.unlink()
    assert build_facts(now=LATER).months == ("2026-03", "2026-04")


def test_two_processes_do_not_build_at_once(desk_of_two_months):
    folder().mkdir()
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BusyError):
            build_facts(now=LATER)


def test_files_of_another_version_are_not_read(desk_of_two_months):
    with pytest.raises(NoFactsError):
        Frames.stored(now=LATER)
    build_facts(now=LATER)
    path = folder() / MANIFEST
    path.write_text(path.read_text().replace(read_manifest().schema, "0" * 16))
    with pytest.raises(NoFactsError):
        Frames.stored(now=LATER)
    assert build_facts(now=LATER).months == ("2026-03", "2026-04")


def test_a_month_is_written_as_a_month(db):
    with pytest.raises(CommandError, match="Write a month as 2026-03"):
        call_command("build_facts", "--month", "2026-13")
