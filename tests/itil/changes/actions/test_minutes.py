"""The minutes on paper: who reads which lines, when they are made again, and when no more."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from itil.changes import actions
from itil.changes.models import MinutesFile
from portal.people.models import Membership, Role
from tests.cast import MONDAY, person
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR


@pytest.fixture
def world(cast):
    return worlds.build(cast)


@pytest.fixture
def change(world):
    """It waits for the board, and Quinn has voted."""
    change = worlds.asked(world)
    worlds.vote(change, world.quinn, at=MONDAY, reason="After payroll.")
    return change


@pytest.fixture
def meeting(world, change):
    times = {"starts_at": MONDAY + HOUR, "votes_until": MONDAY + 2 * HOUR}
    return actions.plan_meeting(world.cab, by=world.chas, at=MONDAY, place="Delft", **times)


def printed(meeting, reader) -> bytes:
    actions.make_minutes(meeting, reader)
    return actions.minutes_pdf(meeting, reader)


def text_of(content: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
    )


def test_they_tell_who_was_there_what_was_said_and_how_each_voted(world, meeting, change):
    actions.take_minutes(
        meeting,
        by=world.ruth,
        remarks="Short.",
        present_people=[world.ruth],
        said={meeting.agenda.get().pk: "It can wait."},
    )
    meeting.refresh_from_db()
    text = text_of(printed(meeting, world.ruth))
    for words in (
        "CAB, 2 Mar 2026",
        "2 Mar 2026, 11:00, Delft",
        "Present Ruth",
        "Short.",
        f"1. {change.number} Swap the switch",
        "It can wait.",
        "Quinn Approved After payroll.",
        "Ruth Waiting",
        "Page 1 of 1",
        "not closed yet",
    ):
        assert words in text, (words, text)


def test_they_are_stored_with_their_hash_and_tagged(world, meeting):
    content = printed(meeting, world.ruth)
    stored = MinutesFile.objects.get()
    assert stored.file.name == f"minutes/{meeting.uuid}/{stored.uuid}.pdf"
    assert stored.file.read() == content
    pdf = PdfReader(io.BytesIO(content))
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "Minutes of CAB, 2 Mar 2026"
    with stored.file.storage.open(stored.file.name, "ab") as file:
        file.write(b"%")
    assert actions.minutes_pdf(meeting, world.ruth) is None


def test_many_lines_take_several_pages_each_with_its_number(world, meeting):
    for number in range(12):
        change = worlds.draft(world, title=f"Swap switch {number}")
        actions.put_on_agenda(meeting, change, by=world.ruth, at=MONDAY)
    pages = PdfReader(io.BytesIO(printed(meeting, world.ruth))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert "Minutes of CAB, 2 Mar 2026" in text
        assert f"Page {number} of {len(pages)}" in text


@pytest.mark.parametrize("what", ["said", "vote", "title", "agenda"])
def test_open_minutes_are_made_again_when_anything_in_them_changes(world, meeting, change, what):
    printed(meeting, world.ruth)
    if what == "said":
        actions.take_minutes(meeting, by=world.ruth, remarks="Longer.")
    elif what == "vote":
        worlds.vote(change, world.ruth, at=MONDAY, reason="Fine.")
    elif what == "title":
        type(change).objects.filter(pk=change.pk).update(title="Swap both")
    else:
        actions.put_on_agenda(meeting, worlds.draft(world), by=world.ruth, at=MONDAY)
    meeting.refresh_from_db()
    assert actions.minutes_pdf(meeting, world.ruth) is None
    assert printed(meeting, world.ruth) is not None
    assert MinutesFile.objects.count() == 1


def test_a_new_file_takes_the_place_of_the_old_one_in_the_store(world, meeting):
    printed(meeting, world.ruth)
    old = MinutesFile.objects.get().file
    meeting = actions.take_minutes(meeting, by=world.ruth, remarks="Longer.")
    printed(meeting, world.ruth)
    new = MinutesFile.objects.get().file
    assert new.storage.exists(new.name)
    assert new.name != old.name
    assert not old.storage.exists(old.name)


def test_files_of_another_agenda_are_dropped(
    world, meeting, change, django_capture_on_commit_callbacks
):
    printed(meeting, world.ruth)
    old = MinutesFile.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_off_agenda(meeting.agenda.get(), by=world.ruth)
    assert not MinutesFile.objects.exists()
    assert not old.storage.exists(old.name)


def test_closed_minutes_tell_of_a_change_as_it_stood_then(world, meeting, change):
    end = MONDAY + 2 * HOUR
    meeting = actions.close_meeting(meeting, by=world.ruth, at=end)
    content = printed(meeting, world.chas)
    assert "by Ruth, 2 Mar 2026, 12:00" in text_of(content)
    worlds.vote(change, world.ruth, at=MONDAY, reason="Fine.")
    change.refresh_from_db()
    assert change.status == "scheduled"
    type(change).objects.filter(pk=change.pk).update(title="Swap both", risk="high")
    assert actions.minutes_pdf(meeting, world.chas) == content
    assert "Status Waiting for authorization" in text_of(content)


def test_each_reader_has_the_lines_that_they_may_read(world, meeting, change):
    """An agent of another team sees the board, and not this change."""
    dan = person("Dan", world.cast.halden)
    Membership.objects.create(user=dan, role=Role.AGENT, team=world.cast.desk_team)
    assert change.title in text_of(printed(meeting, world.ruth))
    assert change.title not in text_of(printed(meeting, dan))
    assert actions.minutes_pdf(meeting, world.chas) == actions.minutes_pdf(meeting, world.ruth)
    assert MinutesFile.objects.count() == 2


def test_a_file_is_asked_for_once_a_minute(world, meeting):
    assert actions.request_minutes(meeting, world.ruth, at=MONDAY)
    soon = MONDAY + timedelta(seconds=59)
    assert not actions.request_minutes(meeting, world.ruth, at=soon)
    assert actions.request_minutes(meeting, world.ruth, at=soon + timedelta(seconds=1))
    printed(meeting, world.ruth)
    assert actions.request_minutes(meeting, world.ruth, at=soon + timedelta(seconds=2))


def test_a_page_follows_when_the_file_is_there(world, meeting, client):
    """Without scripts; the second request does not ask the worker again."""
    client.force_login(world.ruth)
    actions.request_minutes(meeting, world.ruth, at=timezone.now())
    page = client.get(reverse("changes:minutes", args=[world.cab.pk, meeting.pk]))
    assert (page.status_code, page["Refresh"]) == (202, "2")
    assert "The PDF is being made" in page.text
    actions.make_minutes(meeting, world.ruth)
    page = client.get(reverse("changes:minutes", args=[world.cab.pk, meeting.pk]))
    assert (page.status_code, page["Content-Type"]) == (200, "application/pdf")
    assert page["Content-Disposition"] == 'inline; filename="minutes-cab-2026-03-02.pdf"'
    assert page["Cache-Control"] == "private, no-store"


def test_for_who_sees_no_such_board_there_are_no_minutes(world, meeting, client):
    for person_ in (world.eve, world.cast.ann, world.cast.mia, world.cast.bea):
        client.force_login(person_)
        page = client.get(reverse("changes:minutes", args=[world.cab.pk, meeting.pk]))
        assert page.status_code == 404
    assert not MinutesFile.objects.exists()
