"""One entry: what was booked, its history, and what may still be done about it."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from itil.desk import actions, permissions
from itil.desk.forms import CorrectForm, WhyForm
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets import permissions as entries_of
from itil.timesheets.models import EntryState, TimeEntry
from itil.timesheets.recipients import deciders_of
from itil.timesheets.timeline import story
from portal.ui.pages import ActionPage, DetailPage

# Who has entries of their own, or those of others to look at.
DUTIES = ("is_agent", "is_manager", "is_billing_clerk", "is_administrator")


class EntryRecord:
    """Finds the entry of the URL."""

    model = TimeEntry
    lookup = "uuid"
    duties = DUTIES

    def get_queryset(self):
        return TimeEntry.objects.visible_to(self.request.user).select_related(
            "ticket", "agent", "activity", "approved_by"
        )

    @cached_property
    def is_readable(self) -> bool:
        """The ticket itself is open to this person."""
        tickets = Ticket.objects.visible_to(self.request.user)
        return tickets.filter(pk=self.record.ticket_id).exists()

    @property
    def number(self) -> str:
        """The number of the ticket, for who may open it and who worked on it."""
        is_own = self.record.agent_id == self.request.user.pk
        return self.record.ticket.number if self.is_readable or is_own else ""


class EntryPage(EntryRecord, DetailPage):
    template_name = "itil/timesheets/entry.html"

    def get_context_data(self, **kwargs):
        entry, user = self.record, self.request.user
        may_read = permissions.may_read_note(user, entry)
        decides = entries_of.may_decide(user, entry)
        own = entry.agent_id == user.pk
        corrects = entry.is_correctable and entries_of.may_correct(user, entry)
        return super().get_context_data(
            entry=entry,
            is_readable=self.is_readable,
            number=self.number,
            may_read_note=may_read,
            story=story(entry, texts=may_read),
            deciders=deciders_of(entry) if entry.allows("approve") else [],
            waits=entry.allows("approve"),
            may_correct=corrects,
            may_submit=own and entry.allows("submit"),
            may_approve=decides and entry.allows("approve"),
            may_reject=decides and entry.allows("reject"),
            may_reopen=entry.allows("reopen")
            and entry.state != EntryState.REJECTED
            and entries_of.may_reopen(user, entry),
            may_write_off=entry.allows("write_off") and entries_of.may_write_off(user, entry),
            **kwargs,
        )


class EntryAction(EntryRecord, ActionPage):
    """A verb on the entry of the URL."""

    refusals = (Refused,)
    template_name = "itil/timesheets/action.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            entry=self.record, is_readable=self.is_readable, number=self.number, **kwargs
        )


class Correct(EntryAction):
    title = gettext_lazy("Correct the entry")
    button = gettext_lazy("Save")
    template_name = "itil/timesheets/correct.html"
    success_message = gettext_lazy("Corrected.")

    def get_form(self):
        return CorrectForm(
            self.request.POST or None,
            entry=self.record,
            tickets=Ticket.objects.visible_to(self.request.user),
        )

    def check(self):
        super().check()
        if not entries_of.may_correct(self.request.user, self.record):
            raise Http404

    def show(self, form, status=200):
        form.ask_about_overlap()
        if status == 409:
            # What was typed stays; saving again then goes by the state just read.
            form.data = form.data.copy()
            form.data["version"] = self.record.version
        return super().show(form, status)

    def perform(self, form):
        return actions.correct_time(
            self.record,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            changes=form.changes(),
            version=form.cleaned_data["version"],
            overlap_confirmed=form.cleaned_data["overlap_confirmed"],
        )


class Step(EntryAction):
    """A step towards the invoice that needs no words."""

    template_name = ""
    verbs = {
        "submit": (actions.submit_time, gettext_lazy("Handed in for approval.")),
        "approve": (actions.approve_time, gettext_lazy("Approved.")),
    }

    def perform(self, form):
        verb, _said = self.verbs[self.kwargs["verb"]]
        return verb([self.record], by=self.request.user)

    def get_success_message(self, result):
        return self.verbs[self.kwargs["verb"]][1]


class StepBack(EntryAction):
    """A step that needs a reason."""

    form_class = WhyForm
    steps = {
        "reject": (
            gettext_lazy("Reject"),
            gettext_lazy("Give it back with the reason."),
            gettext_lazy("Rejected."),
        ),
        "reopen": (
            gettext_lazy("Open again"),
            gettext_lazy("It becomes a draft; an approval no longer holds."),
            gettext_lazy("It is a draft again."),
        ),
        "write-off": (
            gettext_lazy("Write off"),
            gettext_lazy("It will not be billed. The reports count it as written off."),
            gettext_lazy("Written off."),
        ),
        "remove": (
            gettext_lazy("Remove"),
            gettext_lazy("For what was booked by mistake. The history keeps who removed it."),
            gettext_lazy("Removed."),
        ),
    }

    @property
    def title(self):
        return self.steps[self.kwargs["verb"]][0]

    def get_form_kwargs(self):
        return {"data": self.request.POST or None}

    def get_context_data(self, **kwargs):
        return super().get_context_data(hint=self.steps[self.kwargs["verb"]][1], **kwargs)

    def perform(self, form):
        entry, by, reason = self.record, self.request.user, form.cleaned_data["reason"]
        match self.kwargs["verb"]:
            case "reject":
                actions.reject_time([entry], by=by, reason=reason)
            case "reopen":
                actions.reopen_time(entry, by=by, reason=reason)
            case "write-off":
                actions.write_off_time(entry, by=by, reason=reason)
            case "remove":
                actions.remove_time(entry, by=by, reason=reason)

    def get_success_message(self, result):
        return self.steps[self.kwargs["verb"]][2]

    def get_success_url(self):
        if self.kwargs["verb"] == "remove":
            return reverse("desk:time_entries")
        return super().get_success_url()

    def refused(self):
        if TimeEntry.objects.filter(pk=self.record.pk).exists():
            super().refused()
