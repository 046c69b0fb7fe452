"""Reading single mails: senders, ids, charsets, files, and what is shown."""

import pytest

from portal.mailbox.parse import parse
from portal.mailbox.parse.headers import readable
from portal.mailbox.parse.visible import visible

from .letters import base64_part, delivery_report, letter, parts


def test_the_plain_mail_is_read_in_full():
    mail = parse(letter(Cc="Eve <Eve@ACME.example>", In_Reply_To="<0@acme.example>"))
    assert (mail.mail_id, mail.is_mail_id_synthetic) == ("1@acme.example", False)
    assert (mail.sender.name, mail.sender.email) == ("Ann", "ann@acme.example")
    assert [one.key for one in mail.recipients] == ["support@halden.example", "eve@acme.example"]
    assert mail.in_reply_to == ("0@acme.example",)
    assert mail.subject == "Printer broken"
    assert mail.date.isoformat() == "2026-03-02T09:00:00+00:00"
    assert mail.text == "The printer on the second floor is broken."
    assert mail.full_text == ""
    assert not mail.is_automatic


def test_a_missing_id_is_made_from_the_content_and_stays_the_same():
    first, again = parse(letter(mail_id="")), parse(letter(mail_id=""))
    other = parse(letter("Other text", mail_id=""))
    assert first.is_mail_id_synthetic
    assert first.mail_id == again.mail_id != other.mail_id


def test_copies_that_came_different_ways_have_one_content_hash():
    raw = letter()
    travelled = b"Received: from a by b; Mon, 02 Mar 2026 10:00:01 +0100\n" + raw
    assert parse(raw).content_sha256 == parse(travelled).content_sha256
    assert parse(raw).content_sha256 == parse(raw.replace(b"\n", b"\r\n")).content_sha256


def test_a_character_cut_between_two_encoded_words_is_whole_again():
    assert readable("=?utf-8?B?UHLDvA==?= =?utf-8?B?ZnVuZw==?=") == "Prüfung"
    assert readable("=?utf-8?Q?=E6=89?= =?utf-8?Q?=93?=") == "打"


def test_broken_encoded_words_are_shown_as_they_are():
    assert readable("=?utf-8?B?!!!?= and =?x-none?Q?abc?=") == " and abc".strip()


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Ann <ANN@Acme.EXAMPLE>", "ANN@acme.example"),
        ("=?utf-8?q?J=C3=B6rg?= <j@b\u00fccher.example>", "j@xn--bcher-kva.example"),
        ('"Doe, Jane" <jane@acme.example>', "jane@acme.example"),
        ("jane@acme.example (Jane)", "jane@acme.example"),
    ],
)
def test_senders_are_found_however_written(written, address):
    assert parse(letter(sender=written)).sender.email == address


def test_html_loses_scripts_and_remote_content():
    raw = parts(
        "Content-Type: text/html\n\n"
        '<p onclick="x()">Hi <img src="https://spy.example/p.gif"><img src="cid:a"></p>'
        "<script>x()</script><style>p{}</style><a href='javascript:x()'>go</a>"
    )
    mail = parse(raw)
    assert mail.html == (
        '<p>Hi <img><img src="cid:a"></p><a rel="noopener noreferrer nofollow">go</a>'
    )


def test_the_html_of_a_stripped_answer_ends_above_the_quotation():
    raw = parts(
        "Content-Type: text/plain\n\nYes.\n\nOn Mon, 2 Mar 2026 at 09:00 Bo wrote:\n> Works?",
        "Content-Type: text/html\n\n<p>Yes.</p>"
        '<div class="gmail_quote">On Mon Bo wrote:<blockquote>Works?</blockquote></div>',
        kind="alternative",
    )
    mail = parse(raw)
    assert (mail.text, mail.html) == ("Yes.", "<p>Yes.</p>")
    assert mail.full_text.endswith("> Works?")


def test_soft_line_breaks_are_joined():
    raw = letter("A long \nline.\n> quoted \nmine").replace(
        b"charset=utf-8", b"charset=utf-8; format=flowed"
    )
    assert "A long line." in parse(raw).full_text + parse(raw).text


