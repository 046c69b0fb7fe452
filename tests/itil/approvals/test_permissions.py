"""Who may decide and who may answer (domain section 8, 'Vote', note c2)."""

import pytest

from itil.approvals import actions
from itil.approvals.permissions import may_answer, may_vote
from tests.cast import MONDAY

from .people import DAY, begun, manager_policy, stand_in, vote_of


@pytest.fixture
def vote(house):
    return vote_of(house.max, begun(house, manager_policy()))


def everybody(house):
    cast = house.cast
    return {
        "max": house.max,
        "rita": house.rita,
        "ann": house.ann,
        "kim": house.kim,
        "bo": cast.bo,
        "cleo": cast.cleo,
        "mia": cast.mia,
        "bea": cast.bea,
        "dov": cast.dov,
        "root": cast.root,
    }


def test_only_who_is_asked_may_vote_whatever_the_role(house, vote):
    allowed = [name for name, one in everybody(house).items() if may_vote(one, vote, MONDAY)]
    assert allowed == ["max"]


def test_a_stand_in_may_vote_while_it_lasts(house, vote):
    stand_in(house.max, house.cast.bo, days=2)
    moments = [MONDAY - DAY, MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    assert [may_vote(house.cast.bo, vote, at) for at in moments] == [False, True, True, False]


def test_a_stand_in_of_somebody_who_left_may_not(house, vote):
    stand_in(house.max, house.cast.bo)
    house.max.is_active = False
    house.max.save()
    assert not may_vote(house.cast.bo, vote, MONDAY)


def test_whom_it_is_for_may_not_vote_even_as_a_stand_in(house):
    process = begun(house, manager_policy(), barred=(house.cast.mia.pk,))
    stand_in(house.max, house.cast.mia)
    assert not may_vote(house.cast.mia, vote_of(house.max, process), MONDAY)


def test_only_the_requesters_side_may_answer(house, vote):
    house.ticket.requested_for = house.cast.dov
    house.ticket.save()
    question = actions.ask(vote, by=house.max, text="Why?", at=MONDAY)
    allowed = [name for name, one in everybody(house).items() if may_answer(one, question)]
    assert allowed == ["ann", "dov"]
