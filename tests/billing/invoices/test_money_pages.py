"""Pages of payments, bank lines, reminders, ageing, credit notes and second looks."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from billing.invoices import actions
from billing.invoices.documents import reminder_pdf
from billing.invoices.models import (
    Allocation,
    ApprovalLimit,
    Confirmation,
    Difference,
    Invoice,
    Payment,
    Reminder,
    Seller,
)
from billing.invoices.parse import Quote
from portal.outbox.models import OutgoingMail
from tests.billing import make as billing
from tests.billing.bank import camt, entry

MAY_11 = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
LISTS = ("payments", "entries", "statements", "ageing", "owed", "reminders", "confirmations")
LIST_QUERIES = 8

pytestmark = pytest.mark.usefixtures("_in_may")


@pytest.fixture
def _in_may():
    with time_machine.travel(MAY_11):
        yield


@pytest.fixture
def invoice(cast):
    """HAL-2026-000001 over 1 190.00, due on 1 June 2026."""
    return billing.issued(cast)


@pytest.fixture
def second(cast, invoice):
    """HAL-2026-000002 over 595.00."""
    return billing.issued(cast, "500.00", month="2026-04")


@pytest.fixture
def clerk(signed_in, cast):
    return signed_in(cast.bea)


def url(name, *args):
    return reverse(f"invoices:{name}", args=args)


def payment_values(**changes):
    return {
        "key": uuid4(),
        "seller": Seller.objects.get().pk,
        "amount": "1190.00",
        "currency": "EUR",
        "received_on": "2026-05-10",
        "method": "transfer",
        "oldest_first": "on",
    } | changes


def record_url(cast):
    return f"{url('record-payment')}?customer={cast.acme.uuid}"


def test_a_payment_goes_to_the_oldest_invoices(clerk, cast, invoice, second):
    assert "HAL-2026-000002" in clerk.get(record_url(cast)).text
    done = clerk.post(record_url(cast), payment_values(amount="1.300,00"), follow=True)
    assert "The payment is recorded." in done.text
    amounts = Allocation.objects.order_by("pk").values_list("invoice__number", "amount")
    assert list(amounts) == [
        ("HAL-2026-000001", Decimal("1190.00")),
        ("HAL-2026-000002", Decimal("110.00")),
    ]


def test_a_payment_for_two_invoices_as_it_was_entered(clerk, cast, invoice, second):
    shares = {f"share_{invoice.pk}": "600", f"share_{second.pk}": "590,00"}
    clerk.post(record_url(cast), payment_values() | shares)
    assert Payment.objects.get().credit == 0
    assert set(Invoice.objects.values_list("state", flat=True)) == {"partly_paid"}


def test_a_payment_shared_out_beyond_its_amount_books_nothing(clerk, cast, invoice, second):
    shares = {f"share_{invoice.pk}": "1190.00", f"share_{second.pk}": "0.01"}
    page = clerk.post(record_url(cast), payment_values() | shares)
    assert page.status_code in (409, 422)
    assert "Only 0.00 EUR of this payment is left." in page.text
    assert 'value="0.01"' in page.text
    assert not Payment.objects.exists()
    assert set(Invoice.objects.values_list("state", flat=True)) == {"issued"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "1,190"}, "“1,190” can be read in two ways"),
        ({"amount": "12,34.5,6"}, "is no amount"),
        ({"amount": ""}, "This field is required"),
        ({"amount": "-5.00"}, "Enter an amount above zero"),
        ({"received_on": "2026-05-12"}, "This date is in the future"),
    ],
)
def test_bad_amounts_and_dates_come_back_with_what_was_typed(clerk, cast, invoice, changes, reason):
    page = clerk.post(record_url(cast), payment_values(reference="Remember me") | changes)
    assert page.status_code in (409, 422)
    assert reason in page.text
    assert "Remember me" in page.text
    assert not Payment.objects.exists()


def test_more_than_the_invoice_is_refused_on_the_page(clerk, cast, invoice):
    values = payment_values(amount="2000.00") | {f"share_{invoice.pk}": "1190.01"}
    page = clerk.post(record_url(cast), values)
    assert page.status_code == 409
    assert "Only 1190.00 EUR is open on invoice HAL-2026-000001" in page.text


def test_a_form_sent_twice_records_one_payment(clerk, cast, invoice):
    values = payment_values()
    clerk.post(record_url(cast), values)
    clerk.post(record_url(cast), values)
    assert Payment.objects.count() == 1


def test_credit_is_put_on_the_next_invoice_paid_back_and_taken_off(clerk, cast, invoice, second):
    payment = billing.paid_in(cast, "1400.00", shares=[(invoice, "1190.00")])
    page = clerk.get(url("payment", payment.uuid)).text
    assert "€210.00 is credit of the customer" in page
    clerk.post(url("allocate", payment.uuid), {f"share_{second.pk}": "110"})
    clerk.post(
        url("pay-back", payment.uuid), {"key": uuid4(), "amount": "100", "paid_on": "2026-05-11"}
    )
    payment.refresh_from_db()
    assert (payment.credit, payment.refunded_total) == (0, Decimal(100))
    allocation = payment.allocations.get(invoice=second)
    clerk.post(url("take-off", payment.uuid, allocation.pk), {"reason": "Wrong one"})
    payment.refresh_from_db()
    assert payment.credit == Decimal(110)


def test_a_payment_is_reversed_from_its_page(clerk, cast, invoice):
    payment = billing.paid_in(cast, "1190.00", shares=[(invoice, "1190.00")])
    clerk.post(url("reverse", payment.uuid), {"reason": "Bounced"})
    page = clerk.get(url("payment", payment.uuid)).text
    assert "Reversed." in page
    assert "Bounced" in page
    assert url("reverse", payment.uuid) not in page


EXACT = entry("1190.00", reference="RF42 2026 0000 01", payer="Acme GmbH", bank_reference="B1")


def test_a_credit_note_from_the_page_is_a_draft_that_can_be_issued_or_voided(clerk, cast, invoice):
    page = url("credit", invoice.uuid)
    assert "Nothing is left" not in clerk.get(page).text
    values = {"key": uuid4(), "scope": "parts", "time": "keep", "reason": "Half of it"}
    assert "at least one line" in clerk.post(page, values).text
    both = clerk.post(page, values | {"quantity_1": "0.5", "amount_1": "1"})
    assert "not both" in both.text
    too_much = clerk.post(page, values | {"amount_1": "1000.01"})
    assert too_much.status_code == 409
    assert "has only 1000 EUR left" in too_much.text
    done = clerk.post(page, values | {"quantity_1": "0.5"}, follow=True)
    assert "The credit note is a draft" in done.text
    note = Invoice.objects.get(kind="credit_note")
    assert note.payable_total == Decimal("595.00")
    clerk.post(url("void", note.uuid))
    assert not Invoice.objects.filter(kind="credit_note").exists()
    refused = clerk.post(url("void", invoice.uuid))
    assert refused.status_code == 409


def test_a_rest_is_written_off_and_expected_again(clerk, cast, invoice):
    values = {"key": uuid4(), "kind": "write_off", "amount": "1190", "reason": "Bankrupt"}
    clerk.post(url("differ", invoice.uuid), values)
    made = Difference.objects.get()
    assert "Bankrupt" in clerk.get(invoice.get_absolute_url()).text
    clerk.post(url("end-difference", invoice.uuid, made.pk))
    invoice.refresh_from_db()
    assert invoice.state == "issued"


def test_above_the_limit_the_page_asks_a_manager_who_confirms(signed_in, cast, invoice):
    ApprovalLimit.objects.create(seller=Seller.objects.get(), write_off_above=Decimal(100))
    clerk = signed_in(cast.bea)
    values = {"key": uuid4(), "kind": "write_off", "amount": "1190", "reason": "Bankrupt"}
    done = clerk.post(url("differ", invoice.uuid), values, follow=True)
    assert "The managers are asked" in done.text
    asked = Confirmation.objects.get()
    assert clerk.get(url("decide", asked.uuid)).status_code == 404
    manager = signed_in(cast.mia)
    assert "Bankrupt" in manager.get(url("confirmations")).text
    assert manager.post(url("decide", asked.uuid), {"decision": "decline"}).status_code == 409
    done = manager.post(url("decide", asked.uuid), {"decision": "confirm"}, follow=True)
    assert "Confirmed." in done.text
    invoice.refresh_from_db()
    assert invoice.state == "written_off"


def test_an_invoice_above_the_limit_is_issued_when_it_is_confirmed(signed_in, cast, invoice):
    ApprovalLimit.objects.create(seller=Seller.objects.get(), issue_above=Decimal(100))
    billing.hours(cast, 60, date(2026, 4, 5))
    [draft] = actions.run_month(billing.parse_month("2026-04"), by=cast.bea).drafted
    clerk = signed_in(cast.bea)
    assert "Ask a manager to confirm" in clerk.get(url("issue", draft.uuid)).text
    done = clerk.post(url("issue", draft.uuid), follow=True)
    assert "The managers are asked" in done.text
    assert url("issue", draft.uuid) not in done.text
    draft.refresh_from_db()
    assert draft.number is None
    asked = Confirmation.objects.get()
    signed_in(cast.mia).post(url("decide", asked.uuid), {"decision": "confirm"})
    draft.refresh_from_db()
    assert draft.number == "HAL-2026-000002"


def test_reminders_are_looked_at_and_sent_by_a_clerk(signed_in, cast, invoice):
    type(cast.acme).objects.filter(pk=cast.acme.pk).update(billing_email="money@acme.example")
    with time_machine.travel("2026-06-09T09:00:00Z"):
        clerk = signed_in(cast.bea)
        actions.remind_late(datetime(2026, 6, 9, 9, 0, tzinfo=UTC))
        assert "HAL-2026-000001" in clerk.get(url("reminders")).text
        reminder = Reminder.objects.get()
        done = clerk.post(url("send-reminders"), {"reminder": [reminder.pk]}, follow=True)
        assert "1 reminder is being sent." in done.text
        assert OutgoingMail.objects.filter(key__startswith="reminder:").count() == 1
        letter = url("reminder-pdf", reminder.uuid)
        assert letter in clerk.get(url("reminders") + "?view=sent").text
        assert letter in clerk.get(invoice.get_absolute_url()).text
        assert clerk.get(letter).content == reminder_pdf(Reminder.objects.get())
        clerk.post(url("hold", invoice.uuid), {"reason": "Pays on Friday"})
        page = clerk.get(invoice.get_absolute_url()).text
        assert "Pays on Friday" in page
        clerk.post(url("lift-hold", invoice.uuid))
        assert "Let reminders go on" not in clerk.get(invoice.get_absolute_url()).text


def test_each_figure_of_the_ageing_list_is_the_sum_of_its_invoices(
    signed_in, cast, invoice, second
):
    billing.paid_in(cast, "90.00", shares=[(invoice, "90.00")])
    Invoice.objects.filter(pk=second.pk).update(state="sent")
    with time_machine.travel("2026-07-05T09:00:00Z"):
        clerk = signed_in(cast.bea)
        page = clerk.get(url("ageing")).text
        assert "€1,695.00" in page
        address = f"{url('owed')}?organization={cast.acme.pk}&amp;currency=EUR&amp;age=to_60"
        assert address in page
        owed = clerk.get(address.replace("&amp;", "&")).text
        assert "€1,695.00" in owed
        assert "HAL-2026-000001" in owed
        empty = clerk.get(f"{url('owed')}?age=to_30").text
        assert "HAL-2026-000001" not in empty


def test_currencies_are_never_added(signed_in, cast, invoice):
    billing.contract(cast.globex, currency="USD", default_hourly_rate=Decimal(100))
    ticket = billing.make.incident(cast, by=cast.dov, requester=cast.dov)
    billing.hours(cast, 60, date(2026, 4, 5), ticket=ticket)
    [draft] = actions.run_month(billing.parse_month("2026-04"), by=cast.bea).drafted
    dollars = Quote("EUR", "USD", timezone.localdate(), Decimal("1.0842"), "ECB")
    actions.enter_rates([dollars], by=cast.bea)
    actions.issue(draft, by=cast.bea)
    page = signed_in(cast.bea).get(url("ageing")).text
    assert "<h2>EUR</h2>" in page
    assert "<h2>USD</h2>" in page
    for amount in ("€1,190.00", "US$119.00"):
        assert amount in page


def test_the_account_of_a_customer_ends_with_what_is_open(clerk, cast, invoice, second):
    billing.paid_in(cast, "1200.00", shares=[(invoice, "1190.00")])
    page = clerk.get(url("account", cast.acme.uuid)).text
    for text in ("Invoice HAL-2026-000001", "−€1,200.00", "€585.00"):
        assert text in page


def test_lists_cost_the_same_for_one_row_and_for_many(
    clerk, cast, invoice, django_assert_max_num_queries, django_assert_num_queries
):
    actions.take_file(
        camt(EXACT), name="a.xml", seller=Seller.objects.get(), by=cast.bea, at=MAY_11
    )
    billing.paid_in(cast, "10.00")
    costs = {}
    for name in LISTS:
        with django_assert_max_num_queries(LIST_QUERIES) as found:
            clerk.get(url(name))
        costs[name] = len(found)
    billing.issued(cast, "500.00", month="2026-04")
    billing.paid_in(cast, "20.00")
    lines = [entry(f"{number}.00", payer="Acme") for number in range(1, 6)]
    actions.take_file(
        camt(*lines), name="b.xml", seller=Seller.objects.get(), by=cast.bea, at=MAY_11
    )
    for name in LISTS:
        with django_assert_num_queries(costs[name]):
            clerk.get(url(name))


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "dov", "root"])
def test_for_everyone_without_the_duty_there_is_no_such_list(signed_in, cast, invoice, who):
    client = signed_in(getattr(cast, who))
    assert {client.get(url(name)).status_code for name in LISTS} == {404}


def test_a_manager_reads_and_is_offered_no_button(signed_in, cast, invoice):
    payment = billing.paid_in(cast, "10.00")
    client = signed_in(cast.mia)
    for name in LISTS:
        assert client.get(url(name)).status_code == 200
    page = client.get(url("payment", payment.uuid)).text
    assert url("reverse", payment.uuid) not in page
    for name in ("record-payment", "upload-statement"):
        assert client.get(url(name)).status_code == 404
    for name in ("credit", "differ", "hold", "void"):
        assert client.post(url(name, invoice.uuid)).status_code == 404
