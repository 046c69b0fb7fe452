"""Reminders and estimates on paper."""

import io
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from pypdf import PdfReader

from billing.contracts.documents.phrases import PHRASES
from billing.invoices.documents import (
    EstimateKind,
    EstimateLetter,
    OpenInvoice,
    ReminderLetter,
    estimate_html,
    pdf_of,
    reminder_html,
)
from tests.billing.content import PAYMENT, content, line

SELLER = {
    "name": "Halden IT Services GmbH",
    "brand": "Halden",
    "street": "Speicherweg 21",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vat_id": "DE123456788",
    "registration": "HRB 104417",
    "email": "billing@halden.example",
    "phone": "",
}
BUYER = {
    "name": "ООО «Яркая вода»",
    "street": "ул. Ленина, 1",
    "postcode": "101000",
    "city": "Москва",
    "country": "RU",
    "vat_id": "",
}


def reminder(**changes) -> ReminderLetter:
    late = OpenInvoice(
        "HAL-2026-000123", date(2026, 11, 3), date(2026, 12, 3), 30, Decimal("1000.00")
    )
    return ReminderLetter(
        **{
            "level": 2,
            "written_on": date(2027, 1, 2),
            "language": "en-gb",
            "currency": "EUR",
            "seller": SELLER,
            "buyer": BUYER,
            "rows": (late,),
            "payment": PAYMENT,
            "interest": Decimal("8.63"),
            "interest_rate": Decimal("10.50"),
            "interest_days": 30,
            "fixed_sum": Decimal("40.00"),
        }
        | changes
    )


def estimate(**changes) -> EstimateLetter:
    offered = content(line(quantity=Decimal(8), price=Decimal(100)))
    return EstimateLetter(
        **{
            "kind": EstimateKind.CAP,
            "number": "EST-2026-000007",
            "version": 2,
            "written_on": date(2026, 11, 3),
            "valid_until": date(2026, 12, 3),
            "language": "en-gb",
            "currency": "EUR",
            "seller": SELLER,
            "buyer": BUYER,
            "lines": offered.lines,
            "totals": offered.totals,
            "ticket": "REQ-000042",
        }
        | changes
    )


def text_of(html: str) -> str:
    pages = PdfReader(io.BytesIO(pdf_of(html))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_reminder_asks_for_what_is_open_with_interest_and_fixed_sum():
    text = text_of(reminder_html(reminder()))
    for part in (
        "Second payment reminder",
        "HAL-2026-000123",
        "€1,000.00",
        "Interest 10.5% for 30 days",
        "€8.63",
        "€40.00",
        "€1,048.63",
        "outside the scope of VAT",
        "DE89 3704 0044 0532 0130 00",
        "ООО «Яркая вода»",
    ):
        assert part in text


def test_a_first_reminder_without_interest_says_nothing_of_vat():
    html = reminder_html(
        reminder(level=1, interest=Decimal(0), interest_rate=None, fixed_sum=Decimal(0))
    )
    assert "€1,000.00" in html
    assert "VAT" not in html.replace("VAT DE123456788", "")


def test_an_estimate_says_what_accepting_it_binds_to():
    text = text_of(estimate_html(estimate()))
    for part in (
        "EST-2026-000007",
        "REQ-000042",
        "at most the amount of this estimate",
        "8.0 h",
        "€952.00",
        "Accepted (name, date, signature)",
    ):
        assert part in text


@pytest.mark.parametrize("language", PHRASES)
def test_letters_are_written_in_every_language(language):
    assert PHRASES[language]["reminder_2"] in reminder_html(reminder(language=language))
    assert PHRASES[language]["estimate"] in estimate_html(estimate(language=language))


def test_a_long_table_carries_its_sum_over_every_page_break():
    rows = [line(quantity=Decimal(1), price=Decimal(100), detail="") for _row in range(60)]
    offered = content(*rows)
    html = estimate_html(estimate(lines=offered.lines, totals=offered.totals))
    pages = [
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf_of(html))).pages
    ]
    assert len(pages) > 2
    for page, following in pairwise(pages):
        carried = re.search(r"Carried forward (€[\d,.]+)", page)
        brought = re.search(r"Brought forward (€[\d,.]+)", following)
        assert carried[1] == brought[1]
    assert "Brought" not in pages[0]
    assert "Carried" not in pages[-1]


def test_a_short_table_carries_nothing():
    html = estimate_html(estimate())
    assert "Carried forward" not in html


@pytest.mark.parametrize(
    ("language", "words", "font"),
    [
        ("ru", "Смета", "Paper-Cyrillic"),
        ("ja", "見積書", "Paper-Japanese"),
        ("zh-hans", "报价单", "Paper-Chinese"),
    ],
)
def test_other_scripts_are_set_in_fonts_that_travel_inside(language, words, font):
    pdf = PdfReader(io.BytesIO(pdf_of(estimate_html(estimate(language=language)))))
    assert words in pdf.pages[0].extract_text()
    fonts = [one.get_object() for one in pdf.pages[0]["/Resources"]["/Font"].values()]
    assert any(font in one["/BaseFont"] for one in fonts)
    for one in fonts:
        descriptor = one["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
