"""Two approvers at the same second: one write wins, the other is told (`APP-5`)."""

import pytest

from itil.approvals import actions
from itil.approvals.models import ApprovalProcess, Vote
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY
from tests.together import at_once

from .people import DAY, HOUR, begun, colleagues, furnish, manager_policy, policy, stand_in, team_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def test_of_approver_and_stand_in_at_the_same_second_one_decides(cast):
    house = furnish(cast)
    begun(house, manager_policy())
    stand_in(house.max, house.rita)
    vote = Vote.objects.get()

    results = at_once(
        lambda: actions.vote(vote, "approved", by=house.max, at=MONDAY + HOUR),
        lambda: actions.vote(vote, "rejected", by=house.rita, reason="No.", at=MONDAY + HOUR),
    )

    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(refusals) == 1
    assert str(refusals[0]).startswith("This is already decided")
    stored = Vote.objects.get()
    assert (stored.round, ApprovalProcess.objects.get().state) == (1, stored.state)
    assert TicketEvent.objects.filter(data__what="voted").count() == 1
    assert TicketEvent.objects.filter(data__what="decided").count() == 1


def test_two_members_of_a_board_who_agree_at_the_same_second_decide_once(cast):
    house = furnish(cast)
    one, two = colleagues(cast, "One", "Two")
    begun(house, policy({"source": "team", "team": team_of(one, two), "rule": "all"}))

    at_once(
        *(
            lambda vote=vote: actions.vote(vote, "approved", by=vote.voter, at=MONDAY + HOUR)
            for vote in Vote.objects.select_related("voter")
        )
    )

    assert ApprovalProcess.objects.get().state == "approved"
    assert TicketEvent.objects.filter(data__what="decided").count() == 1


def test_a_vote_and_a_time_out_at_the_same_second_give_one_decision(cast):
    house = furnish(cast)
    begun(house, policy({"source": "manager", "on_timeout": "reject"}))
    vote = Vote.objects.get()
    late = MONDAY + 3 * DAY

    at_once(
        lambda: actions.vote(vote, "approved", by=house.max, at=late),
        lambda: actions.remind_and_time_out(late),
    )

    assert Vote.objects.get().state == ApprovalProcess.objects.get().state
    assert TicketEvent.objects.filter(data__what="decided").count() == 1
