"""Which rate applies, on which day, and how it is explained (`BIL-5`)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.contracts.hours import Multipliers
from billing.contracts.matching import ContractTerms, NoRate, Rates, Terms, Worked, explain, price
from itil.calendars.hours import Schedule, Week
from reports.metrics.billable import Rounding

GROUP, DAUGHTER, US = 10, 11, 1
SENIOR, ANALYSIS, TRAVEL, MAIL, WEB = 3, 4, 5, 6, 7
BO = 20
DAY = date(2026, 3, 31)
WEEK = Week(tuple((day, 9 * 60, 17 * 60) for day in range(5)))


def rates(**by_key):
    """Undated rates: `both`, `role`, `activity` and `default`."""
    keys = {
        "both": (SENIOR, ANALYSIS),
        "role": (SENIOR, None),
        "activity": (None, ANALYSIS),
        "default": (None, None),
    }
    return Rates.of((*keys[name], Decimal(rate), None) for name, rate in by_key.items())


def contract(**changes):
    return ContractTerms(
        **{
            "pk": 1,
            "organization": GROUP,
            "number": "C-1",
            "currency": "EUR",
            "valid_from": date(2026, 1, 1),
            "valid_to": None,
            "rounding": Rounding(),
        }
        | changes
    )


def terms(*contracts, general=None, **changes):
    return Terms(
        {GROUP: list(contracts)} if contracts else {},
        **{
            "parents": {GROUP: None, DAUGHTER: GROUP, US: None},
            "names": {GROUP: "Acme", DAUGHTER: "Acme Labs", US: "Halden"},
            "general": {(whom, "EUR"): found for whom, found in (general or {}).items() if found},
            "roles": {BO: [(SENIOR, None)]},
            "role_names": {SENIOR: "Senior"},
            "own": frozenset({US}),
        }
        | changes,
    )


def work(**changes):
    return Worked(
        **{
            "entry": 1,
            "ticket": 1,
            "organization": GROUP,
            "service": MAIL,
            "person": BO,
            "activity": ANALYSIS,
            "activity_name": "Analysis",
            "work_date": DAY,
            "minutes": 60,
            "billing_kind": "billable",
        }
        | changes
    )


def test_b7_the_contract_before_the_customer_before_role_activity_and_default():
    general = {GROUP: rates(default=100), None: rates(role=110, activity=130, default=90)}
    own = contract(rates=rates(role=95))
    assert price(work(), terms(own, general=general)).base_rate == 95
    assert price(work(), terms(contract(), general=general)).base_rate == 100
    general[GROUP] = None
    assert price(work(), terms(contract(), general=general)).base_rate == 110
    assert price(work(person=99), terms(contract(), general=general)).base_rate == 130
    assert (
        price(work(person=99, activity=TRAVEL), terms(contract(), general=general)).base_rate == 90
    )


def test_within_a_level_role_and_activity_then_role_then_activity_then_default():
    everything = {"both": 1, "role": 2, "activity": 3, "default": 4}
    for name in ("both", "role", "activity", "default"):
        found = price(work(), terms(contract(rates=rates(**everything))))
        assert found.base_rate == everything.pop(name)
        assert found.source == "contract_" + {"both": "role_activity"}.get(name, name)


def test_b8_the_work_date_decides_whenever_it_is_approved():
    changing = Rates.of(
        [(None, None, Decimal(95), None), (None, None, Decimal(99), date(2026, 4, 1))]
    )
    in_force = terms(contract(rates=changing))
    assert price(work(), in_force).base_rate == 95
    assert price(work(work_date=date(2026, 4, 1)), in_force).base_rate == 99


def test_the_role_is_the_one_of_the_work_date():
    in_force = terms(
        contract(rates=rates(role=150, default=100)),
        roles={BO: [(99, None), (SENIOR, date(2026, 4, 1))]},
    )
    assert price(work(), in_force).base_rate == 100
    assert price(work(work_date=date(2026, 4, 1)), in_force).base_rate == 150


def test_rates_of_a_parent_hold_for_its_daughters_and_never_in_another_currency():
    general = {GROUP: rates(default=100), None: rates(default=90)}
    assert price(work(organization=DAUGHTER), terms(general=general)).base_rate == 100
    yen = terms(contract(currency="JPY"), general=general)
    assert isinstance(price(work(), yen), NoRate)


def test_a_contract_for_a_service_wins_over_the_general_one():
    in_force = terms(
        contract(default_rate=Decimal(100)),
        contract(pk=2, number="C-2", default_rate=Decimal(80), services=frozenset({MAIL})),
    )
    assert price(work(), in_force).contract.number == "C-2"
    assert price(work(service=WEB), in_force).contract.number == "C-1"


def test_no_rate_says_what_to_do():
    no_rate = price(work(), terms(contract()))
    assert no_rate.sentence(terms(contract())) == (
        "Contract C-1 has no hourly rate for Analysis on 2026-03-31. Add one."
    )
    no_contract = price(work(), terms())
    assert no_contract.sentence(terms()).startswith("No contract of Acme covers this work on")


@pytest.mark.parametrize(
    ("changes", "of_contract", "coverage"),
    [
        ({}, {}, "billable"),
        ({"billing_kind": "non_billable"}, {}, "non_billable"),
        ({"billing_kind": "included"}, {}, "included"),
        ({}, {"included_activities": frozenset({ANALYSIS})}, "included"),
        ({}, {"included_services": frozenset({MAIL})}, "included"),
        ({}, {"prepaid": ((date(2026, 1, 1), DAY),)}, "prepaid"),
        ({}, {"prepaid": ((date(2026, 4, 1), date(2026, 4, 30)),)}, "billable"),
    ],
)
def test_coverage_follows_the_booking_and_the_contract(changes, of_contract, coverage):
    in_force = terms(contract(default_rate=Decimal(100), **of_contract))
    found = price(work(**changes), in_force)
    assert found.coverage == coverage
    assert (found.rate is None) == (coverage in ("included", "non_billable"))


def test_a_fixed_price_comes_before_every_rate():
    found = price(work(), terms(contract(default_rate=Decimal(100))), {1: "estimate EST-7"})
    assert (found.coverage, found.source, found.rate) == ("included", "fixed", None)
    assert explain(found, terms()) == "Included: estimate EST-7 is a fixed price."


def test_work_for_ourselves_needs_no_rate():
    found = price(work(organization=US), terms())
    assert (found.coverage, found.contract) == ("non_billable", None)
    assert "our own organization" in explain(found, terms())


def test_the_rate_is_explained_in_one_sentence():
    dated = Rates.of([(SENIOR, ANALYSIS, Decimal("95.5000"), date(2026, 3, 1))])
    hours = Multipliers(Schedule("Europe/Berlin", (WEEK,)), Decimal("1.5"), Decimal(2))
    in_force = terms(contract(rates=dated, multipliers=hours))
    late = work(
        work_date=date(2026, 3, 5),
        minutes=105,
        starts_at=datetime(2026, 3, 5, 15, 30, tzinfo=UTC),
        ends_at=datetime(2026, 3, 5, 17, 15, tzinfo=UTC),
    )
    assert explain(price(late, in_force), in_force) == (
        "95.5 EUR an hour, the rate for Senior and Analysis of contract C-1, valid from "
        "01/03/2026; 75 min times 1.5 (outside the contract's hours)."
    )
    untimed = replace(late, starts_at=None, ends_at=None)
    assert explain(price(untimed, in_force), in_force).endswith(
        "; as normal hours, because no start and end were recorded."
    )
