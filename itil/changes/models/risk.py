"""How risk is computed, and what was computed when (`CHG-7`)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from itil.approvals.models import ApprovalPolicy
from itil.changes.definition import MOST, Formula, Option, Question, Risk, Weights
from itil.changes.lifecycle import ChangeType
from portal.people.models import User

_WEIGHTS = Weights()


class RiskFormula(ClusterableModel):
    """The questionnaire and the weights as they are edited; what counts is a published version."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    medium_from = models.PositiveSmallIntegerField(_("medium risk from"), default=35)
    high_from = models.PositiveSmallIntegerField(_("high risk from"), default=65)
    critical_service = models.PositiveSmallIntegerField(
        _("a service of high criticality"), default=_WEIGHTS.critical_service
    )
    medium_service = models.PositiveSmallIntegerField(
        _("a service of medium criticality"), default=_WEIGHTS.medium_service
    )
    per_dependant = models.PositiveSmallIntegerField(
        _("each item that depends on it"), default=_WEIGHTS.per_dependant
    )
    most_dependants = models.PositiveSmallIntegerField(
        _("all items that depend on it, at most"), default=_WEIGHTS.most_dependants
    )
    past_failures = models.PositiveSmallIntegerField(
        _("all earlier changes of its items failed"), default=_WEIGHTS.past_failures
    )
    untested_back_out = models.PositiveSmallIntegerField(
        _("no tested back-out plan"), default=_WEIGHTS.untested_back_out
    )
    # The version that assessments go by; empty before the first was published.
    current = models.ForeignKey(
        "RiskFormulaVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("risk formula")
        verbose_name_plural = _("risk formulas")

    def __str__(self):
        return self.name

    def clean(self):
        if not 0 < self.medium_from < self.high_from <= MOST:
            raise ValidationError(
                {"high_from": _("Enter a higher number than for medium risk, 100 at the most.")}
            )

    @property
    def state(self) -> str:
        """What assessments go by."""
        if self.current is None:
            return _now("Not published yet")
        return _now("Version %(number)s") % {"number": self.current.number}

    def as_entered(self) -> Formula:
        """What is edited, as a formula."""
        return Formula(
            questions=tuple(row.as_question() for row in self.questions.all()),
            weights=Weights(
                critical_service=self.critical_service,
                medium_service=self.medium_service,
                per_dependant=self.per_dependant,
                most_dependants=self.most_dependants,
                past_failures=self.past_failures,
                untested_back_out=self.untested_back_out,
            ),
            medium_from=self.medium_from,
            high_from=self.high_from,
        )


class RiskQuestion(Orderable):
    """One question of the questionnaire as it is edited."""

    formula = ParentalKey(RiskFormula, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=200)
    options = models.TextField(
        _("answers"), help_text=_("One a line, with its points at the end: Nobody notices = 0")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question about risk")
        verbose_name_plural = _("questions about risk")

    def __str__(self):
        return self.text

    def clean(self):
        """Each line has a text and points, and something can be chosen."""
        lines = [line for line in self.options.splitlines() if line.strip()]
        for line in lines:
            label, _sign, points = line.rpartition("=")
            if not label.strip() or not points.strip().isdigit():
                raise ValidationError(
                    {
                        "options": _("Write each answer as a text, =, and its points: “%(line)s”.")
                        % {"line": line.strip()}
                    }
                )
        if len(lines) < 2:
            raise ValidationError({"options": _("Give at least two answers to choose from.")})

    def as_question(self) -> Question:
        options = []
        for line in self.options.splitlines():
            label, _sign, points = line.rpartition("=")
            if label.strip() and points.strip().isdigit():
                options.append(Option(label.strip(), int(points)))
        return Question(slugify(self.text)[:60] or str(self.pk), self.text, tuple(options))


class RiskFormulaVersion(models.Model):
    """A formula as it was published; assessments keep it."""

    formula = models.ForeignKey(RiskFormula, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # As `Formula.as_data` writes it.
    definition = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["formula", "-number"]
        verbose_name = _("version of a risk formula")
        constraints = [
            models.UniqueConstraint(fields=["formula", "number"], name="risk_version_once")
        ]

    def __str__(self):
        return f"{self.formula} {self.number}"

    @property
    def content(self) -> Formula:
        return Formula.of(self.definition)

    @classmethod
    def in_force(cls) -> "RiskFormulaVersion | None":
        """The version that assessments go by now: the last one published."""
        return cls.objects.order_by("-published_at", "-pk").first()


class RiskAssessment(models.Model):
    """What was computed once for one change: never edited, the last one counts."""

    change = models.ForeignKey("changes.Change", models.CASCADE, related_name="assessments")
    formula = models.ForeignKey(
        RiskFormulaVersion, models.PROTECT, related_name="assessments", null=True
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict)
    # As `definition.Facts.as_data` writes them.
    facts = models.JSONField(default=dict)
    # As `definition.Part.as_data` writes each.
    asked_parts = models.JSONField(default=list)
    rule_parts = models.JSONField(default=list)
    asked_points = models.PositiveSmallIntegerField()
    rule_points = models.PositiveSmallIntegerField()
    risk = models.CharField(_("risk"), max_length=6, choices=Risk)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")

    def __str__(self):
        return f"{self.change_id} {self.risk}"

    @property
    def points(self) -> int:
        """The larger of the two counts."""
        return max(self.asked_points, self.rule_points)


class Authority(models.Model):
    """Who authorizes changes of a type and risk: one cell of the authority matrix."""

    change_type = models.CharField(_("type"), max_length=10, choices=ChangeType)
    risk = models.CharField(_("risk"), max_length=6, choices=Risk)
    policy = models.ForeignKey(
        ApprovalPolicy,
        models.PROTECT,
        related_name="+",
        verbose_name=_("who authorizes it"),
    )
    peer_policy = models.ForeignKey(
        ApprovalPolicy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who looks at it before"),
        help_text=_("Technical peers, asked while the change is assessed."),
    )

    class Meta:
        ordering = ["change_type", "risk"]
        verbose_name = _("change authority")
        verbose_name_plural = _("change authorities")
        constraints = [
            models.UniqueConstraint(fields=["change_type", "risk"], name="authority_once")
        ]

    def __str__(self):
        return f"{self.get_change_type_display()} · {self.get_risk_display()}"
