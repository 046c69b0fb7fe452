"""The page of one ticket as staff see it."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import cached_property

from itil.cmdb.models import ConfigurationItem
from itil.desk import permissions
from itil.desk.actions.changing import claimed_by_another
from itil.desk.actions.items import may_attach
from itil.desk.actions.promising import handover_of
from itil.desk.clock import courtesy_until
from itil.desk.forms import MessageForm, TimeForm
from itil.desk.links import family, related
from itil.desk.timeline import story
from itil.fields.answers import readable
from itil.sla.clock.causes import waiting_in_words
from itil.sla.clock.explaining import explain
from itil.sla.models import SlaClock
from itil.tickets.matching import filled_of, with_fields
from itil.tickets.models import ImpactEvidence, Ticket
from itil.timesheets.models import TimeEntry, Timer
from portal.ui.pages import DetailPage

from .queue import DUTIES


class TicketRecord:
    """Finds the ticket of the URL, with what its page shows of it, in one query."""

    model = Ticket
    lookup = "number"
    duties = DUTIES

    def get_queryset(self):
        return Ticket.objects.visible_to(self.request.user).select_related(
            "requester__organization",
            "requested_for",
            "organization",
            "assignee",
            "team",
            "service",
            "category__parent",
            "claimed_by",
        )


class TicketPage(TicketRecord, DetailPage):
    template_name = "itil/desk/ticket.html"

    def get_queryset(self):
        return with_fields(super().get_queryset())

    @cached_property
    def now(self):
        return timezone.now()

    def get_context_data(self, **kwargs):
        ticket, user = self.record, self.request.user
        works = permissions.works_on(user, ticket)
        kwargs.setdefault("message_form", MessageForm())
        return super().get_context_data(
            ticket=ticket,
            now=self.now,
            story=story(ticket, user, texts=permissions.may_read_notes(user, ticket)),
            clocks=self.clocks(),
            waiting=waiting_in_words(ticket),
            entries=self.entries(),
            timers=self.timers(),
            links=related(ticket, user),
            family=family(ticket, user),
            may_link=permissions.may_link(user, ticket),
            item_links=self.items(),
            own_fields=self.own_fields(),
            may_attach=may_attach(user, ticket) and ticket.closed_at is None,
            carried_on=self.carried_on(),
            may_unmerge=permissions.may_merge(user, ticket),
            watchers=ticket.watchers.select_related("user"),
            moves=self.moves(),
            asking=self.asking(),
            move_page=ticket.record_model.MOVE_PAGE,
            may_reply=works and ticket.closed_at is None,
            may_note=permissions.may_note(user, ticket),
            may_edit=permissions.may_edit(user, ticket) and ticket.closed_at is None,
            may_assign=permissions.may_assign(user, ticket) and ticket.is_open,
            may_log_time=permissions.may_log_time(user, ticket),
            may_merge=permissions.may_merge(user, ticket) and ticket.is_open,
            may_split=permissions.may_split(user, ticket),
            may_override=permissions.may_override_priority(user, ticket) and ticket.is_open,
            may_exclude=permissions.may_exclude(user, ticket),
            more_actions=self.more_actions(),
            handover=handover_of(ticket),
            is_held=claimed_by_another(ticket, user, self.now),
            time_form=TimeForm(),
            **kwargs,
        )

    def clocks(self):
        """Each live clock with the short account of its deadline; those that go on come first."""
        clocks = (
            SlaClock.objects.begun()
            .filter(ticket_id=self.record.pk)
            .select_related("agreement", "calendar", "team", "supplier")
            .order_by("pk")
        )
        clocks = sorted(clocks, key=lambda clock: (not clock.is_live, clock.due_at or self.now))
        return [(clock, explain(clock, self.now)) for clock in clocks]

    def timers(self):
        """One's timer on this ticket (`here`), and the one that runs elsewhere (`elsewhere`)."""
        own = list(Timer.objects.of(self.request.user))
        here = next((one for one in own if one.ticket_id == self.record.pk), None)
        running = next((one for one in own if one.is_running), None)
        return {
            "here": here,
            "minutes": here.seconds(self.now) // 60 if here else 0,
            "elsewhere": running if running is not here else None,
        }

    def entries(self):
        """The latest time on it; the words only for those who may read them."""
        found = list(
            TimeEntry.objects.visible_to(self.request.user)
            .filter(ticket_id=self.record.pk)
            .select_related("agent", "activity")
            .order_by("-work_date", "-pk")[:20]
        )
        for entry in found:
            entry.ticket = self.record
            may_read = permissions.may_read_note(self.request.user, entry)
            entry.note_shown = entry.note if may_read else ""
        return found

    def items(self):
        """The items it is about that this person may see, each with its latest evidence."""
        seen = ConfigurationItem.objects.visible_to(self.request.user)
        evidence = ImpactEvidence.objects.filter(ticket=self.record, item=OuterRef("item"))
        return (
            self.record.item_links.filter(item__in=seen)
            .select_related("item__item_class")
            .annotate(evidence=Subquery(evidence.order_by("-computed_at", "-pk").values("pk")[:1]))
        )

    def own_fields(self):
        """The further fields of its kind: what was answered, and whether there is anything to
        answer. One query when something was, and those of people and places that were named.
        """
        filled = filled_of(self.record)
        answers = readable(filled.version.questions, filled.answers) if filled else []
        return {"answers": answers, "asks": filled is not None or self.record.has_fields}

    def more_actions(self):
        """What this person may do with records of its type beside what every ticket offers."""
        ticket = self.record
        may = ticket.is_open and permissions.may_edit(self.request.user, ticket)
        return ticket.record_model.DESK_ACTIONS if may else ()

    def carried_on(self):
        """The ticket this one was merged into, if this person may see it (`VIS-1`)."""
        key = self.record.merged_into_id
        return key and Ticket.objects.visible_to(self.request.user).filter(pk=key).first()

    def asking(self):
        """The steps that have a page of their own, to be told something; the others are taken at
        once."""
        moves = self.record.lifecycle.moves_from(self.record.status)
        until = courtesy_until(self.record)
        is_offered = until is not None and self.now <= until
        return {
            move.verb for move in moves if move.needs or (is_offered and "courtesy" in move.guards)
        }

    def moves(self):
        """The steps this person may take from here, as the buttons of the page."""
        ticket, user = self.record, self.request.user
        if ticket.record_model.VARIES:
            ticket = ticket.specific
        return [
            move
            for move in ticket.lifecycle.moves_from(ticket.status)
            if move.label and permissions.may_move(user, ticket, move)
        ]
