"""What the ticket list can be narrowed by; the reports link to it by the same names."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.sla.models import Metric, Outcome, SlaClock
from itil.tickets.matching import answered, choices_to_filter_by
from itil.tickets.models import Category, Channel, Priority, Ticket
from portal.people.models import Organization, Team, User
from portal.ui.fields import DayFilter

from .search import matching

LONGEST_AGE = 100_000
HIGHEST_KEY = 2**63 - 1
YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
RESPONDED = (
    *YES_NO,
    ("later", gettext_lazy("Yes, but not at once")),
    ("waiting", gettext_lazy("No, and somebody waits")),
)


def midnight(day: date) -> datetime:
    """The instant at which `day` begins in the business time zone."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.BUSINESS_TIME_ZONE))


def within_days(name: str, first: date | None, last: date | None) -> Q:
    """Column `name` lies in the days `first` to `last`, both included, either may be missing."""
    found = Q()
    if first:
        found &= Q(**{f"{name}__gte": midnight(first)})
    if last:
        found &= Q(**{f"{name}__lt": midnight(last + timedelta(days=1))})
    return found


class TicketForm(forms.Form):
    """The filters as a form; a period that ends before it begins is an error and no filter."""

    def clean(self):
        cleaned = super().clean()
        for name in ("received", "resolved", "closed", "outcome"):
            first, last = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if first and last and first > last:
                del cleaned[f"{name}_from"]
                self.add_error(
                    f"{name}_to", ValidationError(_("The period ends before it begins."))
                )
        return cleaned


