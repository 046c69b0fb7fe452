"""Billing stories that run in several threads and processes need a database all can open."""

from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]
