"""Files before they become attachments: names, types, danger, limits (`MAI-11`)."""

import pytest

from itil.conversation.files import NewFile, within_limits

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.txt", "report.txt"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\ann\scan 1.pdf", "scan 1.pdf"),
        ("a\r\nContent-Type: text/html\0.txt", "html.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("  two \t words .txt ", "two words .txt"),
        ("отчёт 报告.docx", "отчёт 报告.docx"),
        ("", "file"),
        ("...", "file"),
        ("folder/", "file"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("x" * 300, "x" * 200),
        ("a." + "y" * 300, "a." + "y" * 198),
    ],
)
def test_a_name_is_kept_without_path_and_tricks(given, kept):
    name = NewFile(given, b"").clean_name

    assert name == kept
    assert len(name) <= 200


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"plain words", "text/plain"),
        ("grüße 你好".encode(), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"", "text/plain"),
        (b"\xff\xfe\xfd broken", "application/octet-stream"),
        (b"words\x00words", "application/octet-stream"),
        # A text longer than the part looked at, cut within a character.
        (("x" + "é" * 40_000).encode(), "text/plain"),
    ],
)
def test_the_type_is_found_in_the_content_and_not_in_the_name(content, kind):
    assert NewFile("picture.gif", content).content_type == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.pdf", b"MZ\x90\x00" + b"\0" * 60),
        ("invoice.pdf", b"\x7fELF\x02\x01\x01" + b"\0" * 60),
        ("notes.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("offer.docm", b"PK\x03\x04"),
        ("OFFER.XLSM", b"PK\x03\x04"),
        ("readme.txt.js", b"alert(1)"),
        ("setup.exe.", b"words"),
        ("run.ps1", b"words"),
    ],
)
def test_programs_and_macros_are_dangerous_whatever_they_are_called(name, content):
    assert NewFile(name, content).is_dangerous


@pytest.mark.parametrize(
    ("name", "content"),
    [("photo.png", PNG), ("offer.docx", b"PK\x03\x04"), ("js", b"words"), ("a.txt", b"")],
)
def test_everyday_files_are_not_dangerous(name, content):
    assert not NewFile(name, content).is_dangerous


def test_a_file_of_exactly_the_limit_is_kept_and_one_byte_more_is_not(settings):
    settings.ATTACHMENT_MAX_BYTES = 1024
    fits, exceeds = NewFile("fits.txt", b"1" * 1024), NewFile("exceeds.txt", b"1" * 1025)

    kept, refused = within_limits([exceeds, fits])

    assert kept == [fits]
    assert refused == ["“exceeds.txt” is larger than 1.0\xa0KB. Choose a smaller file."]


def test_the_files_of_a_message_have_a_limit_together(settings):
    settings.ATTACHMENTS_MAX_BYTES = 1024
    half, more, rest = NewFile("a", b"1" * 512), NewFile("b", b"1" * 513), NewFile("c", b"1" * 512)

    kept, refused = within_limits([half, more, rest])

    assert kept == [half, rest]
    assert refused == ["“b” was left out: all files of a message take at most 1.0\xa0KB."]


def test_a_message_takes_only_so_many_files(settings):
    settings.ATTACHMENT_MAX_COUNT = 2
    files = [NewFile(f"{number}.txt", b"words") for number in range(3)]

    kept, refused = within_limits(files)

    assert kept == files[:2]
    assert refused == ["“2.txt” was left out: a message takes at most 2 files."]
