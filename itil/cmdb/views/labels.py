"""Sheets of labels with codes to print and stick on things."""

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.generic import TemplateView, View

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.models import ConfigurationItem, ItemLabel
from itil.cmdb.querysets import key_of
from portal.people.models import Location
from portal.ui.pages import DutyPage, ListPage
from portal.ui.tables import Column

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


class Places(ListPage):
    """Where people work, to tick those that get a label on the wall; it is sent to itself."""

    duties = ("is_agent",)
    template_name = "itil/cmdb/places.html"
    columns = (
        Column("name", _lazy("Place"), sort="name"),
        Column("organization", _lazy("Organization"), sort="organization__name"),
        Column("address", _lazy("Address")),
        Column("label", _lazy("Label")),
    )
    default_sort = "organization"

    def get_queryset(self):
        in_force = ItemLabel.objects.filter(location=OuterRef("pk"), revoked_at__isnull=True)
        return Location.objects.select_related("organization").annotate(has_label=Exists(in_force))

    def post(self, request: HttpRequest) -> HttpResponse:
        ticked = [int(key) for key in request.POST.getlist("place")[:MOST] if key.isdecimal()]
        places = Location.objects.filter(pk__in=ticked).order_by("organization__name", "name")
        labels = actions.label_places(places, by=request.user, at=timezone.now())
        if not labels:
            messages.warning(request, _("Tick the places first."))
            return redirect("cmdb:places")
        query = urlencode([("place", label.location_id) for label in labels])
        return redirect(f"{reverse('cmdb:sheet')}?{query}")


class RevokePlaceLabel(DutyPage, View):
    """Let the code of a place work no longer."""

    duties = ("is_agent",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = get_object_or_404(Location, pk=pk)
        if actions.revoke_place_label(place, by=request.user, at=timezone.now()):
            told = _("The label of %(name)s no longer works. Print a new one over the old one.")
        else:
            told = _("%(name)s has no label that works.")
        messages.success(request, told % {"name": place})
        return redirect("cmdb:places")


class Sheet(DutyPage, TemplateView):
    """The labels of the items and places in the address, three in a row, to be printed."""

    duties = ("is_agent",)
    template_name = "itil/cmdb/sheet.html"

    def get_context_data(self, **kwargs):
        items = ConfigurationItem.objects.visible_to(self.request.user)
        wanted = items.filter(pk__in=_keys(self.request.GET.getlist("number")))
        places = [int(key) for key in self.request.GET.getlist("place")[:MOST] if key.isdecimal()]
        labels = (
            ItemLabel.objects.filter(
                Q(item__in=wanted) | Q(location__in=places), revoked_at__isnull=True
            )
            .select_related("item__location", "item__organization", "location__organization")
            .order_by("item__name", "item", "location__name", "location")
        )
        return super().get_context_data(
            labels=[(label, _code(label)) for label in labels],
            back=reverse("cmdb:places" if places else "cmdb:items"),
            **kwargs,
        )


def _code(label: ItemLabel) -> str:
    """The code as SVG; it holds the address of the form and nothing else."""
    address = f"{settings.SITE_URL}{label.get_absolute_url()}"
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address
