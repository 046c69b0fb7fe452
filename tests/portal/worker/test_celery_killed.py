"""A Celery worker killed in the middle of real work: a mailbox, a mail and an invoice run.

Each of the three is held at a place of our choosing, so that the kill never comes too late: the
mail server does not answer, and a lock on the row of Globex stops the run while it is planned and
the mailbox in the COMMIT of its first mail, so that the worker dies without knowing the outcome.
Needs PostgreSQL, where a lock holds one row, and a Redis.
"""

import asyncio
import os
import threading
import uuid
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from django.utils import timezone

from billing.invoices.models import BilledTime, BillingRun, Invoice
from billing.invoices.parse import month_of
from itil.conversation.models import Message
from itil.tickets.models import Channel, Ticket, TicketEvent
from portal.mailbox.models import InboundMail, Mailbox
from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization
from portal.worker.models import PeriodicRun
from tests import make
from tests.billing import make as billing
from tests.portal.mailbox.letters import DESK, letter
from tests.servers import DOVECOT, ImapServer, free_port

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

# The mailbox is read in batches. The first one and half of the second are from Ann and become
# tickets; the rest is from Dov of Globex, stored and held up.
BATCH, FROM_ANN, FROM_DOV = 50, 55, 5
MAILS = FROM_ANN + FROM_DOV
HELD = "The one that is cut off"


class Postbox:
    """A mail server that keeps what it takes, and does not answer to HELD until it is let go."""

    def __init__(self):
        self.taken = Counter()
        self.is_holding, self.let_go = threading.Event(), threading.Event()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - its name there
        mail = message_from_bytes(envelope.content)
        if mail["Subject"] == HELD and not self.let_go.is_set():
            self.is_holding.set()
            while not self.let_go.is_set():
                await asyncio.sleep(0.05)
            return "451 Too late"
        self.taken[mail["Message-ID"].strip("<>"), mail["To"]] += 1
        return "250 OK"


@pytest.fixture
def postbox():
    handler = Postbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    handler.port = server.port
    yield handler
    handler.let_go.set()
    server.stop()


@pytest.fixture
def imap():
    assert DOVECOT, "Install dovecot-imapd to run the tests of the mailbox."
    server = ImapServer().start()
    yield server
    server.stop()


@pytest.fixture
def environment(shared_database, postbox):
    """A queue of its own in the Redis of the tests; lost work is given away after six seconds."""
    return {
        "DATABASE_URL": shared_database,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(postbox.port),
        "TASKS_ENGINE": "celery",
        "REDIS_URL": os.environ["TEST_REDIS_URL"],
        "CELERY_KEY_PREFIX": f"test-{uuid.uuid4().hex}:",
        "CELERY_VISIBILITY_SECONDS": "6",
        "CELERY_WORKER_CONCURRENCY": "4",
    }


@pytest.fixture
def last_month():
    return month_of(timezone.now().date().replace(day=1) - timedelta(days=1))


@pytest.fixture
def mails_to_fetch(imap, cast):
    """A mailbox with 60 mails, the last ones from Dov."""
    Mailbox.objects.create(name="Desk", address=DESK, **imap.settings())
    began = timezone.now() - timedelta(hours=2)
    for number in range(MAILS):
        if number == BATCH:
            # The server numbers what it has when somebody looks: these come first.
            assert imap.unseen() == BATCH
        name = "Ann <ann@acme.example>" if number < FROM_ANN else "Dov <dov@globex.example>"
        raw = letter(sender=name, subject=f"Ticket {number}", mail_id=f"{number}@x.example")
        imap.deliver(raw, began + timedelta(seconds=number))


@pytest.fixture
def mails_to_send(cast):
    """Three mails in the outbox; the second is held by the mail server."""
    for number, subject in enumerate(["First", HELD, "Third"]):
        post(key=f"test:{number}", to=cast.ann.email, subject=subject, text="Hello")


@pytest.fixture
def hours_to_bill(cast, last_month):
    """Approved hours of last month for Acme and for Globex, and the run due now."""
    billing.seller()
    for organization, requester in ((cast.acme, cast.ann), (cast.globex, cast.dov)):
        billing.contract(organization)
        ticket = make.incident(cast, by=requester, requester=requester)
        for minutes in (30, 45):
            billing.hours(cast, minutes, last_month.first, ticket=ticket)
    PeriodicRun.objects.create(name="draft invoices", due_at=timezone.now())


def kept_waiting() -> int:
    """How many processes wait for a lock in the database of the tests."""
    with connection.cursor() as cursor:
        # A transaction sees the activity of its first look, unless it is told to look again.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def processed() -> int:
    return InboundMail.objects.exclude(state="stored").count()


def everything_is_done() -> bool:
    return (
        processed() == MAILS
        and Invoice.objects.count() == 2
        and not TicketEvent.objects.filter(handled_at__isnull=True).exists()
        and not OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).exists()
    )


@pytest.mark.usefixtures("mails_to_fetch", "mails_to_send", "hours_to_bill")
def test_a_worker_killed_while_it_fetches_sends_and_bills_loses_and_doubles_nothing(
    environment, start, wait_for, cast, postbox, last_month
):
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=cast.globex.pk)
        worker = start(environment, "run_worker")
        wait_for(postbox.is_holding.is_set)
        wait_for(lambda: kept_waiting() >= 2 and processed() == FROM_ANN)
        worker.kill()
        # In the middle of each: some mails are tickets, the run is planned, a mail is claimed.
        assert (processed(), InboundMail.objects.count()) == (FROM_ANN, MAILS)
        assert BillingRun.objects.get().is_open
        assert not Invoice.objects.exists()
        assert OutgoingMail.objects.get(subject=HELD).state == OutgoingMail.State.WAITING
    postbox.let_go.set()

    # Stands for the ten minutes for which the mail belonged to the killed worker.
    OutgoingMail.objects.filter(subject=HELD).update(next_at=timezone.now())
    again = start(environment, "run_worker")
    wait_for(everything_is_done, seconds=60)
    assert again.terminate() == 0

    by_mail = Ticket.objects.filter(channel=Channel.MAIL)
    assert sorted(by_mail.values_list("title", flat=True)) == sorted(
        f"Ticket {number}" for number in range(MAILS)
    )
    assert Message.objects.filter(ticket__in=by_mail).count() == MAILS
    assert postbox.taken == Counter(OutgoingMail.objects.values_list("mail_id", "to"))
    assert set(postbox.taken.values()) == {1}
    invoices = Invoice.objects.for_month(last_month).order_by("organization__name")
    assert [(one.organization.name, one.minutes) for one in invoices] == [
        ("Acme", 75),
        ("Globex", 75),
    ]
    assert BilledTime.objects.count() == 4
