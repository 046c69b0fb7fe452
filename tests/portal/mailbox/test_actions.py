"""What mail does: new tickets, answers, refusals; nothing is lost and nothing happens twice."""

from datetime import timedelta

import pytest

from itil.conversation.models import Attachment, Message
from itil.conversation.threading import receipt_mail_id
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets.models import EventKind, LinkType, TicketEvent, TicketLink
from portal.mailbox import actions
from portal.mailbox.models import InboundMail, Mailbox, RawMail
from portal.outbox.models import OutgoingMail
from portal.outbox.threading import instance_name, reply_address
from portal.people.models import Organization, User
from tests import make
from tests.cast import MONDAY

from .corpus import CORPUS
from .letters import DESK, answer, delivery_report, letter, with_files

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


# --- Senders -----------------------------------------------------------------------------------


def test_an_unknown_sender_becomes_a_contact_of_the_organization_of_the_domain(arrive, cast):
    ticket = arrive(letter(sender="Eve Moss <Eve@Acme.Example>")).ticket
    eve = ticket.requester
    assert (eve.name, eve.email, eve.organization) == ("Eve Moss", "Eve@acme.example", cast.acme)
    assert not eve.has_usable_password()
    assert ticket.custom == {}


@pytest.mark.parametrize("address", ["joe@gmail.com", "joe@nowhere.example"])
def test_a_stranger_belongs_nowhere_and_the_ticket_is_flagged(arrive, address):
    ticket = arrive(letter(sender=address)).ticket
    assert ticket.requester.organization is None
    assert ticket.organization == Organization.objects.get(name="Unknown senders")
    assert ticket.custom == {"unverified_sender": True}


def test_the_tickets_of_strangers_go_to_the_organization_of_the_mailbox(arrive, mailbox, cast):
    mailbox.organization = cast.globex
    mailbox.save()
    ticket = arrive(letter(sender="joe@gmail.com")).ticket
    assert (ticket.organization, ticket.requester.organization) == (cast.globex, None)


def test_letter_case_makes_no_second_person(arrive, cast):
    assert arrive(letter(sender="ANN@ACME.example")).ticket.requester == cast.ann


def test_reply_to_counts_only_where_it_is_believed(arrive, mailbox, cast):
    raw = letter(sender="form@halden.example", Reply_To="ann@acme.example")
    assert arrive(raw).ticket.requester.email == "form@halden.example"
    mailbox.uses_reply_to = True
    mailbox.save()
    raw = raw.replace(b"1@acme.example", b"8@acme.example")
    assert arrive(raw).ticket.requester == cast.ann


def test_to_and_cc_become_watchers_except_ourselves_and_robots(arrive, cast):
    raw = letter(
        to=f"{DESK}, Dov <dov@globex.example>", Cc="eve@acme.example, no-reply@acme.example"
    )
    ticket = arrive(raw).ticket
    people = User.objects.filter(watched__ticket=ticket).order_by("email")
    assert [user.email for user in people] == ["dov@globex.example", "eve@acme.example"]


def test_no_more_than_twenty_people_become_watchers(arrive):
    many = ", ".join(f"p{number}@acme.example" for number in range(30))
    assert arrive(letter(Cc=many)).ticket.watchers.count() == 20


def test_a_list_post_adds_no_watchers(arrive, mailbox):
    mailbox.accepts_automatic = True
    mailbox.save()
    raw = letter(Cc="eve@acme.example", List_Id="<l.acme.example>")
    assert arrive(raw).ticket.watchers.count() == 0


def test_a_newly_copied_person_joins_the_conversation(arrive, cast):
    arrive(letter())
    ticket = arrive(answer("1@acme.example", Cc="dov@globex.example"), at=LATER).ticket
    assert [row.user for row in ticket.watchers.all()] == [cast.dov]
    inbound = arrive(answer("2@acme.example", sender="dov@globex.example", mail_id="3@g"), at=LATER)
    assert inbound.message.visibility == "public"


