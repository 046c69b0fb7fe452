"""Our own legal details, how late money is asked for, and the limits for one person."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import ApprovalLimit, CollectionRules, Seller


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
        FieldPanel("questions_to"),
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


class CollectionRulesViewSet(ModelViewSet):
    model = CollectionRules
    icon = "time"
    menu_label = _("Collection rules")
    add_to_admin_menu = True
    list_display = ["seller", "sends_by_itself", "books_exact_matches"]
    panels = [
        FieldPanel("seller"),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("first_after_days"),
                        FieldPanel("second_after_days"),
                        FieldPanel("third_after_days"),
                    ]
                ),
                FieldPanel("sends_by_itself"),
            ],
            heading=_("Reminders"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("reference_rate"), FieldPanel("margin_points")]),
                FieldRowPanel([FieldPanel("fixed_sum"), FieldPanel("fixed_sum_currency")]),
                FieldPanel("charges_from_level"),
            ],
            heading=_("Interest and fixed sum, outside VAT"),
        ),
        FieldPanel("books_exact_matches"),
    ]


class ApprovalLimitViewSet(ModelViewSet):
    model = ApprovalLimit
    icon = "lock"
    menu_label = _("Limits for one person")
    add_to_admin_menu = True
    list_display = ["seller", "currency", "issue_above", "credit_above", "write_off_above"]
    panels = [
        FieldRowPanel([FieldPanel("seller"), FieldPanel("currency")]),
        FieldRowPanel(
            [FieldPanel("issue_above"), FieldPanel("credit_above"), FieldPanel("write_off_above")]
        ),
    ]


@hooks.register("register_admin_viewset")
def register_sellers():
    return [
        SellerViewSet("sellers"),
        CollectionRulesViewSet("collection_rules"),
        ApprovalLimitViewSet("approval_limits"),
    ]
