"""What mail does: new tickets, answers, moves; no mail of the corpus is lost."""

from datetime import timedelta

import pytest

from itil.conversation.models import Attachment, Message
from itil.conversation.threading import receipt_mail_id
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.models import EventKind, LinkType, TicketEvent, TicketLink
from portal.outbox.threading import instance_name, reply_address
from tests import make
from tests.cast import MONDAY

from .corpus import CORPUS
from .letters import answer, letter

LATER = MONDAY + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("raw", "state", "text", "files"), [c[1:] for c in CORPUS], ids=[c[0] for c in CORPUS]
)
def test_no_mail_of_the_corpus_is_lost(raw, state, text, files, arrive):
    inbound = arrive(raw)
    assert (inbound.state, bytes(inbound.raw.content)) == (state, raw)
    if state == "created":
        message = Message.objects.filter(ticket=inbound.ticket).first()
        shown = message.text + message.full_text if message else ""
        assert text in shown
        assert list(Attachment.objects.values_list("name", flat=True)) == files
    else:
        assert Incident.objects.count() == 0
        assert inbound.reason != ""


def test_the_whole_corpus_after_each_other_opens_one_ticket_for_each_mail(arrive):
    states = [
        arrive(raw, at=MONDAY + timedelta(hours=number)).state
        for number, (_name, raw, *_rest) in enumerate(CORPUS)
    ]
    assert states == [state for _name, _raw, state, *_rest in CORPUS]
    assert Incident.objects.count() == states.count("created")


def test_a_mail_opens_a_ticket_at_the_time_the_server_took_it(arrive, cast):
    ticket = arrive(letter()).ticket
    assert (ticket.title, ticket.requester, ticket.organization, ticket.team) == (
        "Printer broken",
        cast.ann,
        cast.acme,
        cast.desk_team,
    )
    assert (ticket.channel, ticket.received_at, ticket.status) == ("mail", MONDAY, "new")
    message = ticket.messages.get()
    assert (message.author, message.mail_id, message.at) == (cast.ann, "1@acme.example", MONDAY)


def test_an_answer_is_a_comment_by_the_requester(arrive, cast):
    ticket = arrive(letter()).ticket
    inbound = arrive(answer("1@acme.example"), at=LATER)
    assert (inbound.state, inbound.ticket, inbound.message.text) == (
        "appended",
        ticket,
        "It is still broken.",
    )
    assert (inbound.message.visibility, inbound.message.at) == ("public", LATER)


@pytest.mark.parametrize("field", ["To", "Delivered_To"])
def test_the_token_in_the_address_finds_the_ticket(arrive, cast, field):
    ticket = make.incident(cast)
    address = reply_address(ticket.uuid)
    fields = {"to": address} if field == "To" else {"Delivered_To": address}
    assert arrive(letter(**fields), at=LATER).ticket_id == ticket.pk


def test_a_made_up_token_finds_nothing(arrive, cast):
    ticket = make.incident(cast)
    forged = reply_address(ticket.uuid).replace("+", "+aaaa")
    assert arrive(letter(to=forged), at=LATER).state == "created"


def test_the_id_of_a_message_of_ours_finds_the_ticket(arrive, cast):
    ticket = make.taken_incident(cast)
    message = desk.reply(ticket, by=cast.bo, text="Which floor?", at=MONDAY)
    assert arrive(answer(message.mail_id), at=LATER).ticket_id == ticket.pk


def test_the_id_of_the_receipt_finds_the_ticket(arrive, cast):
    ticket = make.incident(cast)
    assert arrive(answer(receipt_mail_id(ticket.uuid)), at=LATER).ticket_id == ticket.pk


def test_a_later_reference_is_stronger_than_an_earlier_one(arrive):
    arrive(letter())
    second = arrive(letter(mail_id="9@acme.example", subject="Screen")).ticket
    raw = letter(mail_id="3@x", References="<1@acme.example> <9@acme.example>")
    assert arrive(raw, at=LATER).ticket_id == second.pk


def test_a_weaker_sign_for_another_ticket_is_kept_as_an_event(arrive, cast):
    first, second = make.incident(cast), make.incident(cast)
    raw = letter(to=reply_address(first.uuid), subject=f"[#{second.number}]")
    assert arrive(raw, at=LATER).ticket_id == first.pk
    event = TicketEvent.objects.get(ticket=first, kind=EventKind.MAIL)
    assert event.data == {
        "what": "contradiction",
        "found_by": "token",
        "other": f"subject names {second.number}",
    }


def test_the_number_in_the_subject_counts_for_participants(arrive, cast):
    ticket = make.incident(cast)
    assert arrive(letter(subject=f"Re: [#{ticket.number}]"), at=LATER).ticket_id == ticket.pk


