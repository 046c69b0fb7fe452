"""What staff do about service levels: note a supplier's answer, leave clocks out of the figures."""

from django.utils.translation import gettext_lazy

from itil.desk import actions
from itil.desk.actions.promising import countable
from itil.desk.forms import ExcludeForm

from .acting import TicketAction


class SupplierAnswered(TicketAction):
    template_name = ""
    success_message = gettext_lazy("The supplier's answer is noted.")

    def perform(self, form):
        return actions.supplier_answered(self.record, by=self.request.user)


class Exclude(TicketAction):
    """Leads leave one clock or all of them out, with the reason for the customer's report."""

    title = gettext_lazy("Leave out of the service level figures")
    button = gettext_lazy("Leave out")
    success_message = gettext_lazy("It is left out of the figures.")

    def get_form(self):
        return ExcludeForm(self.request.POST or None, clocks=countable(self.record))

    def perform(self, form):
        return actions.exclude_clocks(self.record, by=self.request.user, **form.cleaned_data)
