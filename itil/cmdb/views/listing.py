"""The list of items."""

from itil.cmdb import permissions
from itil.cmdb.filters import ItemFilter
from itil.cmdb.models import ConfigurationItem
from itil.cmdb.tables import COLUMNS, VIEWS
from portal.ui.views_of_lists import NamedViewsPage

# Who sees items at all; which ones is the queryset's business.
DUTIES = ("is_agent", "sees_all_tickets")


class Items(NamedViewsPage):
    """Items of one view, narrowed by the filter, by name."""

    duties = DUTIES
    template_name = "itil/cmdb/items.html"
    views = VIEWS
    columns = COLUMNS
    filterset_class = ItemFilter
    csv_name = "items"

    def visible(self):
        return ConfigurationItem.objects.visible_to(self.request.user)

    def get_rows(self):
        return super().get_rows().with_row()

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_edit=permissions.may_edit(self.request.user), **kwargs)
