"""Who may do what to an entry, role by role (domain section 8)."""

import pytest

from itil.timesheets import permissions
from itil.timesheets.recipients import deciders_of
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


def test_nobody_decides_about_the_own_time_so_that_of_the_only_lead_is_the_managers(cast):
    own = make.submitted(cast, agent=cast.cleo)

    assert those_who("may_decide", cast, own) == {"mia"}
    assert those_who("may_correct", cast, own) == {"cleo", "mia"}
    assert deciders_of(own) == [cast.mia]


def test_a_second_lead_of_the_team_comes_before_the_managers(cast):
    lea = person("Lea", cast.halden)
    lea.memberships.create(role="lead", team=cast.desk_team)
    own = make.submitted(cast, agent=cast.cleo)

    assert those_who("may_decide", cast, own) == set()
    assert permissions.may_decide(lea, own)
    assert deciders_of(own) == [lea]
    # Who has left decides nothing.
    lea.is_active = False
    lea.save()
    assert deciders_of(own) == [cast.mia]


def test_where_there_is_no_manager_either_a_lead_of_another_team_decides(cast):
    lea = person("Lea", cast.halden)
    lea.memberships.create(role="lead", team=cast.network_team)
    own = make.submitted(cast, agent=cast.cleo)
    assert not permissions.may_decide(lea, own)
    cast.mia.memberships.all().delete()
    lea = type(lea).objects.get(pk=lea.pk)

    assert permissions.may_decide(lea, own)
    assert deciders_of(own) == [lea]


def test_a_manager_who_works_decides_about_the_own_time_no_more_than_others(cast):
    cast.mia.memberships.create(role="agent", team=cast.network_team)
    own = make.submitted(cast, agent=cast.mia, ticket=world.incident(cast, team=cast.network_team))

    assert those_who("may_decide", cast, own) == {"cleo"}
    assert deciders_of(own) == [cast.cleo]


def test_time_of_a_team_without_a_lead_is_the_managers(cast):
    entry = make.submitted(
        cast, agent=cast.ned, ticket=world.incident(cast, team=cast.network_team)
    )

    assert those_who("may_decide", cast, entry) == {"mia"}
    assert deciders_of(entry) == [cast.mia]


def test_a_lead_of_the_person_does_not_meet_confidential_time_so_managers_decide(cast):
    own = make.submitted(cast, agent=cast.bo)
    own.ticket.is_confidential = True
    own.ticket.team = cast.network_team
    own.ticket.save()

    assert deciders_of(own) == [cast.mia]
    assert those_who("may_decide", cast, own) == {"mia"}


def test_an_approved_entry_is_opened_again_by_the_lead_only(cast):
    assert those_who("may_reopen", cast, make.approved(cast)) == {"cleo"}


def test_a_lead_decides_about_the_own_people_wherever_they_worked(cast):
    elsewhere = make.submitted(cast, ticket=world.incident(cast, team=cast.network_team))
    stranger = person("Lea", cast.halden)
    stranger.memberships.create(role="lead", team=cast.network_team)

    assert those_who("may_decide", cast, elsewhere) == {"cleo"}
    assert permissions.may_decide(stranger, elsewhere)
    assert not permissions.may_decide(stranger, make.submitted(cast))
