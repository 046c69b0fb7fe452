"""A schedule is switched, or run by hand."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.schedules import actions
from itil.schedules.forms import RunForm, SwitchForm
from itil.schedules.models import ScheduleRun

from .records import ScheduleAction


class Switch(ScheduleAction):
    """Off or on, as the button said."""

    template_name = ""
    form_class = SwitchForm

    def perform(self, form):
        return actions.switch(
            self.record,
            by=self.request.user,
            at=timezone.now(),
            version=form.cleaned_data["version"],
            is_active=form.cleaned_data["on"],
        )

    def get_success_message(self, result):
        if result.is_active:
            return _("“%(name)s” is switched on.") % {"name": result}
        return _("“%(name)s” is switched off; nothing is opened any more.") % {"name": result}


class RunNow(ScheduleAction):
    """Asked first; what comes of it stands in the log."""

    form_class = RunForm
    title = gettext_lazy("Run it now")
    button = gettext_lazy("Open it now")

    def get_form_kwargs(self):
        if self.request.method == "POST":
            return super().get_form_kwargs()
        return {"initial": {"asked_at": f"{timezone.now():%Y-%m-%dT%H:%M:%S.%f%z}"}}

    def perform(self, form):
        return actions.run_now(
            self.record,
            by=self.request.user,
            at=timezone.now(),
            asked_at=form.cleaned_data["asked_at"],
        )

    def get_success_message(self, result):
        if result.outcome == ScheduleRun.Outcome.FAILED:
            messages.error(self.request, result.reason)
            return ""
        return _("%(number)s is open.") % {"number": result.ticket.number}
