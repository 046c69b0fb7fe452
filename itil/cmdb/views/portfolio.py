"""The portfolio: services with what they are made of."""

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import ConfigurationItem, Relation
from itil.services.models import Service
from portal.ui.pages import DetailPage, ListPage
from portal.ui.tables import Column

from .listing import DUTIES

COLUMNS = (
    Column("name", _("Service"), sort="name"),
    Column("status", _("Status"), sort="status", value=lambda row: row.get_status_display()),
    Column(
        "criticality",
        _("Criticality"),
        sort="criticality",
        value=lambda row: row.get_criticality_display(),
    ),
    Column("owner", _("Owner"), value="owner.name", css="c-person"),
    Column("team", _("Team"), value="team.name", css="c-person"),
    Column("hours", _("Support hours"), value="support_hours.name", css="c-person"),
    Column("offerings", _("Offerings"), sort="offering_count", value="offering_count", css="r"),
    Column("items", _("Items"), sort="item_count", value="item_count", css="r"),
)


def _providing():
    """How many items provide the service of a row."""
    held = Relation.objects.in_force().annotate(
        of=Coalesce(F("service_id"), F("offering__service_id"))
    )
    counted = held.filter(of=OuterRef("pk")).order_by().values("of")
    return Coalesce(Subquery(counted.annotate(n=Count("source", distinct=True)).values("n")), 0)


class Services(ListPage):
    """All services, the critical ones first."""

    duties = DUTIES
    template_name = "itil/cmdb/services.html"
    columns = COLUMNS
    default_sort = "criticality"
    csv_name = "services"

    def get_queryset(self):
        return Service.objects.select_related("owner", "team", "support_hours").annotate(
            offering_count=Count("offerings", filter=Q(offerings__active=True)),
            item_count=_providing(),
        )


class ServicePage(DetailPage):
    """One service: its offerings, and the items that provide it."""

    model = Service
    duties = DUTIES
    template_name = "itil/cmdb/service.html"

    def get_queryset(self):
        return Service.objects.select_related("owner", "team", "support_hours")

    def get_context_data(self, **kwargs):
        service = self.record
        provided = Relation.objects.in_force().filter(
            Q(service=service) | Q(offering__service=service)
        )
        items = ConfigurationItem.objects.visible_to(self.request.user)
        found = list(
            items.filter(pk__in=provided.values("source"))
            .with_row()
            .order_by("criticality", "name")
        )
        return super().get_context_data(
            service=service,
            offerings=service.offerings.all(),
            items=found,
            **kwargs,
        )
