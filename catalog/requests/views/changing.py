"""Changing an order on its way, ordering it again, and sending it back."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from catalog.requests import actions, permissions
from catalog.requests.forms import ChangeForm, SendBackForm
from catalog.requests.models import ServiceRequest
from itil.fields.definition import Definition
from itil.fields.forms import AnswerForm
from itil.tickets.errors import MissingValue, Refused
from portal.ui.pages import ActionPage


class ConcernedMixin(LoginRequiredMixin):
    """Finds a request of the people concerned; another one and none look the same (`VIS-1`)."""

    @cached_property
    def record(self) -> ServiceRequest:
        requests = ServiceRequest.objects.select_related(
            "form_version", "item", "requester", "requested_for", "plan_version", "policy"
        )
        mine = requests.visible_to(self.request.user)
        return get_object_or_404(mine, number=self.kwargs["number"])


class ChangeRequest(ConcernedMixin, View):
    """The form as it was sent, with its answers; material changes are approved anew (`REQ-2`)."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not permissions.may_change(request.user, self.record):
            messages.error(
                request,
                _("%(number)s is “%(status)s”. It cannot be changed any more.")
                % {"number": self.record.number, "status": self.record.public_status_label},
            )
            return HttpResponseRedirect(self._back(), status=303)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs) -> HttpResponse:
        beside = ChangeForm(
            initial={"version": self.record.version, "quantity": self.record.quantity}
        )
        return self._show(beside, self._form())

    def post(self, request, **kwargs) -> HttpResponse:
        beside, form = ChangeForm(request.POST), self._form(request.POST, request.FILES)
        if not (beside.is_valid() & form.is_valid()):
            return self._show(beside, form, status=422)
        try:
            changed = actions.change_answers(
                self.record,
                by=request.user,
                version=beside.cleaned_data["version"],
                answers=form.answers,
                quantity=beside.cleaned_data["quantity"],
                files=[file for chosen in form.uploads.values() for file in chosen],
                at=timezone.now(),
            )
        except MissingValue as refusal:
            beside.add_error(
                refusal.field if refusal.field in beside.fields else None, str(refusal)
            )
            return self._show(beside, form, status=422)
        except Refused as refusal:
            beside.add_error(None, str(refusal))
            beside.data = beside.data.copy()
            beside.data["version"] = ServiceRequest.objects.get(pk=self.record.pk).version
            return self._show(beside, form, status=409)
        text = _("Your changes are saved.")
        if changed.status == "awaiting_approval":
            text = _("Your changes are saved. They are approved before we go on.")
        messages.success(request, text)
        return HttpResponseRedirect(self._back(), status=303)

    def _back(self) -> str:
        user = self.request.user
        is_own = user.pk in (self.record.requester_id, self.record.requested_for_id)
        return self.record.public_url if is_own else self.record.get_absolute_url()

    def _form(self, data=None, files=None) -> AnswerForm:
        version = self.record.form_version
        return AnswerForm(
            version.questions if version else Definition(),
            data,
            files,
            initial=self.record.answers,
            person=self.record.requester,
            holder=self.record.beneficiary,
            currency=self.record.currency or "EUR",
        )

    def _show(self, beside: ChangeForm, form: AnswerForm, status: int = 200) -> HttpResponse:
        context = {
            "ticket": self.record,
            "beside": beside,
            "form": form,
            "back": self._back(),
            "needs_approval": self.record.policy_id is not None,
        }
        return render(self.request, "catalog/requests/change.html", context, status=status)


class OrderAgain(ConcernedMixin, View):
    """The same once more: a new draft with these answers, to be looked at and sent."""

    http_method_names = ["post"]

    def post(self, request, **kwargs) -> HttpResponse:
        try:
            draft = actions.order_again(self.record, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.record.public_url, status=303)
        return HttpResponseRedirect(draft.get_absolute_url(), status=303)


class SendBack(ActionPage):
    """The desk asks the requester to correct the answers."""

    model = ServiceRequest
    lookup = "number"
    duties = ("is_agent",)
    form_class = SendBackForm
    refusals = (Refused,)
    template_name = "itil/desk/action.html"
    success_message = gettext_lazy("Sent back. The request goes on when the answers are changed.")

    def get_queryset(self):
        return ServiceRequest.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        title = _("Send back for correction")
        return super().get_context_data(
            ticket=self.record, title=title, button=_("Send back"), **kwargs
        )

    def perform(self, form):
        return actions.send_back(
            self.record, by=self.request.user, note=form.cleaned_data["note"], at=timezone.now()
        )
