"""'Report a problem': the form, and what it becomes."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from itil.fields.forms import AnswerForm as FieldsForm
from itil.fields.models import FormVersion
from itil.incidents.models import Incident
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.matching import Filled, form_at_report
from knowledgebase.actions import end_by_answer, open_answer
from portal.selfservice.actions import report_problem
from portal.selfservice.forms import TITLE_LENGTH, AnswerForm, ReportForm
from portal.selfservice.matching import before_sending


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """GET may bring words (`q`), an article that did not help, a closed request to go on from."""
    if request.method != "POST":
        form = ReportForm(user=request.user, initial=_brought_along(request))
        return _show(request, form, _fields(request))
    form = ReportForm(request.POST, request.FILES, user=request.user)
    fields = _fields(request, request.POST)
    if not (form.is_valid() & (fields is None or fields.form.is_valid())):
        return _show(request, form, fields, status=422)
    answers = form.cleaned_data
    files = answers.pop("files")
    filled = Filled(fields.version, fields.form.answers) if fields else None
    try:
        ticket = report_problem(by=request.user, attachments=files, filled=filled, **answers)
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, MissingValue) else None
        form.add_error(field if field in form.fields else None, str(refusal))
        return _show(request, form, fields, status=422)
    messages.success(
        request,
        _("Sent. Number %(number)s. We e-mailed you a copy.") % {"number": ticket.number},
    )
    return redirect("selfservice:request", number=ticket.number)


@login_required
@require_POST
def read_answer(request: HttpRequest) -> HttpResponse:
    """An answer was opened at the form. Nothing changes on the page."""
    form = AnswerForm(request.POST, user=request.user)
    if form.is_valid():
        open_answer(by=request.user, at=timezone.now(), **form.cleaned_data)
    return HttpResponse(status=204 if form.is_valid() else 422)


@login_required
@require_POST
def end_with_answer(request: HttpRequest) -> HttpResponse:
    """'This solved it': nothing is sent."""
    form = AnswerForm(request.POST, user=request.user)
    if form.is_valid():
        end_by_answer(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Good. Nothing was sent."))
    return HttpResponseRedirect(
        "/" if form.is_valid() else reverse("selfservice:report"), status=303
    )


def _brought_along(request: HttpRequest) -> dict[str, str]:
    return {
        "title": request.GET.get("q", "")[:TITLE_LENGTH],
        "article": request.GET.get("article", ""),
        "after": request.GET.get("after", ""),
    }


@dataclass(frozen=True)
class Fields:
    """The further fields that everybody who reports a problem is asked."""

    version: FormVersion
    form: FieldsForm


def _fields(request: HttpRequest, data: QueryDict | None = None) -> Fields | None:
    version = form_at_report(str(Incident._meta.model_name))
    if version is None:
        return None
    return Fields(version, FieldsForm(version.questions, data, person=request.user, prefix="own"))


def _show(
    request: HttpRequest, form: ReportForm, fields: Fields | None, status: int = 200
) -> HttpResponse:
    """The form, with the article and the request it goes on from when the person may see them."""
    title = str(form["title"].value() or "")
    context = {
        "form": form,
        "fields": fields.form if fields else None,
        "typed": title,
        "offers": before_sending(title, request.user),
        "article": _chosen(form, "article"),
        "after": _chosen(form, "after"),
        "files_lost": bool(request.FILES),
    }
    return render(request, "portal/selfservice/report.html", context, status=status)


def _chosen(form: ReportForm, name: str):
    """The record that hidden field `name` points at, or None; never one the person may not see."""
    value = str(form[name].value() or "")
    if not value:
        return None
    key = form.fields[name].to_field_name or "pk"
    if key == "pk" and not value.isdigit():
        return None
    return form.fields[name].queryset.filter(**{key: value[:20]}).first()
