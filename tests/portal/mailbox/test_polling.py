"""Reading a real IMAP server: position, order, restarts, and a process killed at the worst time."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from itil.conversation.models import Message
from itil.incidents.models import Incident
from portal.mailbox import actions
from portal.mailbox.models import InboundMail
from portal.mailbox.tasks import poll_mailboxes
from portal.outbox.models import OutgoingMail
from tests import databases
from tests.cast import MONDAY
from tests.servers import DOVECOT, ImapServer, wait_for

from .letters import answer, letter, nested

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def imap_server():
    assert DOVECOT, "Install dovecot-imapd to run the tests of the mailbox."
    server = ImapServer().start()
    yield server
    server.stop()


@pytest.fixture
def imap(imap_server):
    """The server with an empty INBOX."""
    imap_server.empty()
    return imap_server


@pytest.fixture
def polled(mailbox, imap):
    """The mailbox of the desk, on the server."""
    for name, value in imap.settings().items():
        setattr(mailbox, name, value)
    mailbox.save()
    return mailbox


def test_new_mail_becomes_tickets_at_server_time_and_is_marked_read(polled, imap):
    imap.deliver(letter(), MONDAY)
    imap.deliver(letter(mail_id="2@x", subject="Screen"), MONDAY + timedelta(minutes=1))
    assert actions.poll(polled) == 2
    titles = Incident.objects.order_by("pk").values_list("title", "received_at")
    assert list(titles) == [
        ("Printer broken", MONDAY),
        ("Screen", MONDAY + timedelta(minutes=1)),
    ]
    assert (imap.unseen(), polled.last_error) == (0, "")


def test_the_second_poll_fetches_only_what_is_new(polled, imap):
    imap.deliver(letter(), MONDAY)
    actions.poll(polled)
    assert actions.poll(polled) == 0
    imap.deliver(answer("1@acme.example"), MONDAY + timedelta(minutes=1))
    assert actions.poll(polled) == 1
    assert (Incident.objects.count(), Message.objects.count()) == (1, 2)


def test_a_folder_with_new_uids_is_read_again_without_effect(polled, imap):
    imap.deliver(letter(), MONDAY)
    actions.poll(polled)
    validity = polled.uid_validity
    imap.renew_uids()
    assert actions.poll(polled) == 1
    assert polled.uid_validity != validity
    assert list(InboundMail.objects.order_by("pk").values_list("state", flat=True)) == [
        "created",
        "duplicate",
    ]
    assert Incident.objects.count() == 1


def test_an_unreadable_mail_stops_nobody(polled, imap):
    imap.deliver(nested(3000), MONDAY)
    imap.deliver(letter(), MONDAY)
    assert actions.poll(polled) == 2
    assert (InboundMail.objects.quarantined().count(), Incident.objects.count()) == (1, 1)


def test_a_mail_that_is_too_large_is_not_fetched_and_its_sender_told_once(polled, imap, settings):
    settings.MAIL_RAW_MAX_BYTES = 10_000
    imap.deliver(letter("x" * 20_000), MONDAY)
    imap.deliver(letter(mail_id="2@x", subject="Small"), MONDAY)
    actions.poll(polled)
    actions.poll(polled)
    large = InboundMail.objects.quarantined().get()
    assert (large.subject, len(large.raw.content) < 1000) == ("Printer broken", True)
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["ann@acme.example"]
    assert Incident.objects.get().title == "Small"


def test_a_wrong_password_is_written_on_the_mailbox(polled):
    polled.password = "wrong"
    assert actions.poll(polled) == 0
    polled.refresh_from_db()
    assert "AUTHENTICATIONFAILED" in polled.last_error
    assert polled.last_polled_at is not None


def test_a_server_that_is_away_is_written_on_the_mailbox_and_forgotten_later(polled, imap):
    polled.port = 1
    assert actions.poll(polled) == 0
    assert polled.last_error.startswith("ConnectionRefusedError")
    polled.port = imap.port
    actions.poll(polled)
    assert polled.last_error == ""


def test_the_password_may_live_in_the_environment(polled, monkeypatch):
    monkeypatch.setenv("DESK_MAIL_PASSWORD", "secret")
    polled.password = "env:DESK_MAIL_PASSWORD"
    actions.poll(polled)
    assert polled.last_error == ""
    monkeypatch.delenv("DESK_MAIL_PASSWORD")
    actions.poll(polled)
    assert polled.last_error.startswith("KeyError")


def test_the_task_reads_active_mailboxes_and_what_was_left(polled, imap):
    actions.store(letter(), server_date=MONDAY)
    imap.deliver(letter(mail_id="2@x", subject="Screen"), MONDAY)
    poll_mailboxes.call()
    assert Incident.objects.count() == 2
    polled.active = False
    polled.save()
    imap.deliver(letter(mail_id="3@x", subject="Third"), MONDAY)
    poll_mailboxes.call()
    assert Incident.objects.count() == 2


# --- A process that is killed ---------------------------------------------------------------------


class Elsewhere:
    """A database file and commands that run in processes of their own."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{database}",
            "BALIE_VAR": str(database.parent),
            "DJANGO_SETTINGS_MODULE": "portal.settings.development",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "ERROR",
        }

    def start(self, program: str) -> subprocess.Popen[str]:
        """Run `program` after Django is set up."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", f"import django; django.setup()\n{program}"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, program: str) -> None:
        process = self.start(program)
        process.communicate(timeout=300)
        assert process.returncode == 0

    def poll(self) -> subprocess.Popen[str]:
        """A process that reads the mailbox twice."""
        return self.start(
            "from portal.mailbox.tasks import poll_mailboxes\n"
            "for _again in range(2): poll_mailboxes.call()"
        )

    def ask(self, question: str) -> int:
        """The number a query on the file gives."""
        with closing(sqlite3.connect(self.database, timeout=20)) as file:
            return file.execute(question).fetchone()[0]

    def counts(self) -> tuple[int, int, int]:
        """Tickets, messages, mails still waiting."""
        return (
            self.ask("select count(*) from tickets_ticket"),
            self.ask("select count(*) from conversation_message"),
            self.ask("select count(*) from mailbox_inboundmail where state = 'stored'"),
        )

    def processed(self) -> int:
        return self.ask("select count(*) from mailbox_inboundmail where state <> 'stored'")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, imap_server):
    """A database file with the cast and the mailbox."""
    database = tmp_path_factory.mktemp("prepared") / "balie.sqlite3"
    shutil.copy(databases.migrated_file(), database)
    elsewhere = Elsewhere(database)
    elsewhere.run(
        "from tests.cast import assemble; assemble()\n"
        "from portal.mailbox.models import Mailbox\n"
        "Mailbox.objects.create(name='Desk', address='support@halden.example',"
        f" **{imap_server.settings()!r})\n"
        "from django.db import connection\n"
        "connection.cursor().execute('pragma wal_checkpoint(truncate)')"
    )
    return database


@pytest.fixture
def elsewhere(tmp_path, prepared, imap):
    shutil.copy(prepared, tmp_path / "balie.sqlite3")
    return Elsewhere(tmp_path / "balie.sqlite3")


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_killed_between_storing_and_processing_there_is_exactly_one_ticket(elsewhere):
    process = elsewhere.start(
        "import time\n"
        "from portal.mailbox import actions\n"
        "from tests.portal.mailbox.letters import letter\n"
        "actions.store(letter())\nprint('stored', flush=True)\ntime.sleep(600)"
    )
    assert process.stdout.readline() == "stored\n"
    kill(process)
    assert elsewhere.counts() == (0, 0, 1)
    elsewhere.poll().communicate()
    assert elsewhere.counts() == (1, 1, 0)


@pytest.mark.parametrize("done", [1, 60])
def test_killed_in_the_middle_of_polling_every_mail_has_exactly_one_effect(elsewhere, imap, done):
    for number in range(40):
        subject = f"Ticket {number}"
        imap.deliver(letter(mail_id=f"k{number}@x", subject=subject), MONDAY)
        imap.deliver(
            answer(f"k{number}@x", mail_id=f"a{number}@x", subject=f"Re: {subject}"), MONDAY
        )
    process = elsewhere.poll()
    wait_for(lambda: elsewhere.processed() >= done, "nothing is polled", patience=60)
    assert process.poll() is None
    kill(process)
    assert elsewhere.processed() < 80
    elsewhere.poll().communicate()
    assert elsewhere.counts() == (40, 80, 0)
