"""The house of the stories, and a database that several threads can open."""

import pytest

from tests.portal.worker.conftest import shared_database

from .people import furnish

__all__ = ["shared_database"]


@pytest.fixture
def house(cast):
    return furnish(cast)
