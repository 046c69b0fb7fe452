"""The review of a major incident: written, its timeline picked from the history, finished."""

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.conversation.models import Message
from itil.desk.permissions import may_read_notes
from itil.desk.timeline import in_words
from itil.incidents import actions
from itil.incidents.forms import ReviewForm
from itil.incidents.models import MajorReview
from itil.tickets.models import EventKind, LinkType, Ticket, TicketEvent
from portal.ui.moments import moment_text

from .majors import MajorAction

# What may stand in the timeline of a review beside what was said.
TOLD = (EventKind.OPENED, EventKind.MOVED, EventKind.ASSIGNED, EventKind.EDITED, EventKind.MAJOR)


class Review(MajorAction):
    """Saves what there is; a second button finishes it."""

    template_name = "itil/incidents/review.html"
    title = gettext_lazy("Review")

    def check(self) -> None:
        """The review is an internal text, and its lines are the whole history."""
        super().check()
        if not may_read_notes(self.request.user, self.record):
            raise Http404

    @cached_property
    def review(self) -> MajorReview | None:
        if self.major is None:
            raise Http404
        found = MajorReview.objects.filter(major=self.major.pk)
        return found.prefetch_related("moments").first()

    @cached_property
    def events(self) -> dict[str, TicketEvent]:
        found = self.record.events.filter(kind__in=TOLD).select_related("actor")
        return {f"e{event.pk}": event for event in found.order_by("at", "pk")[:300]}

    @cached_property
    def said(self) -> dict[str, Message]:
        found = Message.objects.filter(ticket=self.record.pk).visible_to(self.request.user)
        rows = found.select_related("author").order_by("at", "pk")[:300]
        return {f"m{message.pk}": message for message in rows}

    def lines(self) -> list[tuple[str, str]]:
        """What can be picked, in the order it happened."""
        now = timezone.now()
        found = [
            (event.at, key, f"{event.actor or _('System')} {in_words(self.record, event)}")
            for key, event in self.events.items()
        ]
        found += [
            (message.at, key, f"{message.author or _('Service desk')}: {message.text}")
            for key, message in self.said.items()
        ]
        return [
            (key, f"{moment_text(at, now=now)} · {Truncator(text).chars(160)}")
            for at, key, text in sorted(found)
        ]

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return ReviewForm(data, review=self.review, moments=self.lines())

    def get_context_data(self, **kwargs):
        problems = Ticket.objects.visible_to(self.request.user).filter(
            kind="problem", links_in__source=self.record.pk, links_in__type=LinkType.CAUSED_BY
        )
        return super().get_context_data(review=self.review, problems=list(problems), **kwargs)

    def perform(self, form):
        values = dict(form.cleaned_data)
        picked, version = values.pop("moments"), values.pop("version")
        return actions.write_review(
            self.major,
            by=self.request.user,
            texts=values,
            version=version,
            events=[self.events[key] for key in picked if key in self.events],
            messages=[self.said[key] for key in picked if key in self.said],
            finishes="finish" in self.request.POST,
        )

    def get_success_message(self, result):
        return _("The review is finished.") if "finish" in self.request.POST else _("Saved.")
