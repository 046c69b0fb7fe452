"""The world is built once for all tests here; what each of them changes is taken back."""

import gc
import logging

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction

from .sweep import Sweep
from .watching import Watch
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
        world, watch = build(), Watch()
        # What is there now stays: looking through it for waste takes a tenth of the time.
        gc.collect()
        gc.freeze()
        with connection.execute_wrapper(watch):
            yield Sweep(world, watch)
        gc.unfreeze()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
        cache.clear()
