"""Real mail servers on loopback, private to one test run: Dovecot for IMAP, aiosmtpd for SMTP.

They touch no server of the machine: own configuration, own directories, a free port.
"""

import contextlib
import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
USER, PASSWORD = "desk", "secret"
_PATIENCE = 15

_CONFIGURATION = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{root}/mail/%u
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {root}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home/%u
}}
"""


class ImapServer:
    """A Dovecot with one user, `desk`, whose INBOX the tests fill."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="balie-imap-", dir="/tmp"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "ImapServer":
        """Write the configuration and wait until the server answers."""
        is_root = os.getuid() == 0
        mail_user = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
        for name in ("run", "state", "home/desk", "mail/desk"):
            (self.root / name).mkdir(parents=True)
        for name in ("cur", "new", "tmp"):
            (self.root / "mail/desk" / name).mkdir()
        (self.root / "users").write_text(f"{USER}:{PASSWORD}\n")
        (self.root / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                root=self.root,
                port=self.port,
                internal="dovecot" if is_root else mail_user.pw_name,
                group="dovecot" if is_root else _group_name(mail_user.pw_gid),
                login="dovenull" if is_root else mail_user.pw_name,
                uid=mail_user.pw_uid,
                gid=mail_user.pw_gid,
            )
        )
        self.root.chmod(0o755)
        if is_root:
            for name in ("home", "mail"):
                for path in [self.root / name, *(self.root / name).rglob("*")]:
                    os.chown(path, mail_user.pw_uid, mail_user.pw_gid)
        self._owner = mail_user
        self.process = subprocess.Popen(  # noqa: S603 - our own configuration
            [DOVECOT, "-F", "-c", str(self.root / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._answers, f"Dovecot does not answer; see {self.root}/dovecot.log")
        return self

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def deliver(self, raw: bytes, at: datetime | None = None) -> None:
        """Put a mail into the INBOX as delivery does: a file, taken at `at`."""
        moment = at.timestamp() if at else time.time()
        name = f"{time.time_ns()}.M{len(raw)}.test"
        path = self.root / "mail/desk/tmp" / name
        path.write_bytes(raw)
        os.utime(path, (moment, moment))
        if os.getuid() == 0:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        path.rename(self.root / "mail/desk/new" / name)

    def empty(self) -> None:
        """Delete every message of the INBOX."""
        with self.client() as client:
            _status, found = client.search(None, "ALL")
            if found[0]:
                client.store(found[0].replace(b" ", b",").decode(), "+FLAGS", r"(\Deleted)")
                client.expunge()

    def renew_uids(self) -> None:
        """Give the INBOX another UIDVALIDITY, as a restored server does."""
        folder = self.root / "mail/desk"
        kept = folder / "dovecot-uidlist"
        found = re.match(r"(3 V)(\d+)(.*)", kept.read_text(), re.DOTALL)
        kept.write_text(f"{found[1]}{int(found[2]) + 1}{found[3]}")
        for path in folder.glob("dovecot.*"):
            path.unlink()

    @contextlib.contextmanager
    def client(self):
        """A signed-in client with the INBOX selected."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            client.login(USER, PASSWORD)
            client.select("INBOX")
            yield client
        finally:
            client.logout()

    def unseen(self) -> int:
        """How many messages nobody has marked as read."""
        with self.client() as client:
            _status, found = client.search(None, "UNSEEN")
        return len(found[0].split())

    def settings(self) -> dict[str, object]:
        """The fields of a Mailbox that reads this server."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "user_name": USER,
            "password": PASSWORD,
        }

    def _answers(self) -> bool:
        try:
            with self.client():
                return True
        except (OSError, imaplib.IMAP4.error):
            return False


@dataclass
class SmtpServer:
    """An SMTP server that keeps what it is given."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)

    def start(self) -> "SmtpServer":
        kept = self.messages

        class Keep(MessageHandler):
            def handle_message(self, message: Message) -> None:
                kept.append(message)

        self.port = free_port()
        self._controller = Controller(Keep(), hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, complaint: str, patience: float = _PATIENCE) -> None:
    """Return as soon as `condition()` holds; AssertionError when it does not in time."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.05)


def _group_name(gid: int) -> str:
    return grp.getgrgid(gid).gr_name
