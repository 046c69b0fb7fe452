"""Why this agreement and no other."""

from datetime import timedelta

import pytest

from itil.sla.actions.comparing import compare
from itil.sla.matching import Facts
from itil.sla.models import Agreement
from portal.people.models import Organization
from tests.cast import HOUR, MONDAY

DAY = timedelta(days=1)


@pytest.fixture
def facts(cast):
    """A function that gives the circumstances of Ann's incident, with changes."""

    def of(**changes):
        return Facts(
            **{
                "received_at": MONDAY,
                "organizations": (cast.acme.pk,),
                "service": cast.mail_service.pk,
                "location": None,
                "requester_is_vip": False,
                "ticket_kind": "incident",
                "channel": "portal",
                "priority": 3,
                "team": cast.desk_team.pk,
            }
            | changes
        )

    return of


@pytest.fixture
def agreement(cast):
    def make_one(name, **fields):
        return Agreement.objects.create(name=name, calendar=cast.calendar, **fields)

    return make_one


def others(facts, kind="sla") -> dict[str, str]:
    choice = compare(facts, Agreement.Kind(kind))
    return {candidate.agreement.name: candidate.why for candidate in choice.others}


def test_the_chosen_one_with_its_reason_and_due_times(cast, facts, agreement):
    agreement("Gold", organization=cast.globex)
    choice = compare(facts(), Agreement.Kind.SLA)
    assert (choice.chosen, choice.reason) == (cast.agreement, "default agreement")
    assert [(clock.metric, clock.due_at) for clock in choice.clocks] == [
        ("acknowledge", MONDAY + timedelta(hours=1)),
        ("first_response", MONDAY + timedelta(hours=2)),
        ("resolution", MONDAY + 2 * DAY),
    ]


def test_a_condition_that_does_not_hold_is_named(cast, facts, agreement):
    agreement("Gold", organization=cast.globex, service=cast.mail_service, requester_vip=True)
    assert others(facts())["Gold"] == "does not hold: organization Globex, VIP"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"rank": 200}, "rank 200 goes after rank 100"),
        ({}, "less specific: names no organization"),
    ],
)
def test_what_beats_the_others_is_named(cast, facts, agreement, fields, why):
    agreement("Winner", organization=cast.acme)
    agreement("Other", **fields)
    assert others(facts())["Other"] == why


@pytest.mark.parametrize(
    ("winner", "why"),
    [
        ("service", "less specific: names no service"),
        ("ticket_kind", "less specific: names no type of ticket"),
        ("channel", "less specific: names no channel"),
        ("team", "less specific: names no team"),
        ("requester_vip", "less specific: not for VIPs only"),
    ],
)
def test_the_first_point_that_is_less_specific_is_named(cast, facts, agreement, winner, why):
    given = {
        "service": cast.mail_service,
        "ticket_kind": "incident",
        "channel": "portal",
        "team": cast.desk_team,
        "requester_vip": True,
    }
    agreement("Winner", **{winner: given[winner]})
    found = others(facts(requester_is_vip=True))
    assert found["Standard"] == why


def test_the_nearest_organization_wins(cast, facts, agreement):
    group = Organization.objects.create(name="Acme Group")
    agreement("Near", organization=cast.acme)
    agreement("Far", organization=group)
    found = others(facts(organizations=(cast.acme.pk, group.pk)))
    assert found["Far"] == "Acme is nearer than Acme Group"


def test_of_equals_the_later_one_wins_then_the_one_made_first(cast, facts, agreement):
    agreement("Later", organization=cast.acme, valid_from=MONDAY - DAY)
    agreement("Earlier", organization=cast.acme, valid_from=MONDAY - 2 * DAY)
    agreement("Twin", organization=cast.acme, valid_from=MONDAY - DAY)
    found = others(facts())
    assert found["Earlier"] == "in force for longer; the later one goes first"
    assert found["Twin"] == "made later; the earlier one goes first"


def test_what_is_not_in_force_says_since_or_until_when(cast, facts, agreement):
    agreement("Future", valid_from=MONDAY + DAY)
    agreement("Past", valid_to=MONDAY)
    agreement("Off", active=False)
    found = others(facts())
    assert found["Future"].startswith("begins Tue 3 Mar, ")
    assert found["Past"].startswith("ended Mon 2 Mar, ")
    assert found["Off"] == "not active"


def test_the_nearest_candidate_comes_first(cast, facts, agreement):
    agreement("Off", active=False)
    agreement("Future", valid_from=MONDAY + DAY)
    agreement("Globex", organization=cast.globex)
    agreement("Third", rank=100)
    agreement("Second", organization=cast.acme, rank=50)
    agreement("First", rank=10)
    assert list(others(facts())) == ["Second", "Standard", "Third", "Globex", "Future", "Off"]


def test_without_any_there_is_no_clock(cast, facts):
    Agreement.objects.update(is_default=False, active=False)
    choice = compare(facts(), Agreement.Kind.SLA)
    assert (choice.chosen, choice.clocks) == (None, ())
    assert [one.why for one in choice.others] == ["not active"]


def test_a_default_whose_conditions_do_not_hold_is_the_last_resort(cast, facts, agreement):
    Agreement.objects.update(organization=cast.globex)
    choice = compare(facts(), Agreement.Kind.SLA)
    assert (choice.chosen, choice.reason) == (cast.agreement, "default agreement")
    agreement("All")
    assert others(facts())["Standard"] == "does not hold: organization Globex"


def test_each_kind_is_asked_by_itself(cast, facts, agreement):
    ola = agreement("Desk", kind="ola", team=cast.desk_team)
    ola.targets.create(metric="ola_resolution", priority=3, seconds=2 * HOUR)
    ola.save()
    agreement("Network", kind="ola", team=cast.network_team)
    choice = compare(facts(), Agreement.Kind.OLA)
    assert (choice.chosen, choice.reason) == (ola, "team Service desk")
    assert choice.clocks[0].due_at == MONDAY + timedelta(hours=2)
    assert others(facts(), "ola") == {"Network": "does not hold: team Network"}
