"""What a ticket has to do with others: shown, added and taken away."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk import actions, permissions
from itil.desk.forms.relating import ABOVE, BELOW, RelateForm
from itil.desk.links import family, related
from itil.desk.search import matching, number_in
from itil.tickets.models import LinkType, Ticket

from .acting import TicketAction

# So many records are offered; whoever misses one types more words.
OFFERED = 20


class Related(TicketAction):
    """All links of a ticket. GET finds the other record, POST relates the two."""

    template_name = "itil/desk/related.html"
    title = gettext_lazy("Related")

    @cached_property
    def other(self) -> Ticket | None:
        number = self.request.POST.get("to") or self.request.GET.get("to")
        if not number:
            return None
        return get_object_or_404(Ticket.objects.visible_to(self.request.user), number=number)

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        initial = {"to": self.other.number if self.other else ""}
        return RelateForm(data, initial=initial)

    def get_context_data(self, **kwargs):
        ticket, user = self.record, self.request.user
        words = self.request.GET.get("q", "")
        return super().get_context_data(
            links=related(ticket, user),
            family=family(ticket, user),
            may_link=permissions.may_link(user, ticket),
            words=words,
            offered=self.offered(words),
            other=self.other,
            **kwargs,
        )

    def offered(self, words: str) -> list[Ticket]:
        """The records with these words or this number, but for itself; the newest first."""
        if not words.strip() or self.other is not None:
            return []
        visible = Ticket.objects.visible_to(self.request.user).exclude(pk=self.record.pk)
        number = number_in(words)
        found = (
            visible.filter(number=number) if number else matching(visible, words, self.request.user)
        )
        return list(found.select_related("requester").order_by("-received_at", "-pk")[:OFFERED])

    def perform(self, form):
        if self.other is None:
            raise Http404
        ticket, other, by = self.record, self.other, self.request.user
        how = form.cleaned_data["how"]
        if how == ABOVE:
            return actions.set_parent(ticket, other, by=by)
        if how == BELOW:
            return actions.set_parent(other, ticket, by=by)
        if how.startswith("inverse:"):
            return actions.link(other, ticket, how.removeprefix("inverse:"), by=by)
        return actions.link(ticket, other, how, by=by)

    def get_success_url(self):
        return reverse("desk:related", args=[self.record.number])

    def get_success_message(self, result):
        return _("%(number)s and %(other)s are linked.") % {
            "number": self.record.number,
            "other": self.other.number,
        }


class Unrelate(TicketAction):
    """Ends one link, or takes the ticket out from below another one."""

    template_name = ""

    def perform(self, form):
        by = self.request.user
        visible = Ticket.objects.visible_to(by)
        other = get_object_or_404(visible, number=self.request.POST.get("to", ""))
        how = self.request.POST.get("how", "")
        if how == ABOVE and self.record.parent_id == other.pk:
            return actions.set_parent(self.record, None, by=by)
        if how == BELOW and other.parent_id == self.record.pk:
            return actions.set_parent(other, None, by=by)
        if how not in LinkType.values:
            raise Http404
        return actions.unlink(self.record, other, how, by=by)

    def get_success_url(self):
        return reverse("desk:related", args=[self.record.number])

    def get_success_message(self, result):
        return _("The link is ended.") if result else _("There was no such link any more.")
