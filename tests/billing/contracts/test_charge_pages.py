"""Charges on the pages: decided about, given up, and caught up with."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django_tasks import default_task_backend

from billing.contracts import actions
from billing.contracts.models import Charge
from billing.contracts.tasks import charge_months_of_orders
from tests.billing import make as billing
from tests.catalog.requests import orders
from tests.visibility.addresses_contracts import CONTRACT

FIFTH = date(2026, 3, 5)


@pytest.fixture
def signed_in(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


def test_a_proposed_charge_is_accepted_rejected_or_written_off(signed_in, cast):
    client = signed_in(cast.bea)

    def charge(**changes):
        return actions.add_charge(
            cast.acme,
            by=cast.bea,
            on=FIFTH,
            description="Cable",
            unit_price=Decimal(10),
            **changes,
        )

    proposed, other, due = charge(is_proposal=True), charge(is_proposal=True), charge()
    client.post(reverse("contracts:accept", args=[proposed.uuid]))
    client.post(reverse("contracts:reject", args=[other.uuid]), {"reason": "Not agreed"})
    client.post(reverse("contracts:write_off", args=[due.uuid]), {"reason": "Goodwill"})
    states = [Charge.objects.get(pk=one.pk).state for one in (proposed, other, due)]
    assert states == ["open", "rejected", "written_off"]
    again = client.post(reverse("contracts:reject", args=[other.uuid]), {"reason": "Again"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("who", "status"),
    [("bea", 303), ("mia", 404), ("cleo", 404), ("bo", 404), ("root", 404), ("ann", 404)],
)
def test_an_accepted_credit_is_written_off_by_clerks_only(signed_in, cast, who, status):
    credit = actions.add_charge(
        cast.acme,
        by=None,
        on=FIFTH,
        description="Credit for a late solution",
        unit_price=Decimal(10),
        quantity=Decimal(-1),
        kind="breach_credit",
        is_proposal=True,
    )
    actions.accept(credit, by=cast.mia)
    page = reverse("contracts:write_off", args=[credit.uuid])
    client = signed_in(getattr(cast, who))
    assert client.get(page).status_code == (200 if status == 303 else 404)
    assert client.post(page, {"reason": "Goodwill"}).status_code == status
    credit.refresh_from_db()
    assert credit.state == ("written_off" if status == 303 else "open")


def test_orders_delivered_before_are_charged_by_the_worker_and_once(signed_in, cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    contract = billing.contract(cast.acme)
    orders.delivered(orders.counter(cast))
    default_task_backend.clear()
    values = {
        **CONTRACT,
        "organization": cast.acme.pk,
        "number": contract.number,
        "orders_charged_from": "2026-03-01",
    }
    page = reverse("contracts:edit", args=[contract.uuid])
    client = signed_in(cast.bea)
    asked = default_task_backend.results
    for _time in range(2):
        assert client.post(page, values).status_code == 303
        # Nothing new to catch up with the second time.
        assert [one.task for one in asked] == [charge_months_of_orders]
        assert not Charge.objects.exists()
    for _delivery in range(2):
        charge_months_of_orders.call()
        assert Charge.objects.get().description == "New laptop"
