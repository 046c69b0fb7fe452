"""Named reads of people, organizations and teams."""

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class OrganizationQuerySet(models.QuerySet):
    def active(self) -> "OrganizationQuerySet":
        return self.filter(active=True)

    def visible_to(self, user):
        """Staff see all organizations; others see their own only (`VIS-5`)."""
        if not user.is_authenticated:
            return self.none()
        if user.grants.is_staff:
            return self
        return self.filter(pk=user.organization_id)

    def of_address(self, address: str) -> "OrganizationQuerySet":
        """The organizations whose mail domain is that of `address`."""
        return self.filter(mail_domains__domain=address.rpartition("@")[2].lower())


class TeamQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)

    def visible_to(self, user):
        """Teams are the desk's inside: staff see them, nobody else."""
        return self if user.is_authenticated and user.grants.is_staff else self.none()


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def with_address(self, address: str):
        """The person with this mail address, whatever its case."""
        return self.annotate(email_lower=Lower("email")).filter(email_lower=address.lower())

    def agents(self):
        """Everyone who works tickets in some team."""
        return self.active().filter(memberships__team__isnull=False).distinct()

    def visible_to(self, user):
        """Staff see everyone; others see the people of their own organization, and those who report
        to them, whatever department these are of (`VIS-5`).
        """
        if not user.is_authenticated:
            return self.none()
        if user.grants.is_staff:
            return self
        own = models.Q(pk=user.pk) | models.Q(manager=user.pk)
        if user.organization_id:
            own |= models.Q(organization_id=user.organization_id)
        return self.filter(own)


class DelegationQuerySet(models.QuerySet):
    def in_force(self, at: datetime) -> Self:
        """Those that hold at `at`, of people who are both still there (`APP-6`)."""
        return self.filter(
            starts_at__lte=at,
            ends_at__gt=at,
            delegator__is_active=True,
            delegate__is_active=True,
        )

    def of(self, kind: str) -> Self:
        """Those that take over this `Delegation.Kind`."""
        return self.filter(**{kind: True})

    def confidential(self) -> Self:
        """Those that hold for confidential matters too."""
        return self.filter(includes_confidential=True)

    def current_or_coming(self, at: datetime) -> Self:
        return self.filter(ends_at__gt=at)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes people; every one of them has a lower-cased domain and a usable or no password."""

    use_in_migrations = False

    def get_by_natural_key(self, email):
        return self.with_address(email).get()

    def create_user(
        self, email: str, name: str = "", password: str | None = None, **fields: Any
    ) -> Any:
        user = self.model(email=self.normalize_email(email), name=name or email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, name="", password=None, **fields):
        return self.create_user(email, name, password, is_superuser=True, **fields)
