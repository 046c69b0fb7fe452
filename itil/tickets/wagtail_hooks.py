"""The admin screens of ticket categories, and of the further fields that records have."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Category, TicketFields


class CategoryViewSet(ModelViewSet):
    model = Category
    icon = "list-ul"
    menu_label = _("Categories")
    menu_order = 295
    add_to_settings_menu = True
    list_display = ["name", "parent", "active"]
    search_fields = ["name"]
    panels = [*(FieldPanel(name) for name in ("name", "parent", "active"))]


class FieldsViewSet(ModelViewSet):
    model = TicketFields
    name = "ticket_fields"
    url_prefix = "ticket-fields"
    icon = "form"
    menu_label = _("Fields of tickets")
    menu_order = 296
    add_to_settings_menu = True
    list_display = [
        Column("records", label=_("Records"), accessor=str),
        "form",
        BooleanColumn("at_report", label=_("Asked at the report")),
    ]
    panels = [
        HelpPanel(
            content=_(
                "The form of the nearest category applies, then that of the service, then that of"
                " the kind. Records that were filled in keep the version they were filled in with."
            )
        ),
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("service"), FieldPanel("category")]),
        FieldPanel("form"),
        FieldPanel("at_report"),
    ]


@hooks.register("register_admin_viewset")
def fields_screens():
    return FieldsViewSet()


@hooks.register("register_admin_viewset")
def category_screens():
    return CategoryViewSet()
