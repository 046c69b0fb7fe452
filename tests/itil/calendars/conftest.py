"""What the tests of calendars need of others."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
