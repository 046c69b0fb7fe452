"""Fixtures for all tests."""

from pathlib import Path

import pytest

from . import cast as cast_module

# Real service-desk records may lie beside the checkout; their tests are collected only then.
REAL_RECORDS = Path(__file__).resolve().parents[2] / "shared" / "data"
collect_ignore = [] if REAL_RECORDS.is_dir() else ["real_records"]


@pytest.fixture
def cast(db):
    """Ann, Bo, Cleo and the others, with their organizations, teams and service levels."""
    return cast_module.assemble()


@pytest.fixture
def signed_in(client):
    """A function that signs a person in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