class TicketFilter(django_filters.FilterSet):
    """Narrow the tickets a person may see. Every filter is optional; all are combined with AND."""

    q = django_filters.CharFilter(label=gettext_lazy("Words or number"), method="by_words")
    status = django_filters.MultipleChoiceFilter(label=gettext_lazy("Status"), choices=())
    priority = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Priority"), choices=Priority.choices
    )
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"),
        queryset=Team.objects.all(),
        null_label=gettext_lazy("No team"),
        null_value="none",
    )
    assignee = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Assignee"), queryset=User.objects.agents()
    )
    organization = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Organization"), queryset=Organization.objects.active()
    )
    category = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Category"), queryset=Category.objects.select_related("parent")
    )
    requester = django_filters.NumberFilter(
        field_name="requester_id", min_value=1, max_value=HIGHEST_KEY
    )
    further = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Further fields"), choices=(), method="by_further"
    )
    channel = django_filters.ChoiceFilter(label=gettext_lazy("Channel"), choices=Channel.choices)
    kind = django_filters.MultipleChoiceFilter(label=gettext_lazy("Type"), choices=())
    received_from = DayFilter(label=gettext_lazy("Received from"), method="nothing")
    received_to = DayFilter(label=gettext_lazy("Received until"), method="nothing")
    resolved_from = DayFilter(label=gettext_lazy("Resolved from"), method="nothing")
    resolved_to = DayFilter(label=gettext_lazy("Resolved until"), method="nothing")
    closed_from = DayFilter(method="nothing")
    closed_to = DayFilter(method="nothing")
    open_at = DayFilter(label=gettext_lazy("Open at the end of"), method="nothing")
    age_from = django_filters.NumberFilter(method="nothing", min_value=0, max_value=LONGEST_AGE)
    age_to = django_filters.NumberFilter(method="nothing", min_value=0, max_value=LONGEST_AGE)
    metric = django_filters.ChoiceFilter(choices=Metric.choices, method="nothing")
    outcome = django_filters.MultipleChoiceFilter(choices=Outcome.choices, method="nothing")
    outcome_from = DayFilter(method="nothing")
    outcome_to = DayFilter(method="nothing")
    clock_priority = django_filters.NumberFilter(method="nothing", min_value=1, max_value=5)
    responded = django_filters.ChoiceFilter(choices=RESPONDED, method="by_response")
    reopened = django_filters.ChoiceFilter(choices=YES_NO, method="by_reopening")
    resolved_team = django_filters.ModelChoiceFilter(
        queryset=Team.objects.all(), method="by_resolving_team"
    )
    confidential = django_filters.ChoiceFilter(choices=YES_NO, method="by_confidentiality")
    counted = django_filters.ChoiceFilter(
        choices=(("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))), method="by_counting"
    )

    # Offered in the filter panel; the others come from links of the reports.
    PANEL = (
        *(
            "q",
            "kind",
            "status",
            "priority",
            "team",
            "assignee",
            "organization",
            "category",
            "channel",
            "further",
        ),
        *("received_from", "received_to", "resolved_from", "resolved_to"),
    )

    class Meta:
        model = Ticket
        form = TicketForm
        fields: list[str] = []

    def __init__(self, *args, now: datetime | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now or timezone.now()
        self.filters["status"].extra["choices"] = status_choices()
        self.filters["kind"].extra["choices"] = kind_choices()
        # Read when the panel is drawn or a value is given, not for every list.
        self.filters["further"].extra["choices"] = SimpleLazyObject(choices_to_filter_by)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        queryset = super().filter_queryset(queryset)
        # What could not be read is missing here: an error at its field, and no filter.
        given = dict.fromkeys(self.form.fields) | self.form.cleaned_data
        for name in ("received", "resolved", "closed"):
            queryset = queryset.filter(
                within_days(f"{name}_at", given[f"{name}_from"], given[f"{name}_to"])
            )
        if given["open_at"]:
            queryset = self._open_at(queryset, given)
        if any(given[name] for name in ("metric", "outcome", "outcome_from", "outcome_to")):
            queryset = queryset.filter(Exists(self._clocks(given)))
        return queryset

    def nothing(self, queryset, name, value):
        """These parameters are read together in `filter_queryset`."""
        return queryset

    def by_words(self, queryset, name, value):
        return matching(queryset, value, self.request.user)

    def by_further(self, queryset, name, value):
        return answered(queryset, value)

    def by_response(self, queryset, name, value):
        if value in ("yes", "no"):
            return queryset.filter(first_response_at__isnull=value == "no")
        # Of people who waited for a word, as the time to first response counts them (`KPI-3`).
        found = queryset.exclude(channel=Channel.SYSTEM)
        if value == "later":
            return found.filter(first_response_at__gt=F("received_at"))
        return found.filter(first_response_at__isnull=True)

    def by_reopening(self, queryset, name, value):
        return (
            queryset.filter(reopen_count__gt=0)
            if value == "yes"
            else queryset.filter(reopen_count=0)
        )

    def by_resolving_team(self, queryset, name, value):
        """Of resolved tickets the team that resolved them, whoever holds them now."""
        return queryset.resolved_by(value.pk)

    def by_confidentiality(self, queryset, name, value):
        return queryset.filter(is_confidential=value == "yes")

    def by_counting(self, queryset, name, value):
        """As rates and durations count (`KPI-1`), or what they leave out."""
        counted = ~Q(status="cancelled") & Q(merged_into__isnull=True, parent__isnull=True)
        return queryset.filter(counted if value == "1" else ~counted)

    def _open_at(self, queryset: QuerySet, given: dict) -> QuerySet:
        instant = min(midnight(given["open_at"] + timedelta(days=1)), self.now)
        queryset = queryset.open_at(instant)
        if given["age_from"] is not None:
            queryset = queryset.filter(
                received_at__lte=instant - timedelta(days=int(given["age_from"]))
            )
        if given["age_to"] is not None:
            queryset = queryset.filter(
                received_at__gt=instant - timedelta(days=int(given["age_to"]))
            )
        return queryset

    def _clocks(self, given: dict) -> QuerySet:
        """Clocks that count in the period; an overdue one counts at once (`SLA-27`)."""
        clocks = SlaClock.objects.live().filter(ticket=OuterRef("pk"))
        if given["metric"]:
            clocks = clocks.filter(metric=given["metric"])
        if given["clock_priority"]:
            clocks = clocks.filter(priority=given["clock_priority"])
        period = given["outcome_from"], given["outcome_to"]
        decided = within_days("outcome_at", *period)
        overdue = Q(outcome=Outcome.PENDING, state="running", due_at__lt=self.now)
        wanted = set(given["outcome"] or ())
        if not wanted:
            return clocks.filter(decided)
        found = Q(outcome__in=wanted - {Outcome.PENDING}) & decided
        if Outcome.BREACHED in wanted:
            found |= overdue & within_days("due_at", *period)
        if Outcome.PENDING in wanted:
            found |= Q(outcome=Outcome.PENDING) & ~overdue
        return clocks.filter(found)

    def chips(self) -> list[dict]:
        """The filters in force, in words, each with the query string without it."""
        if not self.form.is_valid():
            return []
        chips = []
        for name in self.form.changed_data:
            value = self.form.cleaned_data.get(name)
            if value in (None, "", []) or name == "q":
                continue
            rest = self.data.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            chips.append(
                {
                    "label": self.filters[name].label or CHIP_LABELS.get(name, name),
                    "value": self._in_words(name, value),
                    "without": rest.urlencode(),
                }
            )
        return chips

    def _in_words(self, name: str, value) -> str:
        choices = (
            dict(getattr(self.form.fields[name], "choices", ()) or ())
            if isinstance(self.form.fields[name], forms.ChoiceField)
            and not isinstance(self.form.fields[name], forms.ModelChoiceField)
            else {}
        )
        if value == "none":
            return str(_("none"))
        if isinstance(value, list):
            return ", ".join(
                str(choices.get(v, choices.get(int(v) if v.isdigit() else v, v))) for v in value
            )
        return str(choices.get(value, value))


CHIP_LABELS = {
    "age_from": gettext_lazy("Age in days from"),
    "age_to": gettext_lazy("Age in days under"),
    "metric": gettext_lazy("Service level"),
    "outcome": gettext_lazy("Outcome"),
    "outcome_from": gettext_lazy("Outcome from"),
    "outcome_to": gettext_lazy("Outcome until"),
    "clock_priority": gettext_lazy("Priority of the target"),
    "closed_from": gettext_lazy("Closed from"),
    "closed_to": gettext_lazy("Closed until"),
    "responded": gettext_lazy("Answered"),
    "reopened": gettext_lazy("Reopened"),
    "resolved_team": gettext_lazy("Resolved by"),
    "confidential": gettext_lazy("Confidential"),
    "counted": gettext_lazy("Counted in rates"),
    "requester": gettext_lazy("Requester"),
}


def status_choices() -> list[tuple[str, str]]:
    """The statuses of all record types, each once."""
    found = {}
    for child in Ticket.__subclasses__():
        for status in child.LIFECYCLE.phases:
            found.setdefault(str(status), child.status_label_of(status))
    return list(found.items())


def kind_choices() -> list[tuple[str, str]]:
    """The types of records on the work list."""
    children = Ticket.__subclasses__()
    return [
        (str(child._meta.model_name), str(child._meta.verbose_name).capitalize())
        for child in children
    ]
