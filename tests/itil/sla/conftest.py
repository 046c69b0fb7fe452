"""Incidents of Ann's with clocks, and a database that several connections can open."""

import pytest

from itil.incidents.models import Incident
from tests.cast import MONDAY
from tests.portal.worker.conftest import shared_database

from .stored import Verbs, opened, promise

__all__ = ["shared_database"]


@pytest.fixture
def ticket(cast) -> Incident:
    """A new P3 incident: due at P3 are acknowledge 11:00, response 12:00, resolution Wed 10:00."""
    return opened(cast, MONDAY)


@pytest.fixture
def desk(cast, ticket) -> Verbs:
    """The verbs of the desk for `ticket`."""
    return Verbs(cast, ticket)


@pytest.fixture
def promised(cast):
    """A function that lets the default agreement promise only what it is given."""

    def only(**hours):
        promise(cast.agreement, **hours)

    return only
