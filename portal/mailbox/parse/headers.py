"""Header fields: words, addresses, ids and dates, however badly written."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from .charsets import clean, decode, recover

_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_LOOSE_ID = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
_ID_LIMIT = 255


@dataclass(frozen=True)
class Address:
    """One mailbox of an address field; `email` has its domain in lower case and in ASCII."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """What addresses are compared by (`MAI-12`)."""
        return self.email.lower()


class Headers:
    """The fields of one message, read leniently. Names are not case-sensitive."""

    def __init__(self, message: Message) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            value = recover(str(value))
            self._fields.setdefault(name.lower(), []).append(value)

    def all(self, name: str) -> list[str]:
        """Every value of the field, unfolded, encoded words still encoded."""
        return [" ".join(value.split()) for value in self._fields.get(name.lower(), [])]

    def first(self, name: str) -> str:
        values = self.all(name)
        return values[0] if values else ""

    def text(self, name: str) -> str:
        """The first value as people read it."""
        return readable(self.first(name))

    def has(self, name: str) -> bool:
        return name.lower() in self._fields

    def addresses(self, *names: str) -> list[Address]:
        """Every address of the fields, in order, each once."""
        found: dict[str, Address] = {}
        for name in names:
            for address in addresses_in(self.all(name)):
                found.setdefault(address.key, address)
        return list(found.values())

    def ids(self, name: str) -> list[str]:
        """The message ids of the field without angle brackets, in order, each once."""
        found: list[str] = []
        for value in self.all(name):
            found += _ID.findall(value) or _LOOSE_ID.findall(value)
        return list(dict.fromkeys(clean(one)[:_ID_LIMIT] for one in found))

    def moment(self, name: str) -> datetime | None:
        """The first value as an aware moment in UTC; None when it is no date."""
        try:
            moment = parsedate_to_datetime(self.first(name))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (TypeError, ValueError, IndexError, OverflowError):
            return None


def addresses_in(values: Iterable[str]) -> list[Address]:
    """The addresses of header values; what is no address is left out."""
    found = []
    for name, email in getaddresses([value for value in values if value]):
        email = canonical(email)
        if email:
            found.append(Address(readable(name).strip("\"' ")[:200], email))
    return found


def canonical(email: str) -> str:
    """The address with its domain lower-cased and in ASCII; empty when it is none."""
    email = clean(readable(email)).strip().strip("<>")
    local, at, domain = email.rpartition("@")
    if not (local and at and domain) or any(c.isspace() for c in email) or len(email) > 254:
        return ""
    domain = domain.lower().rstrip(".")
    # What is no host name by the book is kept as written, so that the mail still has a sender.
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def readable(value: str) -> str:
    """Encoded words (RFC 2047) decoded, controls removed, in one line."""
    if "=?" not in value:
        return " ".join(clean(value).split())
    value = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    pending: list[tuple[str, bytes]] = []

    def flush() -> None:
        # A character may be cut between two words, so neighbours of one charset are joined first.
        if pending:
            pieces.append(decode(b"".join(data for _, data in pending), pending[0][0]))
            pending.clear()

    position = 0
    for match in _WORD.finditer(value):
        if match.start() > position:
            flush()
            pieces.append(value[position : match.start()])
        charset, encoding, text = match.groups()
        if pending and pending[0][0].lower() != charset.lower():
            flush()
        pending.append((charset, _word_bytes(encoding, text)))
        position = match.end()
    flush()
    pieces.append(value[position:])
    return " ".join(clean("".join(pieces)).split())


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b"_", b"=20"))
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return data
