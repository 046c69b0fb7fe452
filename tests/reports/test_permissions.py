"""Who may see reports, and which of their figures."""

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from portal.people.models import Membership, Role, User
from reports.metrics.tile import Tile
from reports.models import ReportSnapshot
from reports.permissions import (
    may_see_behind,
    may_see_figure,
    may_see_reports,
    may_try_what_if,
    reach_about,
    reach_of,
    tiles_told,
)
from tests.cast import MONDAY

HOURS = {"unit": "hours", "is_cost": False}
AMOUNT = {"unit": "money", "is_cost": False}
COST = {"unit": "money", "is_cost": True}
MARCH = {"from": "2026-03-01", "to": "2026-03-31", "compare": "none", "step": "month"}


@pytest.mark.parametrize(
    ("who", "may"),
    [("ann", False), ("bo", False), ("bea", False), ("cleo", True), ("mia", True), ("root", True)],
)
def test_leads_managers_and_administrators_may(cast, who, may):
    assert may_see_reports(getattr(cast, who)) is may


def test_nobody_signed_in_may_not():
    assert may_see_reports(AnonymousUser()) is False
    assert may_try_what_if(AnonymousUser()) is False


@pytest.mark.parametrize(
    ("who", "may"),
    [("ann", False), ("bo", False), ("bea", False), ("cleo", False), ("mia", True), ("root", True)],
)
def test_only_managers_and_administrators_try_what_if(cast, who, may):
    assert may_try_what_if(getattr(cast, who)) is may


@pytest.mark.parametrize(
    ("who", "of_own_team", "of_the_desk", "costs"),
    [
        ("ann", False, False, False),
        ("bo", False, False, False),
        ("cleo", True, False, False),
        ("bea", True, True, False),
        ("mia", True, True, True),
        ("root", False, False, False),
    ],
)
def test_amounts_and_costs_by_role(cast, who, of_own_team, of_the_desk, costs):
    reach, own = reach_of(getattr(cast, who)), frozenset({cast.desk_team.pk})
    assert may_see_figure(AMOUNT, reach, own) is of_own_team
    assert may_see_figure(AMOUNT, reach, None) is of_the_desk
    assert may_see_figure(COST, reach, None) is costs
    assert may_see_figure(HOURS, reach, None) is True


@pytest.mark.parametrize("role", [Role.PROBLEM_MANAGER, Role.CHANGE_MANAGER, Role.CATALOG_MANAGER])
def test_who_sees_the_whole_desk_for_other_reasons_sees_no_amounts(cast, role):
    Membership.objects.create(user=cast.ned, role=role)
    reach = reach_of(User.objects.get(pk=cast.ned.pk))
    assert not any(may_see_figure(one, reach, None) for one in (AMOUNT, COST))


def test_a_lead_sees_no_amounts_of_a_choice_that_has_another_team_in_it(cast):
    both = frozenset({cast.desk_team.pk, cast.network_team.pk})
    assert may_see_figure(AMOUNT, reach_of(cast.cleo), both) is False
    assert may_see_figure(AMOUNT, reach_of(cast.cleo), frozenset()) is False


def test_the_contact_of_a_customer_sees_its_amounts_no_costs_and_nothing_of_the_desk(cast):
    User.objects.filter(pk=cast.dov.pk).update(billing_contact=True)
    reach = reach_of(User.objects.get(pk=cast.dov.pk))
    assert may_see_figure(AMOUNT, reach, None) is True
    assert may_see_figure(COST, reach, None) is False
    assert may_see_behind("invoiced", ["step", "currency"], reach) is True
    assert may_see_behind("invoiced", ["team"], reach) is False
    assert may_see_behind("backlog", [], reach) is False
    assert may_see_behind("no_such_figure", [], reach) is False


def test_a_billing_clerk_sees_the_figures_of_the_money_dashboard_and_no_others(cast):
    clerk = reach_of(cast.bea)
    assert may_see_behind("invoiced", [], reach_about("invoiced", clerk)) is True
    assert may_see_behind("backlog", [], reach_about("backlog", clerk)) is False
    assert may_see_behind("no_such_figure", [], reach_about("no_such_figure", clerk)) is False


@pytest.mark.parametrize(
    "known", [None, {}, {"unit": "hours"}, {"is_cost": False}, {"unit": "gold", "is_cost": False}]
)
def test_of_a_figure_of_which_too_little_is_known_nobody_is_told(cast, known):
    reach = reach_of(cast.mia)
    assert may_see_figure(known, reach, None) is False
    tiles = [Tile("one", ("hours",)), Tile("two", ("hours", "odd"))]
    told = tiles_told(tiles, {"hours": HOURS} | ({"odd": known} if known else {}), reach, None)
    assert [tile.key for tile in told] == ["one"]


def test_a_dashboard_that_was_stored_without_saying_what_is_a_cost_shows_no_cost(cast, signed_in):
    with time_machine.travel(MONDAY, tick=False):
        client = signed_in(cast.mia)
        before = client.get("/reports/money/", MARCH).context
        stored = ReportSnapshot.objects.get(pk=before["snapshot"].pk)
        del stored.data["indicators"]["cost_per_ticket"]["is_cost"]
        stored.save()
        after = client.get("/reports/money/", MARCH).context
    keys, left = ([one.key for one in page["panels"]] for page in (before, after))
    assert [key for key in keys if key not in left] == ["cost-per-ticket-step"]
    assert len(before["facts"]) - len(after["facts"]) == 1
