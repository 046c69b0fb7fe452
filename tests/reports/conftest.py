"""Fixtures for several workers and machines."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
