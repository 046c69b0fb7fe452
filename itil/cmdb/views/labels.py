"""Sheets of labels with codes to print and stick on things."""

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.models import ConfigurationItem, ItemLabel
from itil.cmdb.querysets import key_of
from portal.ui.pages import DutyPage

# Eight sheets of twenty-four.
MOST = 192


def _keys(numbers) -> list[int]:
    """The keys in numbers such as CI-000123, each once, in their order."""
    keys = (key_of(number) for number in numbers[:MOST])
    return list(dict.fromkeys(key for key in keys if key))


class MakeLabels(DutyPage, View):
    """Give every ticked item its code, then show the sheet."""

    duties = ("is_agent",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = _keys(request.POST.getlist("number"))
        items = ConfigurationItem.objects.visible_to(request.user).filter(pk__in=keys)
        if not keys:
            messages.warning(request, _("Tick the items first."))
            return redirect("cmdb:items")
        try:
            labels = actions.label_items(
                items.order_by("name", "pk"), by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("cmdb:items")
        if not labels:
            messages.warning(request, _("Nothing to label: retired and lost items get none."))
            return redirect("cmdb:items")
        query = urlencode([("number", label.item.number) for label in labels])
        return redirect(f"{reverse('cmdb:sheet')}?{query}")


class Sheet(DutyPage, TemplateView):
    """The labels of the items in the address, three in a row, to be printed."""

    duties = ("is_agent",)
    template_name = "itil/cmdb/sheet.html"

    def get_context_data(self, **kwargs):
        items = ConfigurationItem.objects.visible_to(self.request.user)
        wanted = items.filter(pk__in=_keys(self.request.GET.getlist("number")))
        labels = (
            ItemLabel.objects.filter(item__in=wanted, revoked_at__isnull=True)
            .select_related("item__item_class", "item__location", "item__organization")
            .order_by("item__name", "item")
        )
        return super().get_context_data(
            labels=[(label.item, _code(label)) for label in labels], **kwargs
        )


def _code(label: ItemLabel) -> str:
    """The code as SVG; it holds the address of the form and nothing else."""
    address = f"{settings.SITE_URL}{label.get_absolute_url()}"
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address
