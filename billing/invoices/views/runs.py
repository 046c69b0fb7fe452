"""Billing runs: how far one is, what came of it, and issuing its drafts."""

from datetime import timedelta

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from billing.invoices import actions
from billing.invoices.lifecycle import RowState, RunKind, result_label
from billing.invoices.models import BillingRun
from billing.invoices.permissions import may_issue, may_run
from billing.invoices.tasks import set_off
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, DetailPage, ListPage, Tab
from portal.ui.tables import Column

from .listing import DUTIES, business_today

# Taken up longer ago than this, a run looks as if nobody worked on it.
LOOKS_STILL = timedelta(seconds=60)


class RunPage:
    """A run found by its unguessable id among those the person may see."""

    duties = DUTIES
    lookup = "uuid"

    def get_queryset(self):
        return BillingRun.objects.visible_to(self.request.user).select_related(
            "started_by", "cancelled_by", "of"
        )


class Runs(ListPage):
    """Every run, newest first."""

    duties = DUTIES
    template_name = "billing/invoices/runs.html"
    default_sort = "-started"
    columns = (
        Column("run", _("Run"), value="__str__"),
        Column("month", _("Month"), sort="period_first", value="period_first"),
        Column("started", _("Started"), sort="created_at", value="created_at"),
        Column("by", _("By"), value="started_by.name"),
        Column("state", _("State"), sort="state", value="get_state_display"),
        Column("done", _("Done"), css="r"),
        Column("failed", _("Failed"), css="r"),
    )

    def get_queryset(self):
        return (
            BillingRun.objects.visible_to(self.request.user)
            .select_related("started_by")
            .with_counts()
        )


class RunDetail(ListPage):
    """One run: how far it is, and its customers with what became of each."""

    duties = DUTIES
    template_name = "billing/invoices/billing_run.html"
    columns = (
        Column("customer", _("Customer"), value="organization.name"),
        Column("outcome", _("What became of it"), value="get_outcome_display"),
        Column("invoice", _("Invoice"), value="invoice.number"),
        Column("total", _("Total"), css="r", value="invoice.payable_total"),
    )

    @cached_property
    def run(self):
        found = BillingRun.objects.visible_to(self.request.user).with_counts()
        return get_object_or_404(
            found.select_related("started_by", "cancelled_by", "of"), uuid=self.kwargs["uuid"]
        )

    @cached_property
    def state(self):
        asked = self.request.GET.get("view", "")
        return asked if asked in RowState.values else ""

    def get_queryset(self):
        rows = self.run.rows.select_related("organization", "invoice").order_by("position")
        return rows.filter(state=self.state) if self.state else rows

    def tabs(self):
        run = self.run
        counts = {"": (_("All"), run.total)} | {
            state.value: (state.label, getattr(run, state.value)) for state in RowState
        }
        return tuple(
            Tab(
                label,
                self._url(view=key or None),
                key == self.state,
                count,
                key == "failed" and bool(count),
            )
            for key, (label, count) in counts.items()
            if count or not key
        )

    def get_page_count(self):
        return getattr(self.run, self.state or "total")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(run=self.run, **progress_of(self.run), **kwargs)
        rows = list(context["rows"])
        for row in rows:
            row.skip = actions.Skip.of_row(row.left_out) if row.left_out else None
        drafts = self._drafts()
        user = self.request.user
        return context | {
            "rows": rows,
            "results": results_of(self.run),
            "may_resume": may_resume(user, self.run),
            "may_run": may_run(user),
            "left_out": [actions.Skip.of_row(row) for row in self.run.left_out],
            "drafts": drafts,
            "draft_count": sum(row["count"] for row in drafts),
            "may_issue": may_issue(user) and not self.run.is_open,
            "may_cancel": may_run(user) and self.run.is_open,
            "today": business_today(),
        }

    def _drafts(self):
        """Drafts that are left of the run that made them, by currency (`BIL-23`). One query."""
        return sums_of(actions.drafts_of(self.run.of or self.run))


def sums_of(drafts):
    return list(
        drafts.order_by("currency")
        .values("currency")
        .annotate(count=Count("pk"), total=Sum("payable_total"))
    )


def results_of(run):
    """How many customers had which outcome, the frequent ones first. One query."""
    rows = run.rows.exclude(state=RowState.WAITING).values("state", "outcome")
    counted = rows.order_by().annotate(count=Count("pk")).order_by("-count", "state", "outcome")
    return [(result_label(row["state"], row["outcome"]), row["count"]) for row in counted]


def may_resume(user, run):
    """Whether a person may send workers to an open run."""
    return run.is_open and (may_issue(user) if run.kind == RunKind.ISSUE else may_run(user))


def progress_of(run):
    """How much of the run is behind it; `run` has its counts."""
    over = run.total - run.waiting
    return {
        "over": over,
        "percent": over * 100 // run.total if run.total else 0,
        "looks_still": run.is_open
        and timezone.now() - (run.taken_up_at or run.created_at) > LOOKS_STILL,
    }


class RunProgress(RunPage, DetailPage):
    """What the page of a run asks for while it is worked off."""

    def get_queryset(self):
        return super().get_queryset().with_counts()

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        run = self.record
        if not run.is_open:
            return HttpResponseClientRefresh()
        return render(
            request,
            "billing/invoices/_run_progress.html",
            {"run": run, "may_resume": may_resume(request.user, run), **progress_of(run)},
        )


class ResumeRun(RunPage, ActionPage):
    """The button on a run that nobody works on."""

    duties = ("is_billing_clerk",)
    refusals = (Refused,)
    success_message = _("Workers were sent to it. What was done already stays as it is.")

    def perform(self, form):
        run = actions.resume_run(self.record, by=self.request.user)
        set_off(run)
        return run


class CancelRun(RunPage, ActionPage):
    """The page that names the effect, and the button."""

    duties = ("is_billing_clerk",)
    template_name = "billing/invoices/cancel_run.html"
    refusals = (Refused,)
    success_message = _("The run was cancelled. What is done already stays.")

    def perform(self, form):
        return actions.cancel_run(self.record, by=self.request.user)


class IssueRun(RunPage, ActionPage):
    """Issues all drafts of a run: how many, and what it comes to, before the button."""

    duties = ("is_billing_clerk",)
    template_name = "billing/invoices/issue_run.html"
    refusals = (Refused,)

    def get_queryset(self):
        return super().get_queryset().filter(kind=RunKind.DRAFT)

    def perform(self, form):
        run = actions.start_issuing(self.record, by=self.request.user)
        set_off(run)
        return run

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        drafts = sums_of(actions.drafts_of(self.record))
        return super().get_context_data(
            drafts=drafts,
            draft_count=sum(row["count"] for row in drafts),
            today=business_today(),
            **kwargs,
        )
