"""Contracts and their rates in the settings."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Contract


class ContractViewSet(ModelViewSet):
    model = Contract
    icon = "doc-full"
    menu_label = _("Contracts")
    add_to_admin_menu = True
    inspect_view_enabled = True
    list_display = ["number", "name", "organization", "valid_from", "valid_to", "active"]
    list_filter = ["active", "organization"]
    search_fields = ["number", "name"]
    panels = [
        FieldPanel("organization"),
        FieldRowPanel([FieldPanel("number"), FieldPanel("name")]),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to"), FieldPanel("active")]),
        InlinePanel("rates", label=_("hourly rate"), heading=_("Hourly rates")),
        FieldRowPanel([FieldPanel("default_hourly_rate"), FieldPanel("currency")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("rounding_increment"), FieldPanel("rounding_mode")]),
                FieldRowPanel([FieldPanel("rounding_scope"), FieldPanel("minimum_minutes")]),
            ],
            heading=_("Rounding"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("vat_category"), FieldPanel("vat_rate")]),
                FieldPanel("vat_exemption_reason"),
            ],
            heading=_("VAT"),
        ),
        FieldRowPanel([FieldPanel("payment_terms_days"), FieldPanel("language")]),
        FieldPanel("buyer_reference"),
    ]


@hooks.register("register_admin_viewset")
def register_contracts():
    return ContractViewSet("contracts")
