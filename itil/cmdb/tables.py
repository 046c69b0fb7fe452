"""The list of items: its views, and what a row needs."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedView

from .lifecycle import GONE, Status

# So long before its end a warranty is worth a look.
WARRANTY_WARNING = timedelta(days=90)


def _with_status(*statuses):
    return lambda items, user, now: items.filter(status__in=statuses)


def _warranty_ending(items, user, now):
    today = now.date()
    return items.present().filter(
        warranty_until__gte=today, warranty_until__lte=today + WARRANTY_WARNING
    )


VIEWS = (
    NamedView(
        "estate", _("All we have"), lambda items, user, now: items.present(), ordering="name"
    ),
    NamedView("in_use", _("In use"), _with_status(Status.IN_USE), ordering="name"),
    NamedView("in_stock", _("In stock"), _with_status(Status.IN_STOCK), ordering="name"),
    NamedView("in_repair", _("In repair"), _with_status(Status.IN_REPAIR), ordering="name"),
    NamedView("warranty", _("Warranty ends soon"), _warranty_ending, is_hot=True, ordering="name"),
    NamedView("gone", _("Retired and lost"), _with_status(*GONE), ordering="-updated"),
    NamedView("all", _("All"), lambda items, user, now: items, ordering="name"),
)

COLUMNS = (
    Column("number", _("Number"), sort="pk", css="c-num"),
    Column("name", _("Name"), sort="name"),
    Column("class", _("Class"), sort="item_class__name", value="item_class.name", css="c-class"),
    Column("status", _("Status"), sort="status", value="status_label", css="c-status"),
    Column("holder", _("Held by"), value="held_by.name", css="c-person"),
    Column(
        "organization",
        _("Belongs to"),
        sort="organization__name",
        value="organization.name",
        css="c-owner",
    ),
    Column("location", _("Location"), value="location.name", css="c-person"),
    Column(
        "criticality",
        _("Criticality"),
        sort="criticality",
        value=lambda item: item.get_criticality_display(),
        css="c-crit",
    ),
    Column("updated", _("Updated"), sort="updated_at", value="updated_at", css="r c-ago"),
)
