"""Reminders, time-outs and leavers (`APP-3`, `APP-7`)."""

from decimal import Decimal

import pytest

from itil.approvals import actions
from itil.approvals.models import Vote
from itil.approvals.tasks import remind_and_time_out, replace_leavers
from itil.calendars.models import WeeklyOpening
from portal.people.models import Membership
from tests.cast import MONDAY, office_hours

from .people import (
    DAY,
    HOUR,
    begun,
    colleagues,
    give,
    happened,
    last_event,
    manager_policy,
    policy,
    stand_in,
    state_of,
    team_of,
    vote_of,
    voters,
)

FRIDAY = MONDAY + 4 * DAY


def sweep(*moments):
    return [actions.remind_and_time_out(moment) for moment in moments]


def leave(person):
    person.is_active = False
    person.save()


def test_an_approver_is_reminded_after_one_and_two_business_days(house):
    process = begun(house, manager_policy())
    assert sweep(MONDAY + DAY - HOUR, MONDAY + DAY, MONDAY + DAY + HOUR, MONDAY + 2 * DAY) == [
        0,
        1,
        0,
        1,
    ]
    assert happened(house.ticket).count("reminded") == 2
    assert last_event(house.ticket, "reminded").data["number"] == 2
    assert vote_of(house.max, process).due_at == MONDAY + 3 * DAY


def test_weekends_are_not_counted(house):
    process = begun(house, manager_policy(), at=FRIDAY)
    assert sweep(FRIDAY + 2 * DAY, FRIDAY + 3 * DAY) == [0, 1]
    assert vote_of(house.max, process).due_at == FRIDAY + 5 * DAY


def test_the_days_are_those_where_the_approver_is(house):
    house.max.time_zone = "Pacific/Auckland"
    house.max.save()
    # Friday 11:30 in Berlin is Friday 23:30 there; Sunday evening here is Monday there.
    process = begun(house, manager_policy(), at=FRIDAY + HOUR + HOUR / 2)
    assert vote_of(house.max, process).next_at == FRIDAY + HOUR + HOUR / 2 + 3 * DAY


def test_a_calendar_of_the_policy_counts_instead(house):
    mondays_and_thursdays = office_hours("Approvers")
    openings = WeeklyOpening.objects.filter(calendar=mondays_and_thursdays)
    openings.exclude(weekday__in=(0, 3)).delete()
    process = begun(house, manager_policy(calendar=mondays_and_thursdays))
    vote = vote_of(house.max, process)
    assert (vote.next_at, vote.due_at) == (MONDAY + 3 * DAY, MONDAY + 10 * DAY)


def test_without_an_answer_the_manager_of_the_approver_decides(house):
    process = begun(house, manager_policy())
    sweep(MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 3 * DAY)
    assert voters(process) == ["Rita"]
    event = last_event(house.ticket, "escalated")
    assert (event.data["from_name"], event.data["to_name"]) == ("Max", "Rita")
    vote = vote_of(house.rita, process)
    assert (vote.replaces.voter, vote.next_at) == (house.max, MONDAY + 4 * DAY)
    give(process, house.rita, "approved", at=MONDAY + 3 * DAY)
    assert state_of(process) == "approved"


def test_at_the_top_the_fallback_is_asked_and_then_it_waits(house):
    process = begun(house, policy({"source": "managers_manager"}))
    sweep(MONDAY + 3 * DAY)
    assert voters(process) == ["Kim"]
    Membership.objects.all().delete()
    assert sweep(MONDAY + 14 * DAY, MONDAY + 15 * DAY) == [1, 0]
    assert (voters(process), state_of(process)) == (["Kim"], "running")


def test_escalating_never_reaches_the_requester_nor_anybody_who_votes_already(house):
    house.max.manager = house.ann
    house.max.save()
    house.ann.manager = None
    house.ann.save()
    rules = policy({"source": "team", "team": team_of(house.max, house.kim)})
    process = begun(house, rules)
    give(process, house.kim, "approved")
    sweep(MONDAY + 3 * DAY)
    assert voters(process) == ["Kim", "Cleo"]


def test_a_special_say_goes_to_who_decides_instead(house):
    step = {"source": "manager", "mandatory": [house.max], "chairs": [house.max]}
    process = begun(house, policy(step))
    sweep(MONDAY + 3 * DAY)
    vote = vote_of(house.rita, process)
    assert (vote.is_mandatory, vote.is_chair) == (True, True)


def test_a_time_out_may_reject(house):
    process = begun(house, policy({"source": "manager", "on_timeout": "reject"}))
    sweep(MONDAY + 3 * DAY)
    assert state_of(process) == "rejected"
    assert last_event(house.ticket, "decided").data["reason"] == "No decision was made in time."
    vote = Vote.objects.get()
    assert (vote.state, vote.acted_by) == ("rejected", None)


