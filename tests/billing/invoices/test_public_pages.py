"""The page behind a link: one invoice for whoever holds it, nothing for all others (`BIL-16`)."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from billing.invoices import actions
from billing.invoices.models import Dispute, Invoice, InvoiceLink, LinkVisit
from itil.tickets.models import Ticket
from tests.billing.invoices import bills

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
PAGES = ("link", "link-pdf", "link-xml", "link-question")
OPEN_QUERIES, GONE_QUERIES = 4, 1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_april")]


@pytest.fixture
def _in_april():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invoice(cast):
    return bills.issued(cast)


@pytest.fixture
def token(cast, invoice):
    return token_of(invoice, cast)


def token_of(invoice, cast, at=NOW):
    address = actions.make_link(invoice, by=cast.bea, at=at)[1]
    return address.rstrip("/").rpartition("/")[2]


def url(token, name="link"):
    return reverse(f"invoices:{name}", args=[token])


def form(**values):
    return {
        "line": "1",
        "text": "It was an hour.",
        "name": "Fay",
        "email": "fay@acme.example",
        "key": str(uuid4()),
    } | values


def test_the_invoice_is_readable_without_signing_in(client, token):
    page = client.get(url(token))

    assert page.status_code == 200
    for words in (
        "HAL-2026-000001",
        "Acme",
        "Halden IT Services GmbH",
        "Analysis",
        "€180.00",
        "€45.60",
        "€285.60",
        "Paid so far",
        "To be paid",
        "DE89 3704 0044 0532 0130 00",
        "RF42 2026 0000 01",
        "data:image/svg+xml;base64,",
    ):
        assert words in page.text, words
    assert 'name="robots" content="noindex, nofollow"' in page.text


@pytest.mark.parametrize("name", PAGES)
def test_no_robot_lists_it_and_nothing_stores_it(client, token, name):
    page = client.get(url(token, name))

    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "private, no-store"
    # The form names its own site to itself, as it could not be sent otherwise.
    policy = "same-origin" if name == "link-question" else "no-referrer"
    assert page["Referrer-Policy"] == policy


def test_what_does_not_open_is_one_answer_byte_for_byte(cast, client, invoice, token):
    expired = token_of(invoice, cast)
    InvoiceLink.objects.filter(pk=InvoiceLink.objects.latest("pk").pk).update(
        expires_on=NOW.date() - timedelta(days=1)
    )
    revoked = token_of(invoice, cast)
    actions.revoke_link(InvoiceLink.objects.latest("pk"), by=cast.bea, at=NOW)
    changed = ("b" if token[0] == "a" else "a") + token[1:]
    tokens = [expired, revoked, changed, token[:-1], "x", str(invoice.uuid), invoice.number]

    answers = set()
    for name in PAGES:
        for one in tokens:
            answer = client.get(url(one, name))
            answers.add((answer.status_code, answer.content, tuple(sorted(answer.items()))))
            posted = client.post(url(one, name), form())
            answers.add((posted.status_code, posted.content, tuple(sorted(posted.items()))))

    assert len(answers) == 1
    [(status, content, _headers)] = answers
    assert status == 404
    assert b"HAL-" not in content
    assert not LinkVisit.objects.exists()
    assert not Dispute.objects.exists()


def test_a_wrong_token_costs_the_same_as_an_expired_one(
    cast, client, invoice, token, django_assert_num_queries
):
    InvoiceLink.objects.update(expires_on=NOW.date() - timedelta(days=1))
    for one in (token, "wrong"):
        with django_assert_num_queries(GONE_QUERIES):
            client.get(url(one))


def test_a_stranger_sees_that_invoice_only(cast, client, invoice, token):
    other = bills.issued(cast, cast.globex)
    Invoice.objects.filter(pk=invoice.pk).update(internal_note="zqnote: late payer")

    text = client.get(url(token)).text

    for secret in (other.number, str(other.uuid), "Globex", "zqnote", str(invoice.uuid)):
        assert secret not in text
    for note in ("Looked at the queue", "Drove there"):
        assert note not in text


def test_no_other_page_is_reached_from_it(client, token):
    for name in ("link", "link-question"):
        text = client.get(url(token, name)).text
        targets = set(re.findall(r'(?:href|action|hx-get)="([^"#]+)', text))
        assert {
            one for one in targets if not one.startswith(("/static/", url(token), "?"))
        } == set()


def test_a_token_is_good_for_its_own_invoice_only(cast, client, invoice, token):
    other = bills.issued(cast, cast.globex)

    page = client.get(url(token_of(other, cast)))
    assert "Globex" in page.text
    assert invoice.number not in page.text


def test_looking_writes_that_it_was_seen_and_nothing_else(cast, client, invoice, token):
    before = Invoice.objects.values().get(pk=invoice.pk)
    events = invoice.events.count()
    client.get(url(token))
    client.get(url(token, "link-pdf"))
    client.get(url(token, "link-question"))

    assert [(one.what, one.at) for one in LinkVisit.objects.all()] == [("seen", NOW), ("pdf", NOW)]
    assert Invoice.objects.values().get(pk=invoice.pk) == before
    assert invoice.events.count() == events


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_a_browser_that_fetches_ahead_has_not_seen_it(client, token, headers):
    assert client.get(url(token), headers=headers).status_code == 200
    assert not LinkVisit.objects.exists()


def test_a_scanner_that_asks_for_the_head_has_not_seen_it(client, token):
    for name in ("link", "link-pdf"):
        assert client.head(url(token, name)).status_code == 200
    assert not LinkVisit.objects.exists()


def test_the_pdf_is_the_one_that_was_issued(client, invoice, token):
    answer = client.get(url(token, "link-pdf"))

    assert answer.content == bills.PDF
    assert answer["Content-Disposition"] == 'inline; filename="HAL-2026-000001.pdf"'


def test_a_damaged_file_is_not_handed_out(client, invoice, token):
    with invoice.pdf.storage.open(invoice.pdf.name, "wb") as file:
        file.write(b"something else")

    assert client.get(url(token, "link-pdf")).status_code == 404


def test_an_invoice_without_e_invoice_offers_none(client, token):
    assert "XML" not in client.get(url(token)).text
    assert client.get(url(token, "link-xml")).status_code == 404


def test_the_e_invoice_is_handed_out_as_stored(cast, client):
    draft = bills.draft(cast)
    invoice = bills.frozen(draft, cast, xml=b"<?xml version='1.0'?><rsm/>")
    token = token_of(invoice, cast)

    assert "E-invoice (XML)" in client.get(url(token)).text
    answer = client.get(url(token, "link-xml"))
    assert (answer.content, answer["Content-Type"]) == (
        b"<?xml version='1.0'?><rsm/>",
        "application/xml",
    )
    assert {one.what for one in LinkVisit.objects.all()} == {"seen", "xml"}


def test_what_was_paid_and_credited_is_taken_off(client, invoice, token):
    Invoice.objects.filter(pk=invoice.pk).update(
        state="partly_paid", paid_total="100.00", credited_total="85.60"
    )

    text = client.get(url(token)).text
    assert "−€100.00" in text
    assert "−€85.60" in text
    assert "Partly paid" in text
    assert re.search(r'class="rest">To be paid</dt><dd class="rest">€100\.00', text)


def test_what_is_paid_is_not_paid_again(client, invoice, token):
    Invoice.objects.filter(pk=invoice.pk).update(state="paid", paid_total=invoice.payable_total)

    text = client.get(url(token)).text
    assert "Pay by bank transfer" not in text
    assert "data:image/svg" not in text


def test_what_we_gave_up_is_told_to_nobody(client, invoice, token):
    Invoice.objects.filter(pk=invoice.pk).update(state="written_off")

    text = client.get(url(token)).text
    assert "ritten off" not in text
    assert "Closed" in text


def test_other_currencies_have_no_code_for_euros(cast, client):
    invoice = bills.issued(cast, currency="JPY")
    text = client.get(url(token_of(invoice, cast))).text

    assert "¥" in text
    assert "data:image/svg" not in text


def test_who_asks_too_often_waits_whatever_is_asked(client, token, settings):
    settings.INVOICE_LINK_RATE = "3/m/ip"
    for _count in range(3):
        assert client.get(url("wrong")).status_code == 404

    right, wrong = client.get(url(token)), client.get(url("wrong"))
    assert (right.status_code, wrong.status_code) == (429, 429)
    assert not LinkVisit.objects.exists()


def test_a_line_is_disputed_by_name_and_address(client, invoice, token):
    shown = client.get(url(token, "link-question") + "?line=2").text
    assert re.search(r'value="2"[^>]*checked', shown)
    page = client.post(url(token, "link-question"), form(), follow=True)

    dispute = Dispute.objects.get()
    assert page.redirect_chain == [(url(token), 302)]
    assert dispute.ticket.number in page.text
    assert "In dispute" in page.text
    assert (dispute.line.position, dispute.name, dispute.link.invoice) == (1, "Fay", invoice)


def test_a_double_click_asks_once(client, token):
    same = form()
    for _count in range(2):
        assert client.post(url(token, "link-question"), same).status_code == 302

    assert Dispute.objects.count() == 1
    assert Ticket.objects.filter(title__contains="disputed").count() == 1


@pytest.mark.parametrize("field", ["text", "name", "email"])
def test_what_was_typed_comes_back_with_what_is_missing(client, token, field):
    page = client.post(url(token, "link-question"), form(**{field: ""}))

    assert page.status_code == 422
    kept = {"text": "It was an hour.", "name": "Fay", "email": "fay@acme.example"}
    for name, value in kept.items():
        assert (value in page.text) == (name != field)
    assert not Dispute.objects.exists()


def test_programs_that_fill_in_everything_are_refused(client, token):
    page = client.post(url(token, "link-question"), form(website="http://spam.example"))

    assert page.status_code == 422
    assert not Dispute.objects.exists()


def test_a_form_of_another_site_is_not_believed(token):
    stranger = Client(enforce_csrf_checks=True)

    assert stranger.post(url(token, "link-question"), form()).status_code == 403
    assert not Dispute.objects.exists()


def test_a_line_of_another_invoice_is_no_choice(client, token):
    page = client.post(url(token, "link-question"), form(line="9"))

    assert page.status_code == 422
    assert not Dispute.objects.exists()


def test_the_page_costs_the_same_for_one_line_and_many(
    cast, client, invoice, token, django_assert_num_queries
):
    client.get(url(token))
    for position in (1, 2):
        bills.disputed(invoice, position)
    with django_assert_num_queries(OPEN_QUERIES):
        client.get(url(token))
