"""Standard changes: understood, described once, authorized in advance (`CHG-6`)."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.approvals.voting import Decision
from itil.changes.querysets import TemplateQuerySet
from itil.services.models import Service
from itil.tasks.models import TaskPlan
from portal.people.models import Team, User

from .board import AdvisoryBoard

# What a standard change may set beside its title, its window and who carries it out.
CHOOSABLE = {
    "items": _("items"),
    "service": _("service"),
    "reason": _("reason"),
    "communication_plan": _("communication plan"),
    "plan": _("implementation plan"),
}
# What a change takes over from its template.
COPIED = ("reason", "plan", "test_plan", "back_out_plan", "communication_plan")


class ChangeTemplate(models.Model):
    """The pattern of a standard change. Changed only by `itil.changes.actions.templates`."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        SUSPENDED = "suspended", _("Suspended")
        EXPIRED = "expired", _("Expired")
        RETIRED = "retired", _("Retired")

    name = models.CharField(_("name"), max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED)
    # Why it is suspended, in words.
    state_note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    reason = models.TextField(_("why it is done"))
    plan = models.TextField(_("implementation plan"))
    test_plan = models.TextField(_("test plan"))
    back_out_plan = models.TextField(_("back-out plan"))
    communication_plan = models.TextField(_("communication plan"), blank=True)
    task_plan = models.ForeignKey(
        TaskPlan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tasks")
    )
    # Which of `CHOOSABLE` a change made from it may set otherwise.
    choosable = models.JSONField(_("may be set otherwise"), default=list, blank=True)
    ignores_freeze = models.BooleanField(_("may run in a freeze"), default=False)
    # More than so many percent of its uses with issues suspend it.
    most_issues_percent = models.PositiveSmallIntegerField(
        _("most uses with issues, in percent"), default=20
    )
    review_on = models.DateField(_("to be looked at again on"))
    board = models.ForeignKey(
        AdvisoryBoard, models.PROTECT, related_name="templates", verbose_name=_("board")
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("template of a standard change")
        verbose_name_plural = _("templates of standard changes")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("changes:template", args=[self.pk])

    @property
    def is_usable(self) -> bool:
        return self.state == self.State.APPROVED

    def differences(self, change: models.Model) -> list[str]:
        """The columns in which `change` is not as the template says, though it has to be."""
        fixed = [name for name in COPIED if name not in self.choosable]
        found = [name for name in fixed if getattr(change, name) != getattr(self, name)]
        if self.service_id and "service" not in self.choosable:
            found += ["service"] if change.service_id != self.service_id else []
        return found


class TemplateVote(models.Model):
    """What a member of the board said about a proposed template; a new proposal asks anew."""

    template = models.ForeignKey(ChangeTemplate, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(User, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=9, choices=Decision)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    # It counts no longer: the template was proposed anew.
    is_past = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("vote on a template")
        verbose_name_plural = _("votes on templates")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "voter"],
                condition=models.Q(is_past=False),
                name="template_vote_once",
            )
        ]

    def __str__(self):
        return f"{self.voter} · {self.get_decision_display()}"


class TemplateEvent(models.Model):
    """One thing that happened to a template; never edited. No actor is the system."""

    template = models.ForeignKey(ChangeTemplate, models.CASCADE, related_name="events")
    what = models.CharField(max_length=20)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a template")

    def __str__(self):
        return f"{self.template_id} {self.what}"
