"""Delivery reports (`MAI-8`)."""

from datetime import timedelta

from itil.conversation.threading import receipt_mail_id
from itil.desk import actions as desk
from itil.incidents.models import Incident
from tests import make
from tests.cast import MONDAY

from .letters import delivery_report

LATER = MONDAY + timedelta(minutes=30)


def test_a_hard_bounce_stops_mail_to_the_address(arrive, cast):
    ticket = make.taken_incident(cast)
    message = desk.reply(ticket, by=cast.bo, text="Which floor?", at=MONDAY)
    inbound = arrive(delivery_report(message.mail_id), at=LATER)
    cast.ann.refresh_from_db()
    assert (inbound.state, inbound.message.visibility) == ("appended", "internal")
    assert cast.ann.mail_undeliverable_at == LATER
    assert inbound.message.text == "Mail to ann@acme.example could not be delivered (5.1.1)."


def test_soft_bounces_count_as_hard_the_third_time_in_a_week(arrive, cast):
    ticket = make.taken_incident(cast)
    message = desk.reply(ticket, by=cast.bo, text="Which floor?", at=MONDAY)
    marks = []
    for number in range(3):
        report = delivery_report(
            message.mail_id, action="delayed", status="4.4.7", mail_id=f"dsn{number}@x"
        )
        arrive(report, at=LATER + timedelta(days=number))
        cast.ann.refresh_from_db()
        marks.append(cast.ann.mail_undeliverable_at is not None)
    assert marks == [False, False, True]


def test_a_report_about_no_mail_of_ours_silences_nobody(arrive, cast):
    inbound = arrive(delivery_report("made-up@evil.example"))
    cast.ann.refresh_from_db()
    assert (inbound.state, cast.ann.mail_undeliverable_at) == ("ignored", None)


def test_a_report_never_reopens_or_opens(arrive, cast):
    ticket = make.resolved_incident(cast)
    arrive(delivery_report(receipt_mail_id(ticket.uuid)), at=LATER)
    ticket.refresh_from_db()
    assert (ticket.status, Incident.objects.count()) == ("resolved", 1)


def test_a_report_that_names_nobody_waits_for_staff(arrive):
    raw = delivery_report("x@y").replace(b"Final-Recipient: rfc822; ann@acme.example\n", b"")
    assert arrive(raw).state == "quarantined"
