import pytest

from portal.worker.dispatch import dispatch_events
from tests import make


@pytest.fixture
def ticket(cast):
    """Ann's incident, its receipt written."""
    ticket = make.incident(cast)
    dispatch_events()
    return ticket
