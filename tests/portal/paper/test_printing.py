"""What a document may read, and what a PDF carries."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pypdf import PdfReader

from portal.paper.printing import Attachment, pdf_of

PAGE = '<html lang="en"><title>{title}</title><body{body}>{text}</body></html>'
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def page(text: str, title: str = "Title", body: str = "") -> str:
    return PAGE.format(title=title, body=body, text=text)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/picture.png"])
def test_a_document_reads_neither_the_disk_nor_the_network(address, caplog):
    assert pdf_of(page(f'<img alt="x" src="{address}">')).startswith(b"%PDF")
    assert "disallowed protocol" in caplog.text


def test_a_document_is_tagged_titled_and_speaks_its_language():
    pdf = read(pdf_of(page("<h1>Minutes</h1>", title="Minutes of Monday")))
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert pdf.root_object["/Lang"] == "en"
    assert pdf.metadata.title == "Minutes of Monday"


def test_every_page_carries_its_footer_and_number():
    body = ' data-footer="Halden" data-number="M-7" data-page=" · Page " data-of=" of "'
    pages = read(pdf_of(page("<p>row</p>" * 100, body=body))).pages
    assert len(pages) > 1
    for number, one in enumerate(pages, start=1):
        assert "Halden" in one.extract_text()
        assert f"M-7 · Page {number} of {len(pages)}" in one.extract_text()


def test_a_style_sheet_of_the_caller_comes_after_our_own(tmp_path, settings):
    (tmp_path / "wide.css").write_text("@page { size: A4 landscape }")
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    upright = read(pdf_of(page("x"))).pages[0].mediabox
    wide = read(pdf_of(page("x"), styles=("wide.css",))).pages[0].mediabox
    assert (round(upright.width), round(upright.height)) == (595, 842)
    assert (round(wide.width), round(wide.height)) == (842, 595)


def test_a_style_sheet_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError, match="nowhere/at_all.css"):
        pdf_of(page("x"), styles=("nowhere/at_all.css",))


def test_files_and_further_metadata_travel_inside():
    content = pdf_of(
        page("x"),
        variant="pdf/a-3b",
        attachments=[
            Attachment("bill.xml", b"<bill/>", NOON, "The same for a program", "Alternative")
        ],
        metadata=b'<rdf:Description xmlns:n="urn:n"><n:of>EN 16931</n:of></rdf:Description>',
    )
    pdf = read(content)
    assert dict(pdf.attachments) == {"bill.xml": [b"<bill/>"]}
    assert len(pdf.root_object["/AF"]) == 1
    file = pdf.root_object["/AF"][0].get_object()
    assert file["/AFRelationship"] == "/Alternative"
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"
    xmp = pdf.root_object["/Metadata"].get_object().get_data()
    assert b"EN 16931" in xmp
    assert b"pdfaid" in xmp
    # XMP knows one of these.
    assert xmp.count(b"</rdf:RDF>") == 1


def test_the_same_input_gives_the_same_bytes_and_is_tagged_in_every_variant():
    made = []
    for second in range(2):
        # A font that is cut to size would carry the time of day.
        with time_machine.travel(NOON + timedelta(seconds=second)):
            made.append(pdf_of(page("<h1>One</h1>"), variant="pdf/a-3b"))
    assert made[0] == made[1]
    assert read(made[0]).root_object["/MarkInfo"]["/Marked"]
