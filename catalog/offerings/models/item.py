"""One thing that can be ordered."""

import contextlib
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from catalog.offerings.amounts import days_text, least_price, money_text, price_text
from catalog.offerings.querysets import CatalogItemQuerySet
from itil.approvals.models import ApprovalPolicy, Source
from itil.calendars.hours import (
    SAME_TIME,
    NeverOpenError,
    business_days,
    last_closing,
    next_opening,
)
from itil.calendars.models import BusinessCalendar
from itil.fields.models import FieldSet
from itil.services.models import Service
from itil.tasks.models import TaskPlan
from itil.tickets.models import Category
from knowledgebase.blocks import ArticleBody
from knowledgebase.models import OpenPage
from portal.people.models import Location, Organization, Team
from portal.ui.search import tokens_of

from .bundles import Bundle
from .pages import DepartmentPage
from .signs import sign_choices

# Who has the first say, in the words of a card.
FIRST_APPROVER = {
    Source.MANAGER: _("Manager approves"),
    Source.MANAGERS_MANAGER: _("Manager’s manager approves"),
    Source.COST_CENTRE_OWNER: _("Cost center approves"),
    Source.SERVICE_OWNER: _("Owner approves"),
    Source.OWNER: _("Owner approves"),
}


def _link(model, label, **options):
    """A foreign key that an item may leave empty and whose row must not go while it is used."""
    return models.ForeignKey(
        model,
        options.pop("on_delete", models.PROTECT),
        null=True,
        blank=True,
        related_name=options.pop("related_name", "catalog_items"),
        verbose_name=label,
        **options,
    )


