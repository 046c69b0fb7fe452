"""From HTML to PDF by WeasyPrint, with our own fonts and no way to the network or the disk.

For workers: printing takes half a second a page or more. `paper/paper.css` says what every document
looks like; a style sheet named by the caller says what is particular to its own.
"""

import gc
import io
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString

from .fonts import font_faces

EVERY_DOCUMENT = "paper/paper.css"
# Tagged, so that a screen reader can read it aloud.
ACCESSIBLE = "pdf/ua-1"
RDF_ENDS = b"</rdf:RDF>"

# Threads of one process share the fonts, whose library is not made for two at once.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF.

    The type follows from the ending of `name`; `relationship` is one of ISO 32000-2, 7.11.3, such
    as "Alternative" for the same content made for a program.
    """

    name: str
    content: bytes
    made_at: datetime
    description: str = ""
    relationship: str = "Unspecified"


def warm_up(*, styles: Sequence[str] = ()) -> None:
    """Load what printing needs, about a second the first time; do it before taking a lock."""
    with _ONE_AT_A_TIME:
        _sheets(styles)
        _set_apart()


def pdf_of(
    html: SafeString | str,
    *,
    styles: Sequence[str] = (),
    variant: str = ACCESSIBLE,
    attachments: Sequence[Attachment] = (),
    metadata: bytes | None = None,
) -> bytes:
    """The pages of `html` as a PDF of the `variant`, a name such as WeasyPrint's "pdf/a-3b".

    Tagged whatever the variant, and the same bytes for the same input. `styles` are names of static
    files that are applied after our own. `metadata` holds `rdf:Description` elements that join the
    XMP of the file. Raises FileNotFoundError for a style sheet that is not there.
    """
    with _ONE_AT_A_TIME:
        weasyprint, sheets = _weasyprint(), _sheets(styles)
        _set_apart()
        files = [
            weasyprint.Attachment(
                file_obj=io.BytesIO(one.content),
                name=one.name,
                description=one.description,
                created=one.made_at,
                modified=one.made_at,
                relationship=one.relationship,
            )
            for one in attachments
        ]
        # A document may read nothing but itself.
        itself = weasyprint.URLFetcher(allowed_protocols=["data"])
        document = weasyprint.HTML(string=str(html), url_fetcher=itself).render(
            stylesheets=sheets, font_config=_fonts(), pdf_variant=variant, pdf_tags=True
        )
        if metadata:
            _add_metadata(document.metadata, metadata)
        with _fonts_without_a_date():
            return bytes(
                document.write_pdf(
                    finisher=_name_files_once, pdf_variant=variant, pdf_tags=True, attachments=files
                )
            )


@contextmanager
def _fonts_without_a_date() -> Iterator[None]:
    """The library that cuts the fonts to size writes the present time into them, unless told one.

    Only this variable of the environment tells it.
    """
    name, before = "SOURCE_DATE_EPOCH", os.environ.get("SOURCE_DATE_EPOCH")
    os.environ[name] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _add_metadata(metadata: Any, descriptions: bytes) -> None:
    """Put `descriptions` into the one `rdf:RDF` that XMP allows; WeasyPrint would add another."""
    own = metadata.generate_rdf_metadata

    def with_ours(*arguments: Any) -> bytes:
        head, end, tail = bytes(own(*arguments)).rpartition(RDF_ENDS)
        return head + descriptions + end + tail

    metadata.generate_rdf_metadata = with_ours


def _name_files_once(_document: Any, pdf: Any) -> None:
    """WeasyPrint 70 lists each attachment twice where the variant wants it listed."""
    files = pdf.catalog.get("AF")
    if files is not None:
        pdf.catalog["AF"] = type(files)(dict.fromkeys(files))


@cache
def _weasyprint() -> Any:
    # Slow import: 1 to 2 s and 40 MB, which web processes must not pay.
    import weasyprint  # noqa: PLC0415

    # They tell every step of every page.
    for chatty in ("fontTools", "weasyprint.progress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return weasyprint


@cache
def _set_apart() -> None:
    """Let the garbage collector look no more at what is loaded by now and stays to the end.

    A page makes it look through everything dozens of times, for a fifth of the page's time.
    """
    gc.collect()
    gc.freeze()


@cache
def _fonts() -> Any:
    """The fonts that style sheets have named so far."""
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    return FontConfiguration()


def _sheets(styles: Sequence[str]) -> list[Any]:
    """The rules for our fonts and for every document, then those of the static files `styles`."""
    return [_faces(), *(_sheet(name) for name in (EVERY_DOCUMENT, *styles))]


@cache
def _faces() -> Any:
    return _compiled(string=font_faces())


@cache
def _sheet(name: str) -> Any:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return _compiled(filename=path)


def _compiled(**source: str) -> Any:
    """A style sheet of ours; it may read the font files and the pictures it names."""
    weasyprint = _weasyprint()
    files = weasyprint.URLFetcher(allowed_protocols=["file"])
    return weasyprint.CSS(**source, font_config=_fonts(), url_fetcher=files)
