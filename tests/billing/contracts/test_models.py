"""What a contract may be."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from billing.contracts.models import (
    BillingRole,
    Charge,
    Contract,
    ContractRate,
    GeneralRate,
    TimePrice,
)
from tests.billing import make as billing


def test_two_contracts_of_one_customer_may_not_hold_on_the_same_day(cast):
    billing.contract(cast.acme, valid_to=date(2026, 3, 31))
    next_one = Contract(
        organization=cast.acme, name="Next", number="C-2", valid_from=date(2026, 3, 31)
    )
    with pytest.raises(ValidationError, match="C-Acme covers the same customer"):
        next_one.full_clean()
    next_one.valid_from = date(2026, 4, 1)
    next_one.full_clean()


@pytest.mark.parametrize(
    "wrong",
    [
        {"vat_category": "S", "vat_rate": 0},
        {"vat_category": "AE", "vat_rate": 19, "vat_exemption_reason": "Reverse charge"},
        {"vat_category": "E", "vat_rate": 0, "vat_exemption_reason": ""},
        {"valid_to": date(2019, 12, 31)},
        {"rounding_increment": 0},
    ],
)
def test_the_database_refuses_contracts_that_contradict_themselves(cast, wrong):
    with pytest.raises(IntegrityError):
        billing.contract(cast.acme, **wrong)


def test_one_activity_has_one_first_rate(cast):
    contract = billing.contract(cast.acme, rates={cast.activity: "95"})
    with pytest.raises(IntegrityError):
        ContractRate.objects.create(
            contract=contract, activity=cast.activity, hourly_rate=Decimal(99)
        )


def test_contracts_for_different_services_may_hold_on_the_same_day(cast):
    mail = billing.contract(cast.acme)
    mail.services.add(cast.mail_service)
    mail.save()
    billing.contract(cast.acme, number="C-all").full_clean()
    mail.full_clean()
    other = billing.contract(cast.acme, number="C-mail-2")
    other.services.add(cast.mail_service)
    other.save()
    with pytest.raises(ValidationError, match="name different services"):
        other.full_clean()


def test_a_currency_must_exist(cast):
    contract = billing.contract(cast.acme)
    contract.currency = "EUX"
    with pytest.raises(ValidationError, match="three letters of a currency"):
        contract.full_clean()


def test_a_price_list_has_rates_for_a_role_or_an_activity(cast):
    senior = BillingRole.objects.create(name="Senior")
    with pytest.raises(IntegrityError):
        GeneralRate.objects.create(role=senior, activity=cast.activity, hourly_rate=100)


def test_a_general_rate_changes_once_on_a_day(cast):
    GeneralRate.objects.create(activity=cast.activity, hourly_rate=100)
    GeneralRate.objects.create(activity=cast.activity, hourly_rate=110, currency="USD")
    with pytest.raises(ValidationError, match="from the same day already"):
        GeneralRate(activity=cast.activity, hourly_rate=120).full_clean()


def test_a_frozen_price_is_not_changed(cast):
    entry = billing.hours(cast, 80, date(2026, 3, 5))
    price = TimePrice.objects.create(
        entry=entry, coverage="included", source="none", priced_at=entry.created_at
    )
    with pytest.raises(TypeError, match="frozen"):
        price.save()


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"unit_price": -1},
        {"vat_category": "S"},
        {"vat_category": "E", "vat_rate": 0},
        {"vat_rate": 19},
    ],
)
def test_the_database_refuses_charges_that_contradict_themselves(cast, wrong):
    with pytest.raises(IntegrityError):
        Charge.objects.create(
            **{
                "organization": cast.acme,
                "on": date(2026, 3, 5),
                "description": "Cable",
                "unit_price": 10,
            }
            | wrong
        )
