"""How a seller's documents look: its logo, colour and texts."""

import base64
import io
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from billing.invoices import actions
from billing.invoices.documents import html_of
from billing.invoices.models import Invoice
from billing.invoices.models.seller import logo_picture
from billing.invoices.parse import month
from tests.billing import make as billing

MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (4, 4)) -> ContentFile:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return ContentFile(file.getvalue(), name=f"logo.{kind.lower()}")


@pytest.mark.django_db
def test_an_account_nobody_can_pay_to_is_refused():
    seller = billing.seller(iban="DE89 3704 0044 0532 0130 01")
    with pytest.raises(ValidationError, match="check digits"):
        seller.full_clean()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "L"), ("PNG", "P")])
def test_a_png_or_jpeg_in_rgb_or_grey_is_a_logo(kind, mode):
    logo_picture(picture(kind, mode))


@pytest.mark.parametrize(
    "file",
    [picture("GIF", "P"), picture("JPEG", "CMYK"), ContentFile(b"<svg/>", name="logo.svg")],
)
def test_other_pictures_are_refused(file):
    with pytest.raises(ValidationError, match="PNG or JPEG"):
        logo_picture(file)


def test_a_picture_that_is_too_large_is_refused():
    file = io.BytesIO()
    Image.effect_noise((800, 800), 90).save(file, "PNG")
    with pytest.raises(ValidationError, match="300 kB"):
        logo_picture(ContentFile(file.getvalue(), name="logo.png"))


def test_an_issued_invoice_keeps_the_look_and_texts_of_its_day(cast):
    first = picture()
    seller = billing.seller(
        accent="#0b7a4b",
        intro="Good work, we hope.",
        payment_note="Name the reference, please.",
        footer_text="Bank of Hamburg",
        logo=first,
    )
    billing.contract(cast.acme)
    billing.hours(cast, 90, date(2026, 3, 5))
    draft = actions.run_month(month("2026-03"), by=None).drafted[0]
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    seller.logo, seller.accent, seller.intro = picture("JPEG", "L"), "#000000", "Changed"
    seller.save()
    html = html_of(Invoice.objects.get(pk=issued.pk))
    first.seek(0)
    for part in (
        "--accent: #0b7a4b",
        "Good work, we hope.",
        "Name the reference, please.",
        "Bank of Hamburg",
        f"data:image/png;base64,{base64.b64encode(first.read()).decode()}",
    ):
        assert part in html
