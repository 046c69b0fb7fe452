"""An IMAP mailbox as a few plain steps (RFC 3501), over the standard library's client."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.mailbox.models import Mailbox

_TIMEOUT = 30
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')

# Everything a server, the network or a wrong password can raise on the way.
ConnectionFailure = (imaplib.IMAP4.error, OSError, ssl.SSLError, EOFError, KeyError)


@dataclass(frozen=True)
class Listed:
    """A message on the server, before its bytes are fetched."""

    uid: int
    size: int
    server_date: datetime | None


class Session:
    """A selected folder. Nothing is deleted or moved; `seen` is the only change we make."""

    def __init__(self, client: imaplib.IMAP4, uid_validity: int) -> None:
        self._client = client
        self.uid_validity = uid_validity

    def after(self, last_uid: int) -> list[Listed]:
        """Messages with a UID above `last_uid`, in the order of UIDs."""
        answer = self._fetch(f"{last_uid + 1}:*", "(UID RFC822.SIZE INTERNALDATE)")
        found = [_listed(item if isinstance(item, bytes) else item[0]) for item in answer if item]
        # A range that begins beyond the end names the last message once more.
        return sorted((one for one in found if one and one.uid > last_uid), key=lambda one: one.uid)

    def bytes_of(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The whole messages, without marking them read."""
        return self._literals(uids, "BODY.PEEK[]")

    def header_of(self, uid: int) -> bytes:
        """The header alone, for messages too large to fetch."""
        return self._literals([uid], "BODY.PEEK[HEADER]").get(uid, b"")

    def mark_seen(self, uids: Sequence[int]) -> None:
        if uids:
            self._client.uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")

    def _literals(self, uids: Sequence[int], item: str) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        pending: bytes | None = None
        for part in self._fetch(_set(uids), f"(UID {item})"):
            # A literal comes as (what stands before it, its bytes), the rest of its line alone.
            if isinstance(part, tuple):
                pending = part[1]
                uid = _UID.search(part[0])
            else:
                uid = _UID.search(part or b"")
            if uid and pending is not None:
                found[int(uid[1])] = pending
                pending = None
        return found

    def _fetch(self, message_set: str, items: str) -> list[bytes | tuple[bytes, bytes]]:
        status, answer = self._client.uid("FETCH", message_set, items)
        if status != "OK":
            raise imaplib.IMAP4.error(f"FETCH {message_set}: {answer!r}")
        return [part for part in answer if part is not None]


@contextmanager
def connected(mailbox: Mailbox) -> Iterator[Session]:
    """Sign in and select the folder. Raises one of ConnectionFailure."""
    secure = ssl.create_default_context()
    if mailbox.security == Mailbox.Security.TLS:
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=secure, timeout=_TIMEOUT
        )
    else:
        client = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_TIMEOUT)
    try:
        if mailbox.security == Mailbox.Security.STARTTLS:
            client.starttls(ssl_context=secure)
        client.login(mailbox.user_name, mailbox.secret)
        folder = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
        status, answer = client.select(f'"{folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"SELECT {mailbox.folder}: {answer!r}")
        _code, values = client.response("UIDVALIDITY")
        yield Session(client, int(values[0]) if values and values[0] else 0)
    finally:
        with suppress(*ConnectionFailure):
            client.logout()


def _set(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _listed(line: bytes) -> Listed | None:
    uid, size, date = _UID.search(line), _SIZE.search(line), _DATE.search(line)
    if not uid:
        return None
    return Listed(int(uid[1]), int(size[1]) if size else 0, _moment(date[1]) if date else None)


def _moment(value: bytes) -> datetime | None:
    """INTERNALDATE, such as ' 2-Mar-2026 10:00:00 +0100', in UTC."""
    try:
        moment = datetime.strptime(value.decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return None
    return moment.astimezone(UTC)
