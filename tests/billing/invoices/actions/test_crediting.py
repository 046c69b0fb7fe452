"""Credit notes: never more than the rest, and the original stays as it is (`BIL-13`)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.invoices import actions
from billing.invoices.actions import Portion
from billing.invoices.models import Invoice, InvoiceCounter
from billing.invoices.parse import month
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, Refused
from itil.timesheets.models import Activity, TimeEntry
from tests.billing import make as billing

MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
MAY_20 = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def invoice(cast):
    """Two lines: 8 h of analysis at 100.00 and 2 h of repair at 100.00, 19 % VAT: 1 190.00."""
    billing.seller()
    repair = Activity.objects.create(name="Repair")
    billing.contract(cast.acme)
    billing.hours(cast, 480, date(2026, 3, 5))
    billing.hours(cast, 120, date(2026, 3, 6), activity=repair)
    [draft] = actions.run_month(month("2026-03"), by=cast.bea, at=MAY_2).drafted
    return actions.issue(draft, by=cast.bea, at=MAY_2)


def note(cast, invoice, **changes):
    return actions.credit(
        invoice, **{"by": cast.bea, "reason": "Not ordered", "at": MAY_20} | changes
    )


def issued(cast, invoice, **changes):
    return actions.issue(note(cast, invoice, **changes), by=cast.bea, at=MAY_20)


def repair_line(invoice):
    return invoice.lines.get(description="Repair").position


def test_b16_a_credit_note_for_one_line_leaves_952_00_to_pay(cast, invoice):
    before = Invoice.objects.values(
        "number", "payable_total", "pdf_sha256", "net_total", "vat_breakdown"
    ).get()
    credit_note = issued(cast, invoice, portions={repair_line(invoice): Portion()})
    assert credit_note.payable_total == Decimal("238.00")
    invoice.refresh_from_db()
    assert invoice.balance == Decimal("952.00")
    assert invoice.state == "issued"
    stored = Invoice.objects.filter(pk=invoice.pk)
    assert before == stored.values(*before).get()


def test_it_has_a_series_of_its_own_and_names_what_it_corrects(cast, invoice):
    first = issued(cast, invoice, portions={1: Portion(quantity=Decimal(1))})
    second = issued(cast, invoice, portions={1: Portion(quantity=Decimal(1))})
    assert [first.number, second.number] == ["HAL-CN-2026-000001", "HAL-CN-2026-000002"]
    assert first.corrects == invoice
    assert first.correction_reason == "Not ordered"
    assert first.payment_reference == ""
    assert InvoiceCounter.objects.get(kind="invoice").last_number == 1


def test_quantities_and_amounts_are_positive(cast, invoice):
    credit_note = note(cast, invoice)
    lines = list(credit_note.lines.order_by("position"))
    assert [(line.quantity, line.net) for line in lines] == [
        (Decimal(8), Decimal("800.00")),
        (Decimal(2), Decimal("200.00")),
    ]
    assert credit_note.payable_total == Decimal("1190.00")
    assert {line.credits.invoice_id for line in lines} == {invoice.pk}


def test_a_part_is_a_quantity_or_an_amount(cast, invoice):
    credit_note = note(
        cast,
        invoice,
        portions={1: Portion(quantity=Decimal("2.5")), 2: Portion(amount=Decimal("19.99"))},
    )
    first, second = credit_note.lines.order_by("position")
    assert (first.quantity, first.unit, first.net, first.minutes) == (
        Decimal("2.5"),
        "HUR",
        Decimal("250.00"),
        150,
    )
    assert (second.quantity, second.unit, second.net) == (Decimal(1), "C62", Decimal("19.99"))
    assert (credit_note.net_total, credit_note.vat_total) == (Decimal("269.99"), Decimal("51.30"))


@pytest.mark.parametrize(
    "portion",
    [
        Portion(quantity=Decimal("8.0001")),
        Portion(amount=Decimal("800.01")),
        Portion(quantity=Decimal(0)),
        Portion(amount=Decimal("-1.00")),
        Portion(amount=Decimal("1.005")),
    ],
)
def test_more_than_the_rest_of_a_line_is_refused(cast, invoice, portion):
    with pytest.raises(Refused):
        note(cast, invoice, portions={1: portion})
    assert Invoice.objects.count() == 1


def test_the_rest_counts_earlier_notes_and_drafts(cast, invoice):
    issued(cast, invoice, portions={1: Portion(quantity=Decimal(5))})
    draft = note(cast, invoice, portions={1: Portion(amount=Decimal("200.00"))})
    with pytest.raises(Refused, match=r"only 100 EUR left"):
        note(cast, invoice, portions={1: Portion(amount=Decimal("100.01"))})
    actions.void(draft, by=cast.bea)
    last = note(cast, invoice, portions={1: Portion(amount=Decimal("300.00"))})
    assert last.net_total == Decimal("300.00")


def test_a_line_that_is_credited_already_is_refused_and_the_rest_goes(cast, invoice):
    issued(cast, invoice, portions={2: Portion()})
    with pytest.raises(Refused, match="Line 2 is credited already"):
        note(cast, invoice, portions={2: Portion()})
    rest = issued(cast, invoice)
    assert [line.credits.position for line in rest.lines.all()] == [1]
    invoice.refresh_from_db()
    assert (invoice.state, invoice.credited_total) == ("cancelled", Decimal("1190.00"))
    with pytest.raises(Refused, match="Nothing is left"):
        note(cast, invoice)


def test_a_full_credit_cancels_the_invoice(cast, invoice):
    issued(cast, invoice)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("cancelled", 0)
    assert [event.kind for event in invoice.events.all()][-1] == "credited"


def test_a_draft_of_a_credit_note_changes_nothing_yet(cast, invoice):
    note(cast, invoice)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("issued", Decimal("1190.00"))


def test_cents_that_parts_rounded_otherwise_end_with_the_last_note(cast):
    # `B11`: 99.99 net and 19.00 VAT, but 6.33 of VAT for each third.
    billing.seller()
    billing.contract(cast.acme, default_hourly_rate=Decimal("33.33"))
    for name in ("One", "Two", "Three"):
        activity = Activity.objects.create(name=name)
        billing.hours(cast, 60, date(2026, 3, 5), activity=activity)
    [draft] = actions.run_month(month("2026-03"), by=cast.bea, at=MAY_2).drafted
    invoice = actions.issue(draft, by=cast.bea, at=MAY_2)
    assert invoice.payable_total == Decimal("118.99")
    notes = [issued(cast, invoice, portions={position: Portion()}) for position in (1, 2, 3)]
    assert [one.payable_total for one in notes] == [
        Decimal("39.66"),
        Decimal("39.66"),
        Decimal("39.67"),
    ]
    assert notes[2].rounding_total == Decimal("0.01")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("cancelled", 0)


def test_a_double_click_makes_one_document(cast, invoice):
    key = uuid4()
    first = note(cast, invoice, key=key)
    assert note(cast, invoice, key=key) == first
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_money_paid_beyond_what_is_left_becomes_the_customers_credit(cast, invoice):
    payment = billing.paid_in(cast, "1190.00", shares=[(invoice, "1190.00")])
    issued(cast, invoice, portions={repair_line(invoice): Portion()})
    invoice.refresh_from_db()
    payment.refresh_from_db()
    assert (invoice.state, invoice.paid_total, invoice.balance) == ("paid", Decimal("952.00"), 0)
    assert payment.credit == Decimal("238.00")


def test_a_write_off_gives_way_before_money_does(cast, invoice):
    payment = billing.paid_in(cast, "1000.00", shares=[(invoice, "1000.00")])
    actions.book_difference(
        invoice, kind="write_off", amount=Decimal("190.00"), reason="Bankrupt", by=cast.bea
    )
    issued(cast, invoice, portions={1: Portion(amount=Decimal("100.00"))})
    invoice.refresh_from_db()
    payment.refresh_from_db()
    assert invoice.written_off_total == Decimal("71.00")
    assert (invoice.paid_total, payment.credit) == (Decimal("1000.00"), 0)


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_credit_and_void(cast, invoice, who):
    draft = note(cast, invoice)
    with pytest.raises(NotAllowed):
        note(cast, invoice, by=getattr(cast, who))
    with pytest.raises(NotAllowed):
        actions.void(draft, by=getattr(cast, who))
    assert Invoice.objects.count() == 2


def test_a_reason_is_required(cast, invoice):
    with pytest.raises(MissingValue):
        note(cast, invoice, reason=" ")


def test_only_issued_invoices_are_credited(cast, invoice):
    credit_note = issued(cast, invoice, portions={1: Portion(quantity=Decimal(1))})
    for wrong in (credit_note, note(cast, invoice)):
        with pytest.raises(MoveNotAllowed):
            note(cast, wrong)


def test_void_is_for_drafts_only(cast, invoice):
    with pytest.raises(MoveNotAllowed, match="credit note"):
        actions.void(invoice, by=cast.bea)
    draft = note(cast, invoice)
    actions.void(draft, by=cast.bea)
    actions.void(draft, by=cast.bea)
    assert list(Invoice.objects.all()) == [invoice]


@pytest.mark.parametrize(
    ("frees", "state", "drafted"), [(True, "approved", 1), (False, "invoiced", 0)]
)
def test_a_full_credit_frees_the_hours_or_keeps_them_credited(cast, invoice, frees, state, drafted):
    issued(cast, invoice, portions={1: Portion()}, frees_time=frees)
    assert set(TimeEntry.objects.values_list("state", flat=True)) == {"invoiced"}
    issued(cast, invoice, frees_time=frees)
    assert set(TimeEntry.objects.values_list("state", flat=True)) == {state}
    again = actions.run_month(month("2026-03"), by=cast.bea, at=MAY_20)
    assert len(again.drafted) == drafted
    if frees:
        assert again.drafted[0].payable_total == Decimal("1190.00")
        actions.issue(again.drafted[0], by=cast.bea, at=MAY_20)
        assert TimeEntry.objects.filter(state="invoiced").count() == 2
