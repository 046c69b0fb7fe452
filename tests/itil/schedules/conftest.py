"""The database that two workers share."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
