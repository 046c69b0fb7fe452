"""How tickets really move, where they wait, and what that would cost."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from reports.actions.reading import Scope
from reports.actions.snapshots import FLOW
from reports.charts import flow

from .snapshots import SnapshotPage


class FlowPage(SnapshotPage):
    template_name = "reports/flow.html"
    title = gettext_lazy("Flow")
    report = FLOW

    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        form, currency = self.choice.form, settings.BUSINESS_CURRENCY
        rate: Decimal | None = form.cleaned_data.get("rate") if form.is_valid() else None
        return {
            "facts": flow.facts(data, rate, currency),
            "maps": flow.flow_maps(data),
            "panels": flow.panels(data, rate, currency),
        }
