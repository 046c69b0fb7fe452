"""What the history and the forms of the desk tell to those who read no internal texts."""

import pytest

from itil.desk import actions as desk
from itil.desk.permissions import may_read_notes
from itil.desk.timeline import story
from itil.incidents.models import Incident
from itil.tickets import actions as tickets
from itil.tickets.models import Ticket
from tests import make
from tests.cast import MONDAY

PEOPLE = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


def readers(cast, ticket):
    return {name for name in PEOPLE if may_read_notes(getattr(cast, name), ticket)}


def lines(ticket, user, *, texts):
    told = story(ticket, user, texts=texts)
    return [line.text for entry in told for line in entry.happenings]


def test_internal_texts_are_read_by_the_team_by_leads_and_by_administrators(cast):
    """'View internal notes': `T` of agents, `A` of leads and administrators, `-` of managers."""
    ticket = make.taken_incident(cast)
    assert readers(cast, ticket) == {"bo", "cleo", "root"}
    Ticket.objects.filter(pk=ticket.pk).update(assignee=cast.ned)
    assert readers(cast, Ticket.objects.get(pk=ticket.pk)) == {"bo", "ned", "cleo", "root"}


def test_of_a_ticket_without_a_team_they_are_read_by_every_agent(cast):
    assert readers(cast, make.incident(cast, team=None)) == {"bo", "ned", "cleo", "root"}


def test_those_of_a_secret_are_read_by_its_team_alone(cast):
    ticket = make.incident(cast, is_confidential=True)
    assert readers(cast, ticket) == {"bo", "cleo"}
    assert may_read_notes(None, ticket)


def test_the_reader_of_no_texts_learns_what_was_done_and_not_why(cast):
    ticket = make.taken_incident(cast)
    desk.override_priority(ticket, 2, by=cast.cleo, reason="The board waits.", at=MONDAY)
    [full] = [one for one in lines(ticket, cast.cleo, texts=True) if "priority from" in one]
    [bare] = [one for one in lines(ticket, cast.mia, texts=False) if "priority from" in one]
    assert full.endswith(" (The board waits.)")
    assert full.removesuffix(" (The board waits.)") == bare


def test_the_page_of_a_ticket_tells_a_manager_no_reasons(cast, signed_in):
    ticket = make.taken_incident(cast)
    desk.override_priority(ticket, 2, by=cast.cleo, reason="The board waits.", at=MONDAY)
    for reader, tells in ((cast.mia, False), (cast.bo, True)):
        page = signed_in(reader).get(ticket.get_absolute_url()).content.decode()
        assert ("The board waits." in page) is tells


@pytest.mark.parametrize(("name", "knows"), [("cleo", True), ("ned", False)])
def test_resolving_a_parent_names_the_children_that_one_may_see(cast, signed_in, name, knows):
    """Ned takes part in the parent, and has nothing to do with what stands below it."""
    parent = make.taken_incident(cast)
    child = make.incident(cast, by=cast.dov, requester=cast.dov)
    desk.set_parent(child, parent, by=cast.bo, at=MONDAY)
    tickets.watch(parent, cast.ned)
    client = signed_in(getattr(cast, name))
    page = client.get(f"/desk/tickets/{parent.number}/move/resolve/").content.decode()
    assert (child.number in page) is knows
    assert Incident.objects.get(pk=parent.pk).status == "in_progress"
