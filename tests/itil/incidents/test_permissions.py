"""Who may do what about major incidents, role by role (domain section 8)."""

import pytest

from itil.incidents import permissions
from itil.incidents.lifecycle import MAJOR
from itil.incidents.models import Incident, MajorIncident, MajorRole, MajorRoleHolder
from portal.people.models import Membership, Role
from tests import make
from tests.cast import person

PEOPLE = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root", "lea")
LEADS = {"cleo", "lea"}


@pytest.fixture
def people(cast):
    """The cast and Lea, who leads another team; nobody is the system."""
    lea = person("Lea", cast.halden)
    Membership.objects.create(user=lea, role=Role.LEAD, team=cast.network_team)
    known = {name: getattr(cast, name, lea) for name in PEOPLE}
    return known | {"system": None}


def may(check, people, *about):
    return {name for name, one in people.items() if check(one, *about)}


def confidential(incident):
    Incident.objects.filter(pk=incident.pk).update(is_confidential=True)
    incident.refresh_from_db()
    return incident


def test_agents_of_the_queue_every_lead_and_rules_propose(cast, people):
    incident = make.incident(cast)

    assert may(permissions.may_propose, people, incident) == {"bo", "system"} | LEADS


def test_every_lead_has_the_duty_in_every_queue(cast, people):
    assert may(permissions.may_manage, people, make.incident(cast)) == LEADS


def test_a_confidential_incident_is_left_to_its_own_team(cast, people):
    incident = confidential(make.incident(cast))

    assert may(permissions.may_manage, people, incident) == {"cleo"}
    assert may(permissions.may_propose, people, incident) == {"bo", "cleo", "system"}


def test_each_step_is_taken_by_the_actors_of_its_row(cast, people):
    incident = make.incident(cast)
    found = {move.verb: may(permissions.may_step, people, incident, move) for move in MAJOR.moves}

    assert found == {
        "propose": {"bo", "system"} | LEADS,
        "accept": {"system"} | LEADS,
        "reject": LEADS,
        "demote": LEADS,
        "review": LEADS,
        "resolve": {"system"},
        "resume": {"system"},
    }


def test_updates_are_written_by_the_duty_the_team_and_who_holds_a_role(cast, people):
    major = MajorIncident.objects.create(incident=make.incident(cast))
    assert may(permissions.may_update, people, major) == {"bo"} | LEADS

    MajorRoleHolder.objects.create(major=major, role=MajorRole.COMMUNICATIONS, person=cast.ned)

    assert may(permissions.may_update, people, major) == {"bo", "ned"} | LEADS
