from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class EstimatesConfig(AppConfig):
    name = "billing.estimates"
    verbose_name = _("Estimates")

    def ready(self):
        # Models may only be imported now that they are all there.
        approve = import_string("itil.timesheets.actions.hand_over")
        approve(import_string("billing.estimates.adapter.EstimateApprover")())
        fix = import_string("billing.contracts.matching.reading.hand_over")
        fix(import_string("billing.estimates.adapter.AcceptedPrices")())
