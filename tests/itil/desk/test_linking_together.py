"""Several people who link at once: no circle comes about, nobody waits for ever."""

import pytest

from itil.desk import actions as desk
from itil.tickets.errors import Refused
from itil.tickets.models import LinkType, Ticket, TicketLink
from tests import make
from tests.together import at_once

from .test_concurrency import copy_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def refused(results) -> int:
    return sum(isinstance(result, Refused) for result in results)


def test_links_made_at_once_close_no_circle(cast):
    """A ring of four of which two links are there already; the other two have no end in common."""
    a, b, c, d = (make.incident(cast) for _count in range(4))
    for source, target in ((b, c), (d, a)):
        desk.link(source, target, LinkType.BLOCKED_BY, by=cast.bo)

    def linking(source, target, by):
        source, target = copy_of(source), copy_of(target)
        return lambda: desk.link(source, target, LinkType.BLOCKED_BY, by=by)

    results = at_once(linking(a, b, cast.bo), linking(c, d, cast.cleo))

    assert refused(results) == 1
    assert TicketLink.objects.count() == 3


def test_two_are_not_put_below_each_other(cast):
    first, second = make.incident(cast), make.incident(cast)

    def putting(child, parent, by):
        child, parent = copy_of(child), copy_of(parent)
        return lambda: desk.set_parent(child, parent, by=by)

    results = at_once(putting(first, second, cast.bo), putting(second, first, cast.cleo))

    assert refused(results) == 1
    assert Ticket.objects.filter(parent__isnull=False).count() == 1
