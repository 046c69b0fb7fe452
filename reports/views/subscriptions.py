"""Scheduled reports: the list, one of them with its deliveries, and what is done with it."""

import hashlib
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from itil.tickets.errors import Refused
from portal.people.models import User
from portal.ui.pages import ActionPage, DutyPage, ListPage, VerbPage
from portal.ui.tables import Column
from reports.actions import subscribing
from reports.actions.narrowing import narrowed_by, share_of, title_of
from reports.actions.timing import next_due
from reports.forms.subscriptions import ReleaseForm, SubscriptionForm
from reports.models import DeliveredFile, ReportDelivery, ReportSubscription
from reports.permissions import may_schedule_reports

from .places import ReportPage, places
from .snapshots import CatalogMixin

State = ReportDelivery.State


class SchedulingPage(ReportPage):
    """For those who have reports sent."""

    may_see = staticmethod(may_schedule_reports)
    request: HttpRequest
    model = ReportSubscription

    def get_queryset(self) -> Any:
        found = ReportSubscription.objects.visible_to(self.request.user)
        return found.select_related("owner", "organization", "team", "service", "dashboard")


class SubscriptionList(SchedulingPage, ListPage):
    template_name = "reports/subscriptions.html"
    columns = (
        Column("name", gettext_lazy("Report"), sort="name"),
        Column("frequency", gettext_lazy("How often"), value="get_frequency_display"),
        Column("recipients", gettext_lazy("Recipients"), value="people"),
        Column("owner", gettext_lazy("Owner"), sort="owner__name", value="owner.name"),
        Column("drafts", gettext_lazy("To release"), value="drafts"),
    )
    default_sort = "name"
    csv_name = "scheduled-reports"

    def get_queryset(self) -> Any:
        drafts = Count("deliveries", filter=Q(deliveries__state=State.DRAFT), distinct=True)
        people = Count("recipients", distinct=True)
        return super().get_queryset().annotate(drafts=drafts, people=people)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tabs": places(self.request)}


class SubscriptionPage(SchedulingPage, ListPage):
    """What it holds, to whom it goes and when, and what was sent."""

    template_name = "reports/subscription.html"
    columns = (Column("first", gettext_lazy("From")),)

    @cached_property
    def record(self) -> ReportSubscription:
        return get_object_or_404(super().get_queryset(), pk=self.kwargs["pk"])

    def get_queryset(self) -> Any:
        mine = ReportDelivery.objects.readable_by(self.request.user)
        seen = Prefetch(
            "files", DeliveredFile.objects.filter(delivery__in=mine), to_attr="readable"
        )
        rows = ReportDelivery.objects.filter(subscription=self.record).order_by("-pk")
        return rows.select_related("recipient", "released_by").prefetch_related(seen)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record, now = self.record, timezone.now()
        people = record.recipients.select_related("location", "organization").prefetch_related(
            "memberships"
        )
        recipients = [
            {
                "person": person,
                "next_at": next_due(record, person.zone, now=now),
                "may_see": share_of(record, person) is not None,
            }
            for person in people
        ]
        drafts = (
            record.deliveries.filter(state=State.DRAFT)
            .order_by("first", "last")
            .values("first", "last")
            .annotate(count=Count("pk"))
        )
        return super().get_context_data(**kwargs) | {
            "record": record,
            "board": title_of(record),
            "narrowed": narrowed_by(record),
            "tiles": len(record.tiles),
            "formats": [ReportSubscription.Format(one).label for one in record.formats],
            "recipients": recipients,
            "drafts": list(drafts),
        }


class Described(CatalogMixin, SchedulingPage):
    """The form of a scheduled report; it waits for the names of the tiles there are."""

    refusals = (Refused,)
    form_class = SubscriptionForm
    template_name = "reports/subscription_form.html"

    def described(self, **kwargs: Any) -> dict[str, Any]:
        return kwargs | {"user": self.request.user, "indicators": self.indicators}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What was typed already is never hidden.
        is_ready = self.request.method == "POST" or self.catalog_snapshot.is_ready
        return super().get_context_data(**kwargs) | {"is_ready": is_ready}


