"""A customer disagrees: a ticket, a hold on reminders, a decision."""

from datetime import timedelta
from uuid import uuid4

import pytest

from billing.invoices import actions
from billing.invoices.actions import Asker
from billing.invoices.models import Dispute, Invoice, disputed_amount
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Ticket
from portal.people.models import User
from tests.billing.invoices import bills

AT = bills.ISSUED_AT + timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast):
    return bills.issued(cast)


@pytest.fixture
def fay(cast):
    return bills.contact(cast.acme)


@pytest.fixture
def link(cast, invoice):
    return actions.make_link(invoice, by=cast.bea, at=AT)[0]


def asked(invoice, by, position=1, **changes):
    line = invoice.lines.get(position=position) if position else None
    return actions.dispute(
        invoice,
        **{"by": by, "line": line, "text": "It was an hour.", "key": uuid4(), "at": AT} | changes,
    )


def tickets():
    return Ticket.objects.filter(title__icontains="invoice")


def test_a_disputed_line_becomes_a_ticket_of_who_asks(cast, invoice, fay):
    cast.desk_team.refresh_from_db()
    invoice.seller.questions_to = cast.desk_team
    invoice.seller.save()

    made = asked(invoice, Asker(fay))

    ticket = Incident.objects.get(pk=made.ticket_id)
    assert ticket.title == "Invoice HAL-2026-000001, line 1 is disputed: Analysis"
    assert (ticket.requester, ticket.organization, ticket.team) == (fay, cast.acme, cast.desk_team)
    assert ticket.messages.get().text == "It was an hour."
    assert [event.kind for event in invoice.events.all()][-1] == "disputed"
    assert disputed_amount(invoice) > 0


def test_the_ticket_tells_no_amounts(invoice, fay):
    ticket = asked(invoice, Asker(fay)).ticket

    assert "180" not in f"{ticket.title} {ticket.messages.get().text}"


def test_a_double_click_makes_one(invoice, fay):
    key = uuid4()
    first = asked(invoice, Asker(fay), key=key)

    assert asked(invoice, Asker(fay), key=key) == first
    assert tickets().count() == Dispute.objects.count() == 1


def test_a_line_that_is_looked_into_is_not_disputed_again(invoice, fay):
    first = asked(invoice, Asker(fay))
    with pytest.raises(Refused, match=first.ticket.number):
        asked(invoice, Asker(fay))

    assert tickets().count() == 1
    assert asked(invoice, Asker(fay), position=2).line.position == 2


def test_a_question_about_the_whole_holds_nothing_back(invoice, fay):
    made = asked(invoice, Asker(fay), position=None)

    assert made.ticket.title == "Question about invoice HAL-2026-000001"
    assert disputed_amount(invoice) == 0
    assert [event.kind for event in invoice.events.all()][-1] == "asked"


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "bea", "dov", "root"])
def test_only_a_billing_contact_of_the_customer_disputes(cast, invoice, who):
    with pytest.raises(NotAllowed):
        asked(invoice, Asker(getattr(cast, who)))

    assert not Dispute.objects.exists()
    assert not tickets().exists()


def test_a_billing_contact_of_another_customer_does_not(cast, invoice):
    with pytest.raises(NotAllowed):
        asked(invoice, Asker(bills.contact(cast.globex, "Gus")))


def test_nothing_is_sent_without_a_text(invoice, fay):
    with pytest.raises(MissingValue) as refusal:
        asked(invoice, Asker(fay), text="  ")

    assert refusal.value.field == "text"
    assert not tickets().exists()


def test_through_a_link_a_known_person_asks(cast, invoice, link):
    made = asked(invoice, Asker(link=link, name="Ann", email=cast.ann.email.upper()))

    message = made.ticket.messages.get()
    assert made.ticket.requester == cast.ann
    assert made.person is None
    assert made.link == link
    assert f"Written without sign-in by Ann ({cast.ann.email.upper()})" in message.text


