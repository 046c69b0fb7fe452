"""Making one ticket of two, and two of one."""

from django.db.models import Case, Q, When
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.conversation.models import Message
from itil.desk import actions, permissions
from itil.desk.actions.merging import end_of, ensure_mergeable, newcomers
from itil.desk.actions.unmerging import ends_at, ensure_undoable, merge_of
from itil.desk.forms import MergeForm, SplitForm
from itil.desk.search import matching, number_in
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket

from .acting import TicketAction

# So many tickets are offered; whoever misses one types more words.
OFFERED = 20
TITLE_LENGTH = 100


class Merge(TicketAction):
    """Find the other ticket with GET, see what will happen, confirm with POST."""

    template_name = "itil/desk/merge.html"
    title = gettext_lazy("Merge into another ticket")

    @cached_property
    def other(self) -> Ticket | None:
        """The ticket that was chosen, if any, followed to where it was merged itself."""
        number = self.request.POST.get("into") or self.request.GET.get("into")
        if not number:
            return None
        visible = self.get_queryset()
        chosen = get_object_or_404(visible, number=number_in(number) or "")
        end = Ticket.objects.survivor_of(chosen)
        if end.pk in (chosen.pk, self.record.pk):
            return chosen
        return get_object_or_404(visible, pk=end.pk)

    def get_form(self):
        return MergeForm(
            self.request.POST if self.request.method == "POST" else None,
            initial={"into": self.other.number if self.other else ""},
        )

    def get(self, request, *args, **kwargs):
        """A number in the search field goes straight to that ticket."""
        number = number_in(request.GET.get("q", ""))
        if number and self.record and self.get_queryset().filter(number=number).exists():
            return HttpResponseRedirect(f"{request.path}?into={number}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context |= {"words": self.request.GET.get("q", ""), "other": self.other}
        if self.other is None:
            return context | {"offered": self.offered()}
        return context | self.outlook()

    def outlook(self) -> dict:
        """What the merge would do, or why it cannot be done."""
        ticket, other = self.record, self.other
        try:
            end_of(ticket, other)
            ensure_mergeable(ticket, other, by=self.request.user)
        except Refused as refusal:
            return {"refusal": str(refusal)}
        joining, left_out = newcomers(ticket, other)
        return {
            "joining": joining,
            "left_out": left_out,
            "message_count": Message.objects.told_on(ticket).count(),
            "children_count": ticket.children.count(),
        }

    def offered(self) -> list[Ticket]:
        """Open tickets of the same organization that this one may go into.

        Those of the same requester first, then the newest.
        """
        ticket, user = self.record, self.request.user
        found = self.get_queryset().filter(kind=ticket.kind, organization=ticket.organization_id)
        found = found.open().exclude(pk=ticket.pk)
        if ticket.is_confidential:
            found = found.filter(is_confidential=True)
        workable = Q(team_id__in=user.grants.team_ids) | Q(assignee=user)
        found = found.filter(workable | Q(team__isnull=True, is_confidential=False))
        nearest = Case(When(requester=ticket.requester_id, then=0), default=1)
        found = matching(found, self.request.GET.get("q", ""), user)
        return list(found.order_by(nearest, "-received_at", "-pk")[:OFFERED])

    def perform(self, form):
        return actions.merge(
            self.record, self.other, by=self.request.user, note=form.cleaned_data["note"]
        )

    def get_success_url(self):
        return Ticket.objects.survivor_of(self.record).get_absolute_url()

    def get_success_message(self, result):
        return _("%(number)s is part of %(target)s now.") % {
            "number": self.record.number,
            "target": result.number,
        }


class Unmerge(TicketAction):
    """Says what undoing a merge would do, or why it cannot be done; POST undoes it."""

    template_name = "itil/desk/unmerge.html"
    title = gettext_lazy("Undo the merge")

    def get_context_data(self, **kwargs):
        ticket, user = self.record, self.request.user
        merge, target = merge_of(ticket), ticket.merged_into
        visible = self.get_queryset().filter(pk=ticket.merged_into_id)
        if merge is None or target is None or not visible.exists():
            raise Http404
        refusal = ""
        try:
            ensure_undoable(ticket, target, merge, by=user, at=timezone.now())
        except Refused as refused:
            refusal = str(refused)
        return super().get_context_data(
            other=target,
            refusal=refusal,
            until=ends_at(merge),
            came_back=(merge.data.get("undo") or {}).get("children", []),
            **kwargs,
        )

    def perform(self, form):
        return actions.unmerge(self.record, by=self.request.user)

    def get_success_message(self, result):
        return _("%(number)s and %(target)s are two tickets again.") % {
            "number": self.record.number,
            "target": result.number,
        }


class Split(TicketAction):
    """A message of the requester's side becomes a ticket of its own."""

    template_name = "itil/desk/split.html"
    title = gettext_lazy("Split out as a new ticket")
    button = gettext_lazy("Open the new ticket")
    opened: Ticket | None = None

    @cached_property
    def said(self):
        """What can be split out of this conversation, as far as the person may read it."""
        return (
            Message.objects.told_on(self.record)
            .visible_to(self.request.user)
            .public()
            .filter(is_staff_side=False)
            .select_related("author", "ticket")
            .prefetch_related("attachments")
            .order_by("at", "pk")
        )

    @cached_property
    def message(self) -> Message:
        return get_object_or_404(self.said, uuid=self.kwargs["message"])

    def get_form(self):
        first = self.message
        later = self.said.filter(Q(at__gt=first.at) | Q(at=first.at, pk__gt=first.pk))
        line = next(iter(first.text.strip().splitlines()), "")
        return SplitForm(
            self.request.POST if self.request.method == "POST" else None,
            initial={"title": Truncator(line).chars(TITLE_LENGTH)},
            later=later,
        )

    def get_context_data(self, **kwargs):
        allowed = permissions.may_split(self.request.user, self.record)
        return super().get_context_data(
            message=self.message,
            requester=self.message.author or self.record.requester,
            may_split=allowed,
            now=timezone.now(),
            **kwargs,
        )

    def perform(self, form):
        self.opened = actions.split(
            self.record,
            self.message,
            by=self.request.user,
            title=form.cleaned_data["title"],
            later=form.cleaned_data.get("later", ()),
        )
        return self.opened

    def get_success_url(self):
        if self.opened is None:
            raise Http404
        return self.opened.get_absolute_url()

    def get_success_message(self, result):
        return _("%(number)s is open, split out of %(original)s.") % {
            "number": result.number,
            "original": self.record.number,
        }
