"""What an administrator sets up: who has to agree, in which order, by which rule."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from itil.approvals.voting import Rejects, RuleKind
from itil.calendars.models import BusinessCalendar
from portal.people.models import Team, User


class Source(models.TextChoices):
    """Where the approvers of a step come from; looked up when the step starts (`APP-3`)."""

    MANAGER = "manager", _("Manager of the requester")
    MANAGERS_MANAGER = "managers_manager", _("Manager of that manager")
    PERSON = "person", _("One person")
    TEAM = "team", _("Members of a team")
    TEAM_LEADS = "team_leads", _("Leads of a team")
    COST_CENTRE_OWNER = "cost_centre_owner", _("Owner of the requester's cost center")
    SERVICE_OWNER = "service_owner", _("Owner of the service")
    OWNER = "owner", _("Owner of the catalog item")
    HOLDING_TEAM = "holding_team", _("Members of the team that holds it")
    CHANGE_MANAGER = "change_manager", _("Change managers")
    BOARD = "board", _("Advisory board of the change")


class OnTimeout(models.TextChoices):
    """What becomes of a vote that nobody gave in time (`APP-7`)."""

    ESCALATE = "escalate", _("The manager of the approver decides")
    REJECT = "reject", _("It counts as declined")
    EXPIRE = "expire", _("It counts as abstained")


class ApprovalPolicy(ClusterableModel):
    """The steps of approval that something needs, one after the other."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    four_eyes = models.BooleanField(
        _("four eyes"),
        default=False,
        help_text=_("One person decides in one step at most."),
    )
    # Counts reminders and time-outs; empty: Monday to Friday where the approver is.
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("calendar of reminders"),
        help_text=_("Empty: Monday to Friday where the approver is."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")

    def __str__(self):
        return self.name


class PolicyStep(Orderable, ClusterableModel):
    """One step: approvers who are asked at the same time."""

    policy = ParentalKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="steps")
    label = models.CharField(
        _("name of the step"), max_length=120, help_text=_("Requesters read it: Manager, Budget.")
    )
    source = models.CharField(_("approvers"), max_length=20, choices=Source, default=Source.MANAGER)
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    rule = models.CharField(
        _("who has to agree"), max_length=8, choices=RuleKind, default=RuleKind.ALL
    )
    number = models.PositiveSmallIntegerField(_("how many, or percent"), default=0)
    rejects = models.CharField(
        _("is declined"), max_length=16, choices=Rejects, default=Rejects.ANY_REJECT
    )
    only_above = models.DecimalField(
        _("only above the amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    on_timeout = models.CharField(
        _("without an answer"), max_length=8, choices=OnTimeout, default=OnTimeout.ESCALATE
    )

    class Meta(Orderable.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self):
        return self.label

    def clean(self):
        """Refuse a step that could find nobody, or whose number means nothing."""
        errors = {}
        if self.source == Source.PERSON and self.person_id is None:
            errors["person"] = _("Choose the person who decides.")
        if self.source in (Source.TEAM, Source.TEAM_LEADS) and self.team_id is None:
            errors["team"] = _("Choose the team.")
        if self.rule == RuleKind.QUORUM and not self.number:
            errors["number"] = _("Enter how many have to agree, 1 or more.")
        if self.rule == RuleKind.PERCENT and not 1 <= (self.number or 0) <= 100:
            errors["number"] = _("Enter a percentage from 1 to 100.")
        if errors:
            raise ValidationError(errors)


class PolicyMember(models.Model):
    """Somebody with a special say in a step; one who is not among its approvers joins them."""

    class Duty(models.TextChoices):
        MANDATORY = "mandatory", _("Has to agree in any case")
        CHAIR = "chair", _("Chair: may veto")

    step = ParentalKey(PolicyStep, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    duty = models.CharField(_("say"), max_length=9, choices=Duty, default=Duty.MANDATORY)

    class Meta:
        verbose_name = _("special say")
        verbose_name_plural = _("special says")
        constraints = [
            models.UniqueConstraint(fields=["step", "person", "duty"], name="policy_member_once")
        ]

    def __str__(self):
        return f"{self.person} · {self.get_duty_display()}"