def test_a_guessed_number_opens_a_new_ticket_and_shows_nothing(arrive, cast):
    ticket = make.incident(cast)
    raw = letter(sender="dov@globex.example", subject=f"Re: [#{ticket.number}]")
    inbound = arrive(raw, at=LATER)
    assert (inbound.state, inbound.ticket.organization) == ("created", cast.globex)
    assert ticket.messages.count() == 1


def test_equal_subjects_are_two_tickets(arrive):
    arrive(letter())
    assert arrive(letter(mail_id="7@acme.example"), at=LATER).state == "created"
    assert Incident.objects.count() == 2


def test_mail_to_a_merged_ticket_goes_to_the_target(arrive, cast):
    source, target = make.incident(cast), make.incident(cast)
    Incident.objects.filter(pk=source.pk).update(merged_into=target)
    inbound = arrive(letter(to=reply_address(source.uuid)), at=LATER)
    assert inbound.ticket_id == target.pk


def test_an_answer_reopens_a_resolved_ticket(arrive, cast):
    ticket = make.resolved_incident(cast)
    arrive(letter(to=reply_address(ticket.uuid)), at=LATER)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopen_count) == ("in_progress", 1)


def test_an_answer_resumes_a_ticket_that_waits_for_it(arrive, cast):
    ticket = make.taken_incident(cast)
    values = {"hold_reason": "awaiting_requester", "note": "Which floor?"}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY)
    arrive(letter(to=reply_address(ticket.uuid)), at=LATER)
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"


def test_an_answer_to_a_closed_ticket_opens_one_linked_follow_up(arrive, cast):
    ticket = make.resolved_incident(cast)
    desk.move(ticket, "close", by=cast.ann, at=MONDAY)
    raw = letter(to=reply_address(ticket.uuid))
    inbound = arrive(raw, at=LATER)
    arrive(raw, at=LATER)
    link = TicketLink.objects.get()
    assert (inbound.state, Incident.objects.count()) == ("created", 2)
    assert (link.source_id, link.target_id, link.type) == (
        inbound.ticket_id,
        ticket.pk,
        LinkType.FOLLOW_UP_OF,
    )


def test_an_out_of_office_answer_is_kept_and_moves_nothing(arrive, cast):
    ticket = make.resolved_incident(cast)
    raw = letter(
        "I am away.", to=reply_address(ticket.uuid), Auto_Submitted="auto-replied", Cc="eve@x.nl"
    )
    inbound = arrive(raw, at=LATER)
    ticket.refresh_from_db()
    assert (inbound.state, ticket.status) == ("appended", "resolved")
    assert (inbound.message.is_automatic, inbound.message.author) == (True, cast.ann)
    assert ticket.watchers.count() == 0


def test_an_automatic_mail_to_a_closed_ticket_opens_nothing(arrive, cast):
    ticket = make.resolved_incident(cast)
    desk.move(ticket, "close", by=cast.ann, at=MONDAY)
    raw = letter(to=reply_address(ticket.uuid), Auto_Submitted="auto-replied")
    assert arrive(raw, at=LATER).state == "appended"
    assert Incident.objects.count() == 1


def test_a_monitor_opens_tickets_where_the_mailbox_allows_it(arrive, mailbox):
    mailbox.accepts_automatic = True
    mailbox.save()
    inbound = arrive(letter(sender="nagios@acme.example", Auto_Submitted="auto-generated"))
    assert (inbound.state, inbound.ticket.messages.get().is_automatic) == ("created", True)
    vacation = letter(mail_id="v@x", Auto_Submitted="auto-replied")
    assert arrive(vacation).state == "ignored"


def test_our_own_mail_that_comes_back_is_a_loop(arrive, cast):
    ticket = make.incident(cast)
    raw = letter(to=reply_address(ticket.uuid), X_Balie_Instance=instance_name())
    inbound = arrive(raw, at=LATER)
    assert (inbound.state, ticket.messages.count()) == ("ignored", 1)
    assert inbound.reason == "Our own mail came back: a loop."


def test_two_desks_that_answer_each_other_stop(arrive):
    """The other desk answers our receipt with its own receipt, which we do not answer."""
    ticket = arrive(letter(sender="desk@globex.example")).ticket
    receipt = answer(
        receipt_mail_id(ticket.uuid),
        "We have received your mail.",
        sender="desk@globex.example",
        Auto_Submitted="auto-replied",
    )
    inbound = arrive(receipt, at=LATER)
    event = TicketEvent.objects.filter(ticket=ticket).latest("pk")
    assert (inbound.state, Incident.objects.count()) == ("appended", 1)
    assert event.data["automatic"] is True
