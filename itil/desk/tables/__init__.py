"""The ticket list: its views, its order and what a row needs, in a bounded number of queries."""

from datetime import datetime, timedelta

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.conversation.models import Message
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket
from portal.ui.views_of_lists import NamedView

VIEWS = (
    NamedView("open", _("All open"), lambda tickets, user, now: tickets.open()),
    NamedView(
        "breaching",
        _("Breaching soon"),
        lambda tickets, user, now: tickets.open().filter(due_at__lte=now + timedelta(hours=1)),
        is_hot=True,
    ),
    NamedView(
        "mine", _("Assigned to me"), lambda tickets, user, now: tickets.open().filter(assignee=user)
    ),
    NamedView(
        "unassigned", _("Unassigned"), lambda tickets, user, now: tickets.open().unassigned()
    ),
    NamedView(
        "waiting",
        _("Waiting"),
        lambda tickets, user, now: tickets.open().filter(phase=Phase.WAITING),
    ),
    NamedView("all", _("All"), lambda tickets, user, now: tickets, ordering="-received"),
)

# What the list can be sorted by; the primary key makes every order total.
ORDERINGS = {
    "due": (F("due_at").asc(nulls_last=True), "pk"),
    "-due": (F("due_at").desc(nulls_last=True), "-pk"),
    "received": ("received_at", "pk"),
    "-received": ("-received_at", "-pk"),
    "updated": ("updated_at", "pk"),
    "-updated": ("-updated_at", "-pk"),
    "priority": ("priority", F("due_at").asc(nulls_last=True), "pk"),
    "-priority": ("-priority", F("due_at").asc(nulls_last=True), "pk"),
    "number": ("number",),
    "-number": ("-number",),
}


def rows(tickets: QuerySet) -> QuerySet:
    """What one line of the list shows, joined and counted in the same statement."""
    said = (
        Message.objects.filter(ticket=OuterRef("pk"))
        .order_by()
        .values("ticket")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return tickets.select_related("requester", "assignee", "team", "organization").annotate(
        message_count=Coalesce(Subquery(said, output_field=IntegerField()), Value(0))
    )


def due_group(ticket: Ticket, now: datetime) -> str:
    """The heading a ticket stands under when the list is sorted by due time."""
    if ticket.phase == Phase.DONE:
        return str(_("Done"))
    if ticket.due_at is None:
        return str(_("No clock running"))
    if ticket.due_at < now:
        return str(_("Late"))
    if ticket.due_at < now + timedelta(hours=1):
        return str(_("Due within 1 hour"))
    due, today = timezone.localdate(ticket.due_at), timezone.localdate(now)
    if due == today:
        return str(_("Later today"))
    if due == today + timedelta(days=1):
        return str(_("Tomorrow"))
    return str(_("Later"))
