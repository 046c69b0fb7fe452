"""A database that several connections can open."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
