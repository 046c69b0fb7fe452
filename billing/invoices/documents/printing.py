"""Our documents as files."""

from django.utils.safestring import SafeString

from billing.invoices import einvoice
from portal.paper import printing

STYLES = ("invoices/paper.css",)
# To be kept for years, with the e-invoice inside; tagged as every document of ours.
ARCHIVABLE = "pdf/a-3b"


def warm_up() -> None:
    """Load what printing and judging need; do it before taking a lock."""
    warm_up_printing()
    einvoice.warm_up()


def warm_up_printing() -> None:
    """Only what printing needs: a process that forks must not have judged anything yet."""
    printing.warm_up(styles=STYLES)


def pdf_of(html: SafeString | str) -> bytes:
    """The pages of `html` as a tagged PDF (PDF/UA)."""
    return printing.pdf_of(html, styles=STYLES)


def archivable_pdf_of(html: SafeString, inside: printing.Attachment) -> bytes:
    """The pages as PDF/A-3 with the e-invoice `inside`."""
    return printing.pdf_of(
        html,
        styles=STYLES,
        variant=ARCHIVABLE,
        attachments=[inside],
        metadata=einvoice.xmp(),
    )
