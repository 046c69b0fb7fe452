"""The admin screens of the kinds of work, and of who works when."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Absence, Activity, WorkingHours


class ActivityViewSet(ModelViewSet):
    model = Activity
    icon = "time"
    menu_label = _("Activities")
    menu_order = 330
    add_to_settings_menu = True
    list_display = ["name", "kind", "billable", "active"]
    search_fields = ["name"]
    panels = [*(FieldPanel(name) for name in ("name", "kind", "billable", "active"))]


class WorkingHoursViewSet(ModelViewSet):
    model = WorkingHours
    icon = "calendar-alt"
    menu_label = _("Working hours")
    menu_order = 340
    add_to_settings_menu = True
    list_display = ["person", "calendar", "since"]
    list_filter = ["calendar"]
    search_fields = ["person__name"]
    panels = [*(FieldPanel(name) for name in ("person", "calendar", "since"))]


class AbsenceViewSet(ModelViewSet):
    model = Absence
    icon = "date"
    menu_label = _("Absences")
    menu_order = 342
    add_to_settings_menu = True
    list_display = ["person", "first_on", "last_on"]
    search_fields = ["person__name"]
    panels = [*(FieldPanel(name) for name in ("person", "first_on", "last_on"))]


@hooks.register("register_admin_viewset")
def time_screens():
    return [ActivityViewSet(), WorkingHoursViewSet(), AbsenceViewSet()]