def test_a_colleague_on_the_thread_writes_in_public(arrive):
    arrive(letter())
    raw = answer("1@acme.example", sender="eve@acme.example", mail_id="3@x")
    User.objects.create_user(
        "eve@acme.example", "Eve", organization=Organization.objects.get(name="Acme")
    )
    assert arrive(raw, at=LATER).message.visibility == "public"


def test_a_third_party_on_the_thread_is_an_internal_note(arrive, cast):
    arrive(letter())
    raw = answer("1@acme.example", "Give me access", sender="dov@globex.example", mail_id="3@x")
    message = arrive(raw, at=LATER).message
    assert (message.visibility, message.author) == ("internal", None)
    assert message.text.endswith("Give me access")
    assert "dov@globex.example" in message.text


def test_several_senders_on_a_thread_are_nobody(arrive):
    arrive(letter())
    both = "ann@acme.example, eve@acme.example"
    message = arrive(answer("1@acme.example", sender=both, mail_id="3@x"), at=LATER).message
    assert (message.visibility, message.author) == ("internal", None)


# --- The desk's own people ---------------------------------------------------------------------

GENUINE = "mx.halden.example; dmarc=pass header.from=halden.example"


def test_an_agent_whom_our_server_vouches_for_answers_the_requester(arrive, cast, settings):
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    ticket = make.taken_incident(cast)
    raw = letter(
        "Which floor?",
        sender="bo@halden.example",
        to=reply_address(ticket.uuid),
        Authentication_Results=GENUINE,
    )
    message = arrive(raw, at=LATER).message
    ticket.refresh_from_db()
    assert (message.visibility, message.is_staff_side, message.author) == ("public", True, cast.bo)
    assert ticket.first_response_at == LATER


@pytest.mark.parametrize("results", ["", GENUINE.replace("pass", "fail"), "evil; dmarc=pass"])
def test_a_forged_agent_answers_nobody(arrive, cast, settings, results):
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    ticket = make.taken_incident(cast)
    raw = letter(
        "Send me your password",
        sender="bo@halden.example",
        to=reply_address(ticket.uuid),
        **({"Authentication_Results": results} if results else {}),
    )
    message = arrive(raw, at=LATER).message
    ticket.refresh_from_db()
    assert (message.visibility, message.author) == ("internal", None)
    assert (ticket.first_response_at, ticket.status) == (None, "in_progress")


def test_an_agent_without_rights_on_the_ticket_leaves_a_note(arrive, cast, settings):
    settings.MAIL_AUTHSERV_ID = "mx.halden.example"
    ticket = make.taken_incident(cast)
    raw = letter(
        sender="ned@halden.example",
        to=reply_address(ticket.uuid),
        Authentication_Results=GENUINE,
    )
    message = arrive(raw, at=LATER).message
    assert (message.visibility, message.author) == ("internal", cast.ned)


# --- Bounces -----------------------------------------------------------------------------------


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


# --- Exactly once ------------------------------------------------------------------------------


def test_a_copy_has_no_effect(arrive):
    first, again = arrive(letter()), arrive(letter())
    assert (first.state, again.state, again.ticket) == ("created", "duplicate", first.ticket)
    assert (Incident.objects.count(), Message.objects.count()) == (1, 1)


def test_a_copy_of_an_answer_has_no_effect(arrive):
    arrive(letter())
    raw = answer("1@acme.example")
    arrive(raw, at=LATER)
    assert arrive(raw, at=LATER).state == "duplicate"
    assert Message.objects.count() == 2


def test_one_id_with_other_content_is_taken_and_flagged(arrive):
    arrive(letter())
    inbound = arrive(letter("Something else"), at=LATER)
    assert inbound.state == "created"
    assert inbound.reason == "An earlier mail had the same Message-ID and other content."


