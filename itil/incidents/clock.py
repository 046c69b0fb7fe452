"""How long questions about incidents have waited for their requester."""

from collections.abc import Iterator
from datetime import datetime

from itil.desk import clock
from itil.desk.clock import Wait

from .models import Incident


def unanswered(before: datetime) -> Iterator[Wait]:
    """The questions asked before an instant, the oldest first. Four queries."""
    return clock.unanswered(Incident.objects.all(), before)
