"""The whole product in one story: a mail comes in, work is done, the invoice goes out."""

import re
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from billing.contracts.models import Contract, ContractRate
from billing.invoices.models import Seller
from itil.incidents.models import Incident
from itil.sla.models import SlaClock

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.django_db(transaction=True)]


def mail_from_ann(cast, subject: str, text: str, **headers) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Ann <{cast.ann.email}>"
    mail["To"] = "servicedesk@halden.example"
    mail["Subject"] = subject
    mail["Message-ID"] = headers.pop("message_id")
    for name, value in headers.items():
        # As read from a received mail, a header may still be folded.
        mail[name.replace("_", "-")] = " ".join(value.split())
    mail.set_content(text)
    return mail.as_bytes()


def text_of(mail) -> str:
    """The plain part of a received mail."""
    return mail.get_payload(0).get_payload(decode=True).decode()


@pytest.fixture
def contract(company):
    Seller.objects.create(
        name="Halden Services B.V.",
        street="Keizersgracht 100",
        postcode="1015 CV",
        city="Amsterdam",
        country="NL",
        vat_id="NL123456782B12",
        email="billing@halden.example",
        iban="NL91ABNA0417164300",
        series="HAL",
    )
    company.acme.street, company.acme.postcode = "Hauptstrasse 1", "10115"
    company.acme.city, company.acme.country = "Berlin", "DE"
    company.acme.billing_email = "invoices@acme.example"
    company.acme.save()
    contract = Contract.objects.create(
        organization=company.acme,
        name="Support",
        number="C-1",
        currency="EUR",
        valid_from=timezone.localdate() - timedelta(days=90),
        vat_category="S",
        vat_rate=Decimal(21),
    )
    ContractRate.objects.create(
        contract=contract, activity=company.activity, hourly_rate=Decimal("100.00")
    )
    return contract


def test_a_mail_becomes_an_answer_an_hour_a_figure_and_an_invoice(
    company, contract, imap, smtp, turn, visit
):
    # Ann writes to the service desk.
    imap.deliver(
        mail_from_ann(
            company,
            "Payroll export stops",
            "The export stops at 60 %.",
            message_id="<first@acme.example>",
        )
    )
    turn()

    incident = Incident.objects.get()
    assert (incident.organization, incident.team) == (company.acme, company.desk_team)
    clock = SlaClock.objects.get(ticket=incident, metric="resolution")
    assert clock.agreement == company.agreement
    assert incident.due_at is not None
    [receipt] = smtp.messages
    assert receipt["To"] == company.ann.email
    assert receipt["In-Reply-To"] == "<first@acme.example>"
    assert incident.number in receipt["Subject"]

    # Bo finds it in the queue, takes it and replies.
    page = visit(company.bo)
    page.get_by_role("link", name="Payroll export stops").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("Reply to Ann, or note").fill("Hello Ann, which month do you export?")
    page.get_by_role("button", name="Send reply").click()
    assert page.get_by_text("Sent to Ann.").is_visible()
    turn()

    reply = smtp.messages[-1]
    assert "Hello Ann, which month do you export?" in text_of(reply)
    assert "<first@acme.example>" in reply["References"]

    # Ann answers from her mail program.
    imap.deliver(
        mail_from_ann(
            company,
            f"Re: {reply['Subject']}",
            "October.\n\n> Hello Ann, which month do you export?",
            message_id="<second@acme.example>",
            In_Reply_To=reply["Message-ID"],
            References=f"{reply['References']} {reply['Message-ID']}",
        )
    )
    turn()

    page.reload()
    assert Incident.objects.count() == 1
    assert page.locator(".msg-text", has_text=re.compile(r"^\s*October\.\s*$")).is_visible()

    # Bo books 90 minutes and resolves.
    page.get_by_role("link", name="Book time").click()
    page.get_by_label("Time (optional)").fill("1:30")
    page.get_by_label("Activity").select_option(label="Analysis")
    page.get_by_label("What was done").fill("Found the full disk")
    page.get_by_role("button", name="Book").click()
    page.get_by_role("link", name="Resolve…").click()
    page.get_by_label("How was it resolved?").select_option(label="Fixed")
    page.get_by_label("What was done").fill("The disk was full. The export works again.")
    page.get_by_role("button", name="Resolve").click()
    page.get_by_text("is now “Resolved”").wait_for()
    turn()
    assert "The disk was full." in text_of(smtp.messages[-1])

    # Mia sees it counted.
    page = visit(company.mia)
    page.goto("/reports/")
    assert page.get_by_role("heading", name="Service overview").is_visible()
    hours = page.locator(".kpi", has_text=re.compile("hours", re.IGNORECASE)).first
    assert "1.5" in hours.inner_text()

    # Bea drafts and issues the invoice of the month.
    page = visit(company.bea)
    page.goto(f"/billing/invoices/run/?month={timezone.localdate():%Y-%m}")
    page.get_by_role("button", name=re.compile("^Draft invoices for")).click()
    page.get_by_role("row", name=re.compile("Acme")).get_by_role("link").click()
    page.get_by_role("link", name=re.compile("Issue")).first.click()
    page.get_by_role("button", name="Issue invoice").click()
    page.get_by_text(re.compile(rf"HAL-{timezone.localdate():%Y}-000001")).first.wait_for()
    link = page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
    paper = PdfReader(BytesIO(page.request.get(link).body()))
    text = "\n".join(sheet.extract_text() for sheet in paper.pages)

    assert f"HAL-{timezone.localdate():%Y}-000001" in text
    assert incident.number in text
    # 1.5 hours at 100.00, and 21 % of it.
    assert "150.00" in text
    assert "181.50" in text
