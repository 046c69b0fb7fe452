"""The pages of major incidents: the board, one of them, its steps and its updates."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from itil.desk.permissions import may_read_notes
from itil.desk.recipients import recipients_of
from itil.desk.views.queue import DUTIES
from itil.incidents import actions, permissions
from itil.incidents.forms import AcceptForm, PeopleForm, UpdateForm, WhyForm
from itil.incidents.lifecycle import MAJOR, MajorState
from itil.incidents.models import Incident, MajorIncident, MajorRole
from itil.incidents.tables import ORDERINGS, VIEWS, countdown, majors, rows
from itil.tickets.errors import Refused
from itil.tickets.models import EventKind, Ticket
from portal.ui.pages import ActionPage, DetailPage, DutyPage
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedViewsPage

BOARD_COLUMNS = (
    Column("number", gettext_lazy("Number"), css="c-num"),
    Column("title", gettext_lazy("Subject"), css="c-subject"),
    Column("service", gettext_lazy("Service"), value="service.name", css="c-person"),
    Column("state", gettext_lazy("State"), value="get_major_state_display", css="c-status"),
    Column("children", gettext_lazy("Below it"), value="child_count", css="c-assignee"),
    Column("due", gettext_lazy("Next update"), sort="major__update_due_at", css="c-due"),
    Column("received", gettext_lazy("Received"), sort="received_at", css="c-ago"),
)


class Board(NamedViewsPage):
    """Major incidents and candidates, the soonest update first."""

    duties = DUTIES
    template_name = "itil/incidents/board.html"
    views = VIEWS
    columns = BOARD_COLUMNS
    csv_name = "major-incidents"

    def visible(self):
        return majors(self.request.user)

    def get_rows(self):
        return rows(super().get_rows(), self.request.user).order_by(*ORDERINGS[self.sort])

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = list(context["rows"])
        for incident in shown:
            major = getattr(incident, "major", None)
            incident.countdown, incident.tone = "", ""
            if major is not None and incident.is_live_major:
                incident.countdown, incident.tone = countdown(major, self.now)
        return context | {"rows": shown, "view_key": self.view_of_list.key}


class MajorRecord:
    """Finds the incident of the URL among those the person may see."""

    model = Incident
    lookup = "number"
    duties = DUTIES

    def get_queryset(self):
        found = Incident.objects.visible_to(self.request.user)
        return found.select_related("major", "service", "requester", "team", "organization")

    @cached_property
    def major(self) -> MajorIncident | None:
        found: MajorIncident | None = getattr(self.record, "major", None)
        if found is not None:
            found.incident = self.record
        return found


class MajorPage(MajorRecord, DetailPage):
    """How it stands: state, people, the next update, what was said, the review."""

    template_name = "itil/incidents/major.html"

    def get_context_data(self, **kwargs):
        incident, user, major = self.record, self.request.user, self.major
        now = timezone.now()
        steps = [
            row
            for row in MAJOR.moves_from(incident.major_state)
            if row.label and row.verb != "review" and permissions.may_step(user, incident, row)
        ]
        holders = list(major.roles.select_related("person")) if major else []
        told = {holder.role: holder.person for holder in holders}
        text, tone = countdown(major, now) if major and incident.is_live_major else ("", "")
        return super().get_context_data(
            ticket=incident,
            major=major,
            steps=steps,
            roles=[(role.label, told.get(role.value)) for role in MajorRole] if major else [],
            countdown=text,
            tone=tone,
            proposal=self.proposal(),
            updates=self.updates(),
            below=list(self.below()[:20]),
            below_count=self.below().count(),
            may_manage=permissions.may_manage(user, incident),
            may_update=bool(
                major and incident.is_live_major and permissions.may_update(user, major)
            ),
            is_reviewable=incident.major_state in (MajorState.RESOLVED, MajorState.REVIEWED),
            **kwargs,
        )

    def proposal(self):
        """Who proposed it and why, while that is to be decided."""
        incident, user = self.record, self.request.user
        if incident.major_state != MajorState.CANDIDATE:
            return None
        if not (permissions.may_manage(user, incident) or may_read_notes(user, incident)):
            return None
        told = self.record.events.filter(kind=EventKind.EDITED, data__has_key="reason")
        proposed = [
            event
            for event in told.select_related("actor").order_by("-at", "-pk")
            if event.data["changes"].get("major_state", ("", ""))[1] == MajorState.CANDIDATE
        ]
        return proposed[0] if proposed else None

    def below(self):
        return Ticket.objects.visible_to(self.request.user).filter(parent=self.record.pk)

    def updates(self):
        """What everybody was told, the newest first."""
        events = self.record.events.filter(kind="replied", data__update=True)
        keys = [event.data["message"] for event in events]
        readable = self.record.messages.filter(pk__in=keys).visible_to(self.request.user)
        said = readable.select_related("author")
        return list(said.order_by("-at", "-pk"))


class MajorAction(MajorRecord, ActionPage):
    """A verb on a major incident."""

    refusals = (Refused,)
    template_name = "itil/incidents/step.html"
    button = gettext_lazy("Save")

    def get_success_url(self):
        return reverse("incidents:major", args=[self.record.number])

    def get_context_data(self, **kwargs):
        return super().get_context_data(ticket=self.record, major=self.major, **kwargs)

    def get_form_kwargs(self):
        return {"data": self.request.POST} if self.request.method == "POST" else {}


class Propose(MajorAction):
    title = gettext_lazy("Propose as a major incident")
    button = gettext_lazy("Propose it")
    form_class = WhyForm

    def perform(self, form):
        proposed = actions.propose_major(
            self.record, by=self.request.user, reason=form.cleaned_data["reason"]
        )
        if not proposed:
            raise Refused(_("%(number)s was proposed already.") % {"number": self.record.number})
        return proposed

    def get_success_message(self, result):
        return _("%(number)s is a candidate now.") % {"number": self.record.number}


class Accept(MajorAction):
    title = gettext_lazy("Accept as a major incident")
    button = gettext_lazy("Accept it")

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return AcceptForm(data, initial={"owner": self.request.user.pk})

    def perform(self, form):
        values = form.cleaned_data
        return actions.accept(
            self.record,
            by=self.request.user,
            owner=values["owner"],
            interval_minutes=values["interval_minutes"],
            keeps_priority=values["keeps_priority"],
            announcement=values["announcement"],
            roles={
                MajorRole.COMMUNICATIONS: values["communications"],
                MajorRole.TECHNICAL: values["technical"],
            },
        )

    def get_success_message(self, result):
        return _("%(number)s is a major incident now. Tell people how it stands.") % {
            "number": self.record.number
        }


class Reject(MajorAction):
    title = gettext_lazy("It is no major incident")
    button = gettext_lazy("Reject it")
    form_class = WhyForm

    def perform(self, form):
        reason = form.cleaned_data["reason"]
        return actions.reject(self.record, by=self.request.user, reason=reason)


class Demote(MajorAction):
    title = gettext_lazy("Demote it")
    button = gettext_lazy("Demote it")
    form_class = WhyForm

    def perform(self, form):
        reason = form.cleaned_data["reason"]
        return actions.demote(self.record, by=self.request.user, reason=reason)


class People(MajorAction):
    """Roles, interval and notice, in one form: each that changed is one verb."""

    title = gettext_lazy("People and notice")

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return PeopleForm(data, major=self.major_or_404())

    def major_or_404(self):
        if self.major is None:
            raise Http404
        return self.major

    def perform(self, form):
        return actions.arrange(self.major, by=self.request.user, **form.cleaned_data)

    def get_success_message(self, result):
        return _("Saved.")


class Update(MajorAction):
    """Who will get it is shown before it is sent."""

    title = gettext_lazy("Send an update")
    template_name = "itil/incidents/update.html"
    form_class = UpdateForm

    def concerned(self):
        """It and what stands below it and is not closed, as far as this person may know."""
        seen = Ticket.objects.visible_to(self.request.user)
        children = seen.filter(parent=self.record.pk, closed_at__isnull=True)
        return [self.record, *children.order_by("pk")]

    def get_context_data(self, **kwargs):
        mails, unreached = recipients_of(self.concerned(), without=self.request.user)
        text, tone = countdown(self.major, timezone.now()) if self.major else ("", "")
        return super().get_context_data(
            mails=mails, unreached=unreached, countdown=text, tone=tone, **kwargs
        )

    def perform(self, form):
        if self.major is None:
            raise Refused(_("%(number)s is no major incident.") % {"number": self.record.number})
        text = form.cleaned_data["text"]
        return actions.send_update(self.major, by=self.request.user, text=text)

    def get_success_message(self, result):
        return _("The update is on its way.")


class Banner(DutyPage, TemplateView):
    """What goes on now, for the top of the work list; a fragment."""

    duties = DUTIES
    template_name = "itil/incidents/_banner.html"

    def get_context_data(self, **kwargs):
        live = majors(self.request.user).filter(major_state=MajorState.ACCEPTED)
        found = live.select_related("major", "service").order_by("-received_at")[:3]
        now = timezone.now()
        told = [(incident, *countdown(incident.major, now)) for incident in found]
        return super().get_context_data(live=told, **kwargs)
