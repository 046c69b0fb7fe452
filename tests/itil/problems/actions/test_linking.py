"""Incidents are linked to the problem that causes them."""

import pytest

from itil.problems import actions
from itil.tickets.errors import NotAllowed
from tests import make
from tests.cast import MONDAY
from tests.itil.problems.world import problem, problem_in, state_of


def test_each_incident_is_linked_once(cast):
    found, incident = problem(cast), make.incident(cast)

    counts = [actions.link_incidents(found, [incident], by=cast.bo, at=MONDAY) for _n in range(2)]

    assert counts == [1, 0]
    assert found.links_in.get().source_id == incident.pk


def test_one_that_the_person_may_not_see_links_none(cast):
    found, incident = problem(cast), make.incident(cast)
    hidden = make.incident(cast, team=cast.network_team, is_confidential=True)
    before = state_of(found)

    with pytest.raises(NotAllowed, match="that you can see"):
        actions.link_incidents(found, [incident, hidden], by=cast.bo, at=MONDAY)

    assert state_of(found) == before


def test_problems_do_not_cause_problems(cast):
    found, other = problem(cast), problem(cast)
    before = state_of(found)

    with pytest.raises(NotAllowed):
        actions.link_incidents(found, [other], by=cast.bo, at=MONDAY)

    assert state_of(found) == before


def test_a_link_is_ended_once_by_those_who_work_on_it(cast):
    found, incident = problem_in(cast, "assessment"), make.incident(cast)
    actions.link_incidents(found, [incident], by=cast.bo, at=MONDAY)
    before = state_of(found)
    with pytest.raises(NotAllowed):
        actions.link_incidents(found, [incident], by=cast.ned, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.unlink_incident(found, incident, by=cast.ned, at=MONDAY)
    assert state_of(found) == before

    ended = [actions.unlink_incident(found, incident, by=cast.bo, at=MONDAY) for _n in range(2)]

    assert ended == [True, False]
    assert not found.links_in.exists()
