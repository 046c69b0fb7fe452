"""Relating an item: search for the other end, choose it, say how."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from itil.cmdb import actions
from itil.cmdb.forms import RelateForm
from itil.cmdb.models import ConfigurationItem
from itil.services.models import Service, ServiceOffering

from .acting import ItemAction

MOST = 12


class Relate(ItemAction):
    """The search is a link that can be shared; what was found is chosen in the form below it."""

    template_name = "itil/cmdb/relate.html"

    @cached_property
    def words(self) -> str:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return asked.get("q", "").replace("\x00", "").strip()[:100]

    @cached_property
    def targets(self) -> list:
        """Items this person may see that are there, services and offerings with the words."""
        if not self.words:
            return []
        items = ConfigurationItem.objects.visible_to(self.request.user).present()
        items = items.matching(self.words).exclude(pk=self.record.pk)
        items = items.select_related("item_class", "organization").order_by("name", "pk")
        services = Service.objects.filter(active=True, name__icontains=self.words)
        offerings = ServiceOffering.objects.filter(active=True).select_related("service")
        offerings = offerings.filter(name__icontains=self.words) | offerings.filter(
            service__name__icontains=self.words
        )
        return [*items[:MOST], *services[:MOST], *offerings[:MOST]]

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return RelateForm(data, targets=self.targets)

    def get_context_data(self, **kwargs):
        return super().get_context_data(words=self.words, targets=self.targets, **kwargs)

    def perform(self, form):
        values = form.cleaned_data
        source, target = self.record, values["target"]
        if values["is_inverse"] and isinstance(target, ConfigurationItem):
            source, target = target, source
        return actions.relate(
            source,
            values["type"],
            target,
            by=self.request.user,
            passes_failure=values["passes_failure"],
            at=self.now,
        )

    def get_success_message(self, result):
        return _("Related.")
