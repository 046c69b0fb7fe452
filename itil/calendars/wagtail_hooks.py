"""The admin screens of business calendars."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from .forms import CalendarForm, DayForm, OpeningForm
from .models import BusinessCalendar


class OpeningsPanel(InlinePanel):
    """Openings entered as HH:MM."""

    form = OpeningForm

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.form
        return options


class DaysPanel(OpeningsPanel):
    """Special days entered as HH:MM."""

    form = DayForm


class BusinessCalendarViewSet(ModelViewSet):
    model = BusinessCalendar
    icon = "time"
    menu_label = _("Calendars")
    menu_order = 310
    add_to_settings_menu = True
    list_display = ["name", "time_zone", "always_open", "holiday_country", "version"]
    search_fields = ["name"]
    inspect_view_enabled = True
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("time_zone"), FieldPanel("always_open")]),
            OpeningsPanel(
                "openings",
                panels=[
                    FieldRowPanel(
                        [FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")]
                    ),
                    FieldPanel("effective_from"),
                ],
                heading=_("Opening hours of the week"),
                label=_("Opening"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("holiday_country"), FieldPanel("holiday_subdivision")]
                    ),
                    FieldPanel("holiday_policy"),
                ],
                heading=_("Public holidays"),
            ),
            DaysPanel(
                "days",
                panels=[
                    FieldRowPanel([FieldPanel("on"), FieldPanel("kind")]),
                    FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
                    FieldPanel("name"),
                ],
                heading=_("Special days"),
                label=_("Special day"),
            ),
        ],
        base_form_class=CalendarForm,
    )


@hooks.register("register_admin_viewset")
def register_calendars():
    return BusinessCalendarViewSet("calendars")
