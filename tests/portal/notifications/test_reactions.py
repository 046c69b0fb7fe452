"""Who hears of what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.conversation.threading import receipt_mail_id
from itil.desk import actions as desk
from itil.incidents.actions import remind_unanswered
from itil.tickets.actions import watch
from itil.tickets.models import Channel, Ticket, TicketEvent
from portal.notifications.reactions import react
from portal.outbox.models import OutgoingMail
from portal.outbox.threading import reply_address
from tests import make
from tests.cast import MONDAY

from .post import dispatched


def mails_to(person):
    return OutgoingMail.objects.filter(to=person.email)


def test_the_requester_gets_one_receipt(cast):
    ticket = make.incident(cast, at=MONDAY)
    (mail,) = dispatched()
    assert mail.to == cast.ann.email
    assert mail.subject == f"[#{ticket.number}] Mail does not arrive"
    assert mail.mail_id == receipt_mail_id(ticket.uuid)
    assert mail.headers == {
        "Auto-Submitted": "auto-replied",
        "Reply-To": reply_address(ticket.uuid),
        "X-Auto-Response-Suppress": "All",
    }
    assert ticket.number in mail.text
    assert f"http://127.0.0.1:8000/requests/{ticket.number}/" in mail.text
    # Ann lives in Berlin: 09:00 UTC is 10:00 there.
    assert "Received: 2 Mar 2026, 10:00 CET" in mail.text
    # The same event once more, as after a crash.
    react(TicketEvent.objects.get(ticket=ticket, kind="opened"))
    assert mails_to(cast.ann).count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"is_automatic": True, "channel": Channel.MAIL, "by": None}, {"channel": Channel.SYSTEM}],
)
def test_no_machine_gets_a_receipt(cast, changes):
    make.incident(cast, **changes)
    assert dispatched() == []


@pytest.mark.parametrize(
    "local", ["noreply", "No-Reply", "mailer-daemon", "bounces+12", "donotreply"]
)
def test_nobody_behind_the_address_gets_no_receipt(cast, local):
    cast.ann.email = f"{local}@acme.example"
    cast.ann.save()
    make.incident(cast)
    assert dispatched() == []


def test_an_address_that_bounced_gets_nothing(cast):
    cast.ann.mail_undeliverable_at = MONDAY
    cast.ann.save()
    ticket = make.taken_incident(cast)
    desk.reply(ticket, by=cast.bo, text="Hello", at=MONDAY)
    assert dispatched() == []


def test_after_five_automatic_mails_in_an_hour_there_are_no_more_receipts(cast):
    for number in range(7):
        make.incident(cast, title=f"Problem {number}")
    assert len(dispatched()) == 5
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    make.incident(cast, title="An hour later")
    assert len(dispatched()) == 1


def test_the_third_ticket_with_one_subject_in_ten_minutes_gets_no_receipt(cast):
    for minutes in (0, 4, 8):
        make.incident(cast, at=MONDAY + timedelta(minutes=minutes))
    assert len(dispatched()) == 2


def test_internal_notes_are_mailed_to_nobody(cast, ticket):
    desk.take(ticket, by=cast.bo, at=MONDAY)
    watch(ticket, cast.dov)
    desk.note(ticket, by=cast.cleo, text="This customer always complains.", at=MONDAY)
    assert dispatched() == []


def test_what_an_agent_says_inside_a_hold_stays_inside(cast, ticket):
    desk.take(ticket, by=cast.bo, at=MONDAY)
    values = {
        "hold_reason": "awaiting_vendor",
        "note": "They are slow again.",
        "reference": "PrintCo",
    }
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    assert dispatched() == []


def test_the_question_of_a_hold_is_mailed(cast, ticket):
    desk.take(ticket, by=cast.bo, at=MONDAY)
    values = {"hold_reason": "awaiting_requester", "note": "Which printer is it?"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    (mail,) = dispatched()
    assert mail.to == cast.ann.email
    assert "Which printer is it?" in mail.text


def test_an_assignment_is_told_to_the_new_assignee_but_not_by_the_own_hand(cast, ticket):
    desk.assign(ticket, cast.bo, by=cast.cleo, at=MONDAY)
    (mail,) = dispatched()
    assert mail.to == cast.bo.email
    assert "Cleo has assigned" in mail.text
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert f"/desk/tickets/{ticket.number}/" in mail.text
    desk.assign(ticket, cast.cleo, by=cast.cleo, at=MONDAY)
    assert dispatched() == []


def test_an_assignee_who_was_replaced_meanwhile_hears_nothing(cast, ticket):
    desk.assign(ticket, cast.bo, by=cast.cleo, at=MONDAY)
    desk.assign(ticket, cast.cleo, by=cast.cleo, at=MONDAY)
    assert dispatched() == []


def test_a_comment_without_assignee_is_mailed_to_nobody(cast, ticket):
    desk.comment(ticket, by=cast.ann, text="Any news?", at=MONDAY)
    assert dispatched() == []


def test_a_solution_is_mailed_with_both_answers(cast):
    ticket = make.resolved_incident(cast)
    mail = dispatched()[-1]
    assert mail.to == cast.ann.email
    assert "The queue was stuck; it runs again." in mail.text
    url = f"http://127.0.0.1:8000/requests/{ticket.number}/"
    assert f"{url}#solved" in mail.text
    assert f"{url}#not-solved" in mail.text
    assert "fixed" not in mail.text


# --- Reminders --------------------------------------------------------------------------------


@pytest.fixture
def question(cast, ticket):
    """Bo has asked Ann, with Dov watching; all mails so far are written."""
    watch(ticket, cast.dov)
    desk.take(ticket, by=cast.bo, at=MONDAY)
    values = {"hold_reason": "awaiting_requester", "note": "Which <address>?"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    dispatched()
    return ticket


def test_a_reminder_asks_the_requester_alone_and_once(cast, question):
    remind_unanswered(MONDAY + timedelta(days=2))
    (mail,) = dispatched()
    assert mail.to == cast.ann.email
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert mail.headers["Reply-To"] == reply_address(question.uuid)
    for text in ("Which <address>?", "Bo", "nothing until 11 Mar 2026", "/requests/"):
        assert text in mail.text
    assert "Which &lt;address&gt;?" in mail.html
    react(TicketEvent.objects.filter(kind="mail").get())
    remind_unanswered(MONDAY + timedelta(days=3))
    assert dispatched() == []


def test_no_reminder_leaves_when_the_answer_came_first(cast, question):
    remind_unanswered(MONDAY + timedelta(days=2))
    desk.comment(question, by=cast.ann, text="Mine.", at=MONDAY + timedelta(days=2))
    assert mails_to(cast.ann).filter(key__contains="reminder").count() == 0
    dispatched()
    assert mails_to(cast.ann).filter(key__contains="reminder").count() == 0


def test_a_reminder_of_a_confidential_ticket_does_not_quote(cast, question):
    Ticket.objects.update(is_confidential=True)
    remind_unanswered(MONDAY + timedelta(days=2))
    (mail,) = dispatched()
    assert "address" not in mail.text + mail.html


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": "noreply@acme.example"}])
def test_nobody_who_cannot_be_mailed_is_reminded(cast, question, changes):
    type(cast.ann).objects.filter(pk=cast.ann.pk).update(**changes)
    remind_unanswered(MONDAY + timedelta(days=2))
    assert dispatched() == []
