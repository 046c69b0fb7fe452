"""What indicators, dimensions and the keys of points are called."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from itil.changes.lifecycle import ChangeType, Outcome
from itil.desk.filters import kind_choices
from itil.sla.models import Exclusion, Metric
from itil.surveys.models import Score
from itil.tickets.models import Channel, Priority
from itil.timesheets.models import BillingKind
from reports.metrics.indicator import NAMED, Statistic, Step

from . import words
from .promised import level_name
from .satisfaction import outcome_names

STEP, CURRENCY, NONE = "step", "currency", 0
# Names that differ from the first line of the definition.
INDICATORS: dict[str, str | Promise] = {
    "backlog": gettext_lazy("Open tickets"),
    "backlog_on_hold": gettext_lazy("Tickets on hold"),
    "backlog_age_mean": gettext_lazy("Age of open tickets"),
    "backlog_age_median": gettext_lazy("Age of open tickets"),
    "came_in": gettext_lazy("Tickets that came in"),
    "reopenings": gettext_lazy("Reopenings"),
    "solved": gettext_lazy("Solutions"),
    "cancelled": gettext_lazy("Tickets given up"),
    "self_service_share": gettext_lazy("Share of tickets entered by people themselves"),
    "first_contact": gettext_lazy("Solved at first contact"),
    "reopened": gettext_lazy("Reopened at least once"),
    "acknowledge_median": gettext_lazy("Time until taken up"),
    "delivery_median": gettext_lazy("Time to delivery, from receipt"),
    "delivery_from_approval_median": gettext_lazy("Time to delivery, from approval"),
    "delivery_from_approval_p90": gettext_lazy("Time to delivery, from approval"),
    "reassigned_often": gettext_lazy("Handed over three times or more"),
    "ping_pong": gettext_lazy("Came back to a team (ping-pong)"),
    "compliance": gettext_lazy("Promises kept"),
    "resolved_in_time": gettext_lazy("Resolved in time"),
    "compliance_teams": gettext_lazy("Promises kept between teams"),
    "compliance_suppliers": gettext_lazy("Promises kept by suppliers"),
    "all_targets_met": gettext_lazy("All targets met"),
    "promises_pending": gettext_lazy("Promises pending"),
    "promises_excluded": gettext_lazy("Promises left out"),
    "unmeasured": gettext_lazy("Tickets without a promise"),
    "csat": gettext_lazy("Satisfied"),
    "nps": gettext_lazy("Net promoter score"),
    "rating_mean": gettext_lazy("Rating"),
    "survey_answers": gettext_lazy("Surveys answered"),
    "deflection": gettext_lazy("Answered before it was sent, an estimate"),
    "self_service_ratio": gettext_lazy("People who looked for an answer, for each who asked"),
    "known_errors_with_workaround": gettext_lazy("Known errors with a workaround"),
    "change_lead_time_median": gettext_lazy("From submitting a change to its start"),
    "availability": gettext_lazy("Availability"),
    "failures": gettext_lazy("Failures"),
    "time_between_failures": gettext_lazy("Time between failures"),
    "time_to_restore": gettext_lazy("Time to restore the service"),
    "time_between_starts": gettext_lazy("Time between the starts of failures"),
    "utilisation": gettext_lazy("Use of working time"),
    "time_until_full": gettext_lazy("Until more comes in than can be done"),
    "load": gettext_lazy("Work that comes in, for the working time there is"),
    "invoiced": gettext_lazy("Invoiced"),
    "paid": gettext_lazy("Received"),
    "overdue": gettext_lazy("Overdue"),
    "estimate_accuracy": gettext_lazy("Hours worked for hours estimated"),
    "estimates_near": gettext_lazy("Estimates within 20%"),
    "incidents_with_problem": gettext_lazy("Incidents that a problem explains"),
}
STATISTICS: dict[str, str | Promise] = {
    Statistic.MEDIAN: gettext_lazy("half within"),
    Statistic.P90: gettext_lazy("9 in 10 within"),
    Statistic.P95: gettext_lazy("19 in 20 within"),
    Statistic.MEAN: gettext_lazy("mean"),
}
DIMENSIONS: dict[str, str | Promise] = {
    "step": gettext_lazy("time"),
    "team": gettext_lazy("team"),
    "service": gettext_lazy("service"),
    "organization": gettext_lazy("organization"),
    "agent": gettext_lazy("person"),
    "agreement": gettext_lazy("agreement"),
    "category": gettext_lazy("category"),
    "supplier": gettext_lazy("supplier"),
    "kind": gettext_lazy("type"),
    "priority": gettext_lazy("priority"),
    "channel": gettext_lazy("channel"),
    "metric": gettext_lazy("measure"),
    "bucket": gettext_lazy("age"),
    "score": gettext_lazy("rating"),
    "reason": gettext_lazy("reason"),
    "outcome": gettext_lazy("outcome"),
    "type": gettext_lazy("kind of change"),
    "activity": gettext_lazy("activity"),
    "billing_kind": gettext_lazy("billing"),
    "currency": gettext_lazy("currency"),
}
STEPS: dict[str, str | Promise] = {
    Step.DAY: gettext_lazy("day"),
    Step.WEEK: gettext_lazy("week"),
    Step.MONTH: gettext_lazy("month"),
}
# The words of codes.
CODES: dict[str, Any] = {
    "priority": Priority,
    "channel": Channel,
    "metric": Metric,
    "score": Score,
    "reason": Exclusion,
    "type": ChangeType,
    "billing_kind": BillingKind,
}
# What stands for records without one.
MISSING: dict[str, str | Promise] = {
    "team": gettext_lazy("No team"),
    "service": gettext_lazy("No service"),
    "organization": gettext_lazy("No organization"),
    "agreement": gettext_lazy("No agreement"),
    "category": gettext_lazy("No category"),
    "supplier": gettext_lazy("No supplier"),
}
# Beyond so many days the year stands beside the day.
ONE_YEAR = 330


def indicator_name(key: str, facts: Mapping[str, Any]) -> str:
    """What an indicator counts: the first line of its definition, translated."""
    if key in INDICATORS:
        return str(INDICATORS[key])
    return _(facts["how"]).partition("\n")[0].strip().rstrip(".")


def series_name(key: str, facts: Mapping[str, Any]) -> str:
    """The name with the statistic, where that is not plain from it."""
    name, statistic = indicator_name(key, facts), STATISTICS.get(facts["statistic"])
    if statistic is None:
        return name
    return _("%(figure)s, %(statistic)s") % {"figure": name, "statistic": statistic}


def dimension_name(dimension: str, step: str = "") -> str:
    """In the middle of a sentence: `by team`, `by week`."""
    if dimension == STEP and step:
        return str(STEPS[step])
    return str(DIMENSIONS.get(dimension, dimension.replace("_", " ")))


def heading(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]


def step_name(step: Mapping[str, Any], length: str, *, is_long: bool, is_now: bool) -> str:
    """`Mar 2026`, `2 Mar` for the day or the week that begins there; what is not whole says so."""
    first = date.fromisoformat(step["first"])
    if length == Step.MONTH:
        name = words.month(first)
    else:
        pattern = pgettext("date", "j M y") if is_long else pgettext("date", "j M")
        name = formats.date_format(first, pattern)
    if step["is_whole"] or not (step["is_over"] or is_now):
        return name
    if is_now:
        return _("%(month)s so far") % {"month": name}
    return _("%(month)s in part") % {"month": name}


def label_name(label: str, length: str) -> str:
    """The name of a step by its label alone: `2026-04`, `2026-W14` or `2026-04-01`."""
    if length == Step.WEEK:
        first = date.fromisoformat(f"{label}-1")
        return _("the week of %(day)s") % {"day": words.day(first)}
    if length == Step.MONTH:
        return formats.date_format(date.fromisoformat(f"{label}-01"), "F Y")
    return words.day(date.fromisoformat(label))


def step_names(steps: Sequence[Mapping[str, Any]], length: str) -> dict[str, str]:
    """The names of the steps of a period by their labels; no two are the same."""
    if not steps:
        return {}
    first, last = date.fromisoformat(steps[0]["first"]), date.fromisoformat(steps[-1]["last"])
    is_long = (last - first).days > ONE_YEAR
    # The first one that is not over; those behind it are yet to come.
    now = next((step["key"] for step in steps if not step["is_over"]), None)
    return {
        step["key"]: step_name(step, length, is_long=is_long, is_now=step["key"] == now)
        for step in steps
    }


def key_name(dimension: str, key: str | int, name: str = "") -> str:
    """What a point of a dimension is called; `name` is that of the record with this key."""
    if dimension in NAMED:
        return name or (str(MISSING.get(dimension, _("None"))) if key == NONE else str(key))
    if key == "":
        return _("None")
    if dimension == "bucket":
        return bucket_name(str(key))
    if dimension == "priority":
        return level_name(key)
    return str(code_names(dimension).get(str(key), str(key).replace("_", " ")))


def code_names(dimension: str) -> Mapping[str, str | Promise]:
    """The words of a dimension of codes."""
    if dimension == "kind":
        return dict(kind_choices())
    if dimension == "outcome":
        return {str(value): label for value, label in Outcome.choices} | outcome_names()
    return {str(value): label for value, label in getattr(CODES.get(dimension), "choices", ())}


def bucket_name(label: str) -> str:
    """An age in days by its label: `0-1`, `1-3`, …, `30-`."""
    low, _dash, high = label.partition("-")
    if low == "0":
        return _("Under %(high)s day") % {"high": high}
    if not high:
        return _("%(low)s days and over") % {"low": low}
    return _("%(low)s to under %(high)s days") % {"low": low, "high": high}
