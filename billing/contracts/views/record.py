"""One contract: its terms in words, rates, prepaid blocks, people and history."""

from django.utils.translation import gettext_lazy as _

from billing.contracts.matching import balances
from billing.contracts.models import Contract, ContractEvent
from billing.contracts.permissions import may_change
from billing.contracts.tables import history, rates_by_validity, terms_in_words
from portal.ui.pages import DetailPage

from .listing import READERS, today

HISTORY_SHOWN = 20


class ContractPage:
    """A contract found by its unguessable id among those the person may see."""

    duties = READERS
    lookup = "uuid"
    model = Contract
    back = _("Back to the contract")

    def get_queryset(self):
        return Contract.objects.visible_to(self.request.user).select_related(
            "organization", "hours", "manager", "contact"
        )


class Detail(ContractPage, DetailPage):
    template_name = "billing/contracts/detail.html"

    def get_context_data(self, **kwargs):
        contract = self.record
        events = ContractEvent.objects.filter(contract=contract).select_related("actor")
        day = today()
        return super().get_context_data(
            today=day,
            terms=terms_in_words(contract),
            rates=rates_by_validity(contract.rates.select_related("role", "activity"), day),
            balances=balances(contract),
            retainers=contract.retainers.all(),
            kilometre_rates=contract.kilometre_rates.all(),
            parts=contract.parts.all(),
            events=history(events[:HISTORY_SHOWN]),
            may_change=may_change(self.request.user),
            **kwargs,
        )
