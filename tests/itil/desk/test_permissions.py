"""Who may do what to a ticket (domain section 8), person by person."""

import pytest

from itil.desk import permissions
from itil.tickets import actions as tickets
from itil.tickets.lifecycle import Actor
from itil.tickets.models import Ticket
from tests import make
from tests.cast import person

REQUESTER, AGENT, LEAD = Actor.REQUESTER, Actor.AGENT, Actor.LEAD

# On a ticket of the service desk, asked for by Ann and assigned to nobody.
STANDING = {
    "ann": {REQUESTER},
    "bo": {AGENT},
    "ned": set(),
    "cleo": {AGENT, LEAD},
    "mia": set(),
    "bea": set(),
    "dov": set(),
    "root": set(),
}
# Who may: reply, note, comment, assign, edit, override the priority, leave clocks out, log time.
VERBS = ("reply", "note", "comment", "assign", "edit", "override_priority", "exclude", "log_time")
ALLOWED = {
    "desk": {
        "ann": {"comment"},
        "bo": {"reply", "note", "assign", "edit", "log_time"},
        "ned": set(),
        "cleo": {"reply", "note", "assign", "edit", "override_priority", "exclude", "log_time"},
        "mia": set(),
        "bea": set(),
        "dov": set(),
        "root": set(),
    },
    # Leads read, note, assign and classify in every queue, but answer only in their own.
    "network": {
        "ann": {"comment"},
        "bo": set(),
        "ned": {"reply", "note", "assign", "edit", "log_time"},
        "cleo": {"note", "assign", "edit"},
        "root": set(),
    },
    "unteamed": {
        "bo": {"reply", "note", "assign", "edit", "log_time"},
        "ned": {"reply", "note", "assign", "edit", "log_time"},
        "cleo": {"reply", "note", "assign", "edit", "override_priority", "exclude", "log_time"},
        "mia": set(),
    },
    # Confidential and held by the network team.
    "secret": {
        "ann": {"comment"},
        "bo": set(),
        "ned": {"reply", "note", "assign", "edit", "log_time"},
        "cleo": set(),
        "root": set(),
    },
    "secret and unteamed": {"ann": {"comment"}, "bo": set(), "cleo": set(), "root": set()},
}


@pytest.fixture
def world(cast):
    """The tickets by name, all asked for by Ann."""
    network = {"team": cast.network_team}
    return {
        "desk": make.incident(cast),
        "network": make.incident(cast, **network),
        "unteamed": make.incident(cast, team=None),
        "secret": make.incident(cast, is_confidential=True, **network),
        "secret and unteamed": make.incident(cast, is_confidential=True, team=None),
    }


def allowed(user, ticket) -> set[str]:
    return {verb for verb in VERBS if getattr(permissions, f"may_{verb}")(user, ticket)}


@pytest.mark.parametrize("name", STANDING)
def test_each_person_stands_so_to_a_ticket_of_the_service_desk(cast, world, name):
    assert permissions.standing(getattr(cast, name), world["desk"]) == STANDING[name]


@pytest.mark.parametrize(
    ("ticket", "name"), [(ticket, name) for ticket, names in ALLOWED.items() for name in names]
)
def test_each_person_may_do_this_and_nothing_else(cast, world, ticket, name):
    assert allowed(getattr(cast, name), world[ticket]) == ALLOWED[ticket][name]


def test_the_system_stands_as_itself(cast, world):
    assert permissions.standing(None, world["secret"]) == {Actor.SYSTEM}
    assert permissions.may_comment(None, world["secret"])


def test_the_assignee_works_on_it_whichever_team_holds_it(cast, world):
    ticket = world["secret"]
    Ticket.objects.filter(pk=ticket.pk).update(assignee=cast.bo)
    ticket.refresh_from_db()

    assert permissions.standing(cast.bo, ticket) == {AGENT, Actor.OWNER}


def test_a_watcher_comments_and_does_nothing_else(cast, world):
    tickets.watch(world["network"], cast.dov)

    assert allowed(cast.dov, world["network"]) == {"comment"}


def test_a_contact_who_sees_the_organization_stands_as_the_requester(cast, world):
    olga = person("Olga", cast.acme, sees_organization=True)

    assert permissions.standing(olga, world["desk"]) == {REQUESTER}
    assert permissions.standing(olga, world["secret"]) == set()


def test_a_manager_who_asks_is_a_requester_and_no_more(cast):
    ticket = make.incident(cast, by=cast.mia, requester=cast.mia)

    assert allowed(cast.mia, ticket) == {"comment"}


@pytest.mark.parametrize(
    ("name", "may"),
    [("ann", True), ("bo", True), ("cleo", True), ("dov", False), ("mia", False), ("root", False)],
)
def test_only_agents_open_for_somebody_else(cast, name, may):
    assert permissions.may_open_for(getattr(cast, name), cast.ann) is may
