"""Drafting a month: what would be drafted, what is left out, and the button."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from billing.invoices.actions import preview, start_run
from billing.invoices.filters import RunForm
from billing.invoices.parse import Month, month_of
from billing.invoices.permissions import may_run
from billing.invoices.tasks import set_off
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
            run = start_run(
                month,
                by=request.user,
                organizations=form.cleaned_data["organization"],
                contracts=form.cleaned_data["contract"],
            )
        except Refused as refusal:
            form.add_error("month", str(refusal))
            return self._show(form, status=409)
        set_off(run)
        return redirect(run, status=303)

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
