"""How the mails are written."""

from datetime import timedelta

import pytest

from itil.conversation.files import NewFile
from itil.conversation.threading import receipt_mail_id
from itil.desk import actions as desk
from itil.tickets.actions import watch
from itil.tickets.models import Channel
from portal.outbox.models import OutgoingMail
from portal.outbox.threading import reply_address
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY

from .post import dispatched


def test_a_receipt_speaks_the_language_of_its_reader(cast, settings):
    cast.ann.language = "de"
    cast.ann.save()
    make.incident(cast)
    (mail,) = dispatched()
    assert "2. März 2026" in mail.text


def test_an_answer_goes_to_requester_and_watchers_with_the_name_of_the_agent(
    cast, ticket, settings
):
    settings.DEFAULT_FROM_EMAIL = "Service desk <desk@halden.example>"
    watch(ticket, cast.dov)
    desk.take(ticket, by=cast.bo, at=MONDAY)
    message = desk.reply(ticket, by=cast.bo, text="Have you tried <this>?", at=MONDAY)
    to_ann, to_dov = dispatched()
    assert [to_ann.to, to_dov.to] == [cast.ann.email, cast.dov.email]
    assert to_ann.sender == '"Bo via Balie" <desk@halden.example>'
    assert to_ann.mail_id == to_dov.mail_id == message.mail_id
    assert "Have you tried <this>?" in to_ann.text
    assert "Have you tried &lt;this&gt;?" in to_ann.html
    assert "Auto-Submitted" not in to_ann.headers
    assert to_ann.headers["Reply-To"] == reply_address(ticket.uuid)


def test_answers_stand_in_one_thread(cast):
    ticket = make.incident(cast, channel=Channel.MAIL, by=None, mail_id="ann-1@acme.example")
    dispatch_events()
    receipt = receipt_mail_id(ticket.uuid)
    assert OutgoingMail.objects.get().in_reply_to == "ann-1@acme.example"
    desk.take(ticket, by=cast.bo, at=MONDAY)
    first = desk.reply(ticket, by=cast.bo, text="One", at=MONDAY + timedelta(minutes=1))
    (mail,) = dispatched()
    assert mail.references.split() == ["ann-1@acme.example", receipt]
    assert mail.in_reply_to == receipt
    desk.comment(
        ticket,
        by=cast.ann,
        text="Two",
        mail_id="ann-2@acme.example",
        channel=Channel.MAIL,
        at=MONDAY + timedelta(minutes=2),
    )
    (to_bo,) = dispatched()
    assert (to_bo.to, to_bo.in_reply_to) == (cast.bo.email, "ann-2@acme.example")
    desk.reply(ticket, by=cast.bo, text="Three", at=MONDAY + timedelta(minutes=3))
    (mail,) = dispatched()
    assert mail.references.split() == [
        "ann-1@acme.example",
        receipt,
        first.mail_id,
        "ann-2@acme.example",
    ]
    assert mail.in_reply_to == "ann-2@acme.example"


def test_a_long_thread_keeps_its_root_and_the_latest_twenty_in_all(cast, ticket):
    desk.take(ticket, by=cast.bo, at=MONDAY)
    sent = [
        desk.reply(ticket, by=cast.bo, text="x", at=MONDAY + timedelta(minutes=minute))
        for minute in range(25)
    ]
    mails = dispatched()
    assert mails[-1].references.split() == [
        receipt_mail_id(ticket.uuid),
        *[message.mail_id for message in sent[5:24]],
    ]


def test_files_go_along_unless_they_are_dangerous(cast, ticket):
    desk.take(ticket, by=cast.bo, at=MONDAY)
    message = desk.reply(
        ticket,
        by=cast.bo,
        text="See the file.",
        attachments=[NewFile("notes.txt", b"some words"), NewFile("tool.exe", b"MZ\x00\x01")],
        at=MONDAY,
    )
    (mail,) = dispatched()
    path = message.attachments.get(name="notes.txt").file.name
    assert mail.attachments == [{"name": "notes.txt", "path": path, "content_type": "text/plain"}]


def test_files_too_large_for_a_mail_are_named_instead(cast, ticket):
    desk.take(ticket, by=cast.bo, at=MONDAY)
    message = desk.reply(
        ticket, by=cast.bo, text="Look.", attachments=[NewFile("a.txt", b"a")], at=MONDAY
    )
    message.attachments.update(size=10 * 1024 * 1024 + 1)
    (mail,) = dispatched()
    assert mail.attachments == []
    assert "- a.txt" in mail.text


@pytest.mark.parametrize("step", ["opened", "replied", "resolved", "commented", "assigned"])
def test_mail_about_a_confidential_ticket_tells_nothing(cast, step):
    ticket = make.incident(cast, title="Secret matter", text="Secret text", is_confidential=True)
    if step != "opened":
        dispatch_events()
        OutgoingMail.objects.all().delete()
        desk.assign(ticket, cast.bo, by=cast.cleo, at=MONDAY)
    if step in ("replied", "resolved", "commented"):
        dispatch_events()
        OutgoingMail.objects.all().delete()
    if step == "replied":
        file = NewFile("secret.txt", b"secret")
        desk.reply(ticket, by=cast.bo, text="Secret answer", attachments=[file], at=MONDAY)
    elif step == "resolved":
        values = {"resolution_code": "fixed", "note": "Secret solution"}
        desk.move(ticket, "resolve", by=cast.bo, values=values, at=MONDAY)
    elif step == "commented":
        desk.comment(ticket, by=cast.ann, text="Secret words", at=MONDAY)
    (mail,) = dispatched()
    assert mail.subject == f"[#{ticket.number}] Confidential"
    assert "secret" not in (mail.text + mail.html).lower()
    assert mail.attachments == []
    assert "sign in" in mail.text
