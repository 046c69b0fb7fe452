"""The admin screen of ticket categories."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Category


class CategoryViewSet(ModelViewSet):
    model = Category
    icon = "list-ul"
    menu_label = _("Categories")
    menu_order = 295
    add_to_settings_menu = True
    list_display = ["name", "parent", "active"]
    search_fields = ["name"]
    panels = [*(FieldPanel(name) for name in ("name", "parent", "active"))]


@hooks.register("register_admin_viewset")
def category_screens():
    return CategoryViewSet()
