"""The world is built once for all tests here; what each of them changes is taken back."""

import logging

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction

from .sweep import Sweep
from .world import NOW, build


@pytest.fixture(scope="package")
def sweep(django_db_setup, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        cache.clear()
        # Thousands of pages are not there; the log need not hold each of them.
        logging.disable(logging.WARNING)
        yield Sweep(build())
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
        cache.clear()
