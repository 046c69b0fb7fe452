"""The items of a ticket, the evidence of what fails with them, and the tickets of an item."""

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from itil.cmdb.models import ConfigurationItem
from itil.cmdb.querysets import key_of
from itil.desk import actions
from itil.desk.actions.items import kept_impact, may_attach
from itil.desk.forms.items import AttachForm
from itil.services.models import Service
from itil.tickets.models import ImpactEvidence, Ticket
from portal.ui.pages import DetailPage, DutyPage

from .acting import TicketAction
from .ticket import TicketRecord

MOST = 15
MOST_TICKETS = 50
ITEM_DUTIES = ("is_agent", "sees_all_tickets")


class AttachItem(TicketAction):
    """Search for an item, choose it, say what it is to the ticket. Without words: what the
    requester holds, and what provides the service.
    """

    template_name = "itil/desk/attach_item.html"
    title = gettext_lazy("Items of the ticket")
    button = gettext_lazy("Attach")

    @cached_property
    def words(self) -> str:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return asked.get("q", "").replace("\x00", "").strip()[:100]

    @cached_property
    def found(self) -> list[ConfigurationItem]:
        ticket = self.record
        items = ConfigurationItem.objects.visible_to(self.request.user).with_row()
        items = items.exclude(ticket_links__ticket=ticket).order_by("name", "pk")
        if self.words:
            return list(items.matching(self.words)[:MOST])
        person = ticket.requested_for or ticket.requester
        near = list(items.held_by_person(person)[:MOST])
        if ticket.service_id:
            provided = items.filter(
                relations_out__service=ticket.service_id, relations_out__valid_until__isnull=True
            )
            near += [item for item in provided.distinct()[:MOST] if item not in near]
        return near

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return AttachForm(data, items=self.found)

    def get_context_data(self, **kwargs):
        return super().get_context_data(words=self.words, found=self.found, **kwargs)

    def perform(self, form):
        return actions.attach_item(
            self.record,
            form.cleaned_data["item"],
            by=self.request.user,
            role=form.cleaned_data["role"],
        )

    def get_success_message(self, result):
        return _("%(name)s is on the ticket, with what fails with it.") % {"name": result.item}


class ItemOfTicket(TicketAction):
    """A verb on an item of the ticket."""

    template_name = ""

    @cached_property
    def item(self) -> ConfigurationItem:
        seen = ConfigurationItem.objects.visible_to(self.request.user)
        return get_object_or_404(seen, pk=key_of(self.kwargs["item"]) or 0)


class DetachItem(ItemOfTicket):
    success_message = gettext_lazy("The item is no longer on the ticket.")

    def perform(self, form):
        return actions.detach_item(self.record, self.item, by=self.request.user)


class KeepEvidence(ItemOfTicket):
    success_message = gettext_lazy("Found anew. What was found before is kept.")

    def perform(self, form):
        return actions.keep_evidence(self.record, self.item, by=self.request.user)


class Evidence(TicketRecord, DetailPage):
    """What was found to fail with an item, as it was then."""

    template_name = "itil/desk/evidence.html"

    def get_context_data(self, **kwargs):
        ticket = self.record
        seen = ConfigurationItem.objects.visible_to(self.request.user)
        found = get_object_or_404(
            ImpactEvidence.objects.select_related("computed_by", "item__item_class"),
            ticket=ticket,
            pk=self.kwargs["kept"],
            item__in=seen,
        )
        impact = kept_impact(found)
        others = ImpactEvidence.objects.filter(ticket=ticket, item=found.item).exclude(pk=found.pk)
        return super().get_context_data(
            ticket=ticket,
            evidence=found,
            impact=impact,
            way="fails",
            rows=impact.items[:300],
            names=impact.names,
            others=others.only("pk", "computed_at", "ticket"),
            may_attach=may_attach(self.request.user, ticket),
            **kwargs,
        )


class _Tickets(DutyPage, TemplateView):
    """Tickets that this person may see, as a part of a page or, without htmx, a page of its own."""

    duties = ITEM_DUTIES
    template_name = "itil/desk/tickets_about.html"

    def get_template_names(self):
        if getattr(self.request, "htmx", False):
            return ["itil/desk/_tickets_about.html"]
        return [self.template_name]

    def get_context_data(self, **kwargs):
        tickets = self.tickets().order_by("-received_at", "-pk")
        return super().get_context_data(
            tickets=tickets[:MOST_TICKETS], about=self.about, most=MOST_TICKETS, **kwargs
        )


class TicketsOfItem(_Tickets):
    """The tickets of an item, open ones and those that are done."""

    @cached_property
    def about(self) -> ConfigurationItem:
        seen = ConfigurationItem.objects.visible_to(self.request.user)
        return get_object_or_404(seen, pk=key_of(self.kwargs["number"]) or 0)

    def tickets(self):
        return Ticket.objects.visible_to(self.request.user).filter(item_links__item=self.about)


class TicketsOfService(_Tickets):
    """The open tickets about a service."""

    @cached_property
    def about(self) -> Service:
        return get_object_or_404(Service, pk=self.kwargs["pk"])

    def tickets(self):
        return Ticket.objects.visible_to(self.request.user).filter(service=self.about).open()

    def get_context_data(self, **kwargs):
        return super().get_context_data(total=self.tickets().count(), **kwargs)
