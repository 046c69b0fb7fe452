"""People, their duties, and the teams and cost centers they belong to."""

import uuid
import zoneinfo
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.people.querysets import TeamQuerySet, UserManager

from .organizations import Location, Organization


class Role(models.TextChoices):
    """Duties given by a membership; agent and lead are held in a team, the others everywhere.

    Administrator is not listed: that is Django's superuser flag. Requester is nobody's role:
    everyone who signs in may ask.
    """

    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Team lead")
    MANAGER = "manager", _("Manager")
    CATALOG_MANAGER = "catalog_manager", _("Catalog manager")
    BILLING_CLERK = "billing_clerk", _("Billing clerk")
    PROBLEM_MANAGER = "problem_manager", _("Problem manager")
    CHANGE_MANAGER = "change_manager", _("Change manager")


TEAM_ROLES = (Role.AGENT, Role.LEAD)


@dataclass(frozen=True)
class Grants:
    """What a person's memberships add up to; read once per request (`VIS-6`)."""

    roles: frozenset[str] = frozenset()
    team_ids: frozenset[int] = frozenset()
    led_team_ids: frozenset[int] = frozenset()
    is_administrator: bool = False
    # No duty at the desk: a customer's person, who looks after the bills there (`c12`).
    is_billing_contact: bool = False

    @property
    def is_agent(self) -> bool:
        """Works tickets: agent or lead of at least one team."""
        return bool(self.team_ids)

    @property
    def is_lead(self) -> bool:
        return Role.LEAD in self.roles

    @property
    def is_manager(self) -> bool:
        return Role.MANAGER in self.roles

    @property
    def is_catalog_manager(self) -> bool:
        return Role.CATALOG_MANAGER in self.roles

    @property
    def is_billing_clerk(self) -> bool:
        return Role.BILLING_CLERK in self.roles

    @property
    def is_problem_manager(self) -> bool:
        return Role.PROBLEM_MANAGER in self.roles

    @property
    def is_change_manager(self) -> bool:
        return Role.CHANGE_MANAGER in self.roles

    @property
    def sees_all_tickets(self) -> bool:
        """Every ticket that is not confidential, whichever team holds it (domain section 8)."""
        return (
            self.is_lead
            or self.is_manager
            or self.is_problem_manager
            or self.is_change_manager
            or self.is_administrator
        )

    @property
    def is_staff(self) -> bool:
        """Sees the desk at all, in whatever part."""
        return bool(self.roles) or self.is_administrator


class CostCentre(models.Model):
    """Where the cost of what people order is charged to; its owner answers for the money."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    owner = models.ForeignKey(
        "User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_cost_centres",
        verbose_name=_("owner"),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("cost center")
        verbose_name_plural = _("cost centers")

    def __str__(self):
        return f"{self.code} {self.name}"


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail address; a contact that only writes mail has no password."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    # One stored field, never put together from parts: family names stand first in many languages.
    name = models.CharField(_("name"), max_length=200)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organization"),
    )
    location = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, verbose_name=_("location")
    )
    manager = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports_of",
        verbose_name=_("manager"),
    )
    cost_centre = models.ForeignKey(
        CostCentre,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("cost center"),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    # Requesters then read the step instead of the name of who decides (domain 2.2).
    hides_name_as_approver = models.BooleanField(
        _("do not show my name to the requester when I approve"), default=False
    )
    vip = models.BooleanField(_("VIP"), default=False)
    # A customer contact who follows everything of the own organization (`c6`).
    sees_organization = models.BooleanField(_("sees the whole organization"), default=False)
    # Sees the invoices of the own organization and the hours behind them (`c12`).
    billing_contact = models.BooleanField(_("sees the invoices of the organization"), default=False)
    # A customer contact who may bind the own organization to a price (`BIL-8`).
    can_approve_cost = models.BooleanField(_("may accept estimates"), default=False)
    mail_undeliverable_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Set when an importer made the person: the code it had in the source.
    source_reference = models.CharField(max_length=100, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # Sign-in and mail matching ignore case (`MAI-12`).
            models.UniqueConstraint(Lower("email"), name="user_email_once")
        ]
        indexes = [models.Index(fields=["source_reference"], name="user_source_reference")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def name_as_approver(self) -> str:
        """What a requester reads who asks for this person's approval."""
        return _now("An approver") if self.hides_name_as_approver else self.name

    # Wagtail's admin asks these two of any user model.
    @property
    def first_name(self):
        return self.name

    @property
    def last_name(self):
        return ""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The own time zone, or the place's, the organization's, the business's."""
        names = (
            self.time_zone,
            self.location.time_zone if self.location else "",
            self.organization.time_zone if self.organization else "",
            settings.BUSINESS_TIME_ZONE,
        )
        return zoneinfo.ZoneInfo(next(name for name in names if name))

    @cached_property
    def grants(self) -> Grants:
        """What this person may do by duty. One query, none where memberships were
        read for many people; kept for the life of this object."""
        held = self.memberships.all() if self.is_active else []
        rows = [(one.role, one.team_id) for one in held]
        return Grants(
            roles=frozenset(role for role, _team in rows),
            team_ids=frozenset(team for _role, team in rows if team),
            led_team_ids=frozenset(team for role, team in rows if team and role == Role.LEAD),
            is_administrator=self.is_active and self.is_superuser,
            is_billing_contact=bool(
                self.is_active and self.billing_contact and self.organization_id
            ),
        )


class Team(models.Model):
    """A staff group; its queue is the list of tickets assigned to it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    department = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("department"),
    )
    # Tickets of a restricted team are confidential: seen by its members and the people concerned.
    restricted = models.BooleanField(_("restricted"), default=False)
    active = models.BooleanField(_("active"), default=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self):
        return self.name


class Membership(models.Model):
    """A person's role, in a team or everywhere."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role)
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("team"),
    )

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "team", "role"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(team__isnull=True),
                name="membership_everywhere_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=TEAM_ROLES, team__isnull=False)
                | (~models.Q(role__in=TEAM_ROLES) & models.Q(team__isnull=True)),
                name="membership_team_fits_role",
                violation_error_message=_(
                    "Agents and leads need a team; managers and billing clerks have none."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}"