def test_a_time_out_may_leave_it_to_the_others(house):
    one, two = colleagues(house.cast, "One", "Two")
    team = team_of(one, two)
    rule = {"rule": "any", "rejects": "until_impossible", "on_timeout": "expire"}
    process = begun(house, policy({"source": "team", "team": team, **rule}))
    slow = vote_of(two, process)
    slow.due_at = slow.next_at = MONDAY + 2 * DAY
    slow.save()
    sweep(MONDAY + 2 * DAY)
    assert vote_of(two, process).state == "abstained"
    assert state_of(process) == "running"
    give(process, one, "approved", at=MONDAY + 2 * DAY)
    assert state_of(process) == "approved"


def test_when_all_let_it_lapse_it_is_declined(house):
    process = begun(house, policy({"source": "manager", "on_timeout": "expire"}))
    sweep(MONDAY + 3 * DAY)
    assert state_of(process) == "rejected"


def test_silence_approves_only_where_the_catalog_manager_said_so(house):
    free = {"amount": None, "silence_approves": True}
    process = begun(house, manager_policy(), **free)
    sweep(MONDAY + 3 * DAY)
    assert state_of(process) == "approved"
    assert "approved_by_silence" in happened(house.ticket)
    assert Vote.objects.live().count() == 0


@pytest.mark.parametrize("amount", [Decimal("0.01"), Decimal("1890")])
def test_silence_never_approves_money(house, amount):
    process = begun(house, manager_policy(), amount=amount, silence_approves=True)
    sweep(MONDAY + 3 * DAY)
    assert (state_of(process), voters(process)) == ("running", ["Rita"])


def test_silence_never_approves_what_is_confidential(house):
    house.ticket.is_confidential = True
    house.ticket.save()
    process = begun(house, manager_policy(), amount=None, silence_approves=True)
    sweep(MONDAY + 3 * DAY)
    assert (state_of(process), voters(process)) == ("running", ["Rita"])


def test_a_worker_that_stood_still_reminds_once_and_times_out_once(house):
    process = begun(house, manager_policy())
    assert sweep(MONDAY + 2 * DAY + HOUR, MONDAY + 2 * DAY + HOUR) == [1, 0]
    assert vote_of(house.max, process).next_at == MONDAY + 3 * DAY
    assert sweep(MONDAY + 9 * DAY, MONDAY + 9 * DAY) == [1, 0]
    assert voters(process) == ["Rita"]


def test_who_left_is_replaced_by_the_stand_in(house):
    (kay,) = colleagues(house.cast, "Kay")
    process = begun(house, manager_policy())
    stand_in(house.max, kay)
    leave(house.max)
    assert actions.replace_leavers(MONDAY + HOUR) == 1
    assert (voters(process), vote_of(kay, process).replaces.voter) == (["Kay"], house.max)
    assert last_event(house.ticket, "replaced").data["to_name"] == "Kay"
    assert actions.replace_leavers(MONDAY + 2 * HOUR) == 0


def test_who_left_without_a_stand_in_is_replaced_by_the_manager(house):
    process = begun(house, manager_policy())
    leave(house.max)
    actions.replace_leavers(MONDAY + HOUR)
    assert voters(process) == ["Rita"]


def test_the_requester_is_never_the_replacement(house):
    process = begun(house, manager_policy())
    stand_in(house.max, house.ann)
    leave(house.max)
    actions.replace_leavers(MONDAY + HOUR)
    assert voters(process) == ["Rita"]


def test_without_any_replacement_nobody_decides_until_there_is_one(house):
    (one,) = colleagues(house.cast, "One")
    process = begun(house, policy({"source": "team", "team": team_of(one, house.kim)}))
    give(process, house.kim, "approved")
    Membership.objects.all().delete()
    leave(one)
    assert actions.replace_leavers(MONDAY + HOUR) == 0
    assert state_of(process) == "running"
    Membership.objects.create(user=house.cast.mia, role="catalog_manager")
    assert actions.replace_leavers(MONDAY + 2 * HOUR) == 1
    assert voters(process) == ["Kim", "Mia"]


def test_a_step_that_had_nobody_asks_as_soon_as_there_is_somebody(house):
    Membership.objects.all().delete()
    house.ann.manager = None
    house.ann.save()
    process = begun(house, manager_policy())
    assert actions.replace_leavers(MONDAY + HOUR) == 0
    Membership.objects.create(user=house.kim, role="catalog_manager")
    assert actions.replace_leavers(MONDAY + 2 * HOUR) == 1
    assert voters(process) == ["Kim"]
    assert actions.replace_leavers(MONDAY + 3 * HOUR) == 0


def test_the_worker_calls_both(house):
    process = begun(house, manager_policy())
    leave(house.max)
    assert replace_leavers.call() == 1
    assert remind_and_time_out.call() == 0
    assert voters(process) == ["Rita"]
