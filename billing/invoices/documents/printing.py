"""From HTML to PDF by WeasyPrint, with our own fonts and no way to the network or the disk."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString

STYLE = "invoices/paper.css"


def warm_up() -> None:
    """Load what printing needs, about a second the first time; do it before taking a lock."""
    _printer()


def pdf_of(html: SafeString | str) -> bytes:
    """The pages of `html` as a tagged PDF (PDF/UA)."""
    html_class, fetcher, fonts, styles = _printer()
    return bytes(
        html_class(string=str(html), url_fetcher=fetcher).write_pdf(
            stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1"
        )
    )


@lru_cache(maxsize=1)
def _printer() -> tuple[Any, Any, Any, Any]:
    """The HTML class, the fetcher for documents, the fonts and the style sheet; made once."""
    # Slow import: 1 to 2 s and 40 MB, which web processes must not pay.
    from weasyprint import CSS, HTML, URLFetcher  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    fonts = FontConfiguration()
    style = finders.find(STYLE)
    if style is None:
        raise FileNotFoundError(STYLE)
    # The style sheet may read the font files it names; a document may read nothing but itself.
    styles = [
        CSS(string=font_faces(), font_config=fonts, url_fetcher=URLFetcher(["file"])),
        CSS(filename=style, font_config=fonts, url_fetcher=URLFetcher(allowed_protocols=["file"])),
    ]
    return HTML, URLFetcher(allowed_protocols=["data"]), fonts, styles


def font_faces() -> str:
    """The rules that name the font files of this installation."""
    return ""
