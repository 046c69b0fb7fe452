"""The stored figures of satisfaction."""

import json
from datetime import date, timedelta

from itil.surveys.actions import rate
from itil.surveys.models import Survey
from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail
from reports.actions.reading import Scope
from reports.actions.satisfaction import satisfaction
from reports.metrics.period import Period
from tests.cast import MONDAY
from tests.itil.surveys.surveyed import solved

DAY = timedelta(days=1)
PERIOD = Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")
LATER = MONDAY + 60 * DAY


def figures(**scope):
    return satisfaction(Scope(PERIOD, **scope), now=LATER)


def counted(**scope):
    found = figures(**scope)["satisfied"]
    return found["yes"], found["n"]


def test_an_empty_desk_has_figures_that_can_be_stored(db):
    found = figures()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["satisfied"]["share"] is None


def test_the_last_word_on_each_ticket_is_counted_when_it_was_said(cast):
    ticket = solved(cast)
    rate(ticket, by=cast.ann, score=1, at=MONDAY)
    rate(ticket, by=cast.ann, score=5, at=MONDAY + DAY)
    late = solved(cast, at=MONDAY + 28 * DAY)
    rate(late, by=cast.ann, score=5, at=MONDAY + 31 * DAY)
    assert counted() == (1, 1)


def test_those_who_were_asked_and_those_who_answered(cast):
    answered = solved(cast)
    rate(answered, by=cast.ann, score=4, at=MONDAY)
    solved(cast, at=MONDAY + 8 * DAY)
    solved(cast, at=MONDAY + 9 * DAY)
    solved(cast, requester=cast.dov)
    given_up = Survey.objects.get(person=cast.dov)
    OutgoingMail.objects.filter(key=given_up.mail_key).update(state="failed")
    # Ann was asked twice, spared once; Dov was not reached.
    assert figures()["answered"] == {"n": 2, "yes": 1, "share": 0.5}


def test_a_team_has_the_ratings_of_what_it_solved(cast):
    ticket = solved(cast)
    rate(ticket, by=cast.ann, score=4, at=MONDAY)
    # As an importer leaves it: another team got it after it was solved.
    Ticket.objects.update(team=cast.network_team, reassignment_count=1)
    ticket.events.create(
        kind="assigned",
        at=MONDAY + DAY,
        data={"what": "team", "from": cast.desk_team.pk, "to": cast.network_team.pk},
    )
    assert counted(team_id=cast.desk_team.pk) == (1, 1)
    assert counted(team_id=cast.network_team.pk) == (0, 0)
    (row,) = figures()["by_team"]
    assert (row["team"], row["team_name"]) == (cast.desk_team.pk, "Service desk")


def test_an_organization_has_its_own_figures(cast):
    rate(solved(cast), by=cast.ann, score=4, at=MONDAY)
    assert counted(organization_id=cast.acme.pk) == (1, 1)
    assert counted(organization_id=cast.globex.pk) == (0, 0)


def test_confidential_tickets_are_in_no_figure(cast):
    rate(solved(cast), by=cast.ann, score=4, at=MONDAY)
    Ticket.objects.update(is_confidential=True)
    assert counted() == (0, 0)
    assert figures()["answered"]["n"] == 0
