"""From step to step (`APP-1`, `APP-3`, `APP-4`)."""

from decimal import Decimal

from itil.approvals import actions
from itil.approvals.models import Vote
from portal.people.models import CostCentre, Membership, Role

from .people import (
    begun,
    colleagues,
    give,
    happened,
    last_event,
    manager_policy,
    policy,
    state_of,
    states,
    team_of,
    voters,
)

TWO_STEPS = ({"source": "manager"}, {"source": "managers_manager"})


def test_the_second_approver_is_not_asked_before_the_first_decides(house):
    process = begun(house, policy(*TWO_STEPS))
    assert (voters(process), states(process)) == (["Max"], ["running", "not_started"])
    give(process, house.max, "approved")
    assert (voters(process), states(process)) == (["Max", "Rita"], ["approved", "running"])
    give(process, house.rita, "approved")
    assert (state_of(process), states(process)) == ("approved", ["approved", "approved"])
    assert happened(house.ticket) == [
        "started",
        "step_started",
        "voted",
        "step_decided",
        "step_started",
        "voted",
        "step_decided",
        "decided",
    ]
    assert last_event(house.ticket, "decided").data["outcome"] == "approved"


def test_a_rejection_in_step_one_leaves_step_two_not_started(house):
    process = begun(house, policy(*TWO_STEPS))
    give(process, house.max, "rejected")
    assert (state_of(process), states(process)) == ("rejected", ["rejected", "not_started"])
    assert voters(process) == ["Max"]
    decided = last_event(house.ticket, "decided")
    assert (decided.data["outcome"], decided.data["reason"]) == ("rejected", "Not now.")


def test_a_step_for_larger_amounts_is_not_required_below_and_that_is_no_approval(house):
    rules = policy({"source": "manager"}, {"source": "managers_manager", "only_above": 2000})
    process = begun(house, rules)
    assert states(process) == ["running", "not_required"]
    give(process, house.max, "approved")
    assert (state_of(process), states(process)) == ("approved", ["approved", "not_required"])


def test_exactly_the_amount_is_not_above_it(house):
    rules = policy({"source": "manager"}, {"source": "managers_manager", "only_above": 1890})
    assert states(begun(house, rules)) == ["running", "not_required"]


def test_a_cent_more_is(house):
    rules = policy({"source": "manager", "only_above": 1890})
    assert states(begun(house, rules, amount=Decimal("1890.01"))) == ["running"]


def test_the_approvers_come_from_where_the_step_says(house):
    cast = house.cast
    own, centre, board, lead = colleagues(cast, "Olga", "Carl", "Bill", "Lena")
    house.ann.cost_centre = CostCentre.objects.create(code="100", name="Sales", owner=centre)
    house.ann.save()
    cast.mail_service.owner = own
    cast.mail_service.save()
    team = team_of(board)
    Membership.objects.create(user=lead, team=team, role=Role.LEAD)
    rules = policy(
        {"source": "cost_centre_owner"},
        {"source": "service_owner"},
        {"source": "owner"},
        {"source": "person", "person": cast.mia},
        {"source": "team", "team": team},
        {"source": "team_leads", "team": team},
    )
    process = begun(house, rules, owner=cast.bo.pk, service_id=cast.mail_service.pk)
    for name in ("carl", "olga", "bo", "mia"):
        voter = Vote.objects.waiting().get(step__process=process).voter
        assert voter.name.lower() == name
        give(process, voter, "approved")
    give(process, board, "approved")
    assert state_of(process) == "running"
    give(process, lead, "approved")
    assert voters(process)[4:] == ["Bill", "Lena", "Lena"]


def test_only_active_people_are_asked_and_each_once(house):
    one, two, gone = colleagues(house.cast, "One", "Two", "Gone")
    team = team_of(one, two, gone)
    Membership.objects.create(user=one, team=team, role=Role.LEAD)
    gone.is_active = False
    gone.save()
    rules = policy({"source": "team", "team": team, "mandatory": [one], "chairs": [one]})
    process = begun(house, rules)
    assert voters(process) == ["One", "Two"]
    vote = Vote.objects.get(voter=one)
    assert (vote.is_mandatory, vote.is_chair) == (True, True)


