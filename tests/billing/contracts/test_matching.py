"""Which contract and rate apply (`BIL-5`)."""

from datetime import date
from decimal import Decimal

from billing.contracts.matching import ContractTerms, Rates, Terms, terms_in_force
from billing.contracts.models import ContractRate
from reports.metrics.billable import Rounding
from tests.billing import make as billing

ANALYSIS, TRAVEL = 1, 2
GROUP, DAUGHTER, STRANGER = 10, 11, 12
MARCH_31, APRIL_1 = date(2026, 3, 31), date(2026, 4, 1)


def terms(**changes):
    return ContractTerms(
        **{
            "pk": 1,
            "organization": GROUP,
            "currency": "EUR",
            "valid_from": date(2026, 1, 1),
            "valid_to": None,
            "rounding": Rounding(),
        }
        | changes
    )


def test_the_rate_of_the_work_date_applies_whenever_it_is_billed():
    rates = Rates.of([(None, ANALYSIS, Decimal(95), None), (None, ANALYSIS, Decimal(99), APRIL_1)])
    assert terms(rates=rates).rate_for(ANALYSIS, MARCH_31) == Decimal(95)
    assert terms(rates=rates).rate_for(ANALYSIS, APRIL_1) == Decimal(99)


def test_an_activity_without_its_own_rate_takes_the_default_of_the_contract():
    found = terms(default_rate=Decimal(90), rates=Rates.of([(None, ANALYSIS, Decimal(95), None)]))
    assert found.rate_for(TRAVEL, APRIL_1) == Decimal(90)


def test_a_rate_that_begins_later_does_not_apply_yet():
    found = terms(rates=Rates.of([(None, ANALYSIS, Decimal(95), APRIL_1)]))
    assert found.rate_for(ANALYSIS, MARCH_31) is None


def test_a_rate_of_zero_is_a_rate():
    found = terms(default_rate=Decimal(90), rates=Rates.of([(None, TRAVEL, Decimal(0), None)]))
    assert found.rate_for(TRAVEL, APRIL_1) == Decimal(0)


def test_a_contract_covers_its_last_day_and_everything_below_its_customer():
    found = Terms(
        {GROUP: [terms(valid_to=MARCH_31)]}, {GROUP: None, DAUGHTER: GROUP, STRANGER: None}
    )
    assert found.contract_for(DAUGHTER, MARCH_31).pk == 1
    assert found.contract_for(DAUGHTER, APRIL_1) is None
    assert found.contract_for(STRANGER, MARCH_31) is None
    assert found.below(GROUP) == [GROUP, DAUGHTER]


def test_the_nearest_contract_wins():
    contracts = {GROUP: [terms()], DAUGHTER: [terms(pk=2, organization=DAUGHTER)]}
    found = Terms(contracts, {GROUP: None, DAUGHTER: GROUP})
    assert found.contract_for(DAUGHTER, APRIL_1).pk == 2


def test_organizations_that_contain_each_other_end_the_search():
    found = Terms({}, {GROUP: DAUGHTER, DAUGHTER: GROUP})
    assert found.contract_for(GROUP, APRIL_1) is None


def test_terms_are_read_in_seven_queries(cast, django_assert_num_queries):
    contract = billing.contract(cast.acme, rates={cast.activity: "95"})
    ContractRate.objects.create(
        contract=contract, activity=cast.activity, hourly_rate=99, valid_from=APRIL_1
    )
    billing.contract(cast.globex)
    with django_assert_num_queries(7):
        found = terms_in_force()
    in_force = found.contract_for(cast.acme.pk, APRIL_1)
    assert in_force.rate_for(cast.activity.pk, MARCH_31) == Decimal(95)
    assert in_force.rate_for(cast.activity.pk, APRIL_1) == Decimal(99)
    assert found.contract_for(cast.halden.pk, APRIL_1) is None
