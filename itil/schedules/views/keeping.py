"""A schedule is described: anew, or otherwise."""

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from itil.schedules import actions, permissions
from itil.schedules.definition import opener_of
from itil.schedules.forms import ScheduleForm
from itil.tickets.errors import Refused
from portal.ui.pages import DutyPage, VerbPage

from .records import DUTIES, ScheduleAction

# Nothing is saved: the page comes again with the next dates.
PREVIEW = "preview"
FRAGMENT = "dates"


class ChooseKind(DutyPage, TemplateView):
    """What a new schedule opens."""

    duties = DUTIES
    template_name = "itil/schedules/choose.html"

    def get_context_data(self, **kwargs):
        kinds = permissions.kinds_for(self.request.user)
        if not kinds:
            raise Http404
        return super().get_context_data(kinds=kinds, **kwargs)


class Described:
    """The form with the dates that the rule would give."""

    refusals = (Refused,)
    template_name = "itil/schedules/edit.html"

    @cached_property
    def now(self):
        return timezone.now()

    def form(self, opener, **more):
        data = self.request.POST if self.request.method == "POST" else None
        return ScheduleForm(data, opener=opener, user=self.request.user, now=self.now, **more)

    def post(self, request, *args, **kwargs):
        htmx = getattr(request, "htmx", None)
        if htmx and htmx.target == FRAGMENT:
            self.check()
            self.template_name = "itil/schedules/_dates.html"
            return self.previewed()
        if PREVIEW in request.POST:
            self.check()
            return self.previewed()
        return super().post(request, *args, **kwargs)

    def previewed(self):
        """The page, or the dates alone, with what was typed; what is wrong with it is said."""
        form = self.get_form()
        form.is_valid()
        return self.show(form)


class NewSchedule(Described, VerbPage):
    duties = DUTIES
    title = gettext_lazy("New schedule")
    button = gettext_lazy("Save the schedule")

    def check(self):
        if self.opener not in permissions.kinds_for(self.request.user):
            raise Http404

    @cached_property
    def opener(self):
        try:
            return opener_of(self.kwargs["kind"])
        except Refused as refusal:
            raise Http404 from refusal

    def get_form(self):
        return self.form(self.opener, initial={"first_on": timezone.localdate(self.now)})

    def perform(self, form):
        return actions.create_schedule(
            by=self.request.user,
            at=self.now,
            kind=self.opener.kind,
            values=form.values,
            **form.columns,
        )

    def get_success_message(self, result):
        return _("“%(name)s” is switched on.") % {"name": result}

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(opener=self.opener, **kwargs)


class EditSchedule(Described, ScheduleAction):
    template_name = "itil/schedules/edit.html"
    title = gettext_lazy("Change the schedule")
    button = gettext_lazy("Save the schedule")
    success_message = gettext_lazy("The schedule is changed.")

    @cached_property
    def opener(self):
        try:
            return opener_of(self.record.kind)
        except Refused as refusal:
            raise Http404 from refusal

    def get_form(self):
        return self.form(self.opener, schedule=self.record)

    def show(self, form, status=200):
        if status == 409:
            # Saving again then goes by the state just read.
            form.data = form.data.copy()
            form.data["version"] = self.record.version
        return super().show(form, status)

    def perform(self, form):
        return actions.edit_schedule(
            self.record,
            by=self.request.user,
            at=self.now,
            version=form.cleaned_data["version"] or 0,
            values=form.values,
            **form.columns,
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(opener=self.opener, **kwargs)
