"""Stories told by several threads need a database that all of them can open."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
