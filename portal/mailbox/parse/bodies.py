"""The parts of a message: its text, its HTML and its files, whatever the nesting."""

import binascii
import re
from dataclasses import dataclass, field
from email.message import Message

from itil.conversation.files import NewFile

from .charsets import clean, decode, recover
from .headers import Headers, readable
from .tnef import files_in

# Signatures say who wrote, not what; they stay in the raw mail.
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# Parts of a delivery report; read by automatic.py.
_REPORTS = frozenset({"message/delivery-status", "message/disposition-notification"})
_ENDINGS = {
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
    "text/csv": "csv",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m",
}
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_DEPTH = 20
_PARTS = 500


@dataclass
class Bodies:
    """What was found, in the order of the message."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[NewFile] = field(default_factory=list)
    parts: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(text.strip("\n") for text in self.texts if text.strip())

    @property
    def html(self) -> str:
        return "\n".join(html for html in self.htmls if html.strip())


def bodies(message: Message) -> Bodies:
    """Walk `message`; broken and truncated structures give what can be read of them."""
    found = Bodies()
    _walk(message, found, depth=0)
    return found


def _walk(part: Message, found: Bodies, *, depth: int) -> None:
    found.parts += 1
    if depth > _DEPTH or found.parts > _PARTS:
        return
    _make_readable(part)
    content_type = part.get_content_type()
    if content_type == "message/rfc822":
        found.files.append(_nested(part))
    elif content_type in _REPORTS:
        return
    elif part.is_multipart():
        _walk_children(part, found, depth=depth)
    elif part.get_content_maintype() == "multipart":
        # The announced boundary never came: all there is is one text.
        found.texts.append(text_of_part(part))
    elif content_type in _TNEF:
        content = payload(part)
        found.files += files_in(content) or [NewFile("winmail.dat", content)]
    elif content_type in _SIGNATURES:
        return
    elif _is_body(part, content_type):
        (found.htmls if content_type == "text/html" else found.texts).append(text_of_part(part))
    else:
        _add_file(part, content_type, found)


def _walk_children(part: Message, found: Bodies, *, depth: int) -> None:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if part.get_content_type() != "multipart/alternative":
        for child in children:
            _walk(child, found, depth=depth + 1)
        return
    # The same text in several forms: the plain one is shown, the HTML one is kept beside it.
    texts, htmls = len(found.texts), len(found.htmls)
    for child in children:
        _walk(child, found, depth=depth + 1)
    found.texts[texts:] = [text for text in found.texts[texts:] if text.strip()][:1]
    found.htmls[htmls:] = [html for html in found.htmls[htmls:] if html.strip()][-1:]


def _is_body(part: Message, content_type: str) -> bool:
    if content_type not in ("text/plain", "text/html", "text/enriched", "text/x-markdown"):
        return False
    return not (part.get_content_disposition() == "attachment" or part.get_filename())


def _make_readable(part: Message) -> None:
    """Let the fields that structure depends on be plain text, even with raw 8-bit bytes."""
    for name, value in part.raw_items():
        if name.lower() in ("content-type", "content-disposition"):
            text = recover(str(value))
            if text != value:
                part.replace_header(name, text)


def payload(part: Message) -> bytes:
    """The decoded bytes of a part; undecodable transfer encodings give what is there."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return content if isinstance(content, bytes) else b""


def text_of_part(part: Message) -> str:
    """The text of a text part by the rules of `MAI-12`, its soft line breaks joined."""
    content = payload(part)
    declared = part.get_param("charset") or ""
    declared = declared[2] if isinstance(declared, tuple) else str(declared)
    if not declared and part.get_content_type() == "text/html":
        meta = _META_CHARSET.search(content[:2048])
        declared = meta[1].decode("ascii", "replace") if meta else ""
    text = clean(decode(content, declared))
    if str(part.get_param("format") or "").lower() == "flowed":
        return _unflow(text, delete_space=str(part.get_param("delsp") or "").lower() == "yes")
    return text


def _unflow(text: str, *, delete_space: bool) -> str:
    """Join the soft-wrapped lines of format=flowed (RFC 3676); quoted lines stay as they are."""
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        is_quoted = line.startswith(">")
        line = line[1:] if line.startswith(" ") else line
        if is_open and not is_quoted and line != "-- ":
            lines[-1] = (lines[-1][:-1] if delete_space else lines[-1]) + line
        else:
            lines.append(line)
        is_open = line.endswith(" ") and line != "-- " and not is_quoted
    return "\n".join(lines)


def _nested(part: Message) -> NewFile:
    """A forwarded message as one file, named by its subject."""
    children = part.get_payload()
    inner = children[0] if isinstance(children, list) and children else None
    if not isinstance(inner, Message):
        return NewFile("message.eml", payload(part))
    try:
        content = inner.as_bytes()
    except (ValueError, LookupError, AttributeError, TypeError):
        content = str(inner.get_payload()).encode("utf-8", "surrogateescape")
    subject = re.sub(r"[\\/:*?\"<>|]+", " ", Headers(inner).text("Subject"))
    return NewFile(f"{' '.join(subject.split())[:80] or 'message'}.eml", content)


def _add_file(part: Message, content_type: str, found: Bodies) -> None:
    content = payload(part)
    name = _name_of(part)
    if not content and not name:
        return
    if not name:
        ending = _ENDINGS.get(content_type, "bin")
        stem = "invite" if content_type == "text/calendar" else f"attachment-{len(found.files) + 1}"
        name = f"{stem}.{ending}"
    found.files.append(NewFile(NewFile(name, b"").clean_name, content))


def _name_of(part: Message) -> str:
    """The file name, decoded by RFC 2231 or RFC 2047, both of which occur."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        name = ""
    return readable(name)
