"""The admin screen of the kinds of work."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Activity


class ActivityViewSet(ModelViewSet):
    model = Activity
    icon = "time"
    menu_label = _("Activities")
    menu_order = 330
    add_to_settings_menu = True
    list_display = ["name", "kind", "billable", "active"]
    search_fields = ["name"]
    panels = [*(FieldPanel(name) for name in ("name", "kind", "billable", "active"))]


@hooks.register("register_admin_viewset")
def activity_screens():
    return ActivityViewSet()
