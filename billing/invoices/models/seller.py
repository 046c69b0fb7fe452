"""Who issues invoices, and the counters of their numbers."""

import uuid

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image

from billing.contracts.models import currency_code
from billing.invoices.parse import is_iban
from portal.people.models import Team

LARGEST_LOGO = 300 * 1024
# What PDF/A prints as it is; other pictures need colour profiles of their own.
PICTURES = {"PNG": "png", "JPEG": "jpg"}
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")


def logo_path(_seller: "Seller", name: str) -> str:
    """A name of its own for each upload: issued invoices go on using the logo of their day."""
    return f"sellers/{uuid.uuid4()}.{name.rpartition('.')[2].lower()}"


def logo_picture(file: File) -> None:
    """A validator: a picture that can be printed. Raises ValidationError."""
    try:
        file.seek(0)
        with Image.open(file) as picture:
            known = PICTURES.get(picture.format or "") is not None and picture.mode in MODES
    except (OSError, ValueError):
        known = False
    finally:
        file.seek(0)
    if not known:
        raise ValidationError(_("Choose a PNG or JPEG picture in RGB or grey."))
    if file.size > LARGEST_LOGO:
        raise ValidationError(_("The picture is larger than 300 kB. Choose a smaller one."))


class Seller(models.Model):
    """Who issues the invoices: one of our legal entities. Copied into each invoice at issue."""

    name = models.CharField(_("legal name"), max_length=200, unique=True)
    brand = models.CharField(
        _("name beside the logo"), max_length=100, blank=True, help_text=_("Empty: the legal name.")
    )
    street = models.CharField(_("street"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=20)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country code"), max_length=2)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    registration = models.CharField(
        _("register entry"), max_length=100, blank=True, help_text=_("Such as KvK 12345678.")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    # How its documents look, and what they say beside the amounts.
    logo = models.FileField(
        _("logo"),
        upload_to=logo_path,
        blank=True,
        validators=[logo_picture],
        help_text=_("PNG or JPEG, at most 300 kB. Printed 10 mm high."),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write it as #2a56d0."))],
        help_text=_("Of lines and headings, such as #2a56d0."),
    )
    intro = models.CharField(
        _("text above the lines"),
        max_length=300,
        blank=True,
        help_text=_("Empty: a word of thanks in the language of the document."),
    )
    payment_note = models.CharField(_("text below the bank account"), max_length=300, blank=True)
    footer_text = models.CharField(_("text at the foot of each page"), max_length=120, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    # The first part of every number: HAL-2026-000123.
    series = models.SlugField(_("series"), max_length=10, unique=True)
    active = models.BooleanField(_("active"), default=True)
    questions_to = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team for questions about invoices"),
        help_text=_("Empty: such tickets wait in the queue of nobody."),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")

    def __str__(self):
        return self.name

    def series_of(self, kind: str) -> str:
        """The first part of numbers of one kind: HAL for invoices, HAL-CN for credit notes."""
        return f"{self.series}-CN" if kind == DocumentKind.CREDIT_NOTE else self.series

    def clean(self):
        """The series stays as it is once it has given a number; customers can pay. One query."""
        super().clean()
        if self.iban and not is_iban(self.iban):
            raise ValidationError(
                {"iban": _("This is no IBAN: its check digits do not fit. Copy it from the bank.")}
            )
        used = InvoiceCounter.objects.filter(seller_id=self.pk, last_number__gt=0)
        if used.exclude(seller__series=self.series).exists():
            raise ValidationError({"series": _("Numbers of this series have been given out.")})


class DocumentKind(models.TextChoices):
    """Kinds with a series of numbers each."""

    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class InvoiceCounter(models.Model):
    """The last number of one series and year; its row lock keeps numbers gapless (`BIL-12`)."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="counters")
    kind = models.CharField(max_length=12, choices=DocumentKind, default=DocumentKind.INVOICE)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)
    last_issued_on = models.DateField(null=True)

    class Meta:
        ordering = ["seller", "kind", "year"]
        verbose_name = _("invoice counter")
        constraints = [
            models.UniqueConstraint(fields=["seller", "kind", "year"], name="counter_once")
        ]

    def __str__(self):
        return f"{self.seller_id} {self.kind} {self.year}: {self.last_number}"
