"""What a customer reads is wholly in one language, that of the invoice (`CRS-3`)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from lxml import html

from billing.contracts.documents.phrases import PHRASES
from billing.invoices import actions
from billing.invoices.actions.asking import mail_of
from billing.invoices.documents import spoken_to_customer
from billing.invoices.models import Invoice, InvoiceLink, Reminder
from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail
from tests.billing.invoices import bills

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
LATE = datetime(2026, 5, 23, 9, 0, tzinfo=UTC)
CODES = ["de", "nl", "ru", "ja", "zh-hans"]
# The same in every language: names, figures and what people wrote.
ALIKE = {
    "–",
    "Acme",
    "Analysis",
    "Travel",
    ": Travel",
    "Halden IT Services GmbH",
    "Am Wall 140, 28195 Bremen",
    "Speicherweg 21, 20457 Hamburg",
    "DE123456788",
    "DE89 3704 0044 0532 0130 00",
    "COBADEFFXXX",
    "RF42 2026 0000 01",
    "C-Acme",
    "HAL-2026-000001",
    "Halden IT Services GmbH · billing@halden.example",
    "IBAN",
    "BIC",
    "PDF",
    # Dutch writes it so too.
    "Contract",
}
READ = ("alt", "aria-label", "title", "data-label", "placeholder", "data-text-close")
READ += ("data-text-failed", "data-text-refused")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_april")]


@pytest.fixture
def _in_april():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invoice(cast):
    found = bills.issued(cast)
    bills.disputed(found)
    return found


def in_language(invoice, language):
    """The invoice as if it had been drafted in this language."""
    # What is issued does not change by our own rows of invoices.
    QuerySet(Invoice).filter(pk=invoice.pk).update(language=language)
    return Invoice.objects.get(pk=invoice.pk)


def page_of(client, invoice, cast, language, name="link", posted=None):
    address = actions.make_link(in_language(invoice, language), by=cast.bea, at=NOW)[1]
    token = address.rstrip("/").rpartition("/")[2]
    where = reverse(f"invoices:{name}", args=[token])
    return client.get(where) if posted is None else client.post(where, posted)


def said(page):
    """What can be read on a page, and its language."""
    tree = html.fromstring(page.content.decode())
    nodes = tree.xpath("//body//text()[not(ancestor::script)]") + tree.xpath("//title/text()")
    nodes += [value for name in READ for value in tree.xpath(f"//@{name}")]
    return {" ".join(node.split()) for node in nodes if node.strip()}, tree.get("lang")


def words(texts):
    """Without what holds no letters, which is written alike in many languages."""
    return {text for text in texts if any(letter.isalpha() for letter in text)}


WRONG = {"line": "", "text": "", "name": "", "email": "nobody", "key": str(uuid4())}


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize(
    ("name", "posted"), [("link", None), ("link-question", None), ("link-question", WRONG)]
)
def test_a_link_is_read_in_the_language_of_the_invoice_without_an_english_word(
    client, cast, invoice, language, name, posted
):
    english, spoken = said(page_of(client, invoice, cast, "en-gb", name, posted))
    assert spoken == "en-gb"
    page = page_of(client, invoice, cast, language, name, posted)
    theirs, spoken = said(page)
    assert (spoken, page["Content-Language"]) == (language, language)
    tickets = set(Ticket.objects.values_list("number", flat=True))
    assert words(theirs & english) - ALIKE - tickets == set()


@pytest.mark.parametrize("language", ["fr", "ko", "ar"])
def test_a_language_that_our_phrases_do_not_know_is_english_throughout(
    client, cast, invoice, language
):
    english = said(page_of(client, invoice, cast, "en-gb", "link-question", WRONG))
    assert said(page_of(client, invoice, cast, language, "link-question", WRONG)) == english
    assert said(page_of(client, invoice, cast, language)) == said(
        page_of(client, invoice, cast, "en-gb")
    )


@pytest.mark.parametrize(
    ("days", "written"),
    [
        ("de", ["1 Tag überfällig", "5 Tage überfällig"]),
        ("ru", ["Просрочено на 1 день", "Просрочено на 5 дней"]),
        ("ja", ["期限超過 1日", "期限超過 5日"]),
    ],
)
def test_how_late_it_is_has_the_plural_of_the_language(client, cast, invoice, days, written):
    for day, text in zip((3, 7), written, strict=True):
        with time_machine.travel(datetime(2026, 5, day, 9, 0, tzinfo=UTC), tick=False):
            assert text in page_of(client, invoice, cast, days).text


@pytest.mark.parametrize("language", CODES)
def test_the_mail_is_in_that_language_too(cast, invoice, language):
    def mail(code):
        sending = actions.send(
            in_language(invoice, code),
            to="ap@acme.example",
            how="link",
            by=cast.bea,
            at=NOW,
            key=code,
        )
        assert sending
        return OutgoingMail.objects.latest("pk")

    english, theirs = mail("en-gb"), mail(language)
    assert f'<html lang="{language}">' in theirs.html
    assert theirs.subject == PHRASES[language[:2]]["mail_subject"].format(
        number="HAL-2026-000001", brand=invoice.seller_details["brand"]
    )
    both = set(english.text.splitlines()) & set(theirs.text.splitlines())
    assert both - {"", "Halden IT Services GmbH", "billing@halden.example"} == set()
    assert mail("fr").text.splitlines()[0] == english.text.splitlines()[0]


def test_who_asks_hears_it_in_that_language_and_the_desk_in_its_own(client, cast, invoice):
    asked = WRONG | {"text": "Why?", "name": "Fay", "email": "fay@acme.example"}
    answer = page_of(client, invoice, cast, "ja", "link-question", asked)
    page = client.get(answer.url)
    assert "メールで回答いたします。" in page.text
    assert "閉じる" in page.text
    assert invoice.disputes.latest("pk").ticket.title == "Question about invoice HAL-2026-000001"


def test_what_does_not_open_is_in_the_language_of_who_asks(client, cast, invoice):
    page_of(client, invoice, cast, "ja")
    InvoiceLink.objects.update(revoked_at=NOW)
    for accepted, language, text in (
        ("nl", "nl", "Hier is niets"),
        ("en", "en-gb", "Nothing is here"),
        ("ja", "en-gb", "Nothing is here"),
    ):
        page = client.get(
            reverse("invoices:link", args=["wrong"]), headers={"accept-language": accepted}
        )
        assert page.status_code == 404
        assert f'<html lang="{language}"' in page.text
        assert text in page.text


@pytest.mark.parametrize("language", CODES)
def test_the_mail_of_a_reminder_is_in_that_language(cast, language):
    invoice = bills.issued(cast)
    type(cast.acme).objects.update(billing_email="ap@acme.example")

    def mail(code):
        found = in_language(invoice, code)
        reminder = Reminder(
            invoice=found,
            level=2,
            balance=Decimal(100),
            days_late=30,
            interest=Decimal("8.63"),
            interest_rate=Decimal("10.5"),
            fixed_sum=Decimal(40),
        )
        with spoken_to_customer(code):
            subject, text = mail_of(reminder, found)
        return {subject, *text.splitlines()} - {"", "Halden IT Services GmbH"}

    english = mail("en-gb")
    assert len(english) == 8
    assert mail(language) & english == set()
    assert mail("fr") == english


def test_the_language_before_speaks_again(cast):
    with translation.override("de"):
        with spoken_to_customer("ja"):
            assert translation.get_language() == "ja"
            assert translation.gettext("Send") == "送信"
        assert translation.get_language() == "de"
    assert translation.gettext("Send") == "Send"
