"""Cost rates never overlap, and every change of them is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from billing.contracts.actions import give_role
from billing.margins import actions
from billing.margins.matching import costs_in_force
from billing.margins.models import CostEvent, CostRate
from itil.tickets.errors import NotAllowed, Refused

JAN, MAR = date(2026, 1, 1), date(2026, 3, 1)


def cost(cast, hourly="50", *, by=None, ends_present=False, **changes):
    rate = CostRate(
        **{"person": cast.bo, "hourly_cost": Decimal(hourly), "valid_from": JAN} | changes
    )
    return actions.add_cost(rate, by=by or cast.mia, ends_present=ends_present)


def test_two_rates_of_one_person_on_one_day_are_refused_and_the_refusal_says_which(cast):
    cost(cast)
    with pytest.raises(Refused, match=r"Bo has a cost rate from .* on\. End it first"):
        cost(cast, "55", valid_from=MAR)
    cost(cast, "55", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    with pytest.raises(Refused, match="Choose other days"):
        cost(cast, "60", valid_from=date(2025, 6, 1), valid_to=date(2025, 6, 30))
    assert CostRate.objects.count() == 2


def test_a_new_rate_may_end_the_present_one_the_day_before(cast):
    first = cost(cast)
    cost(cast, "55", valid_from=MAR, ends_present=True)
    first.refresh_from_db()
    assert first.valid_to == date(2026, 2, 28)
    kinds = CostEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["added", "ended", "added"]


def test_an_end_that_would_overlap_is_refused_and_leaves_the_rate_as_it_was(cast):
    first = cost(cast, valid_to=date(2026, 2, 28))
    cost(cast, "55", valid_from=MAR)
    with pytest.raises(Refused, match="End it first"):
        actions.end_cost(first, on=MAR, by=cast.mia)
    assert first.valid_to == date(2026, 2, 28)
    first.refresh_from_db()
    assert first.valid_to == date(2026, 2, 28)
    assert CostEvent.objects.count() == 2


def test_what_was_removed_meanwhile_is_neither_ended_nor_removed_again(cast):
    rate = cost(cast)
    actions.remove_cost(CostRate.objects.get(), by=cast.mia)
    with pytest.raises(Refused, match="removed meanwhile"):
        actions.end_cost(rate, on=MAR, by=cast.mia)
    with pytest.raises(Refused, match="removed meanwhile"):
        actions.remove_cost(rate, by=cast.mia)
    assert CostEvent.objects.filter(kind="removed").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
@pytest.mark.parametrize("whom", ["bo", None])
def test_of_first_rates_added_at_the_same_time_one_is_kept(cast, whom):
    def add(number):
        try:
            person = getattr(cast, whom) if whom else None
            cost(cast, person=person, valid_from=date(2026, 1, number))
        except Refused:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(add, range(1, 7))) == 1
    assert CostRate.objects.count() == CostEvent.objects.count() == 1


def test_rates_of_others_do_not_overlap_with_it(cast):
    cost(cast)
    cost(cast, person=cast.ned)
    cost(cast, person=None)
    with pytest.raises(Refused, match="Everybody else has a cost rate"):
        cost(cast, person=None)


@pytest.mark.parametrize(
    "wrong", [{"valid_to": date(2025, 1, 1)}, {"hourly_cost": Decimal(-1)}, {"currency": "XXQ"}]
)
def test_a_rate_that_contradicts_itself_is_refused(cast, wrong):
    with pytest.raises(Refused):
        cost(cast, **wrong)
    assert not CostRate.objects.exists()
    assert not CostEvent.objects.exists()


def test_only_managers_and_administrators_keep_them(cast):
    for person in (cast.bo, cast.cleo, cast.bea, cast.ann):
        with pytest.raises(NotAllowed):
            cost(cast, by=person)
    cost(cast, by=cast.root)


def test_the_person_comes_before_the_role_and_the_role_before_everybody(cast):
    senior = give_role(cast.ned, name="Senior", valid_from=None, by=None).role
    cost(cast, "50")
    cost(cast, "40", person=None, role=senior)
    cost(cast, "30", person=None)
    costs = costs_in_force()
    found = [
        costs.of(who.pk, role, MAR)
        for who, role in ((cast.bo, senior.pk), (cast.ned, senior.pk), (cast.cleo, None))
    ]
    assert [one.hourly for one in found] == [50, 40, 30]
    assert costs.of(cast.bo.pk, None, date(2025, 12, 31)) is None
