"""The admin screen of the rules that propose major incidents."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import CandidateRule


class CandidateRuleViewSet(ModelViewSet):
    model = CandidateRule
    icon = "warning"
    menu_label = _("Major incidents")
    menu_order = 296
    add_to_settings_menu = True
    list_display = ["name", "sign", "service", "accepts", "active"]
    search_fields = ["name"]
    panels = [
        *(FieldPanel(name) for name in ("name", "sign", "service", "active")),
        MultiFieldPanel(
            [FieldPanel("least_children"), FieldPanel("within_minutes")],
            heading=_("Many incidents below one"),
        ),
        MultiFieldPanel(
            [FieldPanel("accepts"), FieldPanel("owner"), FieldPanel("interval_minutes")],
            heading=_("Without waiting for a team lead"),
        ),
    ]


@hooks.register("register_admin_viewset")
def candidate_rule_screens():
    return CandidateRuleViewSet()
