"""A real mail server on both ends, and the worker's turns."""

import pytest
from django.utils import timezone

from portal.mailbox import actions as mailbox
from portal.mailbox.models import Mailbox
from portal.outbox import actions as outbox
from portal.worker.dispatch import dispatch_events
from tests.servers import ImapServer, SmtpServer


@pytest.fixture(scope="session")
def imap():
    server = ImapServer().start()
    yield server
    server.stop()


@pytest.fixture
def smtp(settings):
    server = SmtpServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


@pytest.fixture
def desk_mailbox(company, imap):
    imap.empty()
    return Mailbox.objects.create(
        name="Service desk",
        address="servicedesk@halden.example",
        team=company.desk_team,
        organization=company.halden,
        **imap.settings(),
    )


@pytest.fixture
def turn(desk_mailbox, smtp):
    """One turn of the worker: fetch, react, send."""

    def take_turn():
        mailbox.poll(desk_mailbox)
        while dispatch_events():
            pass
        outbox.send_due(timezone.now())

    return take_turn
