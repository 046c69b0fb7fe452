"""Gapless numbers, also under many workers (`BIL-12`), and check digits (`BIL-15`)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from billing.invoices.models import InvoiceCounter, Seller
from billing.invoices.numbering import (
    draw_number,
    foretell_number,
    payment_reference,
)
from itil.tickets.errors import Refused
from tests.billing import make as billing

TODAY = date(2026, 5, 2)


def test_each_year_of_a_series_begins_at_one(db):
    seller = billing.seller()
    drawn = [
        draw_number(seller, issued_on=day)
        for day in (TODAY, TODAY, date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert drawn == ["HAL-2026-000001", "HAL-2026-000002", "HAL-2026-000003", "HAL-2027-000001"]


def test_a_date_before_the_last_one_is_refused_across_years(db):
    seller = billing.seller()
    draw_number(seller, issued_on=date(2027, 1, 1))
    with pytest.raises(Refused), transaction.atomic():
        draw_number(seller, issued_on=date(2026, 12, 31))
    assert draw_number(seller, issued_on=date(2027, 1, 1)) == "HAL-2027-000002"


def test_sellers_count_apart(db):
    other = billing.seller(name="Halden BV", series="HNL")
    assert draw_number(billing.seller(), issued_on=TODAY) == "HAL-2026-000001"
    assert draw_number(other, issued_on=TODAY) == "HNL-2026-000001"


def test_the_next_number_is_foretold_without_being_drawn(db):
    seller = billing.seller()
    assert foretell_number(seller, issued_on=TODAY) == "HAL-2026-000001"
    assert not InvoiceCounter.objects.exists()
    draw_number(seller, issued_on=TODAY)
    # Two others are before us in the queue.
    before = Seller.objects.filter(
        pk__in=[seller.pk, billing.seller(name="Halden BV", series="HNL").pk]
    )
    assert foretell_number(seller, issued_on=TODAY) == "HAL-2026-000002"
    assert foretell_number(seller, issued_on=TODAY, before=before) == "HAL-2026-000004"
    assert foretell_number(seller, issued_on=TODAY, kind="credit_note") == "HAL-CN-2026-000001"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_fifty_numbers_by_eight_workers_have_no_gap_though_every_fifth_fails():
    seller = billing.seller()

    class PrinterError(Exception):
        pass

    def issue(attempt):
        try:
            with transaction.atomic():
                number = draw_number(seller, issued_on=TODAY)
                if attempt % 5 == 0:
                    raise PrinterError
                return number
        except PrinterError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        drawn = list(workers.map(issue, range(1, 63)))
    numbers = sorted(number for number in drawn if number)
    assert numbers == [f"HAL-2026-{n:06d}" for n in range(1, 51)]
    assert InvoiceCounter.objects.get().last_number == 50


def test_payment_references_carry_check_digits():
    assert payment_reference("2026000123") == "RF462026000123"
    assert payment_reference("HAL-2026-000123") == "RF462026000123"
