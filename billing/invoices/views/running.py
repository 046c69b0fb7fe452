"""Drafting a month: what would be drafted, what is left out, and the button."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from billing.invoices.actions import RunResult, preview, run_month
from billing.invoices.filters import RunForm
from billing.invoices.parse import Month, month_of
from billing.invoices.permissions import may_run
from itil.tickets.errors import Refused
from portal.ui.pages import DutyPage

from .listing import business_today

TEMPLATE = "billing/invoices/run.html"


class Run(DutyPage, View):
    """GET shows a month (`?month=2026-10`, last month by default), POST drafts it."""

    duties = ("is_billing_clerk",)

    def get(self, request: HttpRequest) -> HttpResponse:
        default = month_of(business_today()).before
        form = RunForm(request.GET or {"month": str(default)})
        return self._show(form, month=form.cleaned_data["month"] if form.is_valid() else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may_run(request.user):
            raise Http404
        form = RunForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        month = form.cleaned_data["month"]
        try:
            result = run_month(month, by=request.user)
        except Refused as refusal:
            form.add_error("month", str(refusal))
            return self._show(form, status=409)
        messages.success(request, summary_of(result))
        return redirect(f"{reverse('invoices:list')}?month={month}")

    def _show(
        self, form: RunForm, *, month: Month | None = None, status: int = 200
    ) -> HttpResponse:
        found, problem = None, ""
        if month:
            try:
                found = preview(month)
            except Refused as refusal:
                problem = str(refusal)
        return render(
            self.request,
            TEMPLATE,
            {
                "form": form,
                "preview": found,
                "problem": problem,
                "is_running": bool(month and month.last >= business_today()),
            },
            status=status,
        )


def summary_of(result: RunResult) -> str:
    """What the run did, in one sentence."""
    made = len(result.drafted) + len(result.rebuilt)
    text = ngettext(
        "%(count)d invoice drafted or updated for %(month)s.",
        "%(count)d invoices drafted or updated for %(month)s.",
        made,
    ) % {"count": made, "month": result.month}
    if result.unchanged:
        text += " " + _("%(count)d unchanged.") % {"count": len(result.unchanged)}
    return text
