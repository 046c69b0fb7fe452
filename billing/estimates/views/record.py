"""One estimate as staff see it, and what they do with it."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.estimates import actions, permissions
from billing.estimates.forms import SendForm
from billing.estimates.lifecycle import ANSWERABLE_AGAIN, State
from billing.estimates.matching import use_of
from billing.estimates.models import Estimate
from billing.estimates.tasks import print_estimate
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage, DetailPage

DUTIES = ("is_billing_clerk", "is_manager", "is_lead")


class EstimateRecord:
    """Finds the estimate of the URL among those the person sees at the desk."""

    duties = DUTIES
    model = Estimate
    lookup = "uuid"

    def get_queryset(self):
        return Estimate.objects.visible_to(self.request.user).select_related(
            "ticket", "organization", "contract", "created_by", "sent_to"
        )


class Detail(EstimateRecord, DetailPage):
    template_name = "billing/estimates/detail.html"

    def get_context_data(self, **kwargs):
        estimate, user = self.record, self.request.user
        may_prepare = permissions.may_prepare(user, estimate.ticket)
        readable = Ticket.objects.visible_to(user).filter(pk=estimate.ticket_id).exists()
        return super().get_context_data(
            lines=estimate.lines.select_related("activity"),
            events=estimate.events.select_related("actor"),
            versions=Estimate.objects.filter(number=estimate.number).order_by("-version"),
            use=use_of(estimate) if estimate.state == State.ACCEPTED else None,
            may_prepare=may_prepare,
            may_renew=may_prepare and estimate.state in ANSWERABLE_AGAIN,
            ticket_is_readable=readable,
            **kwargs,
        )


class EstimateAction(EstimateRecord, ActionPage):
    """A verb on the estimate of the URL."""

    refusals = (Refused,)
    template_name = "billing/estimates/action.html"

    def check(self):
        if not permissions.may_prepare(self.request.user, self.record.ticket):
            raise Http404


class Send(EstimateAction):
    """To whom, with what it says; then the mail goes out."""

    title = gettext_lazy("Send the estimate")
    button = gettext_lazy("Send it")

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        form = SendForm(data, estimate=self.record)
        choices = form.fields["to"].queryset
        if data is None and len(choices) == 1:
            form.initial["to"] = choices[0].pk
        return form

    def perform(self, form):
        now = timezone.now()
        sent = actions.send(self.record, to=form.cleaned_data["to"], by=self.request.user, at=now)
        if actions.request_pdf(sent, at=now):
            print_estimate.enqueue(sent.pk)
        return sent

    def get_success_message(self, result):
        return _("%(estimate)s is on its way to %(name)s.") % {
            "estimate": result,
            "name": result.sent_to.name,
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            nobody=not kwargs["form"].fields["to"].queryset.exists(), is_sending=True, **kwargs
        )


class NewVersion(EstimateAction):
    """A copy to be changed; the present one stands until the new one is sent."""

    template_name = ""

    def perform(self, form):
        return actions.new_version(self.record, by=self.request.user, at=timezone.now())

    def get_success_url(self):
        if self.result is None:
            return self.record.get_absolute_url()
        return reverse("estimates:edit", args=[self.result.uuid])


class ThrowAway(EstimateAction):
    """A draft that nobody saw may go."""

    title = gettext_lazy("Delete the draft")
    button = gettext_lazy("Delete it")
    success_message = gettext_lazy("The draft is deleted.")

    def perform(self, form):
        actions.throw_away(self.record, by=self.request.user)

    def get_success_url(self):
        return reverse("estimates:list")
