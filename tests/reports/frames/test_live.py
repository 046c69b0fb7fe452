"""How frames are read from a database that others write to at the same time."""

import pytest
from django.db import connection
from django.utils import timezone

from reports.frames.source import Frames
from tests import make


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_read_outside_a_transaction(cast):
    """By the connection of the reader's own, where the database is not one in memory."""
    ticket = make.incident(cast)
    assert not connection.in_atomic_block
    frames = Frames.live(now=timezone.now())
    tickets = frames.read("tickets", ["ticket", "received_at"])
    assert tickets["ticket"].tolist() == [ticket.pk]
    assert tickets["received_at"].tolist() == [ticket.received_at]
    assert frames.read("phases", ["ticket", "phase"])["ticket"].tolist() == [ticket.pk]