def test_a_text_cut_inside_a_character_keeps_its_charset():
    raw = letter("打印机坏了，请帮忙修理一下，谢谢大家", charset="gb18030").rstrip(b"\n")[:-1]
    assert parse(raw).text.startswith("打印机坏了，请帮忙修理一下，谢谢大")


def test_a_file_has_its_bytes():
    mail = parse(parts("Content-Type: text/plain\n\nx", base64_part(b"\x00\x01", "a/b", "f.bin")))
    assert [(file.name, file.content) for file in mail.files] == [("f.bin", b"\x00\x01")]


QUOTED = "> Does it work?\n> Bo"


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 2 Mar 2026 at 09:00, Bo <bo@halden.example> wrote:",
        "Op ma 2 mrt 2026 om 09:00 schreef Bo <bo@halden.example>:",
        "Op 2 mrt. 2026 heeft Bo <bo@halden.example> het volgende geschreven:",
        "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Bo <bo@halden.example>:",
        "Le lun. 2 mars 2026 à 09:00, Bo <bo@halden.example> a écrit :",
        "El lun, 2 mar 2026 a las 9:00, Bo (<bo@halden.example>) escribió:",
        "пн, 2 мар. 2026 г. в 09:00, Bo <bo@halden.example>:",
        "02.03.2026 09:00, Bo пишет:",
        "Bo <bo@halden.example> 于2026年3月2日周一 09:00写道：",
        "2026年3月2日(月) 9:00 Bo <bo@halden.example>:",
        "2026年3月2日(月) 9:00、Boさんは書きました:",
        "Pada tanggal Sen, 2 Mar 2026 pukul 09.00 Bo <bo@halden.example> menulis:",
        "On Mon, 2 Mar 2026 at 09:00, Bo of the service desk\n<bo@halden.example> wrote:",
    ],
)
@pytest.mark.parametrize("quotation", [QUOTED, "Does it work?\nBo"])
def test_the_quotation_is_not_shown(line, quotation):
    found = visible(f"No, sadly not.\n\n{line}\n\n{quotation}\n")
    assert (found.text, found.is_stripped) == ("No, sadly not.", True)


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ("", ("From", "Sent", "To", "Subject")),
        ("________________________________\n", ("Van", "Verzonden", "Aan", "Onderwerp")),
        ("", ("Von", "Gesendet", "An", "Betreff")),
        ("", ("De", "Envoyé", "À", "Objet")),
        ("", ("De", "Enviado", "Para", "Asunto")),
        ("", ("От", "Отправлено", "Кому", "Тема")),
        ("", ("发件人", "发送时间", "收件人", "主题")),
        ("", ("差出人", "送信日時", "宛先", "件名")),
        ("", ("Dari", "Dikirim", "Kepada", "Subjek")),
        ("-----Original Message-----\n", ("From", "Sent", "To", "Subject")),
    ],
)
def test_the_headers_of_outlook_begin_the_quotation(header, labels):
    block = "\n".join(f"{label}: something" for label in labels)
    assert visible(f"Thanks.\n\n{header}{block}\n\nOld text").text == "Thanks."


def test_what_stands_below_our_marker_is_not_shown():
    text = "It works.\n\nOn 2 Mar 2026 at 09:00 Desk wrote:\n> ##- ^ ^ ^ -##\n> Is it solved?\n"
    assert visible(text).text == "It works."
    assert visible("It works.\n\n##- ^ ^ ^ -##\nIs it solved?").text == "It works."


def test_answers_between_quoted_lines_are_kept_with_them():
    text = (
        "See below.\n\nOn Mon, 2 Mar 2026 at 09:00, Bo <b@h.example> wrote:\n"
        "> Which floor?\nThe second.\n> Which printer?\nThe blue one.\n> Regards, Bo"
    )
    shown = visible(text).text
    assert "> Which floor?\nThe second.\n> Which printer?\nThe blue one." in shown
    assert "Regards, Bo" not in shown


def test_an_answer_below_the_quotation_is_shown_alone():
    text = "On Mon, 2 Mar 2026 at 09:00, Bo <b@h.example> wrote:\n> Which floor?\n\nThe second."
    assert visible(text).text == "The second."