def test_through_a_link_somebody_new_is_answered_at_the_own_address(cast, invoice, link):
    made = asked(invoice, Asker(link=link, name="Tax Office", email="lee@taxes.example"))

    lee = made.ticket.requester
    assert (lee.email, lee.organization) == ("lee@taxes.example", None)
    assert made.ticket.organization == cast.acme
    assert not lee.has_usable_password()


@pytest.mark.parametrize("email", ["dov@globex.example", "new@globex.example"])
def test_nobody_of_another_house_is_written_to(cast, invoice, link, email):
    made = asked(invoice, Asker(link=link, name="Dov", email=email))

    stand_in = made.ticket.requester
    assert stand_in.organization == cast.acme
    assert stand_in.mail_undeliverable_at is not None
    assert made.ticket.custom == {"no_automatic_mail": True}
    assert email in made.ticket.messages.get().text
    assert not User.objects.filter(email="new@globex.example").exists()


def test_a_link_asks_about_its_own_invoice_only(cast, invoice, link):
    other = bills.issued(cast, cast.globex)
    with pytest.raises(NotAllowed):
        asked(other, Asker(link=link, name="Ann", email=cast.ann.email))


def test_a_link_asks_five_times_an_hour(cast, invoice, link):
    by = Asker(link=link, name="Ann", email=cast.ann.email)
    for _count in range(5):
        asked(invoice, by, position=None)
    with pytest.raises(Refused):
        asked(invoice, by, position=None)

    assert asked(invoice, by, position=None, at=AT + timedelta(minutes=61))


def test_a_rejected_dispute_tells_the_customer_and_ends_the_hold(cast, invoice, fay):
    made = asked(invoice, Asker(fay))
    settled = actions.settle(
        made, outcome="rejected", answer="The log says 80 minutes.", by=cast.bea, at=AT
    )

    ticket = Ticket.objects.get(pk=made.ticket_id)
    assert ticket.phase == "done"
    assert "80 minutes" in ticket.messages.last().text
    assert (settled.outcome, settled.ended_by, settled.ended_at) == ("rejected", cast.bea, AT)
    assert disputed_amount(invoice) == 0
    assert not Invoice.objects.disputed().exists()
    assert [event.kind for event in invoice.events.all()][-1] == "settled"


def test_a_ticket_that_was_resolved_before_does_not_stop_the_decision(cast, invoice, fay):
    made = asked(invoice, Asker(fay))
    desk.try_move(made.ticket, "resolve", values={"resolution_code": "fixed", "note": "."}, at=AT)

    settled = actions.settle(made, outcome="upheld", answer="You are right.", by=cast.bea, at=AT)
    assert settled.outcome == "upheld"


@pytest.mark.parametrize(
    ("changes", "field"), [({"outcome": ""}, "outcome"), ({"answer": " "}, "answer")]
)
def test_a_decision_needs_an_outcome_and_an_answer(cast, invoice, fay, changes, field):
    made = asked(invoice, Asker(fay))
    with pytest.raises(MissingValue) as refusal:
        actions.settle(
            made, **{"outcome": "upheld", "answer": "Yes.", "by": cast.bea, "at": AT} | changes
        )

    assert refusal.value.field == field
    assert Dispute.objects.undecided().count() == 1


def test_it_is_decided_once_and_by_clerks_only(cast, invoice, fay):
    made = asked(invoice, Asker(fay))
    for who in (cast.mia, cast.cleo, cast.root, fay):
        with pytest.raises(NotAllowed):
            actions.settle(made, outcome="upheld", answer="Yes.", by=who, at=AT)
    actions.settle(made, outcome="upheld", answer="Yes.", by=cast.bea, at=AT)
    with pytest.raises(Refused):
        actions.settle(made, outcome="rejected", answer="No.", by=cast.bea, at=AT)

    assert Dispute.objects.get().outcome == "upheld"
