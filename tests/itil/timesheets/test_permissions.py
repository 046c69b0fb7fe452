"""Who may do what to an entry, role by role (domain section 8)."""

import pytest

from itil.timesheets import permissions
from tests import make as world
from tests.cast import person

from . import make


@pytest.fixture
def entry(cast):
    """Bo's time, on a ticket of the service desk."""
    return make.submitted(cast)


EVERYBODY = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


def those_who(verb, cast, entry):
    may = getattr(permissions, verb)
    return {name for name in EVERYBODY if may(getattr(cast, name), entry)}


@pytest.mark.parametrize(
    ("verb", "names"),
    [
        ("may_decide", {"cleo"}),
        ("may_correct", {"bo", "cleo"}),
        ("may_reopen", {"bo", "cleo"}),
        ("may_write_off", {"cleo", "bea"}),
    ],
)
def test_only_who_worked_and_who_leads_the_team(cast, entry, verb, names):
    assert those_who(verb, cast, entry) == names


def test_nobody_decides_about_the_own_time(cast):
    own = make.submitted(cast, agent=cast.cleo)

    assert those_who("may_decide", cast, own) == set()
    assert those_who("may_correct", cast, own) == {"cleo"}


def test_an_approved_entry_is_opened_again_by_the_lead_only(cast):
    assert those_who("may_reopen", cast, make.approved(cast)) == {"cleo"}


def test_a_lead_decides_about_the_own_people_wherever_they_worked(cast):
    elsewhere = make.submitted(cast, ticket=world.incident(cast, team=cast.network_team))
    stranger = person("Lea", cast.halden)
    stranger.memberships.create(role="lead", team=cast.network_team)

    assert those_who("may_decide", cast, elsewhere) == {"cleo"}
    assert permissions.may_decide(stranger, elsewhere)
    assert not permissions.may_decide(stranger, make.submitted(cast))
