"""From HTML to PDF by WeasyPrint, with our own fonts and no way to the network or the disk."""

import logging
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString

STYLE = "invoices/paper.css"
# paper.css names these families in this order.
INTER = {
    "Paper Latin": "inter/inter-latin-wght-normal.woff2",
    "Paper Latin Extended": "inter/inter-latin-ext-wght-normal.woff2",
    "Paper Cyrillic": "inter/inter-cyrillic-wght-normal.woff2",
}

# Threads of one process share the fonts, whose library is not made for two at once.
_ONE_AT_A_TIME = threading.Lock()


def warm_up() -> None:
    """Load what printing needs, about a second the first time; do it before taking a lock."""
    with _ONE_AT_A_TIME:
        _printer()


def pdf_of(html: SafeString | str) -> bytes:
    """The pages of `html` as a tagged PDF (PDF/UA)."""
    with _ONE_AT_A_TIME:
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

    # They tell every step of every page.
    for chatty in ("fontTools", "weasyprint.progress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    fonts = FontConfiguration()
    style = finders.find(STYLE)
    if style is None:
        raise FileNotFoundError(STYLE)
    files = URLFetcher(allowed_protocols=["file"])
    # The style sheet may read the font files it names; a document may read nothing but itself.
    styles = [
        CSS(string=font_faces(), font_config=fonts, url_fetcher=files),
        CSS(filename=style, font_config=fonts, url_fetcher=files),
    ]
    return HTML, URLFetcher(allowed_protocols=["data"]), fonts, styles


def font_faces() -> str:
    """Rules for the font files of this installation: Inter when it was built, and Noto Sans.

    Each file is a family of its own: as parts of one family WeasyPrint 70 mixes up their glyphs.
    """
    files = {family: finders.find(path) for family, path in INTER.items()}
    noto = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
    files["Paper Noto"] = str(noto)
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:100 900;src:url("{Path(path).as_uri()}")}}'
        for family, path in files.items()
        if path
    )
