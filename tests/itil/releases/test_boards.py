"""What the members of a board read of a release: 'R' of go or no-go (domain section 8, `c3`)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from itil.changes.models import AdvisoryBoard, BoardMeeting, BoardMember
from itil.releases import actions
from itil.releases.models import Release
from tests.cast import MONDAY, person
from tests.itil.changes.plans import planned

from .world import HOUR


@pytest.fixture
def board():
    return AdvisoryBoard.objects.create(name="CAB")


@pytest.fixture
def ruth(world, board):
    """A member without any duty at the desk."""
    found = person("Ruth", world.cast.halden)
    BoardMember.objects.create(board=board, user=found)
    return found


@pytest.fixture
def meeting(board):
    return BoardMeeting.objects.create(board=board, starts_at=MONDAY, votes_until=MONDAY + HOUR)


def go_page(release) -> str:
    return reverse("releases:go", args=[release.number])


def test_a_member_reads_go_or_no_go_of_what_is_on_the_own_agenda(world, ruth, meeting, signed_in):
    client = signed_in(ruth)
    listed = reverse("releases:boards")
    assert "No releases yet" in client.get(listed).text
    assert client.get(go_page(world.release)).status_code == 404
    meeting.agenda.create(change=world.change)
    world.put("approval")
    Release.objects.update(exit_criteria="214 checks pass.", scope="All of autumn.")
    assert world.release.number in client.get(listed).text
    shown = client.get(go_page(world.release)).text
    for words in ("214 checks pass.", "All of autumn.", "Fine.", "Mara", world.change.sheet_url):
        assert words in shown, words


def test_of_its_changes_a_member_meets_those_before_the_own_board(world, ruth, meeting, signed_in):
    other = planned(world.cast, title="Swap the switch")
    actions.add_change(world.release, other, by=world.mara, at=MONDAY)
    meeting.agenda.create(change=world.change)
    shown = signed_in(ruth).get(go_page(world.release)).text
    assert world.change.number in shown
    assert other.number not in shown
    assert "Swap the switch" not in shown
    # Who gets it is the business of the desk.
    assert "Pilot" not in shown
    assert world.cast.acme.name not in shown


def test_a_member_reads_and_decides_nothing(world, ruth, meeting, signed_in):
    meeting.agenda.create(change=world.change)
    world.put("approval")
    client, number = signed_in(ruth), world.release.number
    typed = {"is_go": "go", "note": "Fine."}
    assert client.post(reverse("releases:decide", args=[number]), typed).status_code == 404
    assert client.get(reverse("releases:release", args=[number])).status_code == 404
    assert world.release.decisions.count() == 1


def test_a_confidential_release_and_those_of_other_boards_are_not_there(
    world, ruth, meeting, signed_in
):
    meeting.agenda.create(change=world.change)
    eve = person("Eve", world.cast.halden)
    other = AdvisoryBoard.objects.create(name="Emergency board", kind="ecab")
    BoardMember.objects.create(board=other, user=eve)
    for reader in (eve, world.cast.ann, world.cast.bo, world.mara):
        assert signed_in(reader).get(go_page(world.release)).status_code == 404
    assert world.release.number not in signed_in(eve).get(reverse("releases:boards")).text
    for reader in (world.cast.ann, world.cast.bo):
        assert signed_in(reader).get(reverse("releases:boards")).status_code == 404
    Release.objects.update(is_confidential=True)
    assert signed_in(ruth).get(go_page(world.release)).status_code == 404
    assert world.release.number not in signed_in(ruth).get(reverse("releases:boards")).text


def test_the_list_costs_the_same_for_one_release_and_for_many(world, ruth, meeting, signed_in):
    meeting.agenda.create(change=world.change)
    client, page = signed_in(ruth), reverse("releases:boards")
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert client.get(page).status_code == 200
    for number in range(3):
        change = planned(world.cast, title=f"Patch {number}")
        release = actions.open_release(
            by=world.cast.bo,
            title=f"Next {number}",
            version=f"5.{number}",
            service=world.cast.mail_service,
            at=MONDAY,
        )
        actions.add_change(release, change, by=world.mara, at=MONDAY)
        meeting.agenda.create(change=change)
    with CaptureQueriesContext(connection) as many:
        assert "Next 2" in client.get(page).text
    assert len(many) == len(one)
