"""The forms of scheduled reports."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk.filters import kind_choices
from itil.tickets.models import Priority
from portal.people.models import Organization, Team, User
from reports.actions.boards import plain_tile
from reports.actions.narrowing import known_tiles, offered
from reports.charts.boards import tile_title
from reports.models import Dashboard, ReportSubscription
from reports.permissions import reach_of
from reports.querysets import OWN

Frequency, Format = ReportSubscription.Frequency, ReportSubscription.Format
# What stands before the key of an own dashboard among the keys of ours.
OWN_KEY = f"{OWN}-"


class FoundSelect(forms.CheckboxSelectMultiple):
    """Many boxes to tick; a script lets people search them, and what is ticked stands first."""

    template_name = "reports/widgets/found.html"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """By our own templates, which the renderer of forms does not know."""
        context = self.get_context(name, value, attrs)
        return SafeString(render_to_string(self.template_name, context))

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        return sorted(groups, key=lambda group: not group[1][0]["selected"])


class SubscriptionForm(forms.ModelForm):
    """What a report holds, when and to whom it goes; choices are those of the person who asks."""

    tiles = forms.MultipleChoiceField(
        label=gettext_lazy("Only these tiles"),
        required=False,
        help_text=gettext_lazy("None chosen: all of the dashboard. Of an own one always all."),
        widget=FoundSelect,
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        initial=7,
        help_text=gettext_lazy("In the time zone of each recipient."),
    )
    formats = forms.MultipleChoiceField(
        label=gettext_lazy("Files"),
        choices=Format.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Format.PDF],
    )

    class Meta:
        model = ReportSubscription
        fields = (
            "name", "board", "tiles", "organization", "team", "service", "priority", "kind",
            "frequency", "weekday", "month_day", "hour", "recipients", "formats", "comment",
            "needs_release",
        )  # fmt: skip
        widgets = {
            "recipients": FoundSelect,
            "comment": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "month_day": gettext_lazy("1 to 28, for what comes every month."),
            "weekday": gettext_lazy("For what comes every week."),
            "comment": gettext_lazy("Printed on the first page."),
        }

    def __init__(
        self, *args: Any, user: User, indicators: Mapping[str, Mapping[str, Any]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        boards, reach = offered(user), reach_of(user)
        self.known = known_tiles(boards)
        ours = [(board.key, board.title) for board in boards]
        self.own = {f"{OWN_KEY}{one.pk}": one for one in self._own_dashboards(user)}
        own = [(key, one.title) for key, one in self.own.items()]
        self.fields["board"] = forms.ChoiceField(
            label=_("Dashboard"), choices=[*ours, *([(_("Own dashboards"), own)] if own else [])]
        )
        if self.instance.dashboard_id:
            self.initial["board"] = f"{OWN_KEY}{self.instance.dashboard_id}"
        # What indicators are called is known once a worker has told; their keys are words, too.
        self.fields["tiles"].choices = sorted(
            (
                (key, tile_title(tile, indicators) if indicators else key.replace("-", " "))
                for key, tile in self.known.items()
            ),
            key=lambda choice: choice[1].casefold(),
        )
        self.initial["tiles"] = [one["key"] for one in self.instance.tiles]
        self.fields["organization"].queryset = Organization.objects.order_by("name")
        self.fields["organization"].empty_label = _("All organizations")
        teams = Team.objects.order_by("name")
        self.fields["team"].queryset = (
            teams if reach.teams is None else teams.filter(pk__in=reach.teams)
        )
        self.fields["team"].empty_label = _("All teams")
        self.fields["service"].empty_label = _("All services")
        self.fields["priority"].choices = [("", _("All priorities")), *Priority.choices]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Type"), choices=[("", _("All types")), *kind_choices()], required=False
        )
        may_have = Q(memberships__isnull=False) | Q(is_superuser=True) | Q(billing_contact=True)
        people = User.objects.filter(may_have, is_active=True).select_related("organization")
        self.fields["recipients"].queryset = people.distinct().order_by("name", "pk")
        self.order_fields(self.Meta.fields)

    def _own_dashboards(self, user: User) -> QuerySet[Dashboard]:
        """Those that this person sees, and the one that was chosen before."""
        seen = Dashboard.objects.visible_to(user)
        chosen = Dashboard.objects.filter(pk=self.instance.dashboard_id)
        return (seen | chosen).distinct()

    def columns(self) -> dict[str, Any]:
        """What the verb takes, of a valid form."""
        found = dict(self.cleaned_data)
        found["dashboard"] = self.own.get(found["board"])
        if found["dashboard"]:
            found |= {"board": OWN, "tiles": []}
        found["tiles"] = [plain_tile(self.known[key]) for key in found["tiles"]]
        found["recipients"] = list(found["recipients"])
        return found

    def _post_clean(self) -> None:
        """The verb judges and writes; the form leaves the record as it is."""


class ReleaseForm(forms.Form):
    """The comment of a period, typed before it is sent."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Printed on the first page, and part of the mail."),
    )
