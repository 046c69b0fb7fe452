"""The customer's invoices in the portal, and what the clerk sees of sending and disputes."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from billing.invoices.models import Dispute, Invoice, InvoiceLink, Sending
from itil.timesheets.models import TimeEntry
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization
from tests.billing.invoices import bills

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
LIST_QUERIES, PAGE_QUERIES, LINE_QUERIES = 8, 9, 8
OUTSIDERS = ["ann", "bo", "cleo", "mia", "bea", "dov", "root"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_may")]


@pytest.fixture
def _in_may():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invoice(cast):
    return bills.issued(cast)


@pytest.fixture
def fay(cast):
    return bills.contact(cast.acme)


def url(name, invoice, *more):
    return reverse(f"invoices:{name}", args=[invoice.uuid, *more])


def own_pages(invoice):
    return [
        url("own", invoice),
        url("own-line", invoice, 1),
        url("own-pdf", invoice),
        url("own-question", invoice),
    ]


def question(**values):
    return {"line": "1", "text": "It was an hour.", "key": str(uuid4())} | values


def test_a_billing_contact_reads_the_invoices_of_the_organization(signed_in, cast, invoice, fay):
    client = signed_in(fay)
    listed = client.get(reverse("invoices:own-list")).text

    assert [client.get(page).status_code for page in own_pages(invoice)] == [200] * 4
    for words in ("HAL-2026-000001", "€285.60", "Late, 10 days"):
        assert words in listed
    # Ten days late: open and late are the same.
    assert listed.count("€285.60") == 3


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_all_others_there_is_no_such_page(signed_in, cast, invoice, who):
    client = signed_in(getattr(cast, who))

    assert client.get(reverse("invoices:own-list")).status_code == 404
    assert [client.get(page).status_code for page in own_pages(invoice)] == [404] * 4
    assert client.post(url("own-question", invoice), question()).status_code == 404
    assert not Dispute.objects.exists()


def test_another_customer_is_not_there(signed_in, cast, invoice, fay):
    other = bills.issued(cast, cast.globex)
    client = signed_in(fay)

    assert [client.get(page).status_code for page in own_pages(other)] == [404] * 4
    listed = client.get(reverse("invoices:own-list")).text
    assert other.number not in listed


def test_drafts_are_shown_to_nobody_there(signed_in, cast, fay):
    draft = bills.draft(cast)
    client = signed_in(fay)

    assert [client.get(page).status_code for page in own_pages(draft)] == [404] * 4
    assert "No invoices yet" in client.get(reverse("invoices:own-list")).text


def test_the_internal_note_is_on_none_of_the_pages(signed_in, invoice, fay):
    Invoice.objects.filter(pk=invoice.pk).update(internal_note="zqnote late payer")
    client = signed_in(fay)

    for page in [reverse("invoices:own-list"), *own_pages(invoice)]:
        assert b"zqnote" not in client.get(page).content


def test_behind_a_line_stand_day_ticket_and_minutes(signed_in, invoice, fay):
    page = signed_in(fay).get(url("own-line", invoice, 1)).text
    number = TimeEntry.objects.first().ticket.number

    for words in (number, "5 Mar 2026", "1.5 h"):
        assert words in page
    # The note was written among colleagues.
    assert "Looked at the queue" not in page


def test_a_text_that_was_written_for_the_invoice_is_shown(signed_in, cast, fay):
    draft = bills.draft(cast)
    TimeEntry.objects.update(note_visibility="invoice_text")
    invoice = bills.frozen(draft, cast)

    page = signed_in(fay).get(url("own-line", invoice, 1))
    assert "Looked at the queue" in page.text
    file = b"".join(signed_in(fay).get(url("own-line", invoice, 1) + "?format=csv"))
    assert b"Looked at the queue" in file


def test_of_a_secret_matter_no_text_is_shown(signed_in, cast, fay):
    draft = bills.draft(cast)
    TimeEntry.objects.update(note_visibility="invoice_text")
    ticket = TimeEntry.objects.first().ticket
    type(ticket).objects.filter(pk=ticket.pk).update(is_confidential=True)
    invoice = bills.frozen(draft, cast)

    assert "Looked at the queue" not in signed_in(fay).get(url("own-line", invoice, 1)).text


def test_the_amounts_are_those_of_each_currency(signed_in, cast, invoice, fay):
    Organization.objects.filter(pk=cast.globex.pk).update(parent=None)
    bills.contact(cast.globex, "Gus")
    yen = bills.issued(cast, cast.globex, currency="JPY")

    listed = signed_in(fay).get(reverse("invoices:own-list")).text
    assert "¥" not in listed
    assert yen.number not in listed


def test_the_menu_leads_there_only_for_billing_contacts(signed_in, cast, fay):
    address = reverse("invoices:own-list")

    assert address in signed_in(fay).get("/requests/").text
    assert address not in signed_in(cast.ann).get("/requests/").text


def test_the_menu_costs_no_query(signed_in, cast, fay, django_assert_max_num_queries):
    client = signed_in(cast.ann)
    client.get("/requests/")
    with django_assert_max_num_queries(20) as plain:
        client.get("/requests/")
    client = signed_in(fay)
    client.get("/requests/")
    with django_assert_max_num_queries(20) as contact:
        client.get("/requests/")

    assert len(contact) == len(plain)


def test_the_list_costs_the_same_for_one_and_many(
    signed_in, cast, invoice, fay, django_assert_num_queries
):
    client = signed_in(fay)
    for _count in range(2):
        with django_assert_num_queries(LIST_QUERIES):
            client.get(reverse("invoices:own-list"))
        Invoice.objects.filter(pk=invoice.pk).update(paid_total="10.00")


def test_a_page_costs_the_same_whatever_is_disputed(
    signed_in, invoice, fay, django_assert_num_queries
):
    client = signed_in(fay)
    for position in (1, 2):
        bills.disputed(invoice, position)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(url("own", invoice))


def test_the_hours_cost_the_same_for_one_and_many(
    signed_in, invoice, fay, django_assert_num_queries
):
    client = signed_in(fay)
    with django_assert_num_queries(LINE_QUERIES):
        client.get(url("own-line", invoice, 1))


def test_a_dispute_becomes_a_ticket_and_shows(signed_in, invoice, fay):
    client = signed_in(fay)
    page = client.post(url("own-question", invoice), question(), follow=True)

    dispute = Dispute.objects.get()
    assert (dispute.person, dispute.line.position) == (fay, 1)
    assert dispute.ticket.number in page.text
    assert "In dispute" in page.text


def test_what_was_typed_comes_back(signed_in, invoice, fay):
    bills.disputed(invoice, 1)
    page = signed_in(fay).post(url("own-question", invoice), question())

    assert page.status_code == 409
    assert "It was an hour." in page.text
    assert Dispute.objects.count() == 1


def test_the_clerk_sees_what_is_disputed_and_settles_it(signed_in, cast, invoice):
    dispute = bills.disputed(invoice)
    client = signed_in(cast.bea)
    assert "€214.20 in dispute" in client.get(invoice.get_absolute_url()).text
    settle = url("settle", invoice, dispute.uuid)

    assert client.post(settle, {"outcome": "", "answer": "Yes"}).status_code == 422
    page = client.post(settle, {"outcome": "rejected", "answer": "It was 80 minutes."}, follow=True)

    assert "It was 80 minutes." in page.text
    assert Dispute.objects.get().outcome == "rejected"


def test_a_dispute_that_is_upheld_leads_to_a_credit_of_the_marked_line(signed_in, cast, invoice):
    dispute = bills.disputed(invoice)
    values = {"outcome": "upheld", "answer": "You are right."}
    page = signed_in(cast.bea).post(url("settle", invoice, dispute.uuid), values, follow=True)

    assert page.redirect_chain[0][0] == url("credit", invoice) + "?line=1"
    assert page.text.count("Was disputed") == 1


def test_a_manager_reads_disputes_and_sendings_and_changes_neither(signed_in, cast, invoice):
    dispute = bills.disputed(invoice)
    client = signed_in(cast.mia)
    page = client.get(invoice.get_absolute_url()).text

    assert dispute.text in page
    assert url("settle", invoice, dispute.uuid) not in page
    for address in (
        url("settle", invoice, dispute.uuid),
        url("send", invoice),
        reverse("invoices:send-all"),
    ):
        assert client.get(address).status_code == 404
    assert client.post(url("make-link", invoice)).status_code == 404


def test_the_clerk_sends_and_the_page_tells_of_it(signed_in, cast, invoice):
    Organization.objects.filter(pk=cast.acme.pk).update(billing_email="books@acme.example")
    client = signed_in(cast.bea)
    assert "books@acme.example" in client.get(url("send", invoice)).text
    values = {"to": "books@acme.example", "how": "link", "key": str(uuid4())}
    for _count in range(2):
        page = client.post(url("send", invoice), values, follow=True)

    assert Sending.objects.count() == OutgoingMail.objects.count() == 1
    assert "books@acme.example, As a link" in page.text
    assert "Not opened yet" in page.text


def test_a_new_link_is_shown_once_and_can_be_revoked(signed_in, cast, invoice):
    client = signed_in(cast.bea)
    shown = client.post(url("make-link", invoice))
    link = InvoiceLink.objects.get()

    assert "/billing/invoices/link/" in shown.text
    assert shown["Cache-Control"] == "private, no-store"
    page = client.get(invoice.get_absolute_url()).text
    assert "/billing/invoices/link/" not in page
    assert "Opens until 10 Aug 2026" in page
    client.post(url("revoke-link", invoice, link.uuid))
    assert "Revoked" in client.get(invoice.get_absolute_url()).text


def test_all_of_a_month_are_sent_and_who_lacks_an_address_is_named(signed_in, cast, invoice):
    bills.issued(cast, cast.globex)
    Organization.objects.filter(pk=cast.acme.pk).update(billing_email="books@acme.example")
    client = signed_in(cast.bea)
    page = client.get(reverse("invoices:send-all") + "?month=2026-04").text
    assert "1 invoice to send" in page
    assert "These have no address" in page
    for _count in range(2):
        client.post(reverse("invoices:send-all") + "?month=2026-04", {"how": "link"})

    assert [mail.to for mail in OutgoingMail.objects.all()] == ["books@acme.example"]


def test_a_draft_has_no_page_for_sending(signed_in, cast):
    draft = bills.draft(cast)
    client = signed_in(cast.bea)

    assert client.get(url("send", draft)).status_code == 404
    assert client.post(url("make-link", draft)).status_code == 404
    assert not InvoiceLink.objects.exists()
