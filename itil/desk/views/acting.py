"""What agents do to a ticket: each page takes a form, calls a verb and goes back."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk import actions
from itil.desk.clock import courtesy_until
from itil.desk.forms import (
    AssignForm,
    ClassificationForm,
    MessageForm,
    PriorityForm,
    TeamForm,
    form_for,
)
from itil.desk.recipients import recipients_of
from itil.tickets.errors import Refused
from itil.tickets.lifecycle import Mark
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage

from .previewing import Previewed
from .stepping import StepPage
from .ticket import TicketPage, TicketRecord


class TicketAction(TicketRecord, ActionPage):
    """A verb on the ticket of the URL."""

    refusals = (Refused,)
    template_name = "itil/desk/action.html"
    button = gettext_lazy("Save")

    def get_context_data(self, **kwargs):
        return super().get_context_data(ticket=self.record, **kwargs)


class Move(StepPage, TicketAction):
    """One step of the life cycle."""

    @cached_property
    def children(self) -> list[Ticket]:
        """The open tickets below it: resolved with it, left open by a cancellation (`INC-4`)."""
        if self.row.marks not in (Mark.RESOLVED, Mark.CANCELLED):
            return []
        return list(self.record.children.open().select_related("requester").order_by("pk"))

    def get_template_names(self):
        if not self.children:
            return [self.template_name]
        is_resolved = self.row.marks == Mark.RESOLVED
        return ["itil/desk/resolve.html" if is_resolved else "itil/desk/cancel.html"]

    def get_context_data(self, **kwargs):
        """Who gets a mail about what, before anything is resolved (`INC-4`)."""
        context = super().get_context_data(**kwargs)
        if self.children:
            visible = Ticket.objects.visible_to(self.request.user).filter(parent=self.record.pk)
            seen = set(visible.values_list("pk", flat=True))
            known = [child for child in self.children if child.pk in seen]
            mails, unreached = recipients_of([self.record, *known], without=self.request.user)
            context |= {
                "children": known,
                "children_count": len(self.children),
                "mails": mails,
                "unreached": unreached,
            }
        return context

    def get_form(self):
        return form_for(
            self.kwargs["verb"],
            self.record.specific,
            data=self.request.POST if self.request.method == "POST" else None,
            tickets=Ticket.objects.visible_to(self.request.user),
            courtesy_until=self.courtesy_until,
        )

    @cached_property
    def courtesy_until(self) -> datetime | None:
        """Until when a resolution may call the reopening before it a courtesy; None: not now."""
        until = courtesy_until(self.record) if "courtesy" in self.row.guards else None
        return until if until is not None and timezone.now() <= until else None

    def perform(self, form):
        values, by = form.cleaned_data, self.request.user
        if values.get("cancel_reason") == "duplicate" and values.get("merged_into"):
            # A duplicate brings its conversation and its people along.
            return actions.merge(self.record, values["merged_into"], by=by, note=values["note"])
        return actions.move(self.record, self.kwargs["verb"], by=by, values=values)


class Say(TicketAction):
    """A reply or a note from the composer; what was typed stays when it is refused."""

    template_name = "itil/desk/ticket.html"
    form_class = MessageForm

    def get(self, request, *args, **kwargs):
        return self.leave()

    def get_context_data(self, **kwargs):
        """The whole page of the ticket around the composer."""
        page = TicketPage()
        page.setup(self.request, **self.kwargs)
        return page.get_context_data(
            message_form=kwargs["form"], composing=self.request.POST.get("as", "")
        )

    def perform(self, form):
        values = {
            "by": self.request.user,
            "text": form.cleaned_data["text"],
            "attachments": form.cleaned_data["attachments"],
        }
        if self.request.POST.get("as") == "note":
            return actions.note(self.record, **values)
        if self.request.POST.get("as") == "ask":
            return actions.move(
                self.record,
                "hold",
                by=self.request.user,
                values={
                    "hold_reason": "awaiting_requester",
                    "note": values["text"],
                    "attachments": values["attachments"],
                },
            )
        return actions.reply(self.record, **values)

    def get_success_message(self, result):
        if self.request.POST.get("as") == "note":
            return _("The note is on the ticket.")
        return _("Sent to %(name)s.") % {"name": self.record.requester}


class Take(TicketAction):
    template_name = ""
    success_message = gettext_lazy("It is yours now.")

    def perform(self, form):
        return actions.take(self.record, by=self.request.user)


class TakeOver(TicketAction):
    template_name = ""
    success_message = gettext_lazy("You took it over.")

    def perform(self, form):
        return actions.take_over(self.record, by=self.request.user)


class Assign(TicketAction):
    title = gettext_lazy("Assign")
    button = gettext_lazy("Assign")

    def get_form(self):
        return AssignForm(self.request.POST or None, ticket=self.record)

    def perform(self, form):
        person = form.cleaned_data["person"]
        if person is None:
            return actions.unassign(self.record, by=self.request.user)
        return actions.assign(self.record, person, by=self.request.user)

    def get_success_message(self, result):
        return _("Assigned to %(name)s.") % {"name": self.record.assignee or _("nobody")}


class HandOver(TicketAction):
    title = gettext_lazy("Hand over to another team")
    button = gettext_lazy("Hand over")

    def get_form(self):
        return TeamForm(self.request.POST or None, ticket=self.record)

    def perform(self, form):
        return actions.hand_over(self.record, form.cleaned_data["team"], by=self.request.user)

    def get_success_url(self):
        visible = Ticket.objects.visible_to(self.request.user).filter(pk=self.record.pk).exists()
        return self.record.get_absolute_url() if visible else reverse("desk:queue")

    def get_success_message(self, result):
        return _("%(number)s is with %(team)s now.") % {
            "number": self.record.number,
            "team": self.record.team,
        }


class Edit(Previewed, TicketAction):
    title = gettext_lazy("Change the classification")

    def get_form(self):
        return ClassificationForm(self.request.POST or None, ticket=self.record)

    def effects(self, form):
        return actions.effects_of_edit(
            self.record, form.changes(), by=self.request.user, at=self.now
        )

    def perform(self, form):
        return actions.edit(
            self.record,
            by=self.request.user,
            version=form.cleaned_data["version"],
            changes=form.changes(),
        )

    def get_success_message(self, result):
        return _("Saved.")

    def show(self, form, status=200):
        if status == 409:
            # What was typed stays; saving again then goes by the state just read.
            form.data = form.data.copy()
            form.data["version"] = self.record.version
        return super().show(form, status)


class SetPriority(Previewed, TicketAction):
    title = gettext_lazy("Set the priority by hand")

    def get_form(self):
        return PriorityForm(self.request.POST or None, initial={"priority": self.record.priority})

    def effects(self, form):
        priority = form.cleaned_data.get("priority", self.record.priority)
        return actions.effects_of_priority(self.record, priority, by=self.request.user, at=self.now)

    def perform(self, form):
        return actions.override_priority(
            self.record,
            form.cleaned_data["priority"],
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )


class LiftPriority(TicketAction):
    template_name = ""
    success_message = gettext_lazy("The priority follows impact and urgency again.")

    def perform(self, form):
        return actions.lift_override(self.record, by=self.request.user)
