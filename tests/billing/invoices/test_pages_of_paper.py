"""Where the printed pages of an invoice break."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from billing.invoices import actions
from billing.invoices.documents import html_of, pdf_of
from billing.invoices.parse import month
from tests.billing import content
from tests.billing import make as billing


def named(place):
    return f"Service {chr(64 + place)} done"


@pytest.fixture
def printed(cast):
    """The text of each page of an invoice with so many lines."""
    billing.seller()
    billing.contract(cast.acme)
    billing.hours(cast, 90, date(2026, 3, 5))
    [draft] = actions.run_month(month("2026-03"), by=None).drafted

    def pages(count):
        lines = [content.line(name=named(place)) for place in range(1, count + 1)]
        pdf = pdf_of(html_of(draft, content.content(*lines), []))
        return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]

    return pages


def test_the_sums_never_stand_on_a_page_without_the_last_lines(printed):
    lengths = set()
    for count in (2, 5, 6, 7, 8, 9):
        pages = printed(count)
        lengths.add(len(pages))
        [with_sums] = [text for text in pages if "Amount due" in text]
        for place in (count - 1, count):
            assert named(place) in with_sums, count
    # Some of them fit on one page and some do not.
    assert lengths == {1, 2}


@pytest.mark.parametrize("count", [7, 12])
def test_what_is_carried_over_is_the_sum_up_to_the_break(printed, count):
    first, second = printed(count)
    kept = max(place for place in range(1, count + 1) if named(place) in first)
    amount = f"€{content.line().net * kept:,.2f}"
    assert f"Carried forward {amount}" in " ".join(first.split())
    assert f"Brought forward {amount}" in " ".join(second.split())
