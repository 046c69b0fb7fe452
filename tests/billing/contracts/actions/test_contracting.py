"""Making and changing contracts and rates, each with its event (`GEN-6`)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.models import (
    Contract,
    ContractEvent,
    ContractRate,
    GeneralRate,
    PersonRole,
    Retainer,
)
from itil.tickets.errors import NotAllowed, Refused
from tests.billing import make as billing


def draft(cast, **changes):
    return Contract(
        **{
            "organization": cast.acme,
            "name": "Support",
            "number": "C-1",
            "valid_from": date(2026, 1, 1),
        }
        | changes
    )


def test_a_contract_is_stored_with_what_it_names(cast):
    made = actions.keep_contract(draft(cast), by=cast.bea, parts={"services": [cast.mail_service]})
    stored = Contract.objects.get()
    assert list(stored.services.all()) == [cast.mail_service]
    assert (ContractEvent.objects.get().contract, ContractEvent.objects.get().actor) == (
        made,
        cast.bea,
    )


def test_a_change_tells_before_and_after_and_no_change_tells_nothing(cast):
    made = actions.keep_contract(draft(cast), by=cast.bea)
    actions.keep_contract(made, by=cast.bea, parts={"services": []})
    assert ContractEvent.objects.count() == 1
    made.payment_terms_days = 14
    actions.keep_contract(made, by=cast.bea, parts={"services": [cast.mail_service]})
    event = ContractEvent.objects.get(kind="changed")
    assert event.changes == {"payment_terms_days": ["30", "14"], "services": ["", "Mail"]}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"valid_to": date(2025, 12, 31)}, "ends before it begins"),
        ({"currency": "EUX"}, "three letters of a currency"),
        ({"vat_category": "E", "vat_rate": 0}, "must state the reason"),
    ],
)
def test_what_contradicts_itself_is_refused_and_not_stored(cast, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.keep_contract(draft(cast, **wrong), by=cast.bea)
    assert not Contract.objects.exists()


def test_contracts_that_overlap_are_refused_unless_for_different_services(cast):
    actions.keep_contract(draft(cast), by=cast.bea)
    second = draft(cast, number="C-2")
    with pytest.raises(Refused, match="Contract C-1 covers the same customer"):
        actions.keep_contract(second, by=cast.bea)
    actions.keep_contract(second, by=cast.bea, parts={"services": [cast.mail_service]})
    assert Contract.objects.count() == 2


def test_only_clerks_change_contracts_and_rates(cast):
    contract = billing.contract(cast.acme)
    retainer = Retainer(
        contract=contract, name="Care", minutes=60, price=1, first_month=date(2026, 1, 1)
    )
    for person in (cast.bo, cast.cleo, cast.mia, cast.root, cast.ann):
        for verb in (
            lambda by: actions.keep_contract(draft(cast, organization=cast.globex), by=by),
            lambda by: actions.add_rate(ContractRate(contract=contract, hourly_rate=1), by=by),
            lambda by: actions.add_rate(GeneralRate(hourly_rate=1), by=by),
            lambda by: actions.give_role(cast.bo, name="Senior", valid_from=None, by=by),
            lambda by: actions.add_retainer(retainer, by=by),
        ):
            with pytest.raises(NotAllowed):
                verb(person)
    assert Contract.objects.count() == 1
    assert not ContractRate.objects.exists()
    assert not GeneralRate.objects.exists()


def test_a_rate_of_the_price_list_comes_and_goes_with_its_events(cast):
    rate = actions.add_rate(
        GeneralRate(organization=cast.acme, hourly_rate=Decimal("99.5")), by=cast.bea
    )
    with pytest.raises(Refused, match="from the same day already"):
        actions.add_rate(GeneralRate(organization=cast.acme, hourly_rate=90), by=cast.bea)
    actions.remove_rate(rate, by=cast.bea)
    told = ContractEvent.objects.order_by("pk").values_list("kind", "text")
    assert list(told) == [
        ("rate_added", "Acme, 99.5 EUR"),
        ("rate_removed", "Acme, 99.5 EUR"),
    ]


def test_a_retainer_has_whole_months(cast):
    retainer = Retainer(
        contract=billing.contract(cast.acme),
        name="Care",
        minutes=60,
        price=1,
        first_month=date(2026, 1, 15),
    )
    with pytest.raises(Refused):
        actions.add_retainer(retainer, by=cast.bea)
    assert not Retainer.objects.exists()


def test_a_role_is_given_from_a_day_once_and_taken_back(cast):
    role = actions.give_role(cast.bo, name="Senior", valid_from=None, by=cast.bea)
    with pytest.raises(Refused):
        actions.give_role(cast.bo, name="Junior", valid_from=None, by=cast.bea)
    actions.take_role(role, by=cast.bea)
    assert not PersonRole.objects.exists()
