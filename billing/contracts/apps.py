from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "billing.contracts"
    verbose_name = _("Contracts")

    def ready(self):
        # Models may only be imported now that they are all there.
        hand_over = import_string("itil.timesheets.actions.hand_over")
        hand_over(import_string("billing.contracts.adapter.ContractApprover")())
