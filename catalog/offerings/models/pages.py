"""The front of the catalog and the desks of its departments."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager

from catalog.offerings.querysets import DepartmentQuerySet
from knowledgebase.models import OpenPage
from portal.people.models import Organization, Team

from .signs import sign_choices

# The catalog stands at this address whatever it is called: forms and mails link to it.
CATALOG_SLUG = "catalog"


class CatalogPage(OpenPage):
    """The front: every department with its first items. Drawn by `views.front`."""

    introduction = models.CharField(
        _("introduction"),
        max_length=250,
        blank=True,
        default=_("Pick what you need. Price and delivery time are shown before you order."),
    )

    max_count = 1
    subpage_types = ["offerings.DepartmentPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    # Its address is fixed, and nothing else stands on the second form.
    promote_panels = []
    preview_modes = []

    class Meta:
        verbose_name = _("catalog")

    @property
    def address(self) -> str:
        return reverse("offerings:front")


class DepartmentPage(OpenPage):
    """The desk of one department: what it offers, who works on it. Drawn by `views.department`."""

    introduction = models.CharField(_("introduction"), max_length=250, blank=True)
    icon = models.CharField(_("icon"), max_length=40, choices=sign_choices, default="layout-grid")
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="catalog_departments",
        verbose_name=_("department"),
    )
    # Its queue, for items that name none of their own.
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="catalog_departments",
        verbose_name=_("team"),
        help_text=_("Works on what is ordered here, unless an item names another team."),
    )
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Requests are seen by those concerned and by the team only."),
    )

    objects = PageManager.from_queryset(DepartmentQuerySet)()

    parent_page_types = ["offerings.CatalogPage"]
    subpage_types = ["offerings.CatalogItem"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("icon"),
        MultiFieldPanel(
            [FieldPanel("organization"), FieldPanel("team"), FieldPanel("is_confidential")],
            heading=_("Whose desk"),
        ),
    ]
    preview_modes = []

    class Meta:
        verbose_name = _("department of the catalog")
        verbose_name_plural = _("departments of the catalog")

    @property
    def address(self) -> str:
        return reverse("offerings:department", args=[self.slug])
