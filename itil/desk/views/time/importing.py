"""One's time from a file: upload, look at what would happen, carry it out."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from itil.desk import actions
from itil.desk.forms import TimeFileForm
from itil.tickets.errors import Refused
from itil.timesheets.models import TimeImport
from itil.timesheets.parse import COLUMNS
from portal.ui.pages import DutyPage
from portal.ui.sheets import SheetError, read_text

DUTIES = ("is_agent",)
# The numbers count all.
MOST_LINES = 300


class Upload(DutyPage, View):
    """Choose a file; wrong columns are explained, and the file can be chosen again."""

    duties = DUTIES
    template_name = "itil/timesheets/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(TimeFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TimeFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        file = form.cleaned_data["file"]
        try:
            tried = actions.try_time_import(
                by=request.user,
                file_name=file.name,
                text=read_text(file.read()),
                at=timezone.now(),
            )
        except SheetError as error:
            for problem in error.problems:
                form.add_error("file", problem)
            return self.page(form, status=422)
        return redirect("desk:time_import", tried.uuid)

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        earlier = TimeImport.objects.filter(uploaded_by=self.request.user).defer("text")[:10]
        context = {"form": form, "columns": COLUMNS, "earlier": earlier}
        return render(self.request, self.template_name, context, status=status)


class Import(DutyPage, TemplateView):
    """What would come of a file, or came of it; the button that carries it out. Only one's own."""

    duties = DUTIES
    template_name = "itil/timesheets/import.html"

    def found(self) -> TimeImport:
        own = TimeImport.objects.filter(uploaded_by=self.request.user)
        return get_object_or_404(own, uuid=self.kwargs["uuid"])

    def get_context_data(self, **kwargs):
        found = self.found()
        order = {"refused": 0, "created": 1, "same": 2}
        lines = sorted(found.result["lines"], key=lambda line: (order[line[1]], line[0]))
        return super().get_context_data(
            one=found,
            lines=lines[:MOST_LINES],
            left_out=max(0, len(lines) - MOST_LINES),
            may_carry_out=found.carried_out_at is None
            and found.result["created"]
            and not found.result["refused"],
            **kwargs,
        )

    def post(self, request: HttpRequest, uuid) -> HttpResponse:
        try:
            actions.carry_out_time_import(self.found(), by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The time is booked."))
        return redirect("desk:time_import", uuid)
