"""The paper of an invoice as a file."""

from django.utils.safestring import SafeString

from portal.paper import printing

STYLES = ("invoices/paper.css",)


def warm_up() -> None:
    """Load what printing needs; do it before taking a lock."""
    printing.warm_up(styles=STYLES)


def pdf_of(html: SafeString | str) -> bytes:
    """The pages of `html` as a tagged PDF (PDF/UA)."""
    return printing.pdf_of(html, styles=STYLES)
