"""The page on which staff fill in the further fields of a ticket."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from itil.desk import actions, permissions
from itil.fields.forms import AnswerForm
from itil.fields.models import FormVersion
from itil.tickets.errors import Refused
from itil.tickets.matching import Filled, filled_of, version_to_fill
from portal.ui.pages import DutyPage, RecordMixin

from .ticket import TicketRecord


class FillIn(TicketRecord, DutyPage, RecordMixin, View):
    """GET shows the form with its answers; POST keeps them, or shows what is wrong with them."""

    @cached_property
    def filled(self) -> Filled | None:
        return filled_of(self.record)

    @cached_property
    def form_version(self) -> FormVersion:
        """The version to fill in; a ticket without any, or one that is not theirs, has no page."""
        found = version_to_fill(self.record, self.filled)
        if found is None or not permissions.may_edit(self.request.user, self.record):
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(self._form(), self.record.version)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, version = self._form(request.POST), request.POST.get("version", "")
        shown = version if version.isdecimal() else "0"
        if not form.is_valid():
            return self._show(form, shown, status=422)
        if request.POST.get("form") != str(self.form_version.pk):
            refusal = _("Other questions apply to this ticket by now. Check them, then save again.")
            return self._show(form, self.record.version, refusal=refusal, status=409)
        try:
            actions.fill_in(
                self.record,
                by=request.user,
                version=int(shown),
                form_version=self.form_version,
                answers=form.answers,
                at=timezone.now(),
            )
        except Refused as refusal:
            self.record.refresh_from_db(fields=["version"])
            return self._show(form, self.record.version, refusal=str(refusal), status=409)
        messages.success(request, _("Your changes are saved."))
        return HttpResponseRedirect(self.record.get_absolute_url(), status=303)

    def _form(self, data: Any = None) -> AnswerForm:
        return AnswerForm(
            self.form_version.questions,
            data,
            initial=self.filled.answers if self.filled else None,
            person=self.request.user,
            holder=self.record.requested_for or self.record.requester,
        )

    def _show(
        self, form: AnswerForm, version: Any, *, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            "ticket": self.record,
            "form": form,
            "form_version": self.form_version,
            "version": version,
            "refusal": refusal,
        }
        return render(self.request, "itil/desk/fill_in.html", context, status=status)