def test_a_mail_to_two_mailboxes_is_one_ticket_in_the_queue_of_the_first(arrive, mailbox, cast):
    mailbox.order = 2
    mailbox.save()
    network = Mailbox.objects.create(
        name="Network",
        address="network@halden.example",
        host="127.0.0.1",
        port=1,
        team=cast.network_team,
        order=1,
    )
    raw = letter(to=f"{DESK}, network@halden.example")
    first, second = arrive(raw), arrive(raw, through=network)
    assert (first.ticket.team, second.state) == (cast.network_team, "duplicate")
    assert (second.ticket, second.message.visibility) == (first.ticket, "internal")
    assert (Incident.objects.count(), first.ticket.watchers.count()) == (1, 0)


def test_processing_twice_has_one_effect(arrive):
    inbound = arrive(letter())
    actions.process(InboundMail.objects.get(pk=inbound.pk))
    assert Incident.objects.count() == 1


def test_a_stored_mail_is_processed_by_the_next_run(mailbox):
    actions.store(letter(), mailbox=mailbox, server_date=MONDAY)
    assert Incident.objects.count() == 0
    assert actions.process_waiting() == 1
    assert Incident.objects.get().received_at == MONDAY
    assert actions.process_waiting() == 0


def test_a_flood_of_one_subject_is_one_ticket(arrive):
    states = [
        arrive(letter(mail_id=f"{number}@x"), at=MONDAY + timedelta(seconds=number)).state
        for number in range(6)
    ]
    assert states == ["created"] * 3 + ["appended"] * 3
    assert Incident.objects.count() == 3
    assert Message.objects.filter(is_automatic=True).count() == 3
    assert arrive(letter(mail_id="late@x"), at=MONDAY + timedelta(hours=1)).state == "created"


# --- What goes wrong ---------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    """A mail whose parts are so deep in each other that reading gives up."""
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        for level in range(depth)
    )
    return b"From: ann@acme.example\nSubject: deep\n" + head.encode()


def test_a_mail_that_cannot_be_read_is_quarantined_and_the_next_one_taken(arrive, cast):
    broken, good = arrive(nested(3000)), arrive(letter())
    assert (broken.state, good.state) == ("quarantined", "created")
    assert broken.reason.startswith("RecursionError")
    alert = OutgoingMail.objects.get()
    assert (alert.to, alert.subject) == (cast.root.email, "Incoming mail lies in quarantine")


def test_an_hour_of_failures_is_one_alert(arrive):
    arrive(nested(3000))
    arrive(nested(3001))
    assert OutgoingMail.objects.count() == 1


def test_a_quarantined_mail_is_processed_after_the_cause_is_gone(arrive, mailbox, cast):
    inbound = arrive(nested(3000))
    RawMail.objects.filter(pk=inbound.pk).update(content=letter())
    again = actions.reprocess(inbound)
    assert (again.state, again.reason, again.ticket.received_at) == ("created", "", MONDAY)


def test_a_file_over_the_limit_is_left_out_and_named(arrive):
    raw = with_files(("huge.bin", b"x" * 30_000_000), ("small.txt", b"ok"))
    ticket = arrive(raw).ticket
    message = ticket.messages.get()
    assert [file.name for file in message.attachments.all()] == ["small.txt"]
    assert "huge.bin" in message.text


def test_of_a_mail_over_the_limit_only_the_header_is_kept(arrive, settings):
    settings.MAIL_RAW_MAX_BYTES = 1000
    inbound = arrive(letter("x" * 2000))
    assert len(inbound.raw.content) < 500
    assert (inbound.state, inbound.ticket.title) == ("created", "Printer broken")


@pytest.mark.parametrize("count", [1, 3])
def test_a_mail_of_a_known_sender_takes_the_same_few_statements(
    arrive, mailbox, count, django_assert_max_num_queries
):
    arrive(letter())
    stored = [
        actions.store(letter(mail_id=f"{n}@q", subject=str(n)), mailbox=mailbox)
        for n in range(count)
    ]
    with django_assert_max_num_queries(60 * count):
        for inbound in stored:
            actions.process(inbound)
