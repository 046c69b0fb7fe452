"""Words and figures of the paper."""

from datetime import date
from decimal import Decimal
from string import Formatter

import pytest
from django.utils.translation import override

from billing.contracts.documents.phrases import ENGLISH, PHRASES
from billing.invoices.actions import run_month
from billing.invoices.documents import HourStyle, Wording, html_of
from billing.invoices.parse import month
from tests.billing import make as billing


@pytest.mark.parametrize(
    ("language", "money", "price", "day", "period"),
    [
        ("en-gb", "€1,234.50", "€96.40", "3 November 2026", "1–30 November 2026"),
        ("de", "1.234,50\xa0€", "96,40\xa0€", "3. November 2026", "1–30. November 2026"),
        ("nl", "€\xa01.234,50", "€\xa096,40", "3 november 2026", "1–30 november 2026"),
        (
            "en-us",
            "€1,234.50",
            "€96.40",
            "November 3, 2026",
            "November 1, 2026 – November 30, 2026",
        ),
    ],
)
def test_figures_follow_the_language_of_the_customer(language, money, price, day, period):
    wording = Wording.of(language)
    assert wording.money(Decimal("1234.50"), "EUR") == money
    assert wording.price(Decimal("96.4000"), "EUR") == price
    assert wording.day(date(2026, 11, 3)) == day
    assert wording.period(date(2026, 11, 1), date(2026, 11, 30)) == period


def test_prices_keep_their_four_decimals_and_yen_have_none():
    assert Wording.of("en-gb").price(Decimal("96.4125"), "EUR") == "€96.4125"
    assert Wording.of("en-gb").price(Decimal("9000.0000"), "JPY") == "JP¥9,000"


def test_a_reduction_has_a_true_minus():
    assert Wording.of("en-gb").money(Decimal("-250"), "EUR") == "−€250.00"


def test_an_unknown_language_is_written_as_english():
    assert Wording.of("xx-unknown").month(date(2026, 10, 1)) == "October 2026"


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        ([60, 90], ["1.0", "1.5"]),
        ([60, 75], ["1.00", "1.25"]),
        ([60, 50], ["1:00", "0:50"]),
    ],
)
def test_hours_are_written_in_one_style_that_is_exact(minutes, written):
    style = HourStyle.of(minutes)
    assert [Wording.of("en-gb").hours(one, style) for one in minutes] == written


def test_the_paper_speaks_the_language_of_the_customer_whoever_looks_at_it(cast):
    billing.seller()
    billing.contract(cast.acme, language="de")
    billing.hours(cast, 60, date(2026, 3, 5))
    invoice = run_month(month("2026-03"), by=None).drafted[0]
    with override("ja"):
        html = html_of(invoice)
    for words in ('lang="de"', "ENTWURF", "Summe ohne USt", "119,00\xa0€", "Leistungen März 2026"):
        assert words in html


def test_a_language_without_our_words_is_written_in_english():
    wording = Wording.of("fr")
    assert wording.say("due") == "Due"
    assert wording.day(date(2026, 11, 3)) == "3 novembre 2026"


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_has_the_same_phrases_with_the_same_places(language):
    def places(text: str) -> set[str | None]:
        return {name for _text, name, _format, _conversion in Formatter().parse(text) if name}

    phrases = PHRASES[language]
    assert {key: places(text) for key, text in phrases.items()} == {
        key: places(text) for key, text in ENGLISH.items()
    }
    assert all(text.strip() for text in phrases.values())