class NewSubscription(Described, VerbPage):
    title = gettext_lazy("New scheduled report")
    button = gettext_lazy("Save the report")

    def get_form_kwargs(self) -> dict[str, Any]:
        return self.described(**super().get_form_kwargs())

    def perform(self, form: Any) -> ReportSubscription:
        return subscribing.subscribe(by=self.request.user, at=timezone.now(), **form.columns())

    def get_success_message(self, result: Any) -> str:
        return _("“%(name)s” is scheduled.") % {"name": result}

    def get_success_url(self) -> str:
        return str(self.result.get_absolute_url())


class EditSubscription(Described, ActionPage):
    title = gettext_lazy("Change the scheduled report")
    button = gettext_lazy("Save the report")
    success_message = gettext_lazy("The scheduled report is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"data": self.request.POST} if self.request.method == "POST" else {}
        return self.described(**given, instance=self.record)

    def perform(self, form: Any) -> ReportSubscription:
        return subscribing.change_subscription(
            self.record, by=self.request.user, at=timezone.now(), **form.columns()
        )


class PauseSubscription(SchedulingPage, ActionPage):
    """Paused or going on, as the button said."""

    refusals = (Refused,)

    def perform(self, form: Any) -> ReportSubscription:
        return subscribing.pause(
            self.record,
            by=self.request.user,
            at=timezone.now(),
            is_paused=self.request.POST.get("on") != "1",
        )

    def get_success_message(self, result: Any) -> str:
        if result.is_paused:
            return _("“%(name)s” is paused; nothing is sent.") % {"name": result}
        return _("“%(name)s” goes on with its next day.") % {"name": result}


class TestSubscription(SchedulingPage, ActionPage):
    refusals = (Refused,)
    success_message = gettext_lazy("A test is being made; it comes to you by mail.")

    def perform(self, form: Any) -> ReportDelivery:
        return subscribing.send_test(self.record, by=self.request.user, at=timezone.now())


class DeleteSubscription(SchedulingPage, ActionPage):
    refusals = (Refused,)
    template_name = "reports/subscription_action.html"
    title = gettext_lazy("Delete the scheduled report")
    button = gettext_lazy("Delete")

    def perform(self, form: Any) -> None:
        subscribing.delete_subscription(self.record, by=self.request.user)

    def get_success_message(self, result: Any) -> str:
        return _("“%(name)s” is deleted.") % {"name": self.record}

    def get_success_url(self) -> str:
        return reverse("reports:subscriptions")


class ReleaseDrafts(SchedulingPage, ActionPage):
    """The comment of a period; then it goes out."""

    refusals = (Refused,)
    form_class = ReleaseForm
    template_name = "reports/subscription_action.html"
    title = gettext_lazy("Release the report")
    button = gettext_lazy("Release and send")

    @cached_property
    def days(self) -> tuple[date, date]:
        try:
            return (
                date.fromisoformat(self.kwargs["first"]),
                date.fromisoformat(self.kwargs["last"]),
            )
        except ValueError as error:
            raise Http404 from error

    def check(self) -> None:
        super().check()
        if self.request.method == "GET" and not self.drafts.exists():
            raise Http404

    @property
    def drafts(self) -> Any:
        return subscribing.drafts_of(self.record, *self.days)

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return super().get_form_kwargs()
        return {"initial": {"comment": self.record.comment}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = [one.recipient.name for one in self.drafts.select_related("recipient")]
        return super().get_context_data(names=names, days=self.days, **kwargs)

    def perform(self, form: Any) -> int:
        first, last = self.days
        return subscribing.release(
            self.record,
            by=self.request.user,
            at=timezone.now(),
            first=first,
            last=last,
            comment=form.cleaned_data["comment"],
        )

    def get_success_message(self, result: Any) -> str:
        return _("The report is released and on its way.") if result else ""


class MailedFile(DutyPage, View):
    """A file as it was mailed, for its recipient; 404 for others, and for a damaged one."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - DutyPage asks to sign in
        mine = ReportDelivery.objects.readable_by(user)
        found = DeliveredFile.objects.filter(uuid=kwargs["uuid"], delivery__in=mine).first()
        if found is None:
            raise Http404
        try:
            with found.file.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Http404 from error
        if digest != found.sha256:
            raise Http404
        return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
