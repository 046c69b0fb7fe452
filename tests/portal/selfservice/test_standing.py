"""What the frame of every page says of a person: decisions that wait, and boards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from itil.changes.models import BoardMember
from portal.selfservice.actions import ensure_home
from tests.itil.changes import world as worlds

BOARDS = reverse("changes:boards")
WAITS = '<span class="visually-hidden">1 waits for you</span>'


@pytest.fixture
def world(cast):
    ensure_home()
    return worlds.build(cast)


def menu(client, page: str) -> str:
    text = client.get(page).text
    return text[text.index('<nav aria-label="Main">') : text.index("</nav>")]


def entry(client, page: str) -> str:
    """The link to the boards in the menu, with its number."""
    found = menu(client, page)
    start = found.index(f'href="{BOARDS}"')
    return found[start : found.index("</li>", start)]


@pytest.mark.parametrize("page", ["/", reverse("selfservice:requests"), reverse("approvals:list")])
def test_a_member_without_duties_finds_the_boards_in_the_menu(world, signed_in, page):
    worlds.asked(world)
    assert WAITS in entry(signed_in(world.ruth), page)
    assert WAITS not in entry(signed_in(world.eve), page)


def test_who_sits_on_no_board_and_who_has_the_changes_at_the_desk_has_no_such_entry(
    world, signed_in
):
    for reader in (world.cast.ann, world.cast.bea, world.cast.bo, world.quinn):
        assert f'href="{BOARDS}"' not in menu(signed_in(reader), "/")
    world.cab.active = False
    world.cab.save()
    assert f'href="{BOARDS}"' not in menu(signed_in(world.ruth), "/")


def test_a_clerk_on_a_board_has_the_entry_as_her_desk_has_no_changes(world, signed_in):
    BoardMember.objects.create(board=world.cab, user=world.cast.bea)
    assert "Boards" in entry(signed_in(world.cast.bea), "/")


@pytest.mark.parametrize("page", ["/", reverse("selfservice:requests")])
def test_the_entry_takes_no_statement_of_its_own(world, signed_in, page):
    worlds.asked(world)
    counts = []
    for reader in (world.cast.ann, world.ruth):
        client = signed_in(reader)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
