"""Drafts from 'My requests': go on with one, or throw it away."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from catalog.offerings.models import CatalogItem
from catalog.requests import actions
from catalog.requests.models import Draft
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

from .ordering import typed_in_words


class OpenDraft(LoginRequiredMixin, View):
    """To the form of its item; of an item that is gone, what was typed can still be read."""

    def get(self, request: HttpRequest, uuid) -> HttpResponse:
        draft = get_object_or_404(Draft.objects.visible_to(request.user), uuid=uuid)
        if draft.ticket is not None:
            return HttpResponseRedirect(reverse("selfservice:request", args=[draft.ticket.number]))
        item = CatalogItem.objects.visible_to(request.user).filter(pk=draft.item_id).first()
        if item is not None:
            return HttpResponseRedirect(f"{item.address}?draft={draft.uuid}")
        context = {"drafts": [(draft, typed_in_words(draft))]}
        return render(request, "catalog/requests/retired.html", context)


class DiscardDraft(ActionPage):
    """Throws it away and goes where the page asks, back to the empty form or to the list."""

    model = Draft
    lookup = "uuid"
    refusals = (Refused,)

    def perform(self, form):
        # The verb deletes the record; what follows needs only where it came from.
        item = self.record.item_id
        self.item = CatalogItem.objects.visible_to(self.request.user).filter(pk=item).first()
        actions.discard(self.record, by=self.request.user)

    def get_success_url(self):
        item = getattr(self, "item", None)
        if item is not None and self.request.POST.get("next") == "form":
            return item.address
        return reverse("selfservice:requests")

    def get_success_message(self, result):
        return _("The draft is gone.")
