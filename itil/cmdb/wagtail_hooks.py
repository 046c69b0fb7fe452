"""The admin screen of the classes of items."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import ItemClass


class ItemClassViewSet(ModelViewSet):
    model = ItemClass
    icon = "table"
    menu_label = _("Classes of items")
    menu_order = 292
    add_to_settings_menu = True
    list_display = ["name", "parent", "field_set", "active"]
    search_fields = ["name"]
    panels = [
        *(
            FieldPanel(name)
            for name in ("name", "slug", "parent", "icon", "field_set", "common_problems", "active")
        )
    ]


@hooks.register("register_admin_viewset")
def item_class_screens():
    return ItemClassViewSet()