def test_everything_is_shown_when_stripping_leaves_nothing():
    text = "On Mon, 2 Mar 2026 at 09:00, Bo <b@h.example> wrote:\n> Which floor?"
    found = visible(text)
    assert (found.text, found.is_stripped) == (text, False)


@pytest.mark.parametrize(
    "end",
    [
        "-- \nAnn\nAcme",
        "Sent from my iPhone",
        "Verzonden vanaf mijn iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Отправлено с iPhone",
        "发自我的iPhone",
        "iPhoneから送信",
        "Dikirim dari iPhone saya",
    ],
)
def test_the_signature_is_not_shown(end):
    assert visible(f"It is broken.\n\n{end}").text == "It is broken."


def test_a_forward_is_shown_whole():
    text = "Help her.\n\nFrom: Eve\nSent: today\nTo: Ann\nSubject: x\n\nMy screen is black."
    assert visible(text, subject="FW: x").text == text
    assert visible(text, subject="Re: x").text == "Help her."


def test_ordinary_sentences_are_no_quotation():
    text = "On Monday the printer wrote:\nnothing.\nFrom: the tray, it takes paper."
    assert visible(text).text == text


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-generated"}, "Auto-Submitted: auto-generated"),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "Precedence: bulk"),
        ({"List_Unsubscribe": "<mailto:x@y.example>"}, "mailing list"),
        ({"X_Autoreply": "yes"}, "X-Autoreply"),
        ({"Return_Path": "<>"}, "null return path"),
        ({"Return_Path": "<ann@acme.example>"}, ""),
        ({"X_Auto_Response_Suppress": "All"}, ""),
        ({"sender": "postmaster@acme.example"}, "sent by postmaster"),
        ({"sender": "support@halden.example"}, "sent from one of our mailboxes"),
        ({"X_Balie_Instance": "desk.example"}, "sent by this desk"),
        ({"X_Balie_Instance": "other.example"}, ""),
    ],
)
def test_each_sign_of_a_machine_is_enough(headers, why):
    mail = parse(
        letter(**headers), own_addresses={"support@halden.example"}, instance="desk.example"
    )
    assert mail.automatic.why == why


def test_who_wants_no_automatic_answer_gets_none():
    assert parse(letter(X_Auto_Response_Suppress="OOF")).automatic.wants_no_answer
    assert parse(letter(sender="no-reply@acme.example")).automatic.wants_no_answer
    assert not parse(letter()).automatic.wants_no_answer


@pytest.mark.parametrize(
    ("action", "status", "is_hard"),
    [("failed", "5.1.1", True), ("failed", "4.4.1", False), ("delayed", "4.4.7", False)],
)
def test_a_delivery_report_tells_whom_it_did_not_reach(action, status, is_hard):
    report = parse(delivery_report("m.1@h", action=action, status=status)).bounce
    failure = report.failures[0]
    assert (failure.address, failure.is_hard, failure.status) == (
        "ann@acme.example",
        is_hard,
        status,
    )
    assert report.returned_ids == ("m.1@h",)


def test_a_report_of_delivery_is_no_failure():
    assert parse(delivery_report("m.1@h", action="delivered", status="2.0.0")).bounce.failures == ()


PASS = "mx.halden.example; dmarc=pass header.from=halden.example"


@pytest.mark.parametrize(
    ("results", "server_id", "is_verified"),
    [
        ([PASS], "mx.halden.example", True),
        ([PASS], "", False),
        ([PASS], "mx.other.example", False),
        ([PASS.replace("pass", "fail")], "mx.halden.example", False),
        ([PASS.replace("from=halden", "from=evil")], "mx.halden.example", False),
        (["mx.halden.example; spf=fail", PASS], "mx.halden.example", False),
        (["mx.halden.example; spf=pass (dmarc=pass)"], "mx.halden.example", False),
    ],
)
def test_only_the_topmost_verdict_of_our_own_server_counts(results, server_id, is_verified):
    fields = "".join(f"Authentication-Results: {one}\n" for one in results).encode()
    raw = fields + letter(sender="Bo <bo@halden.example>")
    assert parse(raw, server_id=server_id).is_verified is is_verified
