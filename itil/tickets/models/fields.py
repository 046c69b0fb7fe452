"""Which further questions records of a kind have, beside the columns that all tickets have."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from itil.fields.definition import Kind
from itil.fields.models import FieldSet
from itil.services.models import Service

from .classification import Category
from .ticket import Ticket


def kind_choices():
    """The kinds of records, by the names of their models."""
    return [
        (str(child._meta.model_name), child._meta.verbose_name) for child in Ticket.__subclasses__()
    ]


class TicketFields(models.Model):
    """A form that records of a kind have, all of them or those of a service or a category.

    A ticket keeps the answers with the version of the form in `custom`: `form`, the key of the
    version, and `answers`.
    """

    kind = models.CharField(_("kind of record"), max_length=20, choices=kind_choices)
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this service"),
    )
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this category"),
    )
    form = models.ForeignKey(
        FieldSet, models.PROTECT, related_name="ticket_fields", verbose_name=_("form")
    )
    at_report = models.BooleanField(
        _("asked when a problem is reported"),
        default=False,
        help_text=_("Of the fields that all incidents have; people see and answer them then."),
    )

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("fields of tickets")
        verbose_name_plural = _("fields of tickets")
        constraints = [
            # One form for each choice, so that it is clear which one a record has.
            models.UniqueConstraint(
                models.F("kind"),
                Coalesce("service", 0),
                Coalesce("category", 0),
                name="ticket_fields_once",
                violation_error_message=_("There is a form for these records already."),
            ),
        ]

    def __str__(self):
        parts = [str(dict(kind_choices()).get(self.kind, self.kind))]
        parts += [str(one) for one in (self.service, self.category) if one]
        return ", ".join(parts)

    def clean(self):
        """Files belong to messages, not to fields."""
        super().clean()
        if self.form_id is None:
            return
        asked = self.form.drawn().questions.values()
        if any(question.kind == Kind.FILE for question in asked):
            raise ValidationError({"form": _("Choose a form that asks for no files.")})
