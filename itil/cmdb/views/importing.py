"""Taking over a list of items: upload, look at what would happen, carry it out."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.forms import UploadForm
from itil.cmdb.models import ItemImport
from itil.cmdb.parse import COLUMNS, KEYS, read_sheet
from portal.ui.pages import DutyPage
from portal.ui.sheets import SheetError, read_text
from portal.ui.tables import BYTE_ORDER_MARK

DUTIES = ("is_agent",)
# Of each kind; the numbers count all.
MOST_LINES = 200


class Upload(DutyPage, View):
    """Choose a file; wrong columns are explained, and the file can be chosen again."""

    duties = DUTIES
    template_name = "itil/cmdb/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        file = form.cleaned_data["file"]
        try:
            tried = actions.try_import(
                by=request.user,
                file_name=file.name,
                text=read_text(file.read()),
                key=form.cleaned_data["key"],
                at=timezone.now(),
            )
        except SheetError as error:
            for problem in error.problems:
                form.add_error("file", problem)
            return self.page(form, status=422)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=409)
        return redirect("cmdb:import", tried.uuid)

    def page(self, form: UploadForm, status: int = 200) -> HttpResponse:
        earlier = ItemImport.objects.select_related("uploaded_by").defer("text")[:10]
        context = {"form": form, "columns": COLUMNS, "earlier": earlier}
        return render(self.request, self.template_name, context, status=status)


class Import(DutyPage, TemplateView):
    """What would come of a file, or came of it; the button that carries it out."""

    duties = DUTIES
    template_name = "itil/cmdb/import.html"

    def get_context_data(self, **kwargs):
        found = get_object_or_404(
            ItemImport.objects.select_related("uploaded_by"), uuid=self.kwargs["uuid"]
        )
        order = {"refused": 0, "created": 1, "changed": 2, "same": 3}
        lines = sorted(found.result["lines"], key=lambda line: (order[line[1]], line[0]))
        telling = [line for line in lines if line[1] != "same"]
        return super().get_context_data(
            one=found,
            key=KEYS[found.key],
            lines=telling[:MOST_LINES],
            left_out=max(0, len(telling) - MOST_LINES),
            does_something=bool(found.result["created"] or found.result["changed"]),
            **kwargs,
        )

    def post(self, request: HttpRequest, uuid) -> HttpResponse:
        tried = get_object_or_404(ItemImport, uuid=uuid)
        try:
            actions.carry_out(tried, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The list was taken over."))
        return redirect("cmdb:import", uuid)


class Rejects(DutyPage, View):
    """The refused lines as a file of the same columns, each with the reason."""

    duties = DUTIES
    http_method_names = ["get"]

    def get(self, request: HttpRequest, uuid) -> HttpResponse:
        found = get_object_or_404(ItemImport, uuid=uuid)
        sheet = read_sheet(found.text, found.key)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="rejects.csv"'
        response.write(BYTE_ORDER_MARK)
        writer = csv.writer(response)
        names = [name for name in sheet.columns if name]
        writer.writerow([*names, "line", "why"])
        for line, why, cells in found.result["rejects"]:
            writer.writerow([*(_safe(cells.get(name, "")) for name in names), line, why])
        return response


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "@", "\t")) else text
