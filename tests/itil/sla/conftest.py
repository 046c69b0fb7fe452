"""A ticket with and without clocks."""

import pytest

from itil.incidents.models import Incident
from itil.sla import actions
from itil.tickets.models import Channel
from tests.cast import MONDAY


@pytest.fixture
def ticket(cast) -> Incident:
    """A new P3 incident of Ann's whose clocks have not been started yet."""
    return Incident.objects.create(
        number="INC-000001",
        kind="incident",
        title="Mail does not arrive",
        status="new",
        phase="open",
        priority=3,
        channel=Channel.PORTAL,
        requester=cast.ann,
        organization=cast.acme,
        received_at=MONDAY,
    )


@pytest.fixture
def running(ticket) -> Incident:
    actions.start_clocks(ticket, at=MONDAY)
    return ticket
