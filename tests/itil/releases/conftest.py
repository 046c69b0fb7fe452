import pytest

from .world import World


@pytest.fixture
def world(cast):
    return World(cast)
