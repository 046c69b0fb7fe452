"""Reminders: each level once, stopped by payment, dispute or hold (`BIL-17`)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.invoices import actions
from billing.invoices.amounts import interest_of
from billing.invoices.models import CollectionRules, Dispute, Reminder, Seller
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail
from tests.billing import make as billing

DUE = date(2026, 6, 1)


def days_after_due(days):
    return datetime(2026, 6, 1, 9, 0, tzinfo=UTC) + timedelta(days=days)


@pytest.fixture
def invoice(cast):
    """1 000.00 without VAT, due on 1 June 2026."""
    cast.acme.billing_email = "money@acme.example"
    cast.acme.save()
    made = billing.issued(cast, vat_category="Z", vat_rate=Decimal(0), payment_terms_days=30)
    assert made.due_on == DUE
    return made


def rules(**changes):
    return CollectionRules.objects.create(seller=Seller.objects.get(), **changes)


def run(days):
    return actions.remind_late(days_after_due(days))


def send(cast, days):
    run(days)
    reminder = Reminder.objects.proposed().get()
    return actions.send_reminder(reminder, by=cast.bea, at=days_after_due(days))


def levels():
    return list(Reminder.objects.order_by("level").values_list("level", "state"))


def test_thousand_for_thirty_days_at_ten_and_a_half_percent_is_8_63(cast, invoice):
    assert interest_of(Decimal("1000.00"), 30, Decimal("10.5"), "EUR") == Decimal("8.63")
    rules(reference_rate=Decimal("2.50"), charges_from_level=3)
    send(cast, 7)
    send(cast, 14)
    last = send(cast, 30)
    assert (last.interest, last.fixed_sum) == (Decimal("8.63"), Decimal(40))
    assert last.total == Decimal("1048.63")


def test_levels_come_seven_fourteen_and_thirty_days_after_the_due_date(cast, invoice):
    assert run(6).proposed == 0
    for days, level in ((7, 1), (14, 2), (30, 3)):
        assert run(days - 1).proposed == 0
        assert send(cast, days).level == level
    assert run(300).proposed == 0
    assert levels() == [(1, "sent"), (2, "sent"), (3, "sent")]


def test_the_job_run_twice_proposes_once(cast, invoice):
    assert run(7).proposed == 1
    assert run(7).proposed == 0
    assert levels() == [(1, "proposed")]
    assert not OutgoingMail.objects.exists()


def test_after_a_late_start_the_levels_keep_their_distance(cast, invoice):
    assert send(cast, 40).level == 1
    assert run(41).proposed == 0
    assert run(46).proposed == 0
    assert send(cast, 47).level == 2
    assert run(62).proposed == 0
    assert send(cast, 63).level == 3


def test_the_rules_may_send_by_themselves(cast, invoice):
    rules(sends_by_itself=True)
    result = run(7)
    assert (result.proposed, result.sent) == (1, 1)
    run(7)
    assert levels() == [(1, "sent")]
    assert OutgoingMail.objects.get().to == "money@acme.example"


def test_the_mail_says_what_is_open_and_where_to_pay(cast, invoice):
    rules(reference_rate=Decimal("2.50"), charges_from_level=1)
    send(cast, 30)
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Reminder: invoice HAL-2026-000001"
    for part in (
        "€1,000.00 is open",
        "30 days at 10.5% a year: €8.63",
        "Fixed sum for late payment: €40.00",
        "€1,048.63",
        "RF422026000001",
        "DE89 3704 0044 0532 0130 00",
    ):
        assert part in mail.text
    assert [one["name"] for one in mail.attachments] == [
        "HAL-2026-000001-reminder-1.pdf",
        "HAL-2026-000001.pdf",
    ]


def test_the_first_reminder_is_friendly_and_no_interest_without_a_rate(cast, invoice):
    first = send(cast, 7)
    assert (first.interest, first.fixed_sum, first.total) == (0, 0, Decimal("1000.00"))
    second = send(cast, 14)
    assert (second.interest, second.fixed_sum) == (0, Decimal(40))


def test_sent_twice_it_is_one_mail(cast, invoice):
    reminder = send(cast, 7)
    actions.send_reminder(reminder, by=cast.bea, at=days_after_due(7))
    assert OutgoingMail.objects.count() == 1


def test_a_payment_stops_it_and_a_part_is_taken_off(cast, invoice):
    run(7)
    billing.paid_in(cast, "400.00", shares=[(invoice, "400.00")])
    reminder = Reminder.objects.get()
    assert actions.send_reminder(reminder, by=cast.bea, at=days_after_due(8)).balance == Decimal(
        "600.00"
    )
    run(15)
    billing.paid_in(cast, "600.00", shares=[(invoice, "600.00")])
    with pytest.raises(Refused, match="not late any more"):
        actions.send_reminder(Reminder.objects.get(level=2), by=cast.bea, at=days_after_due(16))
    assert levels() == [(1, "sent"), (2, "dropped")]
    assert OutgoingMail.objects.count() == 1


def test_the_job_drops_proposals_for_what_was_paid(cast, invoice):
    run(7)
    billing.paid_in(cast, "1000.00", shares=[(invoice, "1000.00")])
    assert run(8).dropped == 1
    assert levels() == [(1, "dropped")]


def test_a_dispute_of_the_line_stops_it_until_it_is_decided(cast, invoice):
    dispute = Dispute.objects.create(
        key="7d4c3a52-1f3c-4f0e-9a54-0d3a9ec5f111",
        invoice=invoice,
        line=invoice.lines.get(),
        ticket=Ticket.objects.first(),
        text="Not ours",
        name="Ann",
        email="ann@acme.example",
        opened_at=days_after_due(1),
    )
    assert run(7).proposed == 0
    Dispute.objects.filter(pk=dispute.pk).update(
        ended_at=days_after_due(8), outcome="rejected", answer="It was you."
    )
    assert run(9).proposed == 1


def test_a_hold_needs_a_reason_and_stops_it_until_it_is_lifted(cast, invoice):
    run(7)
    with pytest.raises(MissingValue):
        actions.hold(invoice, by=cast.bea, reason=" ")
    actions.hold(invoice, by=cast.bea, reason="Pays on Friday", at=days_after_due(7))
    assert levels() == [(1, "dropped")]
    assert run(8).proposed == 0
    actions.lift_hold(invoice, by=cast.bea, at=days_after_due(9))
    assert run(10).proposed == 1
    assert [event.kind for event in invoice.events.all()][-2:] == ["held", "hold_ended"]


def test_without_an_address_it_waits(cast, invoice):
    run(7)
    type(cast.acme).objects.filter(pk=cast.acme.pk).update(billing_email="")
    with pytest.raises(Refused, match="no address for invoices"):
        actions.send_reminder(Reminder.objects.get(), by=cast.bea, at=days_after_due(7))
    assert levels() == [(1, "proposed")]


def test_a_clerk_who_asks_for_it_is_told_at_once_why_it_cannot_go(cast, invoice):
    run(7)
    type(cast.acme).objects.filter(pk=cast.acme.pk).update(billing_email="")
    with pytest.raises(Refused, match="no address for invoices"):
        actions.request_reminder(Reminder.objects.get(), by=cast.bea, at=days_after_due(7))
    assert not Reminder.objects.asked().exists()


def test_one_that_a_clerk_drops_is_proposed_again(cast, invoice):
    run(7)
    actions.drop_reminder(Reminder.objects.get(), by=cast.bea)
    assert run(8).proposed == 1
    assert sorted(levels()) == [(1, "dropped"), (1, "proposed")]


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_send_and_stop(cast, invoice, who):
    run(7)
    person, reminder = getattr(cast, who), Reminder.objects.get()
    for call in (
        lambda: actions.send_reminder(reminder, by=person),
        lambda: actions.hold(invoice, by=person, reason="x"),
        lambda: actions.lift_hold(invoice, by=person),
        lambda: actions.drop_reminder(reminder, by=person),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert levels() == [(1, "proposed")]
