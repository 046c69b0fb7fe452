"""Who may rate."""

from itil.surveys.permissions import may_rate
from tests import make

from .surveyed import solved


def test_the_people_it_is_for_may_rate(cast):
    ticket = make.taken_incident(cast, requested_for=cast.dov)
    who = (cast.ann, cast.dov, cast.bo, cast.cleo, cast.mia, cast.root)
    assert [may_rate(person, ticket) for person in who] == [True, True, *[False] * 4]


def test_nobody_rates_the_own_work(cast):
    assert not may_rate(cast.bo, solved(cast, requester=cast.bo))


def test_who_left_may_not(cast):
    ticket = make.taken_incident(cast)
    cast.ann.is_active = False
    assert not may_rate(cast.ann, ticket)
