"""The admin screens of business calendars and holiday lists."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import (
    CreateView,
    EditView,
    PermissionCheckedMixin,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from . import actions
from .errors import HolidayFileRefused
from .forms import (
    CalendarForm,
    DayForm,
    FillForm,
    HolidayDateForm,
    HolidayListForm,
    OpeningForm,
    UploadForm,
)
from .models import BusinessCalendar, HolidayList
from .tables import coming_days

# What two people do at once is told apart by the lock that a form takes.
in_one_transaction = method_decorator(transaction.atomic, name="post")


class RowsPanel(InlinePanel):
    """Rows entered through a form of ours."""

    def __init__(self, *args, form, **kwargs):
        super().__init__(*args, **kwargs)
        self.form = form

    def clone_kwargs(self):
        return super().clone_kwargs() | {"form": self.form}

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.form
        return options


# --- Calendars -----------------------------------------------------------------------------------


class ComingDaysPanel(HelpPanel):
    """When a saved calendar is open on the coming days, in words."""

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context=None):
            # Fresh from the database: the instance holds what is being typed.
            calendar = BusinessCalendar.objects.get(pk=self.instance.pk)
            today = timezone.localdate(timezone=ZoneInfo(calendar.time_zone))
            return super().get_context_data(parent_context) | {
                "calendar": calendar,
                "days": coming_days(calendar.schedule(), today),
            }


class SaysOverlaps:
    """Tells about openings that overlap, once they are saved."""

    def form_valid(self, form):
        response = super().form_valid(form)
        for sentence in form.overlaps():
            messages.warning(self.request, sentence)
        return response


class CalendarCreateView(SaysOverlaps, CreateView):
    pass


@in_one_transaction
class CalendarEditView(SaysOverlaps, EditView):
    pass


class BusinessCalendarViewSet(ModelViewSet):
    model = BusinessCalendar
    icon = "time"
    menu_label = _("Calendars")
    menu_order = 310
    add_to_settings_menu = True
    list_display = ["name", "time_zone", "always_open", "holiday_country", "version"]
    search_fields = ["name"]
    inspect_view_enabled = True
    add_view_class = CalendarCreateView
    edit_view_class = CalendarEditView
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("time_zone"), FieldPanel("always_open")]),
            RowsPanel(
                "openings",
                form=OpeningForm,
                panels=[
                    FieldRowPanel(
                        [FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")]
                    ),
                    FieldPanel(
                        "effective_from",
                        heading=_("Valid from"),
                        help_text=_(
                            "The hours of all weeks from this date on; empty: from the beginning."
                        ),
                    ),
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
            InlinePanel(
                "holiday_lists",
                panels=[FieldPanel("holiday_list")],
                heading=_("Holiday lists"),
                label=_("Holiday list"),
                help_text=_("Of two lists that name the same date the upper one counts."),
            ),
            RowsPanel(
                "days",
                form=DayForm,
                panels=[
                    FieldRowPanel([FieldPanel("on"), FieldPanel("kind")]),
                    FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
                    FieldPanel("name"),
                ],
                heading=_("Special days"),
                label=_("Special day"),
            ),
            ComingDaysPanel(
                template="itil/calendars/admin/_coming_days.html",
                heading=_("Open on the coming 14 days, as saved"),
            ),
        ],
        base_form_class=CalendarForm,
    )


# --- Holiday lists -------------------------------------------------------------------------------


@in_one_transaction
class HolidayListEditView(EditView):
    """The dates of a list, with the ways to have them written by the computer."""

    @cached_property
    def header_more_buttons(self) -> list[Component]:
        return [
            Button(
                _now("Fill with public holidays"),
                url=reverse("holiday_lists:fill", args=[self.object.pk]),
                icon_name="date",
                priority=5,
            ),
            Button(
                _now("Upload a file"),
                url=reverse("holiday_lists:upload", args=[self.object.pk]),
                icon_name="upload",
                priority=6,
            ),
            *super().header_more_buttons,
        ]


class HolidayListFormView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page that writes dates into a list."""

    permission_policy = ModelPermissionPolicy(HolidayList)
    permission_required = "change"
    template_name = "wagtailadmin/generic/form.html"
    header_icon = "date"
    submit_button_label = _("Save")

    @cached_property
    def holiday_list(self) -> HolidayList:
        return get_object_or_404(HolidayList, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.holiday_list)

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("holiday_lists:edit", args=[self.holiday_list.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("holiday_lists:index"), "label": _now("Holiday lists")},
            {"url": edit, "label": str(self.holiday_list)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(action_url=self.request.path, **kwargs)
        return context | {
            "media": context["form"].media,
            "submit_button_label": self.submit_button_label,
            "submit_button_active_label": _now("Saving…"),
        }

    def done(self, sentence: str) -> HttpResponse:
        """Say what was written and show it."""
        messages.success(self.request, sentence)
        return redirect("holiday_lists:edit", self.holiday_list.pk)


class FillView(HolidayListFormView):
    """Writes the public holidays of a country into a list."""

    form_class = FillForm
    page_title = _("Fill with public holidays")
    submit_button_label = _("Fill")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"holiday_list": self.holiday_list}

    def form_valid(self, form):
        count = actions.fill_from_public_holidays(self.holiday_list, **form.cleaned_data)
        sentence = ngettext(
            "%d date was added; the others were there already.",
            "%d dates were added; the others were there already.",
            count,
        )
        return self.done(sentence % count)


class UploadView(HolidayListFormView):
    """Takes the dates of a file into a list, all or none."""

    form_class = UploadForm
    template_name = "itil/calendars/admin/upload.html"
    page_title = _("Upload a file")
    submit_button_label = _("Upload")

    def form_valid(self, form):
        try:
            count = actions.add_file(self.holiday_list, form.cleaned_data["file"])
        except HolidayFileRefused as refused:
            context = self.get_context_data(form=form, problems=refused.problems)
            return self.render_to_response(context)
        sentence = ngettext(
            "%d date was taken from the file.", "%d dates were taken from the file.", count
        )
        return self.done(sentence % count)


class HolidayListViewSet(ModelViewSet):
    model = HolidayList
    name = "holiday_lists"
    url_prefix = "holiday-lists"
    icon = "date"
    menu_label = _("Holiday lists")
    menu_order = 311
    add_to_settings_menu = True
    list_display = ["name", "country", "subdivision", "version"]
    search_fields = ["name"]
    copy_view_enabled = False
    edit_view_class = HolidayListEditView
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            RowsPanel(
                "dates",
                form=HolidayDateForm,
                panels=[
                    FieldRowPanel([FieldPanel("on"), FieldPanel("name")]),
                    FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
                ],
                heading=_("Dates"),
                label=_("Holiday"),
                help_text=_("Without times the calendars are closed all day."),
            ),
        ],
        base_form_class=HolidayListForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("fill/<int:pk>/", FillView.as_view(), name="fill"),
            path("upload/<int:pk>/", UploadView.as_view(), name="upload"),
        ]


@hooks.register("register_admin_viewset")
def register_calendars():
    return [BusinessCalendarViewSet("calendars"), HolidayListViewSet("holiday_lists")]
