"""Importing payments: nothing twice, nothing half, nothing booked without a person (`BIL-15`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.invoices import actions
from billing.invoices.errors import UnreadableStatement
from billing.invoices.matching import proposals_for
from billing.invoices.models import (
    CollectionRules,
    Invoice,
    Payment,
    Seller,
    Statement,
    StatementEntry,
)
from billing.invoices.parse import CsvMapping
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests.billing import make as billing
from tests.billing.bank import camt, entry

MAY_11 = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
EXACT = entry("1190.00", reference="RF42 2026 0000 01", bank_reference="B1")


@pytest.fixture
def invoice(cast):
    """HAL-2026-000001 over 1 190.00, reference RF422026000001."""
    return billing.issued(cast)


@pytest.fixture
def second(cast, invoice):
    """HAL-2026-000002 over 595.00."""
    return billing.issued(cast, "500.00", month="2026-04")


def take(cast, content, **changes):
    values = {"name": "may.xml", "seller": Seller.objects.get(), "by": cast.bea, "at": MAY_11}
    return actions.take_file(content, **values | changes)


def proposal(cast, *entries):
    take(cast, camt(*entries))
    rows = list(StatementEntry.objects.order_by("position"))
    found = proposals_for(rows)
    return found[rows[0].pk]


def test_a_file_is_kept_as_it_came_and_taken_once(cast, invoice):
    content = camt(EXACT)
    statement, is_new = take(cast, content)
    assert is_new
    assert actions.content_of(statement) == content
    again, is_new = take(cast, content)
    assert (again, is_new) == (statement, False)
    assert StatementEntry.objects.count() == 1


def test_a_line_of_an_overlapping_file_comes_once(cast, invoice):
    take(cast, camt(EXACT))
    later, _new = take(cast, camt(EXACT, entry("5.00", bank_reference="B2"), statement="S2"))
    assert StatementEntry.objects.count() == 2
    assert (later.known_count, later.entries.count()) == (1, 1)


def test_a_bad_file_leaves_nothing(cast, invoice):
    for content in (b"<Document>", b"hello", camt(EXACT, entry("ten"))):
        with pytest.raises(UnreadableStatement):
            take(cast, content)
    assert not Statement.objects.exists()


def test_nothing_is_booked_without_a_person(cast, invoice):
    take(cast, camt(EXACT))
    assert not Payment.objects.exists()
    assert StatementEntry.objects.get().state == "open"


def test_exact_ones_are_booked_when_the_rules_say_so(cast, invoice, second):
    CollectionRules.objects.create(seller=Seller.objects.get(), books_exact_matches=True)
    part = entry("5.00", reference=second.payment_reference, bank_reference="B2")
    take(cast, camt(EXACT, part))
    payment = Payment.objects.get()
    assert (payment.recorded_by, payment.amount) == (None, Decimal("1190.00"))
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert StatementEntry.objects.open().get().amount == Decimal("5.00")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (EXACT, "The payment reference is RF422026000001 and the amount is the same"),
        (
            entry("100.00", text="your ref rf42-2026-0000-01"),
            "The payment reference is RF422026000001; it pays a part",
        ),
        (
            entry("1200.00", text="Invoice hal 2026 000001"),
            "The text names invoice HAL-2026-000001; 10.00 more than is open stays as credit",
        ),
        (
            entry("1190.00", payer="ACME GmbH"),
            "The name of Acme and the amount of one open invoice",
        ),
    ],
)
def test_a_proposal_says_what_speaks_for_it(cast, invoice, line, reason):
    found = proposal(cast, line)
    assert found.reason == reason
    assert [one.number for one, _amount in found.shares] == ["HAL-2026-000001"]
    assert found.is_exact == (line is EXACT)


def test_a_payment_for_two_invoices_is_shared_between_them(cast, invoice, second):
    found = proposal(cast, entry("1785.00", text="HAL-2026-000001, HAL-2026-000002"))
    assert found.shares == [(invoice, Decimal("1190.00")), (second, Decimal("595.00"))]
    row = StatementEntry.objects.get()
    payment = actions.accept(
        row, organization=found.organization, shares=found.shares, by=cast.bea, at=MAY_11
    )
    assert payment.allocations.count() == 2
    assert set(Invoice.objects.values_list("state", flat=True)) == {"paid"}


@pytest.mark.parametrize(
    "line",
    [
        entry("1190.00", payer="Somebody else"),
        entry("1190.00", payer="GmbH"),
        entry("1190.00", currency="USD", reference="RF422026000001"),
    ],
)
def test_what_does_not_fit_is_not_proposed(cast, invoice, line):
    found = proposal(cast, line)
    assert (found.shares, found.organization) == ([], None)


def test_a_known_account_tells_the_customer(cast, invoice, second):
    take(cast, camt(EXACT))
    actions.accept(
        StatementEntry.objects.get(),
        organization=cast.acme,
        shares=[(invoice, Decimal("1190.00"))],
        by=cast.bea,
        at=MAY_11,
    )
    take(cast, camt(entry("595.00", payer="A. Miller"), statement="S2"))
    row = StatementEntry.objects.open().get()
    found = proposals_for([row])[row.pk]
    assert found.reason.startswith("The account of Acme and the amount")
    assert found.shares == [(second, Decimal("595.00"))]


def test_many_are_accepted_each_by_itself(cast, invoice, second):
    lines = (EXACT, entry("595.00", reference=second.payment_reference), entry("3.00"))
    take(cast, camt(*lines))
    rows = StatementEntry.objects.order_by("position")
    booked, problems = actions.accept_proposals(rows, by=cast.bea)
    assert booked == 2
    assert problems == ["2026-05-10 Somebody 3.00 EUR: nothing fits it"]
    assert StatementEntry.objects.open().count() == 1


def test_a_line_is_booked_once_and_again_after_a_reversal(cast, invoice):
    take(cast, camt(EXACT))
    row = StatementEntry.objects.get()
    values = {"organization": cast.acme, "shares": [], "by": cast.bea, "at": MAY_11}
    payment = actions.accept(row, **values)
    with pytest.raises(Refused, match="booked already"):
        actions.accept(row, **values)
    actions.reverse(payment, by=cast.bea, reason="Wrong customer", at=MAY_11)
    actions.accept(row, **values)
    assert Payment.objects.standing().count() == 1


def test_a_line_that_pays_no_invoice_is_put_aside_with_a_reason(cast, invoice):
    take(cast, camt(EXACT))
    row = StatementEntry.objects.get()
    with pytest.raises(MissingValue):
        actions.ignore(row, by=cast.bea, reason="")
    actions.ignore(row, by=cast.bea, reason="Tax refund")
    with pytest.raises(Refused, match="ignored already"):
        actions.accept(row, organization=cast.acme, shares=[], by=cast.bea)
    assert actions.restore(row, by=cast.bea).state == "open"


SHEET = b"Date,Amount,Name,Text\n2026-05-10,1190.00,Acme,HAL-2026-000001\n"
COLUMNS = CsvMapping(booked_on=0, amount=1, payer=2, text=3)


def test_csv_waits_until_its_columns_are_named(cast, invoice):
    statement, _new = take(cast, SHEET, name="may.csv")
    assert (statement.kind, statement.imported_at) == ("csv", None)
    actions.import_csv(statement, COLUMNS, by=cast.bea, at=MAY_11)
    actions.import_csv(statement, COLUMNS, by=cast.bea, at=MAY_11)
    row = StatementEntry.objects.get()
    assert (row.amount, row.booked_on) == (Decimal("1190.00"), date(2026, 5, 10))


def test_csv_with_a_wrong_line_imports_none(cast, invoice):
    statement, _new = take(cast, SHEET + b"2026-05-11,ten,Acme,\n", name="may.csv")
    with pytest.raises(UnreadableStatement, match="Line 3: “ten”"):
        actions.import_csv(statement, COLUMNS, by=cast.bea, at=MAY_11)
    assert not StatementEntry.objects.exists()
    statement.refresh_from_db()
    assert statement.imported_at is None


def test_money_booked_in_the_future_is_refused(cast, invoice):
    take(cast, camt(entry("1190.00", booked="2027-01-01", reference="RF422026000001")))
    row = StatementEntry.objects.get()
    with pytest.raises(MissingValue, match="in the future"):
        actions.accept(row, organization=cast.acme, shares=[], by=cast.bea, at=MAY_11)
    assert StatementEntry.objects.open().count() == 1


def test_proposals_cost_the_same_for_one_line_and_for_many(
    cast, invoice, django_assert_num_queries
):
    take(cast, camt(*(entry(f"{number}.00") for number in range(1, 9))))
    rows = list(StatementEntry.objects.all())
    for some in (rows[:1], rows):
        with django_assert_num_queries(2):
            proposals_for(some)


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_import_and_book(cast, invoice, who):
    take(cast, camt(EXACT))
    row, person = StatementEntry.objects.get(), getattr(cast, who)
    for call in (
        lambda: take(cast, camt(EXACT, statement="S2"), by=person),
        lambda: actions.accept(row, organization=cast.acme, shares=[], by=person),
        lambda: actions.ignore(row, by=person, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert Statement.objects.count() == 1
