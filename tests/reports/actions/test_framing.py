"""What a report of a team or an organization reads."""

from datetime import date, timedelta

from itil.desk import actions as desk
from itil.surveys.actions import rate
from itil.tickets.models import Ticket
from reports.actions import framing
from reports.actions.reading import Scope
from reports.metrics.hours import worked
from reports.metrics.period import Period
from tests import make
from tests.cast import MONDAY

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")
NOW = MONDAY + timedelta(days=60)


def test_the_tickets_are_those_of_the_scope(cast):
    make.resolved_incident(cast)
    handed_over = make.taken_incident(cast)
    desk.hand_over(handed_over, cast.network_team, by=cast.bo, at=MONDAY + timedelta(hours=1))
    make.incident(cast, is_confidential=True)
    make.incident(cast, at=NOW)
    make.incident(cast, requester=cast.dov, by=cast.dov, team=cast.network_team)
    for scope in (
        Scope(MARCH),
        Scope(MARCH, team_id=cast.desk_team.pk),
        Scope(MARCH, organization_id=cast.globex.pk),
    ):
        found = framing.tickets_of(framing.frames_about(scope, now=NOW))
        assert set(found["ticket"]) == set(scope.concerned().values_list("pk", flat=True))


def test_hours_are_those_of_the_work_dates_of_the_period_on_tickets_of_the_team(cast):
    ticket, other = make.taken_incident(cast), make.taken_incident(cast)
    for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31)):
        for one in (ticket, other):
            desk.log_time(
                one, by=cast.bo, minutes=10, activity=cast.activity, work_date=day,
                at=MONDAY + timedelta(days=40),
            )  # fmt: skip
    Ticket.objects.filter(pk=other.pk).update(
        team=cast.network_team, resolved_team=cast.network_team
    )
    scope = Scope(MARCH, team_id=cast.desk_team.pk)
    found = framing.time_of(scope, now=NOW, since=MARCH.start)
    assert worked(found, MARCH.first, MARCH.last)["work_date"].dt.day.tolist() == [1, 31]


def test_time_that_was_recorded_long_ago_is_not_read(cast):
    ticket = make.taken_incident(cast)
    for day in (date(2025, 12, 1), date(2026, 1, 29), date(2026, 1, 30), date(2026, 3, 31)):
        desk.log_time(
            ticket, by=cast.bo, minutes=10, activity=cast.activity, work_date=day,
            at=MONDAY + timedelta(days=40),
        )  # fmt: skip
    found = framing.time_of(Scope(MARCH), now=NOW, since=MARCH.previous.start)
    assert MARCH.previous.first == date(2026, 1, 29)
    assert found["work_date"].dt.strftime("%m-%d").tolist() == ["01-29", "01-30", "03-31"]


def test_ratings_of_the_period_are_those_of_the_team_that_solved_the_ticket(cast):
    own, other = make.resolved_incident(cast), make.resolved_incident(cast)
    Ticket.objects.filter(pk=other.pk).update(
        team=cast.network_team, resolved_team=cast.network_team
    )
    for ticket, score in ((own, 5), (other, 2)):
        rate(ticket, by=cast.ann, score=score, at=MONDAY + timedelta(days=2))
    for team, told in ((None, [5, 2]), (cast.desk_team.pk, [5]), (cast.network_team.pk, [2])):
        scope = Scope(MARCH, team_id=team)
        found = framing.ratings_of(framing.frames_about(scope, now=NOW), scope)
        assert found["score"].tolist() == told
        assert len(found) == scope.ratings().count()


def test_a_promise_that_was_cancelled_is_none(cast):
    kept = make.resolved_incident(cast)
    gone = make.incident(cast)
    desk.move(gone, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn", "note": "x"})
    found = framing.promises_of(framing.frames_about(Scope(MARCH), now=NOW))
    assert set(found["ticket"]) == {kept.pk}