class CatalogItem(OpenPage):
    """Something to order: what it is, who may have it, what it costs, how it is made to happen.

    A request copies what it needs when it is submitted; later edits never change it (`REQ-1`).
    """

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("Everyone who signs in")
        EMPLOYEES = "employees", _("People of our own company")
        LEADERS = "leaders", _("People who lead others")
        STAFF = "staff", _("Staff of the desks")

    class PricePeriod(models.TextChoices):
        ONCE = "once", _("Once")
        MONTH = "month", _("A month")

    summary = models.CharField(
        _("summary"), max_length=250, help_text=_("One sentence; shown on its card.")
    )
    body = StreamField(ArticleBody(required=False), verbose_name=_("text"), blank=True)
    icon = models.CharField(_("icon"), max_length=40, choices=sign_choices, default="shopping-bag")
    category = _link(Category, _("topic"))
    keywords = models.CharField(
        _("other words"),
        max_length=250,
        blank=True,
        help_text=_("Words that people type but the text does not have."),
    )
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Shown before the most ordered ones.")
    )

    # Who may order it: the audience, and of it who fits everything chosen below.
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience, default=Audience.EVERYBODY
    )
    only_groups = ParentalManyToManyField(
        Group, blank=True, related_name="catalog_items", verbose_name=_("only these groups")
    )
    only_locations = ParentalManyToManyField(
        Location, blank=True, related_name="catalog_items", verbose_name=_("only these locations")
    )
    only_organizations = ParentalManyToManyField(
        Organization,
        blank=True,
        related_name="catalog_items",
        verbose_name=_("only these organizations"),
    )
    is_private = models.BooleanField(
        _("private"),
        default=False,
        help_text=_("Requests are seen by those concerned and by the team only."),
    )

    price = models.DecimalField(
        _("price"),
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    # Choices in the form add to the price.
    is_starting_price = models.BooleanField(_("choices add to the price"), default=False)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Write three capitals, such as EUR."))],
    )
    price_period = models.CharField(
        _("charged"), max_length=5, choices=PricePeriod, default=PricePeriod.ONCE
    )
    # What it costs us; never shown to who orders.
    cost = models.DecimalField(
        _("cost"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    # A later rise of the price by more than this share of it needs approval again (`REQ-2`).
    price_tolerance_percent = models.PositiveSmallIntegerField(
        _("price may rise by (%)"), default=0, validators=[MaxValueValidator(100)]
    )

    form = _link(FieldSet, _("form"))
    approval = _link(ApprovalPolicy, _("approval"))
    # Silence of the approvers counts as yes (`APP-7`); see `approves_by_silence`.
    auto_approve = models.BooleanField(
        _("approved when nobody answers"),
        default=False,
        help_text=_("Only for things that are free and not confidential."),
    )
    plan = _link(TaskPlan, _("plan"))
    service = _link(Service, _("service"))
    team = _link(Team, _("team"), help_text=_("Empty: the team of the department."))
    # Who answers for the item and may be asked to approve; Wagtail's `owner` is who made the page.
    item_owner = _link(
        settings.AUTH_USER_MODEL,
        _("owner"),
        on_delete=models.SET_NULL,
        related_name="owned_catalog_items",
    )

    bundle = _link(
        Bundle,
        _("bundle"),
        help_text=_("It orders these items; its own form asks the questions common to them."),
    )
    # Access, accounts, subscriptions: when the person leaves, this is ordered to end it.
    ended_by = _link(
        "self",
        _("ended by"),
        on_delete=models.SET_NULL,
        related_name="ends",
        help_text=_("Ordered when who has it leaves. Empty: nothing has to be ended."),
    )

    calendar = _link(BusinessCalendar, _("calendar"))
    # Working days of the calendar from the approval to the delivery; 0 is the same day.
    delivery_business_days = models.PositiveSmallIntegerField(
        _("delivered within (working days)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(730)],
    )
    # Every word it can be found by, folded and with its stems, between blanks; made by `save`.
    # A catalog is small enough to be looked through, and found alike on every database.
    tokens = models.TextField(blank=True, editable=False)
    # The key it had where it was imported from; empty for our own.
    source_reference = models.CharField(max_length=200, blank=True, editable=False)

    objects = PageManager.from_queryset(CatalogItemQuerySet)()

    template = "catalog/offerings/item.html"
    parent_page_types = ["offerings.DepartmentPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldRowPanel([FieldPanel("icon"), FieldPanel("category")]),
        FieldRowPanel([FieldPanel("keywords"), FieldPanel("is_pinned")]),
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldPanel("only_organizations"),
                FieldPanel("only_locations"),
                FieldPanel("only_groups"),
                FieldPanel("is_private"),
            ],
            heading=_("Who may order it"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
                FieldRowPanel([FieldPanel("price_period"), FieldPanel("is_starting_price")]),
                FieldRowPanel([FieldPanel("cost"), FieldPanel("price_tolerance_percent")]),
            ],
            heading=_("Price"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("form"),
                FieldRowPanel([FieldPanel("approval"), FieldPanel("auto_approve")]),
                FieldPanel("plan"),
                FieldRowPanel([FieldPanel("team"), FieldPanel("service")]),
                FieldPanel("item_owner"),
                FieldRowPanel([FieldPanel("bundle"), FieldPanel("ended_by")]),
                FieldRowPanel([FieldPanel("delivery_business_days"), FieldPanel("calendar")]),
            ],
            heading=_("How it is delivered"),
        ),
    ]

    class Meta:
        verbose_name = _("item of the catalog")
        verbose_name_plural = _("items of the catalog")
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="item_price_not_below_0"),
            # An importer run twice finds its own rows.
            models.UniqueConstraint(
                fields=["source_reference"],
                condition=~models.Q(source_reference=""),
                name="item_source_reference_once",
            ),
        ]

    def clean(self):
        """Silence is no consent where money or secrets are concerned (`APP-7`)."""
        super().clean()
        if self.bundle_id and (self.approval_id or self.plan_id or self.price):
            raise ValidationError(
                {
                    "bundle": _(
                        "Its items have prices, approvals and plans of their own. Clear these."
                    )
                }
            )
        if self.auto_approve and (self.price or self.is_starting_price or self.is_private):
            raise ValidationError(
                {"auto_approve": _("Only what is free and not private can be approved by silence.")}
            )

    def serve(self, request, *args, **kwargs):
        """Outside its audience an item does not exist (`VIS-1`)."""
        if not CatalogItem.objects.visible_to(request.user).filter(pk=self.pk).exists():
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        """The page without its form, for previews; one query for the department."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"item": self, "department": self.department}

    def save(self, *args, **kwargs):
        """Save, with the words it is found by."""
        text = f"{self.title} {self.keywords} {self.summary} {self.plain_text}"
        self.tokens = f" {' '.join(dict.fromkeys(tokens_of(text)))} "
        return super().save(*args, **kwargs)

    @property
    def plain_text(self) -> str:
        """The text without its markup."""
        return " ".join(self.body.stream_block.get_searchable_content(self.body))

    @cached_property
    def department(self) -> DepartmentPage:
        """One query for each object."""
        return DepartmentPage.objects.parent_of(self).select_related("team", "organization").get()

    @property
    def queue(self) -> Team | None:
        """The team that delivers: its own, else the department's. Up to two queries."""
        return self.team or self.department.team

    @property
    def makes_confidential(self) -> bool:
        """Whether a request for it is confidential. One query unless it is private by itself."""
        return self.is_private or self.department.is_confidential

    @property
    def approves_by_silence(self) -> bool:
        """Whether a time-out approves: flagged, and neither money nor secrets are concerned."""
        is_free = not self.price and not self.is_starting_price
        return self.auto_approve and is_free and not self.makes_confidential

    @property
    def reached(self) -> models.Model | None:
        """What deliveries were like lately; None when nothing was ordered. `with_card` joins it."""
        return getattr(self, "figure", None)

    @property
    def lowest_price(self) -> Decimal:
        """What it costs with the cheapest answers. Reads the form, which `with_card` joins."""
        version = self.form.current if self.is_starting_price and self.form else None
        return self.price + least_price(version.questions) if version else self.price

    @property
    def price_text(self) -> str:
        """ "From €980", "€22 a month", "Free"."""
        return price_text(
            self.lowest_price,
            self.currency,
            monthly=self.price_period == self.PricePeriod.MONTH,
            starting=self.is_starting_price,
        )

    @property
    def approval_text(self) -> str:
        """ "Manager approves", "Approval above €500": the first step of what `with_card` read. An
        item read without it says only that approval is needed.
        """
        if self.approval_id is None:
            return ""
        count = getattr(self, "step_count", 1)
        if not count:
            return ""
        above = getattr(self, "first_above", None)
        if above is not None:
            return _now("Approval above %(money)s") % {"money": money_text(above, self.currency)}
        text = FIRST_APPROVER.get(getattr(self, "first_approver", ""), _("Needs approval"))
        return str(text) if count == 1 else _now("%(first)s first") % {"first": text}

    @property
    def delivery_text(self) -> str:
        """ "5 working days", "Same day"; empty when nothing is promised. Reads the calendar."""
        if self.delivery_business_days is None:
            return ""
        is_daily = self.calendar is not None and self.calendar.always_open
        return days_text(self.delivery_business_days, working=not is_daily)

    def promised_by(self, start: datetime) -> datetime | None:
        """When it is promised to be there, if work can begin at `start`, in UTC: so many working
        days later at the same time of day. None without a promise or a calendar that ever opens.
        """
        days = self.delivery_business_days
        if days is None or self.calendar is None:
            return None
        schedule = self.calendar.schedule()
        with contextlib.suppress(NeverOpenError):
            if days:
                return business_days(schedule, start, days, SAME_TIME)
            opening = next_opening(schedule, start)
            return last_closing(schedule, opening.astimezone(ZoneInfo(schedule.zone)).date())
        return None
