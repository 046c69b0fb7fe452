"""The admin screens of approval policies."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from .models import ApprovalPolicy


def _chain(policy: ApprovalPolicy) -> str:
    """The steps in one line."""
    return " → ".join(step.label for step in policy.steps.all())


class PolicyIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("steps")


SPECIAL_SAYS = InlinePanel(
    "members",
    panels=[FieldRowPanel([FieldPanel("person"), FieldPanel("duty")])],
    heading=_("Special says"),
    label=_("Person"),
)

STEPS = InlinePanel(
    "steps",
    panels=[
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("source"), FieldPanel("person"), FieldPanel("team")]),
        FieldRowPanel([FieldPanel("rule"), FieldPanel("number")]),
        FieldRowPanel([FieldPanel("rejects"), FieldPanel("on_timeout")]),
        FieldPanel("only_above"),
        SPECIAL_SAYS,
    ],
    heading=_("Steps, one after the other"),
    label=_("Step"),
    min_num=1,
)


class PolicyViewSet(ModelViewSet):
    model = ApprovalPolicy
    icon = "check"
    menu_label = _("Approval policies")
    menu_order = 310
    add_to_settings_menu = True
    list_display = [
        "name",
        Column("steps", label=_("Steps"), accessor=_chain),
        BooleanColumn("four_eyes", label=_("Four eyes")),
    ]
    search_fields = ["name"]
    index_view_class = PolicyIndexView
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "Requests that wait already go on by the steps they began with. Nobody decides"
                    " on their own request: the next higher manager is asked instead."
                )
            ),
            FieldPanel("name"),
            STEPS,
            FieldRowPanel([FieldPanel("four_eyes"), FieldPanel("calendar")]),
        ]
    )


@hooks.register("register_admin_viewset")
def register_policies():
    return PolicyViewSet("approval_policies")
