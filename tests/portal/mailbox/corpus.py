"""Mails as the world writes them, each with what must become of it.

(name, raw bytes, state, a piece of the text that is shown, names of the files)
"""

from .letters import answer, base64_part, letter, parts, winmail, with_files

CREATED, IGNORED, QUARANTINED = "created", "ignored", "quarantined"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\nThe printer is broken."
ICS = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Visit\nEND:VEVENT\nEND:VCALENDAR"


def _charset(charset: str, text: str) -> tuple:
    raw = letter(text, charset=charset, mail_id=f"{charset}@acme.example", subject=charset)
    return (f"text in {charset}", raw, CREATED, text, [])


def _automatic(name: str, subject: str, text: str, **headers: str) -> tuple:
    raw = letter(text, subject=subject, mail_id=f"{subject.encode().hex()[:20]}@x", **headers)
    return (name, raw, IGNORED, text, [])


def _raw(name: str, raw: bytes, state: str = CREATED, text: str = "", files=()) -> tuple:
    return (name, raw, state, text, list(files))


HEAD = b"From: Ann <ann@acme.example>\nTo: support@halden.example\n"

CORPUS = [
    _charset("utf-8", "Drücker kaputt, помогите, 打印机坏了"),
    _charset("iso-8859-1", "Der Drücker läuft nicht"),
    _charset("windows-1252", "Costs 20 € – “now”"),
    _charset("windows-1251", "Принтер не работает"),
    _charset("koi8-r", "Принтер не печатает"),
    _charset("iso-2022-jp", "プリンターが動きません"),
    _charset("shift_jis", "プリンターが壊れました"),
    _charset("gb18030", "打印机坏了"),
    _charset("big5", "印表機壞了"),
    _charset("euc-kr", "프린터가 고장났습니다"),
    _raw(
        "a charset that does not exist",
        HEAD
        + b"Subject: a\nMessage-ID: <c1@x>\nContent-Type: text/plain; charset=nonsense\n\n"
        + "Grüße".encode(),
        text="Grüße",
    ),
    _raw(
        "a charset that is not the one declared",
        HEAD
        + b"Subject: b\nMessage-ID: <c2@x>\nContent-Type: text/plain; charset=us-ascii\n\n"
        + "Größe".encode("windows-1252"),
        text="Größe",
    ),
    _raw(
        "a transformation as charset",
        HEAD + b"Subject: b2\nMessage-ID: <c3@x>\nContent-Type: text/plain; charset=rot13\n\nPlain",
        text="Plain",
    ),
    _raw("no Message-ID", letter(mail_id="", subject="No id"), text="printer"),
    _raw(
        "a malformed Message-ID",
        HEAD + b"Subject: d\nMessage-ID: <<>>\n\nText d",
        text="Text d",
    ),
    _raw("no subject", HEAD + b"Message-ID: <e@x>\n\nText e", text="Text e"),
    _raw("no body", HEAD + b"Subject: only a subject\nMessage-ID: <f@x>\n\n"),
    _raw("no blank line after the header", HEAD + b"Subject: g\nMessage-ID: <g@x>"),
    _raw("nothing at all", b"", QUARANTINED),
    _raw("no sender", b"To: support@halden.example\nSubject: h\n\nWho am I?", QUARANTINED),
    _raw("bytes that are no mail", bytes(range(256)) * 4, QUARANTINED),
    _raw(
        "raw 8-bit headers",
        "From: Jörg <joerg@acme.example>\nSubject: Größe\nMessage-ID: <i@x>\n\nText i".encode(),
        text="Text i",
    ),
    _raw(
        "a missing end boundary",
        parts(PLAIN, mail_id="j@x", subject="j").replace(b"--sep--", b""),
        text="printer",
    ),
    _raw(
        "a boundary that never comes",
        HEAD + b'Subject: k\nMessage-ID: <k@x>\nContent-Type: multipart/mixed; boundary="no"\n\n'
        b"Text without any boundary",
        text="Text without any boundary",
    ),
    _raw(
        "broken base64",
        HEAD + b"Subject: l\nMessage-ID: <l@x>\nContent-Transfer-Encoding: base64\n\nSGVsb G8!!@@",
        text="Hello",
    ),
    _raw(
        "an unknown transfer encoding",
        HEAD + b"Subject: m\nMessage-ID: <m@x>\nContent-Transfer-Encoding: x-magic\n\nText m",
        text="Text m",
    ),
    _raw(
        "a NUL in the text",
        HEAD + b"Subject: n\nMessage-ID: <n@x>\n\nBefore\x00after",
        text="Beforeafter",
    ),
    _raw(
        "HTML only",
        HEAD + b"Subject: o\nMessage-ID: <o@x>\nContent-Type: text/html; charset=utf-8\n\n"
        b"<html><body><p>The <b>printer</b> smokes</p><script>bad()</script></body></html>",
        text="The printer smokes",
    ),
    _raw(
        "plain and HTML",
        parts(
            PLAIN,
            "Content-Type: text/html\n\n<p>The printer is broken.</p>",
            kind="alternative",
            mail_id="p@x",
            subject="p",
        ),
        text="The printer is broken.",
    ),
    _raw(
        "an empty plain part beside HTML",
        parts(
            "Content-Type: text/plain\n\n",
            "Content-Type: text/html\n\n<p>Only here</p>",
            kind="alternative",
            mail_id="p2@x",
            subject="p2",
        ),
        text="Only here",
    ),
    _raw(
        "a file",
        with_files(("log.txt", b"lines"), mail_id="q@x"),
        text="See the files.",
        files=["log.txt"],
    ),
    _raw(
        "a file name in RFC 2231",
        parts(
            PLAIN,
            "Content-Type: application/pdf\nContent-Disposition: attachment;\n"
            " filename*=utf-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.pdf\n\n%PDF-1.4",
            mail_id="r@x",
            subject="r",
        ),
        files=["Отчёт.pdf"],
    ),
    _raw(
        "a file name in RFC 2047 with a path",
        parts(
            PLAIN,
            "Content-Type: application/pdf\nContent-Disposition: attachment;\n"
            ' filename="=?utf-8?B?Li4vLi4vZXRjL3Bhc3N3ZC5wZGY=?="\n\n%PDF-1.4',
            mail_id="s@x",
            subject="s",
        ),
        files=["passwd.pdf"],
    ),
    _raw(
        "a forwarded mail as a file",
        parts(
            PLAIN,
            "Content-Type: message/rfc822\n\n"
            "From: x@y.example\nSubject: The original\n\nInner text",
            mail_id="t@x",
            subject="t",
        ),
        text="The printer is broken.",
        files=["The original.eml"],
    ),
    _raw(
        "a forward of a forward",
        parts(
            PLAIN,
            "Content-Type: message/rfc822\n\nFrom: x@y.example\nSubject: Outer\n"
            'Content-Type: multipart/mixed; boundary="in"\n\n--in\n'
            "Content-Type: message/rfc822\n\nSubject: Inner\n\nDeep\n--in--",
            mail_id="t2@x",
            subject="t2",
        ),
        files=["Outer.eml"],
    ),
    _raw(
        "a forward in the text",
        letter(
            "Please help her.\n\n---------- Forwarded message ---------\n"
            "From: Eve <eve@acme.example>\nDate: Mon, 2 Mar 2026\nSubject: Help\n"
            "To: Ann <ann@acme.example>\n\nMy screen is black.",
            subject="Fwd: Help",
            mail_id="u@x",
        ),
        text="My screen is black.",
    ),
    _raw(
        "a winmail.dat",
        parts(
            PLAIN,
            base64_part(winmail("plan.doc", b"content"), "application/ms-tnef", "winmail.dat"),
            mail_id="v@x",
            subject="v",
        ),
        files=["plan.doc"],
    ),
    _raw(
        "a winmail.dat that is none",
        parts(
            PLAIN,
            base64_part(b"nothing", "application/ms-tnef", "winmail.dat"),
            mail_id="w@x",
            subject="w",
        ),
        files=["winmail.dat"],
    ),
    _raw(
        "an invitation",
        parts(
            PLAIN,
            f"Content-Type: text/calendar; method=REQUEST\n\n{ICS}",
            kind="alternative",
            mail_id="y@x",
            subject="y",
        ),
        text="The printer is broken.",
        files=["invite.ics"],
    ),
    _raw(
        "an S/MIME signature",
        parts(
            PLAIN,
            base64_part(b"\x30\x82", "application/pkcs7-signature", "smime.p7s"),
            kind="signed",
            mail_id="z@x",
            subject="z",
        ),
        text="The printer is broken.",
    ),
    _raw(
        "an S/MIME envelope",
        HEAD + b"Subject: z2\nMessage-ID: <z2@x>\nContent-Transfer-Encoding: base64\n"
        b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n\n'
        b"MIIBeg==",
        files=["smime.p7m"],
    ),
    _raw(
        "several senders",
        letter(
            sender="Ann <ann@acme.example>, Eve <eve@acme.example>", mail_id="aa@x", subject="aa"
        ),
        text="printer",
    ),
    _raw(
        "an address in another script",
        letter(sender="Jörg <jörg@bücher.example>", mail_id="ab@x", subject="ab"),
        text="printer",
    ),
    _raw(
        "a public provider",
        letter(sender="joe@gmail.com", mail_id="ac@x", subject="ac"),
        text="printer",
    ),
    _raw(
        "an answer to a mail we never saw",
        answer("unknown@nowhere.example", mail_id="ad@x", subject="Re: ad"),
        text="It is still broken.",
    ),
    _automatic(
        "out of office in English",
        "Automatic reply: Printer",
        "I am out of the office.",
        Auto_Submitted="auto-replied",
    ),
    _automatic(
        "out of office in German",
        "Abwesenheitsnotiz",
        "Ich bin nicht im Büro.",
        Auto_Submitted="auto-replied (vacation)",
    ),
    _automatic("out of office in Dutch", "Afwezig", "Ik ben er niet.", X_Autoreply="yes"),
    _automatic(
        "out of office in Russian", "Автоответ", "Меня нет в офисе.", Precedence="auto_reply"
    ),
    _automatic("out of office in Chinese", "自动回复", "我不在办公室。", X_Autorespond="1"),
    _automatic("a list", "[staff] lunch", "Lunch is ready.", List_Id="<staff.acme.example>"),
    _automatic("bulk mail", "Newsletter", "Buy now.", Precedence="bulk"),
    _automatic("a monitor", "DISK FULL", "Disk full on srv1.", Auto_Submitted="auto-generated"),
    _automatic("a null return path", "Notice", "A notice.", Return_Path="<>"),
]
