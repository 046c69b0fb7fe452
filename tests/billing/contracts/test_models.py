"""What a contract may be."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from billing.contracts.models import Contract, ContractRate
from tests.billing import make as billing


def test_two_contracts_of_one_customer_may_not_hold_on_the_same_day(cast):
    billing.contract(cast.acme, valid_to=date(2026, 3, 31))
    next_one = Contract(
        organization=cast.acme, name="Next", number="C-2", valid_from=date(2026, 3, 31)
    )
    with pytest.raises(ValidationError, match="C-Acme is in force"):
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
