"""Raw mails for the tests: a plain one to change, and the corpus of badly behaved ones."""

import base64
import struct
from email.message import EmailMessage

DESK = "support@halden.example"


def letter(
    text: str = "The printer on the second floor is broken.",
    *,
    sender: str = "Ann <ann@acme.example>",
    to: str = DESK,
    subject: str = "Printer broken",
    mail_id: str = "1@acme.example",
    date: str = "Mon, 02 Mar 2026 10:00:00 +0100",
    charset: str = "utf-8",
    **headers: str,
) -> bytes:
    """A plain mail; header names are written with _ for -."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date}"]
    if mail_id:
        lines.append(f"Message-ID: <{mail_id}>")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [
        "MIME-Version: 1.0",
        f"Content-Type: text/plain; charset={charset}",
        "Content-Transfer-Encoding: 8bit",
    ]
    head = "\n".join(lines).encode("utf-8")
    return head + b"\n\n" + text.encode(charset) + b"\n"


def answer(to_id: str, text: str = "It is still broken.", **fields: str) -> bytes:
    """A mail that answers the one with the id `to_id`."""
    fields = {"mail_id": "2@acme.example", "subject": "Re: Printer broken"} | fields
    return letter(text, In_Reply_To=f"<{to_id}>", References=f"<{to_id}>", **fields)


def with_files(*files: tuple[str, bytes], **fields: str) -> bytes:
    """A mail with attachments."""
    message = EmailMessage()
    message["From"] = fields.get("sender", "Ann <ann@acme.example>")
    message["To"] = DESK
    message["Subject"] = fields.get("subject", "With files")
    message["Message-ID"] = f"<{fields.get('mail_id', 'files@acme.example')}>"
    message.set_content(fields.get("text", "See the files."))
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def delivery_report(
    returned_id: str,
    *,
    recipient: str = "ann@acme.example",
    action: str = "failed",
    status: str = "5.1.1",
    mail_id: str = "dsn@mail.example",
) -> bytes:
    """A report of a mail server about a mail with the id `returned_id` (RFC 3464)."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example>
To: {DESK}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{mail_id}>
Date: Mon, 02 Mar 2026 10:05:00 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host mail.example. Your message was not delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: text/rfc822-headers

From: {DESK}
To: {recipient}
Message-ID: <{returned_id}>
Subject: Re: Printer broken

--b--
""".encode()


def winmail(name: str, content: bytes) -> bytes:
    """A TNEF stream with one file."""

    def attribute(identity: int, value: bytes) -> bytes:
        return (
            b"\x02"
            + struct.pack("<II", identity, len(value))
            + value
            + struct.pack("<H", sum(value) & 0xFFFF)
        )

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(0x00069002, b"\x00" * 14)
        + attribute(0x00018010, name.encode() + b"\x00")
        + attribute(0x0006800F, content)
    )


def parts(*bodies: str, kind: str = "mixed", **fields: str) -> bytes:
    """A multipart mail of parts that are written out with their headers."""
    fields = {
        "sender": "Ann <ann@acme.example>",
        "subject": "Several parts",
        "mail_id": "parts@acme.example",
    } | fields
    joined = "\n".join(f"--sep\n{body}\n" for body in bodies)
    return f"""From: {fields["sender"]}
To: {DESK}
Subject: {fields["subject"]}
Message-ID: <{fields["mail_id"]}>
Date: Mon, 02 Mar 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/{kind}; boundary="sep"

{joined}
--sep--
""".encode()


def base64_part(content: bytes, content_type: str, name: str = "") -> str:
    """One attached part."""
    disposition = f'attachment; filename="{name}"' if name else "attachment"
    return (
        f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: {disposition}\n\n{base64.encodebytes(content).decode()}"
    )


def nested(depth: int) -> bytes:
    """A mail whose parts are so deep in each other that reading gives up."""
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        for level in range(depth)
    )
    return b"From: ann@acme.example\nSubject: deep\n" + head.encode()
