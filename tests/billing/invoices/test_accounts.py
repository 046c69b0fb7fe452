"""The statement of account: what was booked, what is left, how old it is; on paper."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, override
from pypdf import PdfReader

from billing.contracts.documents.phrases import ENGLISH, PHRASES
from billing.invoices import actions
from billing.invoices.documents import account_html, account_letter
from billing.invoices.matching import accounts_of, part_of
from billing.invoices.models import AccountPaper, Invoice, Seller
from tests.billing import make as billing

AUGUST = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
TODAY = AUGUST.date()


@pytest.fixture
def account(cast):
    """Two invoices of 1 190.00 and 595.00 that are 70 days late and not yet due, one credited in
    part, one with a discount; 500.00 paid of which 100.00 are on no invoice.
    """
    first = billing.issued(cast, language="nl")
    second = billing.issued(
        cast, "500.00", month="2026-04", at=datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
    )
    billing.paid_in(cast, "500.00", shares=[(first, "400.00")])
    note = actions.credit(
        first,
        by=cast.bea,
        reason="Too long",
        portions={1: actions.Portion(amount=Decimal(100))},
        at=AUGUST,
    )
    actions.issue(note, by=cast.bea, at=AUGUST)
    actions.book_difference(
        second, by=cast.bea, kind="discount", amount=Decimal(10), reason="Early", at=AUGUST
    )
    return cast.acme


def test_the_balance_is_what_is_open_less_what_is_on_no_invoice(account):
    part = part_of(account, "EUR", date(2026, 1, 1), TODAY)
    assert part.ages == {
        "current": Decimal(585),
        "to_30": 0,
        "to_60": 0,
        "to_90": Decimal(671),
        "older": 0,
    }
    assert (part.credit, part.balance) == (100, 1156)
    assert sum(part.ages.values()) - part.credit == part.balance
    assert part.balance == accounts_of(account)["EUR"][-1].balance


def test_what_was_booked_before_is_carried_over(account):
    part = part_of(account, "EUR", date(2026, 8, 1), TODAY)
    assert part.carried == 690
    assert [(row.amount, row.balance) for row in part.rows] == [
        (Decimal(595), Decimal(1285)),
        (Decimal(-119), Decimal(1166)),
        (Decimal(-10), Decimal(1156)),
    ]


def test_it_speaks_the_language_of_the_invoices(account):
    letter = account_letter(
        Seller.objects.get(), account, "EUR", since=date(2026, 8, 1), today=TODAY
    )
    html = account_html(letter)
    for words in ("Rekeningoverzicht", "Overgebracht", "Meer dan 90 dagen", "€ 1.156,00"):
        assert words in html.replace("\xa0", " ")


def read(account, language, day=TODAY):
    """The statement when the invoices of Acme are in this language."""
    QuerySet(Invoice).update(language=language)
    seller = Seller.objects.get()
    letter = account_letter(seller, account, "EUR", since=date(2026, 8, 1), today=day)
    return account_html(letter).replace("\xa0", " ")


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_in_a_language_that_our_phrases_do_not_know_it_is_english_throughout(account, language):
    assert read(account, language) == read(account, "en-gb")
    assert "€1,156.00" in read(account, language)
    assert '<html lang="en-gb">' in read(account, language)


def test_whoever_looks_at_it_speaks_on_in_the_own_language(account):
    with override("nl"):
        assert "Kontoauszug" in read(account, "de")
        assert get_language() == "nl"


def test_before_the_first_invoice_it_speaks_the_language_of_the_only_contract(cast):
    billing.seller()
    billing.contract(cast.acme, language="de")
    assert '<html lang="de">' in read(cast.acme, "ja")
    billing.contract(cast.acme, language="nl", number="C-2")
    assert '<html lang="en-gb">' in read(cast.acme, "ja")


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_every_language_names_bookings_and_ages(language):
    names = [name for name in ENGLISH if name.startswith(("booked_", "age_", "account_"))]
    assert len(names) == 15
    assert all(PHRASES[language][name] for name in names)


def pdf_url(organization, currency="EUR", **query):
    return reverse("invoices:account-pdf", args=[organization.uuid, currency], query=query)


def test_a_worker_makes_the_file_and_makes_it_again_when_the_account_has_changed(
    signed_in, cast, account
):
    with time_machine.travel(AUGUST, tick=False):
        client = signed_in(cast.bea)
        response = client.get(pdf_url(account, **{"from": "2026-08"}))
        text = PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
        assert response["Content-Type"] == "application/pdf"
        assert "1.156,00" in text
        kept = AccountPaper.objects.get().pdf_of
        client.get(pdf_url(account, **{"from": "2026-08"}))
        assert AccountPaper.objects.get().pdf_of == kept
        billing.paid_in(cast, "6.00")
        response = client.get(pdf_url(account, **{"from": "2026-08"}))
        assert "1.150,00" in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
        assert AccountPaper.objects.count() == 1


def test_until_a_worker_has_printed_the_statement_a_page_waits(signed_in, cast, account):
    with time_machine.travel(AUGUST, tick=False):
        paper, _ = actions.account_paper(account, "EUR", since=date(2026, 8, 1), at=AUGUST)
        actions.request_account_paper(paper, at=AUGUST)
        page = signed_in(cast.bea).get(pdf_url(account, **{"from": "2026-08"}))
    assert (page.status_code, page["Refresh"]) == (202, "2")
    assert "<h1>Statement of account</h1>" in page.text


def test_a_month_that_is_none_is_said_and_what_one_may_not_see_is_not_there(
    signed_in, cast, account
):
    client = signed_in(cast.bea)
    page = client.get(pdf_url(account, **{"from": "soon"}), follow=True)
    assert "“soon” is not a month. Write it as 2026-10." in page.content.decode()
    for address in (pdf_url(account, "USD"), pdf_url(cast.globex)):
        assert client.get(address).status_code == 404
    for person in (cast.ann, cast.bo, cast.cleo, cast.dov):
        assert signed_in(person).get(pdf_url(account)).status_code == 404
    assert not AccountPaper.objects.exists()
