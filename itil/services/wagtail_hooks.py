"""The admin screen of the services."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Service, ServiceOffering


class ServiceViewSet(ModelViewSet):
    model = Service
    icon = "cogs"
    menu_label = _("Services")
    menu_order = 290
    add_to_settings_menu = True
    list_display = ["name", "team", "criticality", "active"]
    search_fields = ["name"]
    panels = [
        *(
            FieldPanel(name)
            for name in (
                "name",
                "description",
                "owner",
                "team",
                "criticality",
                "status",
                "support_hours",
                "active",
            )
        )
    ]


class OfferingViewSet(ModelViewSet):
    model = ServiceOffering
    icon = "list-ul"
    menu_label = _("Service offerings")
    menu_order = 291
    add_to_settings_menu = True
    list_display = ["name", "service", "active"]
    search_fields = ["name"]
    panels = [*(FieldPanel(name) for name in ("service", "name", "terms", "active"))]


@hooks.register("register_admin_viewset")
def service_screens():
    return [ServiceViewSet(), OfferingViewSet()]
