"""The incidents of a problem: linked, told a workaround, resolved."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from itil.desk.search import matching
from itil.problems import actions, permissions
from itil.problems.forms import LinkForm, PublishForm, SolveForm
from itil.problems.matching.incidents import offered_for_resolution, told_next
from itil.problems.querysets import incidents_of
from itil.tickets.models import Ticket

from .records import ProblemAction

FOUND = 30


class LinkIncidents(ProblemAction):
    """Searched by words or number, then ticked."""

    template_name = "itil/problems/link.html"
    title = gettext_lazy("Link incidents")
    button = gettext_lazy("Link the ticked ones")

    @property
    def words(self):
        return self.request.GET.get("q", "").strip()

    def found(self):
        """At most FOUND, newest first; without words, those about the same service."""
        problem, user = self.record, self.request.user
        rows = permissions.linkable_by(user).exclude(pk__in=incidents_of(problem).values("pk"))
        if self.words:
            rows = matching(rows, self.words, user)
        else:
            rows = rows.filter(service=problem.service) if problem.service_id else rows.none()
        keys = list(rows.order_by("-received_at", "-pk").values_list("pk", flat=True)[:FOUND])
        return Ticket.objects.filter(pk__in=keys).order_by("-received_at", "-pk")

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        if data is not None:
            return LinkForm(data, found=permissions.linkable_by(self.request.user))
        return LinkForm(found=self.found())

    def show(self, form, status=200):
        if self.request.method == "POST":
            form.fields["incidents"].queryset = self.found()
        return super().show(form, status)

    def get_context_data(self, **kwargs):
        return super().get_context_data(words=self.words, **kwargs)

    def perform(self, form):
        return actions.link_incidents(
            self.record, form.cleaned_data["incidents"], by=self.request.user
        )

    def get_success_message(self, result):
        return ngettext(
            "%(count)d incident is linked.", "%(count)d incidents are linked.", result
        ) % {"count": result}


class Unlink(ProblemAction):
    template_name = ""
    success_message = gettext_lazy("The link is ended.")

    def perform(self, form):
        incident = get_object_or_404(
            incidents_of(self.record).visible_to(self.request.user),
            number=self.kwargs["incident"],
        )
        return actions.unlink_incident(self.record, incident, by=self.request.user)


class Publish(ProblemAction):
    """Who would be told is shown first; nothing is sent before the button is pressed."""

    template_name = "itil/problems/publish.html"
    form_class = PublishForm
    title = gettext_lazy("Publish the workaround")
    button = gettext_lazy("Publish it")

    @cached_property
    def workaround(self):
        found = self.record.workarounds.first()
        if found is None or not permissions.may_manage(self.request.user, self.record):
            raise Http404
        return found

    @cached_property
    def incidents(self):
        return list(told_next(self.workaround, self.request.user))

    def get_form(self):
        shown = ",".join(str(one.pk) for one in self.incidents)
        if self.request.method == "POST":
            return PublishForm(self.request.POST)
        return PublishForm(initial={"shown": shown, "audience": "public"})

    def show(self, form, status=200):
        if status == 409:
            form.data = form.data.copy()
            form.data["shown"] = ",".join(str(one.pk) for one in self.incidents)
        return super().show(form, status)

    def get_context_data(self, **kwargs):
        people = {one.requester_id for one in self.incidents}
        waiting = sum(one.hold_reason == "awaiting_problem" for one in self.incidents)
        return super().get_context_data(
            workaround=self.workaround,
            incidents=self.incidents,
            people_count=len(people),
            waiting_count=waiting,
            **kwargs,
        )

    def perform(self, form):
        values = form.cleaned_data
        return actions.publish_workaround(
            self.workaround,
            by=self.request.user,
            is_public=values["audience"] == "public",
            resumes=values["resumes"],
            shown=values["shown"],
        )

    def get_success_message(self, result):
        return ngettext(
            "%(count)d incident is being told.", "%(count)d incidents are being told.", result
        ) % {"count": result}


class Solve(ProblemAction):
    """After the fix: the incidents that waited for it, to be ticked (`PRB-3`)."""

    template_name = "itil/problems/solve.html"
    title = gettext_lazy("Resolve what waited for it")
    button = gettext_lazy("Resolve the ticked ones")

    def get_form(self):
        keys = [one.pk for one in offered_for_resolution(self.record, self.request.user)]
        offered = Ticket.objects.filter(pk__in=keys).order_by("pk")
        data = self.request.POST if self.request.method == "POST" else None
        return SolveForm(data, offered=offered)

    def perform(self, form):
        return actions.resolve_incidents(
            self.record,
            form.cleaned_data["incidents"],
            by=self.request.user,
            note=form.cleaned_data["note"],
        )

    def get_success_message(self, result):
        done, refused = result
        for incident, why in refused:
            messages.error(self.request, f"{incident.number}: {why}")
        if not done:
            return ""
        return _("Resolved: %(numbers)s.") % {"numbers": ", ".join(one.number for one in done)}
