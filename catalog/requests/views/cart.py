"""The order of several items: what is in it, and sending it."""

from collections import defaultdict
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from catalog.offerings.models import CatalogItem
from catalog.requests import actions
from catalog.requests.forms import CartForm
from catalog.requests.models import Draft
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage


class Cart(LoginRequiredMixin, View):
    """GET shows it; POST sends everything in it as one order."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(CartForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CartForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            bundle = actions.submit_together(
                self._drafts(), by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._show(form, status=409)
        messages.success(
            request,
            _("Sent. Number %(number)s. We e-mailed you a copy of each request.")
            % {"number": bundle.number},
        )
        return HttpResponseRedirect(bundle.get_absolute_url(), status=303)

    def _drafts(self):
        drafts = Draft.objects.visible_to(self.request.user).in_cart()
        return list(drafts.select_related("form_version", "requested_for__cost_centre", "owner"))

    def _show(self, form: CartForm, status: int = 200) -> HttpResponse:
        drafts = self._drafts()
        user, now = self.request.user, timezone.now()
        offered = CatalogItem.objects.visible_to(user).select_related("approval", "calendar")
        items = offered.in_bulk([draft.item_id for draft in drafts if draft.item_id])
        rows, totals = [], defaultdict(Decimal)
        for draft in drafts:
            item = items.get(draft.item_id)
            preview = actions.preview(draft, item, by=user, at=now) if item else None
            rows.append((draft, item, preview))
            if item and preview.total:
                totals[item.currency, item.price_period] += preview.total
        context = {
            "form": form,
            "rows": rows,
            "totals": [(*key, amount) for key, amount in totals.items()],
        }
        return render(self.request, "catalog/requests/cart.html", context, status=status)


class RemoveFromCart(ActionPage):
    """Leaves one out; it stays a draft."""

    model = Draft
    lookup = "uuid"
    refusals = (Refused,)
    success_message = gettext_lazy("Taken out. It is kept as a draft.")

    def perform(self, form):
        return actions.take_out_of_cart(self.record, by=self.request.user, at=timezone.now())

    def get_success_url(self):
        return reverse("requests:cart")
