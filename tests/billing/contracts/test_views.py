"""The pages of clerks and leads."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.contracts import actions
from billing.contracts.models import (
    BillingRole,
    Charge,
    Contract,
    ContractEvent,
    PrepaidBlock,
    TimePrice,
)
from itil.timesheets.actions import add_entry, reopen
from itil.timesheets.models import TimeEntry
from tests import make
from tests.billing import make as billing
from tests.visibility.addresses_contracts import CONTRACT

FIFTH = date(2026, 3, 5)
STAFF = ("bo", "cleo", "mia", "bea", "root")


@pytest.fixture
def signed_in(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


def submitted(cast, minutes=80, **changes):
    return billing.hours(cast, minutes, FIFTH, **{"state": "submitted"} | changes)


@pytest.mark.parametrize(
    ("page", "readers"),
    [
        ("contracts:list", {"cleo", "mia", "bea"}),
        ("contracts:rates", {"cleo", "mia", "bea"}),
        ("contracts:time", {"cleo", "mia", "bea"}),
        ("contracts:charges", {"mia", "bea"}),
        ("contracts:new", {"bea"}),
        ("contracts:new_charge", {"bea"}),
    ],
)
def test_pages_are_there_for_those_who_may(signed_in, cast, page, readers):
    found = {
        name
        for name in (*STAFF, "ann", "dov")
        if signed_in(getattr(cast, name)).get(reverse(page)).status_code == 200
    }
    assert found == readers


def test_a_clerk_makes_a_contract(signed_in, cast):
    client = signed_in(cast.bea)
    values = {
        **CONTRACT,
        "organization": cast.acme.pk,
        "services": [cast.mail_service.pk],
        "included_activities": [cast.activity.pk],
        "contact": cast.ann.pk,
    }
    answer = client.post(reverse("contracts:new"), values)
    contract = Contract.objects.get()
    assert answer.status_code == 303
    assert answer.url == contract.get_absolute_url()
    assert list(contract.services.all()) == [cast.mail_service]
    assert ContractEvent.objects.get().kind == "made"
    page = client.get(answer.url).content.decode()
    assert "Up to 15 minutes, each entry." in page
    assert "Mail" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"valid_to": "2019-12-31"}, "The contract ends before it begins."),
        ({"vat_rate": "0"}, "Only the standard category has a VAT rate"),
        ({"currency": "DEM"}, "Select a valid choice. DEM"),
        ({"holiday_multiplier": "0.5"}, "greater than or equal to 1"),
        ({"number": "C-Globex"}, "already exists"),
        ({"contact": "dov"}, "This person does not belong to the customer."),
    ],
)
def test_a_wrong_contract_comes_back_with_what_was_typed(signed_in, cast, wrong, sentence):
    billing.contract(cast.globex)
    values = {**CONTRACT, "organization": cast.acme.pk, "name": "Zebra support", **wrong}
    if "contact" in wrong:
        values["contact"] = cast.dov.pk
    answer = signed_in(cast.bea).post(reverse("contracts:new"), values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Zebra support" in answer.content.decode()
    assert Contract.objects.count() == 1


def test_overlapping_contracts_are_refused_in_words(signed_in, cast):
    billing.contract(cast.acme)
    values = {**CONTRACT, "organization": cast.acme.pk, "number": "C-2"}
    answer = signed_in(cast.bea).post(reverse("contracts:new"), values)
    assert answer.status_code in (409, 422)
    assert "Contract C-Acme covers the same customer" in answer.content.decode()
    assert Contract.objects.count() == 1


def test_a_change_is_told_in_the_history(signed_in, cast):
    contract = billing.contract(cast.acme)
    values = {
        **CONTRACT,
        "organization": cast.acme.pk,
        "number": contract.number,
        "default_hourly_rate": "120",
    }
    page = reverse("contracts:edit", args=[contract.uuid])
    assert signed_in(cast.bea).post(page, values).status_code == 303
    changes = ContractEvent.objects.get().changes
    assert changes["default_hourly_rate"] == ["100.0000", "120"]


def test_the_currency_stays_once_work_was_priced(signed_in, cast):
    contract = billing.contract(cast.acme)
    actions.price_missing([billing.hours(cast, 60, FIFTH)])
    values = {
        **CONTRACT,
        "organization": cast.acme.pk,
        "number": contract.number,
        "currency": "JPY",
    }
    page = reverse("contracts:edit", args=[contract.uuid])
    answer = signed_in(cast.bea).post(page, values)
    assert answer.status_code == 409
    assert "Work was priced in EUR already" in answer.content.decode()


def test_rates_are_added_with_a_date_and_removed(signed_in, cast):
    contract = billing.contract(cast.acme)
    client = signed_in(cast.bea)
    page = reverse("contracts:add_rate", args=[contract.uuid])
    values = {"activity": cast.activity.pk, "hourly_rate": "99", "valid_from": "2026-04-01"}
    assert client.post(page, values).status_code == 303
    assert client.post(page, values).status_code in (409, 422)
    rate = contract.rates.get()
    drop = reverse("contracts:drop_rate", args=[contract.uuid, rate.pk])
    assert client.post(drop).status_code == 303
    assert not contract.rates.exists()
    kinds = ContractEvent.objects.values_list("kind", flat=True)
    assert set(kinds) == {"rate_added", "rate_removed"}


def test_a_block_is_sold_and_shown_with_its_balance(signed_in, cast):
    contract = billing.contract(cast.acme)
    client = signed_in(cast.bea)
    values = {
        "name": "Ten hours",
        "hours": "10",
        "price": "950",
        "valid_from": "2026-01-01",
        "valid_to": "2027-12-31",
    }
    page = reverse("contracts:sell", args=[contract.uuid])
    assert client.post(page, {**values, "hours": ""}).status_code == 422
    assert client.post(page, values).status_code == 303
    actions.price_missing([billing.hours(cast, 80, FIFTH)])
    shown = client.get(contract.get_absolute_url()).content.decode()
    assert "8h 30m left" in shown
    assert "1h 30m of 10h used" in shown
    assert Charge.objects.get().net == Decimal("950.00")


def test_a_retainer_of_this_year_is_sold_month_by_month(signed_in, cast):
    contract = billing.contract(cast.acme)
    today = timezone.localdate()
    values = {
        "name": "Care",
        "hours": "10",
        "price": "950",
        "first_month": f"{today:%Y-%m}",
        "keeps_months": "1",
        "cap": "5",
    }
    page = reverse("contracts:retainer", args=[contract.uuid])
    assert signed_in(cast.bea).post(page, values).status_code == 303
    block = PrepaidBlock.objects.get()
    assert (block.minutes, block.cap, block.retainer.cap) == (600, 300, 300)


def test_a_person_gets_a_role_by_its_name(signed_in, cast):
    client = signed_in(cast.bea)
    for name in ("Senior", "senior"):
        client.post(
            reverse("contracts:new_role"),
            {"person": (cast.bo if name == "Senior" else cast.ned).pk, "role": name},
        )
    assert BillingRole.objects.get().people.count() == 2


def test_a_lead_sees_coverage_and_amount_and_approves_in_bulk(signed_in, cast):
    billing.contract(cast.acme, hours=cast.calendar)
    ticket = make.incident(cast)
    entries = [submitted(cast, ticket=ticket) for _ in range(3)]
    own = submitted(cast, ticket=ticket, agent=cast.cleo)
    client = signed_in(cast.cleo)
    page = client.get(reverse("contracts:time")).content.decode()
    assert page.count('name="entry"') == 3
    assert "€133.33" in page
    assert "100 EUR an hour, the general rate of contract C-Acme" in page
    everything = [entry.pk for entry in (*entries, own)]
    client.post(reverse("contracts:decide_time"), {"entry": everything, "decision": "approve"})
    assert TimeEntry.objects.filter(state="approved").count() == 3
    assert TimePrice.objects.count() == 3
    own.refresh_from_db()
    assert own.state == "submitted"


def test_rejecting_needs_a_reason(signed_in, cast):
    billing.contract(cast.acme)
    entry, client = submitted(cast), signed_in(cast.cleo)
    decide = reverse("contracts:decide_time")
    answer = client.post(decide, {"entry": entry.pk, "decision": "reject"}, follow=True)
    assert "Say what is wrong" in answer.content.decode()
    client.post(decide, {"entry": entry.pk, "decision": "reject", "reason": "Wrong ticket"})
    entry.refresh_from_db()
    assert (entry.state, entry.state_reason) == ("rejected", "Wrong ticket")


def test_time_without_a_rate_says_what_to_do_and_stays(signed_in, cast):
    entry, client = submitted(cast), signed_in(cast.cleo)
    page = reverse("contracts:time")
    assert "No contract of Acme covers this work" in client.get(page).content.decode()
    client.post(reverse("contracts:decide_time"), {"entry": entry.pk, "decision": "approve"})
    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_nobody_else_decides_about_time(signed_in, cast):
    billing.contract(cast.acme)
    entry = submitted(cast)
    for name in ("bo", "ned", "bea", "root", "ann"):
        client = signed_in(getattr(cast, name))
        answer = client.post(reverse("contracts:decide_time"), {"entry": entry.pk})
        assert answer.status_code == 404
    # A lead is there, so it is not the manager's to decide.
    signed_in(cast.mia).post(reverse("contracts:decide_time"), {"entry": entry.pk})
    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_a_clerk_lists_all_that_is_not_approved(signed_in, cast):
    submitted(cast)
    submitted(cast, state="draft")
    billing.hours(cast, 30, FIFTH)
    page = signed_in(cast.bea).get(reverse("contracts:time"))
    assert len(page.context["rows"]) == 2
    assert 'name="entry"' not in page.content.decode()


def panel(client, ticket):
    return client.get(reverse("contracts:coverage", args=[ticket.number])).content.decode()


def test_the_ticket_says_what_covers_it_before_work_starts(signed_in, cast):
    ticket = make.incident(cast)
    assert "it needs an estimate" in panel(signed_in(cast.bo), ticket)
    contract = billing.contract(cast.acme, valid_from=date(2020, 1, 1))
    agents, leads = panel(signed_in(cast.bo), ticket), panel(signed_in(cast.cleo), ticket)
    assert "Billable" in agents
    assert "C-Acme" in agents
    assert "100" not in agents
    assert "100 EUR an hour" in leads
    contract.included_activities.add(cast.activity)
    contract.save()
    assert "Included" in panel(signed_in(cast.bo), ticket)


def test_the_balance_of_prepaid_hours_stands_on_the_ticket(signed_in, cast):
    ticket = make.incident(cast)
    actions.sell_block(
        billing.contract(cast.acme),
        by=cast.bea,
        name="Ten hours",
        minutes=600,
        price=Decimal(950),
        valid_from=date(2020, 1, 1),
        valid_to=date(2099, 1, 1),
    )
    page = panel(signed_in(cast.bo), ticket)
    assert "Prepaid" in page
    assert "10h left" in page


def test_the_panel_is_not_there_for_requesters(signed_in, cast):
    ticket = make.incident(cast)
    address = reverse("contracts:coverage", args=[ticket.number])
    assert signed_in(cast.ann).get(address).status_code == 404
    assert signed_in(cast.dov).get(address).status_code == 404


def test_work_booked_where_the_contract_wants_approval_waits_for_it(cast):
    billing.contract(cast.acme, time_approval=True)
    entry = add_entry(
        make.incident(cast),
        agent=cast.bo,
        activity=cast.activity,
        minutes=30,
        work_date=FIFTH,
        at=datetime(2026, 3, 6, tzinfo=UTC),
    )
    assert entry.state == "submitted"
    assert not TimePrice.objects.exists()


def test_work_booked_elsewhere_is_approved_by_rule_and_priced(cast):
    billing.contract(cast.acme)
    entry = add_entry(
        make.incident(cast),
        agent=cast.bo,
        activity=cast.activity,
        minutes=30,
        work_date=FIFTH,
        at=datetime(2026, 3, 6, tzinfo=UTC),
    )
    assert entry.price.base_rate == 100
    reopen([entry], by=cast.cleo, reason="Wrong", at=datetime(2026, 3, 7, tzinfo=UTC))
    assert not TimePrice.objects.exists()


@pytest.mark.parametrize(
    "page", ["contracts:list", "contracts:charges", "contracts:time", "contracts:detail"]
)
def test_pages_cost_the_same_for_one_and_for_many(
    signed_in, cast, page, django_assert_max_num_queries
):
    contract = billing.contract(cast.acme)

    def more(number):
        billing.contract(cast.globex, number=f"C{number}", valid_from=date(2026, 1, number))
        submitted(cast)
        actions.add_charge(cast.acme, by=None, on=FIFTH, description="Cable", unit_price=Decimal(1))
        actions.sell_block(
            contract,
            by=cast.bea,
            name="Hours",
            minutes=60,
            price=Decimal(1),
            valid_from=FIFTH,
            valid_to=date(2099, 1, 1),
        )
        actions.price_missing([billing.hours(cast, 30, FIFTH)])

    more(1)
    address = reverse(page, args=[contract.uuid] if page == "contracts:detail" else [])
    client = signed_in(cast.bea)
    client.get(address)
    with django_assert_max_num_queries(24) as first:
        client.get(address)
    for number in range(2, 6):
        more(number)
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(address)
