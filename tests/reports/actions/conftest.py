"""Fixtures for what workers do with reports."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
