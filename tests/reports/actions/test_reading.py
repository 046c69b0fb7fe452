"""Which tickets and hours a report reads."""

from datetime import date, timedelta

from reports.actions.reading import Scope
from reports.metrics.period import Period
from tests import make
from tests.cast import MONDAY

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")


def test_tickets_received_before_the_end_are_read_and_confidential_ones_are_not(cast):
    before = make.incident(cast, at=MONDAY - timedelta(days=60))
    inside = make.incident(cast)
    make.incident(cast, is_confidential=True)
    make.incident(cast, at=MONDAY + timedelta(days=60))
    assert {ticket.pk for ticket in Scope(MARCH).tickets()} == {before.pk, inside.pk}


def test_team_and_organization_narrow_the_tickets(cast):
    own = make.incident(cast)
    make.incident(cast, requester=cast.dov, by=cast.dov)
    make.incident(cast, team=cast.network_team)
    scope = Scope(MARCH, team_id=cast.desk_team.pk, organization_id=cast.acme.pk)
    assert [ticket.pk for ticket in scope.tickets()] == [own.pk]


def test_few_confidential_tickets_are_not_mentioned(cast):
    for _number in range(4):
        make.incident(cast, is_confidential=True)
    assert Scope(MARCH).confidential() is None
    make.incident(cast, is_confidential=True)
    assert Scope(MARCH).confidential() == 5
