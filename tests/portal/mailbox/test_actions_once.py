"""Nothing is lost and nothing happens twice, whatever goes wrong."""

from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.incidents.models import Incident
from portal.mailbox import actions
from portal.mailbox.models import InboundMail, Mailbox, RawMail
from portal.outbox.models import OutgoingMail
from tests.cast import MONDAY

from .letters import DESK, answer, letter, nested, with_files

LATER = MONDAY + timedelta(minutes=30)


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
    with django_assert_max_num_queries(20 * count):
        for inbound in stored:
            actions.process(inbound)
