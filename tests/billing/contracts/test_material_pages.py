"""Material on the page of a ticket, prices in the contract, and where charges lead."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.contracts import actions
from billing.contracts.models import Charge, KilometreRate, PartPrice
from billing.invoices import actions as invoicing
from billing.invoices.parse import month
from tests import make
from tests.billing import make as billing
from tests.cast import MONDAY

DAY = date(2026, 3, 2)
APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def contract(cast):
    billing.seller()
    return billing.contract(cast.acme)


@pytest.fixture
def ticket(cast):
    return make.incident(cast)


def page(client, person, name, *args):
    client.force_login(person)
    return client.get(reverse(name, args=args))


def use(cast, ticket, what="Fan", **changes):
    return actions.use_material(
        ticket,
        by=cast.bo,
        description=what,
        quantity=Decimal(1),
        unit_price=Decimal(9),
        at=MONDAY,
        **changes,
    )


def test_an_agent_records_a_part_and_takes_it_out_again(client, cast, contract, ticket):
    part = PartPrice.objects.create(contract=contract, name="Switch", unit_price=Decimal(219))
    client.force_login(cast.bo)
    url = reverse("contracts:use_material", args=[ticket.number])
    assert client.post(url, {"quantity": "1", "on": "2026-03-02"}).status_code == 422
    answer = client.post(url, {"part": part.pk, "quantity": "2", "on": "2026-03-02"})
    assert (answer.status_code, answer.url) == (303, ticket.get_absolute_url())
    used = Charge.objects.get()
    panel = page(client, cast.bo, "contracts:material", ticket.number).content.decode()
    assert "Switch" in panel
    # What the customer pays is for the lead, clerks and managers.
    assert "438" not in panel
    assert "438" in page(client, cast.cleo, "contracts:material", ticket.number).content.decode()

    client.force_login(cast.bo)
    remove = reverse("contracts:remove_material", args=[used.uuid])
    assert client.post(remove, {"reason": "Wrong ticket"}).status_code == 303
    panel = page(client, cast.bo, "contracts:material", ticket.number).content.decode()
    assert "1 removed" in panel
    assert "Wrong ticket" in panel


def test_what_no_contract_covers_is_marked(client, cast, ticket):
    use(cast, ticket)
    panel = page(client, cast.bo, "contracts:material", ticket.number).content.decode()
    assert "Not covered" in panel


def test_customers_see_neither_the_panel_nor_the_form(client, cast, contract, ticket):
    used = use(cast, ticket)
    for person in (cast.ann, cast.dov):
        for name, key in (
            ("contracts:material", ticket.number),
            ("contracts:use_material", ticket.number),
            ("contracts:remove_material", used.uuid),
            ("invoices:of-charge", used.uuid),
        ):
            assert page(client, person, name, key).status_code == 404


def test_the_panel_asks_the_same_for_one_row_and_for_many(client, cast, contract, ticket):
    client.force_login(cast.bo)
    url = reverse("contracts:material", args=[ticket.number])
    counts = []
    for rows in (1, 4):
        for _count in range(rows):
            use(cast, ticket)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_clerks_keep_prices_of_kilometers_and_parts(client, cast, contract):
    client.force_login(cast.bea)
    for name, values in (
        ("contracts:add_kilometre", {"price": "0.48", "valid_from": "2026-01-01"}),
        ("contracts:add_part", {"name": "Fan", "unit": "C62", "unit_price": "9"}),
    ):
        url = reverse(name, args=[contract.uuid])
        assert client.post(url, values).status_code == 303
        # The same once more.
        assert client.post(url, values).status_code in (409, 422)
    shown = page(client, cast.bea, "contracts:detail", contract.uuid).content.decode()
    assert "0.48" in shown
    assert "Fan" in shown
    for name, row in (
        ("contracts:drop_kilometre", KilometreRate.objects.get()),
        ("contracts:drop_part", PartPrice.objects.get()),
    ):
        client.post(reverse(name, args=[contract.uuid, row.pk]))
    assert not KilometreRate.objects.exists()
    assert not PartPrice.objects.exists()


def test_the_line_leads_to_charge_and_ticket_and_the_ticket_to_the_line(
    client, cast, contract, ticket
):
    used = use(cast, ticket)
    waiting = page(client, cast.mia, "invoices:of-ticket", ticket.number).content.decode()
    assert "To be invoiced" in waiting
    [draft] = invoicing.run_month(month("2026-03"), by=cast.bea, at=APRIL).drafted
    line = draft.lines.get()

    shown = page(client, cast.mia, "invoices:line", draft.uuid, 1).content.decode()
    assert used.get_absolute_url() in shown
    assert f">{ticket.number}</a>" in shown
    back = page(client, cast.mia, "invoices:of-ticket", ticket.number).content.decode()
    assert line.get_absolute_url() in back
    billed = page(client, cast.mia, "invoices:of-charge", used.uuid).content.decode()
    assert line.get_absolute_url() in billed


def test_unbilled_charges_stand_beside_unbilled_work(client, cast, ticket):
    use(cast, ticket)
    use(cast, ticket, on=date(2026, 3, 1))
    client.force_login(cast.mia)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(reverse("invoices:open-charges")).content.decode()
    assert "18.00" in shown
    assert "2 not covered" in shown
    assert len(queries) <= 8
    assert page(client, cast.bo, "invoices:open-charges").status_code == 404
    assert reverse("invoices:open-charges") in (
        page(client, cast.mia, "invoices:unbilled").content.decode()
    )
