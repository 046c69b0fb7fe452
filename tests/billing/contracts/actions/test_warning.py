"""Warnings at 80 and 100 percent, once each (`BIL-7`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

from billing.contracts import actions
from portal.outbox.models import OutgoingMail
from tests.billing import make as billing

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)


def prepaid(cast, **changes):
    contract = billing.contract(cast.acme, rounding_mode="none", **changes)
    actions.sell_block(
        contract,
        by=cast.bea,
        name="Ten hours",
        minutes=600,
        price=Decimal(950),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
    )
    return contract


def worked(cast, minutes):
    actions.price_missing([billing.hours(cast, minutes, date(2026, 3, 5))])


def told():
    return sorted(OutgoingMail.objects.values_list("to", "subject"))


def test_lead_and_customer_hear_of_each_share_once(cast):
    prepaid(cast, manager=cast.cleo, contact=cast.ann)
    worked(cast, 479)
    assert actions.warn_about_blocks(at=AT) == 0
    worked(cast, 1)
    assert actions.warn_about_blocks(at=AT) == 1
    assert actions.warn_about_blocks(at=AT) == 0
    subject = "80 % of “Ten hours” is used up"
    assert told() == [("ann@acme.example", subject), ("cleo@halden.example", subject)]
    worked(cast, 120)
    assert actions.warn_about_blocks(at=AT) == 1
    assert ("ann@acme.example", "100 % of “Ten hours” is used up") in told()
    assert len(told()) == 4
    mail = OutgoingMail.objects.filter(to="ann@acme.example").order_by("-pk").first()
    assert "Left: 0m" in mail.text
    assert "/billing/" not in mail.text


def test_without_named_people_the_clerks_and_the_address_for_invoices_are_told(cast):
    prepaid(cast)
    cast.acme.billing_email = "invoices@acme.example"
    cast.acme.save()
    worked(cast, 600)
    actions.warn_about_blocks(at=AT)
    assert [address for address, _subject in told()] == [
        "bea@halden.example",
        "invoices@acme.example",
    ]


def test_an_expired_block_is_not_talked_about(cast):
    prepaid(cast)
    worked(cast, 600)
    assert actions.warn_about_blocks(at=datetime(2026, 7, 2, tzinfo=UTC)) == 0