def test_somebody_with_a_special_say_joins_the_approvers(house):
    (chair,) = colleagues(house.cast, "Chair")
    process = begun(house, policy({"source": "manager", "chairs": [chair]}))
    assert voters(process) == ["Max", "Chair"]


def test_the_requester_is_dropped_from_the_group(house):
    (peer,) = colleagues(house.cast, "Peer")
    rules = policy({"source": "team", "team": team_of(house.ann, peer)})
    process = begun(house, rules)
    assert voters(process) == ["Peer"]


def test_a_group_of_only_the_requester_goes_to_the_next_higher_manager(house):
    process = begun(house, policy({"source": "team", "team": team_of(house.ann)}))
    assert (voters(process), state_of(process)) == (["Max"], "running")


def test_whom_it_is_for_does_not_decide_it_either(house):
    process = begun(house, manager_policy(), barred=(house.max.pk,))
    assert voters(process) == ["Rita"]


def test_whom_the_ticket_is_for_does_not_decide_whatever_the_matter_says(house):
    house.ticket.requested_for = house.max
    house.ticket.save()
    assert voters(begun(house, manager_policy())) == ["Rita"]


def test_without_any_manager_the_catalog_managers_decide_and_one_is_enough(house):
    other = colleagues(house.cast, "Kurt")[0]
    Membership.objects.create(user=other, role=Role.CATALOG_MANAGER)
    house.ann.manager = None
    house.ann.save()
    process = begun(house, manager_policy())
    assert voters(process) == ["Kim", "Kurt"]
    give(process, house.kim, "approved")
    assert state_of(process) == "approved"


def test_without_a_catalog_manager_the_leads_of_the_tickets_team_decide(house):
    house.kim.is_active = False
    house.kim.save()
    house.ann.manager = None
    house.ann.save()
    assert voters(begun(house, manager_policy())) == ["Cleo"]


def test_a_house_with_nobody_to_ask_waits_and_never_approves(house):
    Membership.objects.all().delete()
    house.ann.manager = None
    house.ann.save()
    process = begun(house, manager_policy())
    assert (voters(process), state_of(process), states(process)) == ([], "running", ["running"])


def test_a_ring_of_managers_does_not_trap_anybody(house):
    house.max.manager = house.ann
    house.max.save()
    process = begun(house, manager_policy(), barred=(house.max.pk,))
    assert voters(process) == ["Kim"]


def test_with_four_eyes_one_person_fills_one_step(house):
    rules = policy({"source": "manager"}, {"source": "person", "person": house.max}, four_eyes=True)
    process = begun(house, rules)
    give(process, house.max, "approved")
    assert (voters(process), states(process)) == (["Max", "Rita"], ["approved", "running"])


def test_without_four_eyes_one_person_may_decide_two_steps(house):
    process = begun(house, policy({"source": "manager"}, {"source": "person", "person": house.max}))
    actions.vote(Vote.objects.get(), "approved", by=house.max, at=process.started_at)
    assert voters(process) == ["Max", "Max"]


def test_the_group_is_the_one_of_the_moment_the_step_starts(house):
    early, late = colleagues(house.cast, "Early", "Late")
    team = team_of(early)
    process = begun(house, policy({"source": "manager"}, {"source": "team", "team": team}))
    Membership.objects.create(user=late, team=team, role=Role.AGENT)
    give(process, house.max, "approved")
    assert voters(process) == ["Max", "Early", "Late"]
    joined = colleagues(house.cast, "Joined")[0]
    Membership.objects.create(user=joined, team=team, role=Role.AGENT)
    give(process, early, "approved")
    assert voters(process) == ["Max", "Early", "Late"]
    give(process, late, "approved")
    assert state_of(process) == "approved"
