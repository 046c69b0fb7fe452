"""The admin screens of agreements."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from .forms import AgreementForm, TargetForm
from .models import Agreement


class TargetsPanel(InlinePanel):
    """Targets entered as hours and minutes."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = TargetForm
        return options


class AgreementViewSet(ModelViewSet):
    model = Agreement
    icon = "clipboard-list"
    menu_label = _("Agreements")
    menu_order = 300
    add_to_settings_menu = True
    list_display = ["name", "kind", "calendar", "rank", "is_default", "active", "version"]
    list_filter = ["kind", "active", "calendar"]
    search_fields = ["name"]
    inspect_view_enabled = True
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("calendar")]),
            FieldRowPanel([FieldPanel("active"), FieldPanel("is_default")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("organization"), FieldPanel("service")]),
                    FieldRowPanel([FieldPanel("ticket_kind"), FieldPanel("channel")]),
                    FieldPanel("requester_vip"),
                    FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
                    FieldPanel(
                        "rank",
                        help_text=_("Lower goes first, before everything that is more specific."),
                    ),
                ],
                heading=_("Applies when all of these hold"),
            ),
            TargetsPanel(
                "targets",
                panels=[
                    FieldRowPanel([FieldPanel("metric"), FieldPanel("priority")]),
                    FieldRowPanel([FieldPanel("seconds"), FieldPanel("calendar")]),
                ],
                heading=_("Targets"),
                label=_("Target"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("at_risk_percent"),
                    FieldRowPanel([FieldPanel("vendor_pauses"), FieldPanel("requester_sees_due")]),
                ],
                heading=_("Rules"),
            ),
        ],
        base_form_class=AgreementForm,
    )


@hooks.register("register_admin_viewset")
def register_agreements():
    return AgreementViewSet("agreements")
