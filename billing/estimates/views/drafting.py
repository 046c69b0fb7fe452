"""Writing an estimate, anew or otherwise."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from billing.contracts.matching import terms_in_force
from billing.estimates import actions, permissions
from billing.estimates.actions.drafting import VALID_FOR
from billing.estimates.forms import ADDED_AT_ONCE, EstimateForm, typed
from billing.estimates.models import Kind
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets.hours import business_date
from portal.ui.pages import VerbPage

from .record import DUTIES, EstimateAction

# Nothing is saved: the page comes again with more empty lines.
MORE = "more"


class Written:
    """The form of head and lines; 'More lines' gives it back with what was typed."""

    refusals = (Refused,)
    form_class = EstimateForm
    template_name = "billing/estimates/edit.html"

    def post(self, request, *args, **kwargs):
        if MORE not in request.POST:
            return super().post(request, *args, **kwargs)
        self.check()
        data = request.POST.copy()
        form = self.form_class(data)
        data["count"] = form.count + ADDED_AT_ONCE
        # Read again without judging: it is not finished.
        return self.show(self.form_class(initial=data.dict(), count=form.count + ADDED_AT_ONCE))

    def values(self, form):
        given = form.cleaned_data
        return {
            "title": given["title"],
            "kind": given["kind"],
            "introduction": given["introduction"],
            "valid_until": given["valid_until"],
            "lines": form.lines,
        }


class New(Written, VerbPage):
    duties = DUTIES
    title = gettext_lazy("New estimate")
    button = gettext_lazy("Save the draft")

    @cached_property
    def ticket(self):
        tickets = Ticket.objects.visible_to(self.request.user).select_related("organization")
        return get_object_or_404(tickets, number=self.kwargs["number"])

    def check(self):
        if not permissions.may_prepare(self.request.user, self.ticket):
            raise Http404

    def get_form_kwargs(self):
        if self.request.method == "POST":
            return {"data": self.request.POST}
        today = business_date(timezone.now())
        return {
            "initial": {
                "title": self.ticket.title,
                "kind": Kind.INDICATIVE,
                "valid_until": today + VALID_FOR,
            }
        }

    def perform(self, form):
        return actions.draft(
            self.ticket, by=self.request.user, at=timezone.now(), **self.values(form)
        )

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        today = business_date(timezone.now())
        organization = self.ticket.organization
        contract = organization and terms_in_force().contract_for(organization.pk, today)
        return super().get_context_data(
            ticket=self.ticket,
            organization=organization,
            has_contract=contract is not None,
            back=self.ticket.get_absolute_url(),
            **kwargs,
        )


class Edit(Written, EstimateAction):
    title = gettext_lazy("Change the estimate")
    button = gettext_lazy("Save the draft")
    success_message = gettext_lazy("The draft is saved.")

    def check(self):
        if not permissions.may_edit(self.request.user, self.record):
            raise Http404

    def get_form_kwargs(self):
        if self.request.method == "POST":
            return {"data": self.request.POST}
        estimate = self.record
        return {
            "initial": {
                "title": estimate.title,
                "kind": estimate.kind,
                "introduction": estimate.introduction,
                "valid_until": estimate.valid_until,
                **typed(estimate),
            },
            "count": estimate.lines.count() + 1,
        }

    def perform(self, form):
        return actions.edit(
            self.record, by=self.request.user, at=timezone.now(), **self.values(form)
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            ticket=self.record.ticket,
            organization=self.record.organization,
            has_contract=self.record.contract_id is not None,
            back=reverse("estimates:detail", args=[self.record.uuid]),
            **kwargs,
        )
