"""Sending the outbox (`MAI-14`), against a real mail server on this machine."""

import email
import socket
from datetime import timedelta
from email.policy import default
from functools import partial

import pytest
from aiosmtpd.controller import Controller
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from portal.outbox import actions
from portal.outbox.actions import CLAIM, MAX_ATTEMPTS, post, send_due, try_again
from portal.outbox.models import OutgoingMail
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


class Inbox:
    """Keeps what it is sent; answers with `refusals[address]` where one is set."""

    def __init__(self):
        self.mails = []
        self.envelopes = []
        self.refusals = {}
        self.verdict = "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if self.verdict.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self.verdict


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def inbox(settings):
    handler = Inbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield handler
    server.stop()


def written(key="one", **changes):
    return post(
        **{"key": key, "to": "ann@acme.example", "subject": "Hello", "text": "Words"} | changes
    )


def test_a_key_is_written_once():
    first = written()
    assert written(subject="Again") == first
    assert OutgoingMail.objects.get().subject == "Hello"


def test_a_mail_arrives_with_its_thread_and_its_parts(inbox, settings):
    settings.SITE_URL = "https://desk.example.org"
    path = default_storage.save("attachments/proof", ContentFile(b"%PDF-1.4 proof"))
    mail = written(
        subject="[#INC-000001] Über\nmail",
        html="<p>Words</p>",
        sender='"Böse, Bo via Balie" <desk@example.org>',
        mail_id="m.1@desk.example.org",
        in_reply_to="b@x",
        references="a@x b@x",
        headers={"Reply-To": "desk+token@example.org", "Auto-Submitted": "auto-generated"},
        attachments=[{"name": "проверка.pdf", "path": path, "content_type": "application/pdf"}],
    )
    assert send_due(timezone.now()) == 1
    (got,) = inbox.mails
    assert got["Message-ID"] == "<m.1@desk.example.org>"
    assert got["In-Reply-To"] == "<b@x>"
    assert got["References"] == "<a@x> <b@x>"
    assert got["Subject"] == "[#INC-000001] Über mail"
    assert got["From"].addresses[0].display_name == "Böse, Bo via Balie"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["X-Balie-Instance"] == "desk.example.org"
    assert got["Date"].datetime == mail.created_at.replace(microsecond=0)
    assert got.get_body(("plain",)).get_content().strip() == "Words"
    assert got.get_body(("html",)).get_content().strip() == "<p>Words</p>"
    (file,) = got.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("проверка.pdf", b"%PDF-1.4 proof")
    # Bounces go where answers go, so that they carry the ticket's token.
    assert inbox.envelopes == [("desk+token@example.org", ["ann@acme.example"])]
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == ("sent", 1, "")
    assert send_due(timezone.now()) == 0


def test_a_refused_recipient_is_given_up_at_once_and_the_next_mail_goes_out(inbox):
    inbox.refusals["gone@acme.example"] = "550 No such person"
    bad, good = written(key="bad", to="gone@acme.example"), written(key="good")
    assert send_due(timezone.now()) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts) == ("failed", 1)
    assert "No such person" in bad.error
    assert good.state == "sent"
    assert len(inbox.mails) == 1


def test_a_passing_refusal_is_tried_again_after_growing_waits(inbox):
    inbox.refusals["ann@acme.example"] = "450 Busy"
    mail = written()
    now = timezone.now()
    for minutes in (1, 5, 30, 120):
        assert send_due(now) == 1
        mail.refresh_from_db()
        assert mail.state == "waiting"
        assert abs(mail.next_at - now - timedelta(minutes=minutes)) < timedelta(seconds=10)
        assert send_due(mail.next_at - timedelta(seconds=1)) == 0
        now = mail.next_at
    inbox.refusals.clear()
    assert send_due(now) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 5)


def test_after_the_last_attempt_a_mail_is_given_up_and_can_be_tried_again_by_hand(inbox):
    inbox.refusals["ann@acme.example"] = "450 Busy"
    mail = written()
    for _attempt in range(MAX_ATTEMPTS):
        mail.refresh_from_db()
        assert mail.state == "waiting"
        send_due(mail.next_at)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("failed", MAX_ATTEMPTS)
    now = timezone.now()
    assert try_again(mail, now) is True
    inbox.refusals.clear()
    assert send_due(now) == 1
    assert try_again(mail, now) is False
    assert len(inbox.mails) == 1


def test_content_refused_for_good_is_given_up(inbox):
    inbox.verdict = "554 Looks like spam"
    mail = written()
    send_due(timezone.now())
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_an_outage_of_the_mail_server_counts_no_attempt(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    mail = written()
    now = timezone.now()
    assert send_due(now) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 0)
    assert mail.next_at > now + timedelta(seconds=59)
    assert "ConnectionRefusedError" in mail.error


def test_a_missing_file_holds_back_only_its_own_mail(inbox):
    bad = written(
        key="bad", attachments=[{"name": "x", "path": "nowhere", "content_type": "text/plain"}]
    )
    good = written(key="good")
    send_due(timezone.now())
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("waiting", "sent")
    assert "nowhere" in bad.error


def test_a_mail_whose_sender_was_killed_goes_out_again_with_the_same_id(inbox):
    """The server took it, the worker died before it could write that down."""
    mail = written()
    now = timezone.now()
    OutgoingMail.objects.update(attempts=1, next_at=now + CLAIM)
    assert send_due(now) == 0
    assert send_due(now + CLAIM) == 1
    assert [got["Message-ID"] for got in inbox.mails] == [f"<{mail.mail_id}>"]


@pytest.mark.usefixtures("shared_database")
def test_two_senders_at_once_send_each_mail_once(inbox):
    for number in range(20):
        written(key=str(number))
    now = timezone.now()

    at_once(*[partial(send_due, now)] * 2)
    assert len(inbox.mails) == 20
    assert len({got["Message-ID"] for got in inbox.mails}) == 20
    assert OutgoingMail.objects.filter(state="sent").count() == 20


# --- Forgetting ---------------------------------------------------------------------------------


def test_mail_sent_long_ago_is_forgotten_and_what_was_given_up_is_kept(monkeypatch):
    monkeypatch.setattr(actions, "FORGOTTEN_AT_ONCE", 2)
    now = timezone.now()
    for number in range(5):
        post(key=f"old {number}", to="a@b.example", subject="Old", text="x")
    OutgoingMail.objects.update(state="sent", sent_at=now - timedelta(days=90, seconds=1))
    for key, columns in {
        "kept": {"state": "sent", "sent_at": now - timedelta(days=90)},
        "failed": {"state": "failed", "created_at": now - timedelta(days=900)},
        "waiting": {"created_at": now - timedelta(days=900)},
    }.items():
        mail = post(key=key, to="a@b.example", subject="Other", text="x")
        OutgoingMail.objects.filter(pk=mail.pk).update(**columns)
    assert actions.forget_sent(now - timedelta(days=90)) == 5
    assert actions.forget_sent(now - timedelta(days=90)) == 0
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"kept", "failed", "waiting"}
