"""Pages that only show an agreement: as it is, and as its versions were."""

from itertools import zip_longest
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import (
    IndexView,
    InspectView,
    PermissionCheckedMixin,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.widgets.button import Button, HeaderButton

from itil.sla import tables
from itil.sla.actions.versions import Definition, Version, definition_of, versions_of
from itil.sla.models import Agreement

from .zones import InOwnZone


class AgreementIndexView(IndexView):
    """The list, with the way to the test bench."""

    @cached_property
    def header_buttons(self) -> list[Component]:
        bench = HeaderButton(
            _("Which agreement?"),
            url=reverse("agreements:bench"),
            icon_name="help",
            priority=20,
        )
        return [*super().header_buttons, bench]


def shown(definition: Definition) -> dict[str, Any]:
    """What a page about one definition tells, in words."""
    return {
        "conditions": tables.conditions_in_words(definition),
        "settings": tables.settings_in_words(definition),
        "table": tables.target_table(definition),
        "steps": tables.steps_in_words(definition),
    }


def versions_button(agreement: Agreement) -> Component:
    """The way to the versions of an agreement."""
    url = reverse("agreements:versions", args=[agreement.pk])
    return Button(_("Versions"), url=url, icon_name="history", priority=5)


class AgreementInspectView(InOwnZone, InspectView):
    """The agreement as people read it."""

    @cached_property
    def header_more_buttons(self) -> list[Component]:
        return [versions_button(self.object), *super().header_more_buttons]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | shown(definition_of(self.object))


class AgreementVersionsView(
    InOwnZone, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """Every version that was kept, with what it changed."""

    model = Agreement
    any_permission_required = ("add", "change", "delete", "view")
    template_name = "itil/sla/agreement/versions.html"
    page_title = gettext_lazy("Versions")
    header_icon = "history"

    @cached_property
    def agreement(self) -> Agreement:
        return get_object_or_404(Agreement, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.agreement)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("agreements:index"), "label": _("Agreements")},
            {"url": reverse("agreements:edit", args=[self.agreement.pk]), "label": self.agreement},
            {"url": "", "label": self.page_title, "sublabel": str(self.agreement)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = list(versions_of(self.agreement))
        return super().get_context_data(**kwargs) | {
            "agreement": self.agreement,
            "lines": [_line(*pair) for pair in zip_longest(kept, kept[1:])],
            # A command may have made the present version, which the next save here will keep.
            "is_kept": bool(kept) and kept[0].number == self.agreement.version,
            "present": shown(definition_of(self.agreement)),
        }


def _line(version: Version, former: Version | None) -> dict[str, Any]:
    """One version with what it says, and what it changed; nothing to compare the first one with."""
    changes = tables.changes(former.definition, version.definition) if former else []
    return {
        "version": version,
        "former": former,
        "changes": changes,
        **shown(version.definition),
    }
