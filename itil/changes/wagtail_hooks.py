"""The admin screens of changes: who decides them, and how their risk is computed."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from itil.tickets.errors import Refused

from .actions import publish_formula
from .models import AdvisoryBoard, Authority, RiskFormula
from .models.conflicts import DEFAULT_SEVERITIES, ConflictRule


class _Populated:
    """A board that nobody sits on is saved, and said to be one."""

    def save_instance(self):
        board = super().save_instance()
        if board.active and board.is_empty:
            messages.warning(
                self.request,
                _(
                    "Nobody who can sign in sits on “%(board)s”. Open it again and add members;"
                    " until then the change managers decide in its place."
                )
                % {"board": board},
            )
        return board


class BoardCreateView(_Populated, CreateView):
    pass


class BoardEditView(_Populated, EditView):
    pass


class BoardViewSet(ModelViewSet):
    model = AdvisoryBoard
    add_view_class = BoardCreateView
    edit_view_class = BoardEditView
    icon = "group"
    menu_label = _("Boards of changes")
    menu_order = 330
    add_to_settings_menu = True
    list_display = ["name", "kind", BooleanColumn("active", label=_("Active"))]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "A board that nobody sits on, or whose members are all concerned themselves,"
                    " decides nothing: the change managers are asked instead."
                )
            ),
            FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("rule"), FieldPanel("number"), FieldPanel("rejects")]),
            InlinePanel(
                "members",
                panels=[
                    FieldRowPanel(
                        [FieldPanel("user"), FieldPanel("is_chair"), FieldPanel("is_mandatory")]
                    )
                ],
                heading=_("Members"),
                label=_("Member"),
            ),
            InlinePanel(
                "rules",
                panels=[
                    FieldRowPanel(
                        [FieldPanel("change_type"), FieldPanel("risk"), FieldPanel("service")]
                    )
                ],
                heading=_("Which changes it decides; the narrowest rule of all boards wins"),
                label=_("Rule"),
            ),
            FieldPanel("active"),
        ]
    )


class AuthorityViewSet(ModelViewSet):
    model = Authority
    icon = "check"
    menu_label = _("Change authorities")
    menu_order = 331
    add_to_settings_menu = True
    list_display = ["change_type", "risk", "policy", "peer_policy"]
    panels = [
        FieldRowPanel([FieldPanel("change_type"), FieldPanel("risk")]),
        FieldPanel("policy"),
        FieldPanel("peer_policy"),
    ]


class _Publishing:
    """What is saved is in force: assessments keep the version that they were made with."""

    def save_instance(self):
        formula = super().save_instance()
        try:
            publish_formula(formula, by=self.request.user, at=timezone.now())
        except Refused as refusal:
            messages.warning(self.request, str(refusal))
        return formula


class FormulaCreateView(_Publishing, CreateView):
    pass


class FormulaEditView(_Publishing, EditView):
    pass


class FormulaViewSet(ModelViewSet):
    model = RiskFormula
    icon = "warning"
    menu_label = _("Risk of changes")
    menu_order = 332
    add_to_settings_menu = True
    list_display = ["name", Column("state", label=_("In force"), accessor="state")]
    add_view_class = FormulaCreateView
    edit_view_class = FormulaEditView
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "Questions and rules give points from 0 to 100 each; the larger counts. What is"
                    " saved is a new version, by which risks are computed from then on."
                )
            ),
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("medium_from"), FieldPanel("high_from")]),
            FieldRowPanel([FieldPanel("critical_service"), FieldPanel("medium_service")]),
            FieldRowPanel([FieldPanel("per_dependant"), FieldPanel("most_dependants")]),
            FieldRowPanel([FieldPanel("past_failures"), FieldPanel("untested_back_out")]),
            InlinePanel(
                "questions",
                panels=[FieldPanel("text"), FieldPanel("options")],
                heading=_("Questions"),
                label=_("Question"),
            ),
        ]
    )


class ConflictIndexView(IndexView):
    """Every kind has its row, also before the first conflict was looked for."""

    def get_base_queryset(self):
        there = set(ConflictRule.objects.values_list("kind", flat=True))
        ConflictRule.objects.bulk_create(
            (
                ConflictRule(kind=kind, severity=severity)
                for kind, severity in DEFAULT_SEVERITIES.items()
                if kind not in there
            ),
            ignore_conflicts=True,
        )
        return super().get_base_queryset()


class FixedKinds(ModelPermissionPolicy):
    """The kinds are given: none is added, none is taken away."""

    def user_has_permission(self, user, action):
        return action not in ("add", "delete") and super().user_has_permission(user, action)


register_permission_policy(ConflictRule, FixedKinds(ConflictRule))


class ConflictRuleViewSet(ModelViewSet):
    model = ConflictRule
    icon = "warning"
    menu_label = _("Conflicts of changes")
    menu_order = 333
    add_to_settings_menu = True
    index_view_class = ConflictIndexView
    list_display = [
        Column("kind", label=_("Kind"), accessor="get_kind_display"),
        Column("severity", label=_("Weight"), accessor="get_severity_display"),
    ]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "What is saved holds from the next check of a change on. All changes of the"
                    " next 30 days are checked every night."
                )
            ),
            FieldPanel("kind", read_only=True),
            FieldPanel("severity"),
        ]
    )


@hooks.register("register_admin_viewset")
def change_screens():
    return [
        BoardViewSet("change_boards"),
        AuthorityViewSet("change_authorities"),
        FormulaViewSet("risk_formulas"),
        ConflictRuleViewSet("conflict_rules"),
    ]
