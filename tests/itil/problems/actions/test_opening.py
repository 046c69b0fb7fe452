"""A problem comes to be: from scratch or from incidents."""

import pytest

from itil.problems import actions
from itil.problems.models import Problem
from itil.tickets.errors import MissingValue, NotAllowed
from itil.tickets.models import TicketEvent
from tests import make
from tests.cast import MONDAY
from tests.itil.problems.world import manager


def test_it_begins_new_with_what_was_said(cast):
    found = actions.open_problem(
        by=cast.bo, title="Disks fill up", symptoms=" Exports stop. ", at=MONDAY
    )

    assert (found.status, found.requester, found.symptoms) == ("new", cast.bo, "Exports stop.")
    assert found.number.startswith("PRB-")
    assert not found.is_known_error


def test_it_is_opened_from_incidents_also_for_another_team(cast):
    incidents = [make.incident(cast) for _number in range(2)]

    found = actions.open_problem(
        by=cast.bo, title="Mail", team=cast.network_team, incidents=incidents, at=MONDAY
    )

    assert found.team == cast.network_team
    assert set(found.links_in.values_list("source", flat=True)) == {one.pk for one in incidents}


def test_a_problem_manager_opens_it_and_customers_do_not(cast):
    actions.open_problem(by=manager(cast), title="Disks fill up", at=MONDAY)
    events = TicketEvent.objects.count()
    for person in (cast.ann, cast.mia, cast.bea):
        with pytest.raises(NotAllowed):
            actions.open_problem(by=person, title="Disks fill up", at=MONDAY)

    assert (Problem.objects.count(), TicketEvent.objects.count()) == (1, events)


def test_without_a_title_or_with_incidents_nobody_may_see_nothing_is_opened(cast):
    hidden = make.incident(cast, team=cast.network_team, is_confidential=True)
    with pytest.raises(MissingValue):
        actions.open_problem(by=cast.bo, title=" ", at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.open_problem(by=cast.bo, title="Mail", incidents=[hidden], at=MONDAY)

    assert not Problem.objects.exists()
