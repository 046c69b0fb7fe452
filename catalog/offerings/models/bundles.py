"""What is ordered together for one occasion: somebody's first day, somebody's last one."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from itil.cmdb.models import ItemClass


class Bundle(ClusterableModel):
    """A list of items that one form orders together.

    The item of the catalog that has the bundle asks the common questions with its own form; what
    is answered there is not asked again by an item whose form has the same question.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    person_question = models.CharField(
        _("question for whom it is"),
        max_length=50,
        blank=True,
        help_text=_("The short name of a common question for a person. Empty: who orders."),
    )
    date_question = models.CharField(
        _("question for the day"),
        max_length=50,
        blank=True,
        help_text=_("The short name of a common question for a date; days are counted from it."),
    )
    takes_back = models.BooleanField(
        _("also what the person has"),
        default=False,
        help_text=_(
            "Adds a line for every item that the person holds, and for everything that was"
            " delivered to the person and ends with the job."
        ),
    )
    # Counts what editors saved, so that who fills it in is told of a change.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")

    def __str__(self):
        return self.name

    def clean(self):
        """Whose things are taken back must be asked."""
        super().clean()
        if self.takes_back and not self.person_question:
            raise ValidationError({"person_question": _("Say which question asks who it is.")})


class BundleLine(Orderable, ClusterableModel):
    """One item of a bundle."""

    class Standing(models.TextChoices):
        REQUIRED = "required", _("Always part of it")
        PRESELECTED = "preselected", _("Ticked at first")
        OPTIONAL = "optional", _("Not ticked at first")

    bundle = ParentalKey(Bundle, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(
        "offerings.CatalogItem", models.CASCADE, related_name="+", verbose_name=_("item")
    )
    standing = models.CharField(
        _("it is"), max_length=11, choices=Standing, default=Standing.PRESELECTED
    )
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    # Working days of the item's calendar.
    days = models.SmallIntegerField(
        _("working days from the day"),
        default=0,
        validators=[MinValueValidator(-250), MaxValueValidator(250)],
        help_text=_("-3 is three working days before it, 5 five after it, 0 the day itself."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("item of a bundle")
        verbose_name_plural = _("items of a bundle")

    def __str__(self):
        return f"{self.bundle_id}: {self.item_id}"


class BundleAnswer(Orderable):
    """What a question of an item takes from the bundle."""

    class Source(models.TextChoices):
        FIXED = "fixed", _("is not asked; the answer is")
        FIRST = "first", _("begins with")
        COMMON = "common", _("is answered by the common question")

    line = ParentalKey(BundleLine, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(
        _("question"), max_length=50, help_text=_("Its short name in the form of the item.")
    )
    source = models.CharField(_("how"), max_length=6, choices=Source, default=Source.FIXED)
    value = models.CharField(
        _("answer"),
        max_length=250,
        help_text=_("Of choices the short names, with commas; of the common question its own."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("answer of a bundle")
        verbose_name_plural = _("answers of a bundle")

    def __str__(self):
        return f"{self.question}: {self.value}"


class ReturnRule(Orderable):
    """By which item of the catalog a thing is taken back from a person."""

    bundle = ParentalKey(Bundle, on_delete=models.CASCADE, related_name="returns")
    item_class = models.ForeignKey(
        ItemClass,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("class"),
        help_text=_("With everything that is a kind of it. Empty: all other things."),
    )
    item = models.ForeignKey(
        "offerings.CatalogItem", models.CASCADE, related_name="+", verbose_name=_("is ordered")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("rule of return")
        verbose_name_plural = _("rules of return")

    def __str__(self):
        return f"{self.item_class_id or '*'}: {self.item_id}"
