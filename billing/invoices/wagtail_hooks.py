"""Our own legal details in the settings."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Seller


class SellerViewSet(ModelViewSet):
    model = Seller
    icon = "home"
    menu_label = _("Sellers")
    add_to_admin_menu = True
    inspect_view_enabled = True
    list_display = ["name", "series", "currency", "active"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("brand")]),
        FieldRowPanel([FieldPanel("series"), FieldPanel("currency"), FieldPanel("active")]),
        MultiFieldPanel(
            [
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("city"), FieldPanel("country")]),
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
            ],
            heading=_("Address"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("vat_id"), FieldPanel("tax_number")]),
                FieldPanel("registration"),
            ],
            heading=_("Tax and register"),
        ),
        FieldRowPanel([FieldPanel("iban"), FieldPanel("bic")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("logo"), FieldPanel("accent")]),
                FieldPanel("intro"),
                FieldPanel("payment_note"),
                FieldPanel("footer_text"),
            ],
            heading=_("Look and texts of the documents"),
        ),
    ]


@hooks.register("register_admin_viewset")
def register_sellers():
    return SellerViewSet("sellers")
