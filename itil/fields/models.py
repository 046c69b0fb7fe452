"""Forms that are made without code: a set of questions, and its published versions."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from .blocks import FormBlocks
from .definition import Definition, as_draft, from_draft


class FieldSet(models.Model):
    """A form: as it is being edited, and the version that people fill in now."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    draft = StreamField(FormBlocks(required=False), blank=True, verbose_name=_("questions"))
    # Counts what editors saved, so that of two who edit at once one is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    # None until the form is published for the first time.
    current = models.ForeignKey(
        "FormVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("form")
        verbose_name_plural = _("forms")

    def __str__(self):
        return self.name

    @property
    def state(self) -> str:
        """What people fill in now."""
        if self.current is None:
            return _("Not published yet")
        return _("Version %(number)s") % {"number": self.current.number}

    def drawn(self) -> Definition:
        """The form as it is being edited; it may have problems."""
        return from_draft(self.draft.get_prep_value())


def as_editors_see(definition: Definition) -> Definition:
    """The form as its blocks hold it: what editors have no block for is missing."""
    stream = FieldSet.draft.field.to_python(as_draft(definition))
    return from_draft(
        {"type": part.block_type, "value": part.block.get_prep_value(part.value)} for part in stream
    )


class FormVersion(models.Model):
    """A form as it was published: frozen, so that answers can always be read by their questions."""

    field_set = models.ForeignKey(FieldSet, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()
    # Empty: the system, for instance an importer.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["field_set", "-number"]
        verbose_name = _("version of a form")
        constraints = [
            models.UniqueConstraint(fields=["field_set", "number"], name="form_version_once")
        ]

    def __str__(self):
        return f"{self.field_set} {self.number}"

    @cached_property
    def questions(self) -> Definition:
        """What this version asks."""
        return Definition.of(self.definition)


class ExampleAnswers(models.Model):
    """Answers that are tried at every publication, as a person would type them.

    `typed` holds a text, or a list of texts, for each key of a question. `error_at` is the key of
    the question whose answer must be refused; empty when all must be accepted.
    """

    field_set = models.ForeignKey(FieldSet, models.CASCADE, related_name="examples")
    name = models.CharField(_("name"), max_length=120)
    typed = models.JSONField(_("answers"), default=dict, blank=True)
    error_at = models.CharField(_("refused at"), max_length=50, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("example answers")
        verbose_name_plural = _("example answers")
        constraints = [
            models.UniqueConstraint(fields=["field_set", "name"], name="example_answers_once")
        ]

    def __str__(self):
        return self.name
