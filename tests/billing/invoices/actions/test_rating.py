"""Exchange rates: files of them, the one that holds on a day, and invoices that state it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.invoices import actions
from billing.invoices.documents import content_of, html_of
from billing.invoices.einvoice import cii_of
from billing.invoices.errors import IncompleteInvoice, UnreadableRates
from billing.invoices.matching import rate_on
from billing.invoices.models import ExchangeRate, Invoice, InvoiceCounter
from billing.invoices.parse import Quote, month, quotes_of
from itil.tickets.errors import NotAllowed
from tests.billing import make as billing

MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
FRIDAY = date(2026, 5, 1)
ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
                 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time="2026-05-01"><Cube currency="USD" rate="1.0842"/>
  <Cube currency="JPY" rate="162.51"/></Cube></Cube>
</gesmes:Envelope>"""


def dollars(rate="1.0842", on=FRIDAY, base="EUR", currency="USD"):
    return Quote(base, currency, on, Decimal(rate), "ECB")


def test_the_file_of_the_bank_and_a_csv_say_the_same():
    csv = b"Date;Base;Currency;Rate\n2026-05-01;eur;USD;1.0842\n\n2026-05-01;EUR;JPY;162.51\n"
    assert quotes_of(ECB, source="") == quotes_of(csv, source="ECB")
    assert quotes_of(ECB, source="")[0] == dollars()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line must name the columns"),
        (b"date,base,currency,rate\n", "No rates"),
        (b"date,base,currency,rate\n2026-05-01,EUR,USD,0\n", "Line 2"),
        (b"date,base,currency,rate\n2026-05-01,EUR,XYZ,1\n", "Line 2"),
        (b"date,base,currency,rate\n01.05.2026,EUR,USD,1\n", "Line 2"),
        (b"<a><!-- ", "XML cannot be read"),
        (ECB.replace(b"1.0842", b"NaN"), "is no rate"),
    ],
)
def test_a_file_that_is_none_says_where_and_leaves_nothing(cast, content, said):
    with pytest.raises(UnreadableRates, match=said):
        actions.take_rates(content, source="ECB", by=cast.bea)
    assert not ExchangeRate.objects.exists()


def test_the_nearest_earlier_day_holds_for_a_week(cast):
    actions.enter_rates([dollars(), dollars("1.1", date(2026, 4, 30))], by=cast.bea)
    for day, rate in ((1, "1.0842"), (8, "1.0842"), (9, None)):
        found = rate_on(date(2026, 5, day), of="EUR", into="USD")
        assert (found and found.rate) == (rate and Decimal(rate))
    assert rate_on(date(2026, 4, 30), of="EUR", into="USD").rate == Decimal("1.1")
    assert rate_on(date(2026, 4, 29), of="EUR", into="USD") is None


def test_a_rate_is_turned_round_and_found_through_a_third_currency(cast):
    actions.take_rates(ECB, source="", by=cast.bea)
    assert rate_on(FRIDAY, of="USD", into="EUR").rate == Decimal("0.922339051835")
    assert rate_on(FRIDAY, of="USD", into="JPY").rate == Decimal("149.889319313780")
    assert rate_on(FRIDAY, of="USD", into="CHF") is None


def test_entered_again_it_takes_the_place_and_only_clerks_enter_it(cast):
    actions.enter_rates([dollars()], by=cast.bea)
    actions.enter_rates([dollars("1.09")], by=cast.bea)
    assert ExchangeRate.objects.get().rate == Decimal("1.09")
    with pytest.raises(NotAllowed):
        actions.enter_rates([dollars()], by=cast.mia)


@pytest.fixture
def draft(cast):
    """1 500.00 USD and 19 % VAT: 285.00 (`B17`)."""
    billing.seller()
    billing.contract(cast.acme, currency="USD", default_hourly_rate=Decimal(1500))
    billing.hours(cast, 60, date(2026, 3, 5))
    return actions.run_month(month("2026-03"), by=None).drafted[0]


def test_without_a_rate_it_is_refused_by_name_and_the_number_stays(cast, draft, signed_in):
    with pytest.raises(IncompleteInvoice, match="exchange rate of EUR in USD, at most 7 days"):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert InvoiceCounter.objects.count() == 0
    assert (
        "An exchange rate of EUR in USD" in signed_in(cast.bea).get(draft.get_absolute_url()).text
    )


def test_b17_vat_is_stated_in_our_currency_too_with_the_rate_of_the_day(cast, draft):
    actions.enter_rates([dollars()], by=cast.bea)
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    assert issued.vat_total_in_tax_currency == Decimal("262.87")
    assert issued.ubl_checks["failures"] == []
    # A later rate changes nothing, not even of what corrects it.
    actions.enter_rates([dollars("2")], by=cast.bea)
    note = actions.credit(issued, by=cast.bea, reason="Not ours.", at=MAY_2)
    note = actions.issue(note, by=cast.bea, at=MAY_2)
    assert note.vat_total_in_tax_currency == Decimal("262.87")
    page = html_of(Invoice.objects.get(pk=issued.pk))
    assert "VAT in EUR: €262.87 (1 EUR = 1.0842 USD, ECB, 1 May 2026)" in page
    assert b'<ram:TaxTotalAmount currencyID="EUR">262.87<' in cii_of(content_of(issued))


def test_a_clerk_types_a_rate_and_imports_a_file(cast, signed_in):
    clerk = signed_in(cast.bea)
    typed = {"base": "eur", "currency": "USD", "on": "2026-05-01", "rate": "1.2", "source": "ECB"}
    assert clerk.post(reverse("invoices:enter-rate"), typed).status_code in (302, 303)
    done = clerk.post(
        reverse("invoices:upload-rates"), {"file": SimpleUploadedFile("a.xml", ECB)}, follow=True
    )
    assert "2 rates are kept." in done.text
    assert "1.0842" in done.text
    again = clerk.post(reverse("invoices:enter-rate"), typed | {"currency": "EUR"})
    assert again.status_code == 422
    assert ExchangeRate.objects.count() == 2
    assert signed_in(cast.mia).get(reverse("invoices:rates")).status_code == 200
    assert signed_in(cast.mia).get(reverse("invoices:enter-rate")).status_code == 404
    assert signed_in(cast.bo).get(reverse("invoices:rates")).status_code == 404
