"""Who reads what on a ticket after others were merged into it (`INC-5`, `VIS-1`)."""

import pytest

from itil.conversation.files import NewFile
from itil.conversation.models import Attachment
from itil.desk import actions as desk
from itil.desk.timeline import story
from itil.tickets import actions as tickets
from itil.tickets.models import Ticket
from portal.people.models import Membership, Role, Team
from tests import make
from tests.cast import MONDAY, person


def read(ticket, user) -> list[str]:
    """The texts of the conversation as `user` reads it on the ticket's page."""
    return [entry.message.text for entry in story(ticket, user) if entry.message]


@pytest.fixture
def eve(cast):
    """A colleague of Ann."""
    return person("Eve", cast.acme)


@pytest.fixture
def told(cast, eve):
    """Ann's ticket, into which Eve's was merged with a note, a file and a file on the note."""
    target = make.taken_incident(cast, text="Ann gets no mail.")
    source = make.incident(cast, by=eve, requester=eve, text="Eve gets none either.")
    desk.note(
        source, by=cast.bo, text="Secret.", attachments=[NewFile("log.txt", b"lines")], at=MONDAY
    )
    tickets.watch(target, cast.ann)
    desk.comment(
        source, by=source.requester, text="A picture.", attachments=[NewFile("a.txt", b"picture")]
    )
    return desk.merge(source, target, by=cast.bo)


@pytest.mark.parametrize(
    ("name", "own", "notes"),
    [
        ("ann", [], False),
        ("eve", ["Eve gets none either.", "A picture."], False),
        ("bo", ["Eve gets none either.", "A picture."], True),
        ("cleo", ["Eve gets none either.", "A picture."], True),
        ("root", ["Eve gets none either.", "A picture."], True),
        ("ned", [], False),
        ("mia", [], False),
        ("dov", [], False),
    ],
)
def test_what_came_along_is_read_by_the_desk_and_by_its_own_people(
    cast, told, eve, name, own, notes
):
    cast.eve = eve
    texts = read(told, getattr(cast, name))

    assert [text for text in texts if text in ("Eve gets none either.", "A picture.")] == own
    assert ("Secret." in texts) == notes


@pytest.mark.parametrize(
    ("name", "public", "internal"),
    [
        ("ann", 404, 404),
        ("eve", 200, 404),
        ("bo", 200, 200),
        ("cleo", 200, 200),
        ("ned", 404, 404),
        ("mia", 404, 404),
        ("dov", 404, 404),
    ],
)
def test_files_follow_their_messages(signed_in, cast, told, eve, name, public, internal):
    cast.eve = eve
    client = signed_in(getattr(cast, name))
    files = {file.name: file for file in Attachment.objects.all()}

    for file, status in (("a.txt", public), ("log.txt", internal)):
        assert client.get(f"/attachments/{files[file].uuid}/").status_code == status


def test_the_team_that_gets_the_target_reads_what_came_along(signed_in, cast, told):
    desk.hand_over(told, cast.network_team, by=cast.bo)
    file = Attachment.objects.get(name="log.txt")

    assert "Secret." in read(told, cast.ned)
    assert signed_in(cast.ned).get(f"/attachments/{file.uuid}/").status_code == 200
    # The ticket itself stays with the team that had it.
    assert not Ticket.objects.visible_to(cast.ned).filter(merged_into=told).exists()


def test_what_is_confidential_stays_so_whatever_becomes_of_the_target(cast):
    vault = Team.objects.create(name="Vault", slug="vault", restricted=True)
    Membership.objects.create(user=cast.bo, role=Role.AGENT, team=vault)
    source, target = (make.incident(cast, team=vault, text=text) for text in ("One", "Two"))
    desk.merge(source, target, by=cast.bo)
    # No verb makes a ticket less confidential yet; an administrator might.
    Ticket.objects.filter(pk=target.pk).update(is_confidential=False, team=cast.desk_team)
    target.refresh_from_db()

    assert read(target, cast.cleo) == ["Two"]


def test_the_story_takes_as_many_statements_with_merged_tickets_as_without(
    cast, django_assert_num_queries
):
    target = make.incident(cast)
    cast.bo.grants  # noqa: B018 - read once per request
    for number in range(12):
        source = make.incident(cast, text=f"Text {number}")
        desk.merge(source, target, by=cast.bo)

    with django_assert_num_queries(3):
        texts = read(target, cast.bo)
    assert len(texts) == 13
