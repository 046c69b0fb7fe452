"""An invoice on its way: mailed as a link, opened by a stranger, disputed, not reminded of."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from billing.invoices import actions as invoices
from billing.invoices.models import Dispute, InvoiceLink, Reminder
from itil.incidents.models import Incident
from portal.outbox import actions as outbox
from tests.billing.invoices import bills

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.django_db(transaction=True)]
# Issued so many days ago, so due ten days ago.
AGE = timedelta(days=40)


@pytest.fixture
def bill(company):
    """285.60: 214.20 for analysis and 71.40 for travel, each with 19 % VAT."""
    company.acme.billing_email = "invoices@acme.example"
    company.acme.save()
    draft = bills.draft(company)
    draft.seller.questions_to = company.desk_team
    draft.seller.save()
    return invoices.issue(draft, by=company.bea, at=timezone.now() - AGE)


@pytest.fixture
def stranger(chromium, live_server):
    """A browser in which nobody has signed in."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    yield context.new_page()
    context.close()


def text_of(page, words: str):
    return page.get_by_text(words).first


def test_a_mailed_invoice_is_opened_read_and_disputed_without_signing_in(
    company, bill, smtp, visit, stranger
):
    # Bea sends it.
    desk = visit(company.bea)
    desk.goto(bill.get_absolute_url())
    desk.locator("#sending").get_by_role("link", name="Send").click()
    assert desk.get_by_label("E-mail address").input_value() == "invoices@acme.example"
    desk.get_by_role("button", name="Send").click()
    desk.get_by_text("Not opened yet").wait_for()
    outbox.send_due(timezone.now())

    # The mail leads a person who has no account to this invoice.
    [mail] = smtp.messages
    assert (mail["To"], bill.number in mail["Subject"]) == ("invoices@acme.example", True)
    plain = mail.get_payload(0).get_payload(decode=True).decode()
    path = re.search(r"https?://[^/]+(/\S+/link/\S+)", plain).group(1)
    stranger.goto(path)
    assert stranger.get_by_role("heading", name=f"Invoice {bill.number}").is_visible()
    assert text_of(stranger, "€285.60").is_visible()

    # The paper and the e-invoice are fetched from there.
    pdf = stranger.get_by_role("link", name="PDF").get_attribute("href")
    paper = PdfReader(BytesIO(stranger.request.get(pdf).body()))
    assert "285.60" in "".join(sheet.extract_text() for sheet in paper.pages)
    xml = stranger.get_by_role("link", name="E-invoice (XML)").get_attribute("href")
    assert bill.number in stranger.request.get(xml).text()

    # One line is not right.
    stranger.get_by_role("link", name=re.compile("This is not right.*Analysis")).click()
    stranger.get_by_label(re.compile("^What is not right")).fill("We agreed on an hour.")
    stranger.get_by_label("Your name").fill("Fay")
    stranger.get_by_label("Your e-mail address").fill("fay@acme.example")
    stranger.get_by_role("button", name="Send").click()
    dispute = Dispute.objects.get()
    ticket = dispute.ticket
    stranger.get_by_text(f"We are looking into it, {ticket.number}.").wait_for()
    assert Incident.objects.get(pk=ticket.pk).team == company.desk_team
    assert dispute.line.description == "Analysis"

    # Bea sees it, and what is asked for meanwhile is the other line.
    desk.reload()
    assert text_of(desk, "€214.20 in dispute, not reminded of").is_visible()
    assert text_of(desk, "We agreed on an hour.").is_visible()
    assert text_of(desk, "XML downloaded").is_visible()
    invoices.remind_late(timezone.now())
    assert Reminder.objects.get().balance == Decimal("71.40")
    desk.goto("/billing/invoices/reminders/")
    assert text_of(desk, "€71.40").is_visible()

    # A changed, an expired and a revoked link are all the same nothing.
    def closed(address: str) -> str:
        answer = stranger.goto(address)
        assert answer.status == 404
        assert bill.number not in stranger.content()
        return stranger.locator("main").inner_text()

    said = {closed(path[:-2] + ("A/" if path[-2] != "A" else "B/"))}
    link = InvoiceLink.objects.get()
    InvoiceLink.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    said.add(closed(path))
    InvoiceLink.objects.update(expires_on=link.expires_on)
    assert stranger.goto(path).status == 200
    desk.goto(bill.get_absolute_url())
    desk.get_by_role("button", name="Revoke").click()
    desk.get_by_text("Revoked").first.wait_for()
    said.add(closed(path))
    assert len(said) == 1
