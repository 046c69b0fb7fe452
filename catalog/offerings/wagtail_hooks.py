"""The catalog in the Wagtail admin; its pages are edited in the page tree like all pages."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
    PageChooserPanel,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter

from .actions import VIEWED_AS, faults
from .models import Bundle


@hooks.register("register_log_actions")
def register_looks(actions):
    """Each look through somebody's eyes is a line of that person's history."""

    @actions.register_action(VIEWED_AS)
    class LookFormatter(LogFormatter):
        label = _("View the catalog as this person")

        def format_message(self, log_entry):
            return _now("Looked at the catalog as this person")


class BundleForm(WagtailAdminModelForm):
    """A bundle being composed. Refused as long as it could not be ordered."""

    def is_valid(self) -> bool:
        """Its parts are judged together, once each of them will do by itself."""
        return super().is_valid() and not self._faults()

    def _faults(self) -> list[str]:
        if not hasattr(self, "_found"):
            composed = self.save(commit=False)
            composed.version += 1
            self._found = faults(composed, today=timezone.localdate())
            for text in self._found:
                self.add_error(None, text)
        return self._found


class BundleIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("lines__item")


def _items(bundle: Bundle) -> str:
    """The items in one line."""
    return ", ".join(line.item.title for line in bundle.lines.all())


ANSWERS = InlinePanel(
    "answers",
    panels=[FieldRowPanel([FieldPanel("question"), FieldPanel("source"), FieldPanel("value")])],
    heading=_("Answers that are given already"),
    label=_("Answer"),
)
LINES = InlinePanel(
    "lines",
    panels=[
        PageChooserPanel("item"),
        FieldRowPanel([FieldPanel("standing"), FieldPanel("quantity"), FieldPanel("days")]),
        ANSWERS,
    ],
    heading=_("Items, in their order"),
    label=_("Item"),
)
RETURNS = InlinePanel(
    "returns",
    panels=[FieldRowPanel([FieldPanel("item_class"), PageChooserPanel("item")])],
    heading=_("What is ordered to take things back"),
    label=_("Rule"),
)


class BundleViewSet(ModelViewSet):
    model = Bundle
    name = "bundles"
    url_prefix = "bundles"
    icon = "list-ul"
    menu_label = _("Bundles")
    menu_order = 251
    add_to_admin_menu = True
    search_fields = ["name"]
    list_display = [
        "name",
        Column("items", label=_("Items"), accessor=_items),
        BooleanColumn("takes_back", label=_("Takes back")),
    ]
    index_view_class = BundleIndexView

    @cached_property
    def edit_handler(self):
        help_text = _(
            "Make an item of the catalog with this bundle. Its form asks what is common: who, from"
            " when, where. A question of an item with the same short name and kind is not asked"
            " again. What is already ordered stays as it was sent."
        )
        return ObjectList(
            [
                HelpPanel(content=help_text),
                FieldPanel("name"),
                FieldRowPanel([FieldPanel("person_question"), FieldPanel("date_question")]),
                LINES,
                FieldPanel("takes_back"),
                RETURNS,
            ],
            base_form_class=BundleForm,
        )


@hooks.register("register_admin_viewset")
def register_bundles():
    return BundleViewSet()
