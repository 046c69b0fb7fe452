"""Billing stories that run in several threads and processes need a database all can open; most of
them issue the same few invoices."""

from functools import lru_cache

import pytest

from billing.invoices.documents import making
from tests.portal.worker.conftest import shared_database

__all__ = ["shared_database"]

_print = lru_cache(maxsize=128)(making.archivable_pdf_of)
_judge = lru_cache(maxsize=256)(making.validate)


@pytest.fixture(autouse=True)
def same_page_same_paper(request, monkeypatch):
    """The very same page is printed, and the very same e-invoice judged, once in a process: half
    of the time of these tests went there. Both follow from their input alone, to which the tests
    marked `made_anew` hold them.
    """
    if not request.node.get_closest_marker("made_anew"):
        monkeypatch.setattr(making, "archivable_pdf_of", _print)
        monkeypatch.setattr(making, "validate", _judge)
