"""Which tasks lead to a result: as it is edited, and as it was published."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from itil.calendars.models import BusinessCalendar
from itil.tasks.definition import (
    FILE_EVIDENCE,
    NO_EVIDENCE,
    TEXT_EVIDENCE,
    Condition,
    Plan,
    PlannedTask,
)
from portal.people.models import Team, User


class EvidenceKind(models.TextChoices):
    """What has to be shown before a task is done."""

    NONE = NO_EVIDENCE, _("Nothing")
    TEXT = TEXT_EVIDENCE, _("A text, such as a serial number")
    FILE = FILE_EVIDENCE, _("A file, such as a signed form")


class DueUnit(models.TextChoices):
    HOURS = "hours", _("business hours")
    DAYS = "days", _("business days")


class TaskPlan(ClusterableModel):
    """Which tasks lead to a result, as it is edited; what runs goes by a published version."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    # Whose opening hours the due times count by.
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="task_plans",
        verbose_name=_("calendar"),
    )
    # The version that new work goes by; empty before the first was published.
    current = models.ForeignKey(
        "PlanVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("plan of tasks")
        verbose_name_plural = _("plans of tasks")

    def __str__(self):
        return self.name

    @property
    def state(self) -> str:
        """What new work goes by."""
        if self.current is None:
            return _now("Not published yet")
        return _now("Version %(number)s") % {"number": self.current.number}

    def as_entered(self) -> Plan:
        """The rows as they are now, whether or not they could be published."""
        rows = self.tasks.all()
        return Plan(tasks=tuple(row.as_planned() for row in rows), calendar=self.calendar_id)


class PlanTask(Orderable):
    """One task of a plan as it is edited."""

    plan = ParentalKey(TaskPlan, on_delete=models.CASCADE, related_name="tasks")
    # What the other tasks of the plan name it by; empty: the title as a short name.
    key = models.SlugField(_("key"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is to be done"), blank=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    person = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    after = models.CharField(_("after"), max_length=400, blank=True)
    due_amount = models.PositiveSmallIntegerField(_("due after"), null=True, blank=True)
    due_unit = models.CharField(
        _("counted in"), max_length=5, choices=DueUnit, default=DueUnit.DAYS
    )
    is_optional = models.BooleanField(_("optional"), default=False)
    visible_to_requester = models.BooleanField(_("the requester sees it"), default=False)
    checklist = models.TextField(_("checklist"), blank=True)
    evidence = models.CharField(
        _("needed before it is done"),
        max_length=4,
        choices=EvidenceKind,
        default=EvidenceKind.NONE,
    )
    condition_question = models.CharField(_("only if this question"), max_length=60, blank=True)
    condition_value = models.CharField(_("was answered with"), max_length=200, blank=True)
    answers = models.CharField(_("answers it shows"), max_length=400, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("task of a plan")
        verbose_name_plural = _("tasks of a plan")

    def __str__(self):
        return self.title

    def as_planned(self) -> PlannedTask:
        due = {self.due_unit: self.due_amount} if self.due_amount else {}
        question = self.condition_question.strip()
        return PlannedTask(
            key=self.key or slugify(self.title)[:60],
            title=self.title,
            text=self.text,
            team=self.team_id,
            person=self.person_id,
            is_optional=self.is_optional,
            visible_to_requester=self.visible_to_requester,
            after=_words(self.after),
            checklist=tuple(line.strip() for line in self.checklist.splitlines() if line.strip()),
            evidence=self.evidence,
            condition=Condition(question, self.condition_value.strip()) if question else None,
            answers=_words(self.answers),
            **due,
        )


def _words(text: str) -> tuple[str, ...]:
    """The keys in a text, between commas or spaces, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


class PlanVersion(models.Model):
    """A plan as it was published; what runs by it keeps it."""

    plan = models.ForeignKey(TaskPlan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # As `Plan.as_data` writes it.
    definition = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("version of a plan")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self):
        return f"{self.plan} {self.number}"

    @property
    def content(self) -> Plan:
        return Plan.of(self.definition)
