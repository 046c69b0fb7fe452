"""A release reaches one customer after the other."""

import pytest

from itil.releases import actions
from itil.releases.models import Deployment
from itil.tickets.errors import NotAllowed, Refused
from tests.cast import MONDAY
from tests.itil.releases.world import HOUR


def test_each_customer_has_real_times(world):
    world.put("deploying")
    Deployment.objects.update(status="planned", ended_at=None)
    row = Deployment.objects.get(organization=world.cast.acme)
    bo = world.cast.bo
    actions.start_deployment(row, by=bo, at=MONDAY)
    actions.fail_deployment(row, note="No disk.", by=bo, at=MONDAY + HOUR)
    assert (row.status, row.note, row.ended_at) == ("failed", "No disk.", MONDAY + HOUR)
    actions.start_deployment(row, by=bo, at=MONDAY + 2 * HOUR)
    actions.finish_deployment(row, by=bo, at=MONDAY + 3 * HOUR)
    assert (row.status, row.started_at, row.ended_at) == (
        "successful",
        MONDAY + 2 * HOUR,
        MONDAY + 3 * HOUR,
    )
    with pytest.raises(Refused, match="already"):
        actions.finish_deployment(row, by=bo)


def test_not_before_it_was_let_go(world):
    row = Deployment.objects.first()
    with pytest.raises(Refused, match="nothing is rolled out now"):
        actions.start_deployment(row, by=world.cast.bo)
    world.put("deploying")
    with pytest.raises(NotAllowed):
        actions.start_deployment(row, by=world.who["agent"])
