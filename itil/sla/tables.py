"""Agreements as tables and lines for people, as they are or as a former version was.

They read a definition (`itil.sla.actions.versions`), so that a version of last year and values
that were not saved yet look alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.calendars.hours.written import wall_time
from itil.tickets.models import Priority, Severity, Ticket
from portal.ui.moments import moment_text

from .clock.wording import exactly
from .models import METRICS_OF, Agreement, EscalationStep, Form, Metric, ServiceTarget

Definition = Mapping[str, Any]

# What narrows down the tickets, in the order in which it decides (`SLA-5`).
CONDITIONS = (
    "organization", "service", "location", "requester_vip", "ticket_kind", "channel", "team",
    "supplier",
)  # fmt: skip
RULES = (
    "at_risk_percent", "target_key", "reopen_policy", "vendor_pauses", "requester_sees_due",
    "degraded_percent",
)  # fmt: skip
COMPARED = (
    "name", "calendar", "active", "is_default", "rank", "valid_from", "valid_to", *CONDITIONS,
    *RULES,
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One promise. `calendar` is named only when it is not the agreement's own."""

    words: str
    calendar: str
    # When a ticket received now would be due, in one zone a line.
    due: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetTable:
    """Metrics down, priorities or severities across; a cell is empty where nothing is promised."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def target_table(
    definition: Definition, due: Mapping[tuple[str, int], tuple[str, ...]] | None = None
) -> TargetTable:
    """The targets of a definition; `due` adds lines by metric and priority or severity."""
    by_severity = definition["target_key"] == Agreement.TargetKey.SEVERITY
    levels = Severity.values if by_severity else Priority.values
    there = {(row["metric"], row["priority"]): row for row in definition["targets"]}
    rows = []
    for metric in METRICS_OF[Agreement.Kind(definition["kind"])]:
        if any((metric, level) in there for level in levels):
            cells = (_cell(there.get((metric, level)), due or {}) for level in levels)
            rows.append((str(metric.label), tuple(cells)))
    return TargetTable(tuple(level_in_words(level, definition) for level in levels), tuple(rows))


def _cell(row: Definition | None, due: Mapping[tuple[str, int], tuple[str, ...]]) -> Cell | None:
    if row is None:
        return None
    calendar = row["calendar"]["name"] if row["calendar"] else ""
    return Cell(target_in_words(row), calendar, due.get((row["metric"], row["priority"]), ()))


def level_in_words(level: int, definition: Definition) -> str:
    """The column of a target: "P1 Critical" or "sev1"."""
    return Agreement.TargetKey(definition["target_key"]).level_text(level)


def target_in_words(row: Definition) -> str:
    """One promise in its own form, short (`SLA-3`)."""
    match row["form"]:
        case Form.BUSINESS_DAYS:
            days = ngettext("%(count)d business day", "%(count)d business days", row["days"])
            snap = ServiceTarget.Snap(row["snap"] or ServiceTarget.Snap.END_OF_DAY).label
            return f"{days % {'count': row['days']}}, {snap}"
        case Form.CUTOFF:
            return _("same day if before %(time)s, else next day %(time)s") % {
                "time": wall_time(row["cutoff"])
            }
        case Form.FIXED_INSTANT:
            return _("the agreed date")
        case _:
            return exactly(row["seconds"])


# --- Lines --------------------------------------------------------------------------------------


def conditions_in_words(definition: Definition) -> list[str]:
    """ "Organization Acme", "VIP only": what a ticket must be; empty for every ticket."""
    found = []
    for name in CONDITIONS:
        value = definition[name]
        if name == "requester_vip" and value:
            found.append(_label(name))
        elif value:
            found.append(f"{_label(name)} {_in_words(name, value)}")
    return found


def steps_in_words(definition: Definition) -> list[str]:
    """ "90 %: Tell the team's leads (Resolution)", in the order in which they come."""
    steps = sorted(definition["steps"], key=lambda step: step["percent"])
    return [_step_in_words(step) for step in steps]


def _step_in_words(step: Definition) -> str:
    text = f"{step['percent']} %: {EscalationStep.Action(step['action']).label}"
    if step["team"]:
        text += f" {step['team']['name']}"
    about = [str(Metric(step["metric"]).label)] if step["metric"] else []
    if step["calendar"]:
        about.append(_("while %(calendar)s is open") % {"calendar": step["calendar"]["name"]})
    return f"{text} ({', '.join(about)})" if about else text


def settings_in_words(definition: Definition) -> list[tuple[str, str]]:
    """Everything but targets, steps and conditions, as (label, value)."""
    kind = (_label("kind"), _in_words("kind", definition["kind"]))
    names = ("calendar", "active", "is_default", "rank", "valid_from", "valid_to", *RULES)
    return [kind, *((_label(name), _in_words(name, definition[name])) for name in names)]


def _label(name: str) -> str:
    return capfirst(str(Agreement._meta.get_field(name).verbose_name))


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return "–"
    if isinstance(value, dict):
        version = f" v{value['version']}" if name == "calendar" else ""
        return f"{value['name']}{version}"
    if name in ("valid_from", "valid_to"):
        return moment_text(datetime.fromisoformat(value), now=timezone.now())
    if name == "ticket_kind":
        return _ticket_kind(value)
    choices = dict(Agreement._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))


def _ticket_kind(kind: str) -> str:
    try:
        return str(Ticket.model_of(kind)._meta.verbose_name)
    except KeyError:
        return kind


# --- Differences --------------------------------------------------------------------------------


def changes(former: Definition, later: Definition) -> list[str]:
    """What is different in a later version, a line for each."""
    found = [
        f"{_label(name)}: {_in_words(name, former[name])} → {_in_words(name, later[name])}"
        for name in COMPARED
        if former[name] != later[name]
    ]
    return [*found, *_target_changes(former, later), *_step_changes(former, later)]


def _target_changes(former: Definition, later: Definition) -> list[str]:
    before, after = _targets(former), _targets(later)
    found = []
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            metric, level = key
            definition = later if key in after else former
            what = f"{Metric(metric).label}, {level_in_words(level, definition)}"
            found.append(f"{what}: {before.get(key) or '–'} → {after.get(key) or '–'}")
    return found


def _targets(definition: Definition) -> dict[tuple[str, int], str]:
    """The targets in words, which say all of them that counts."""
    levels = Severity if definition["target_key"] == Agreement.TargetKey.SEVERITY else Priority
    return {
        (row["metric"], row["priority"]): target_in_words(row)
        + (f" ({_in_words('calendar', row['calendar'])})" if row["calendar"] else "")
        for row in definition["targets"]
        if row["priority"] in levels.values
    }


def _step_changes(former: Definition, later: Definition) -> Iterable[str]:
    before, after = steps_in_words(former), steps_in_words(later)
    added = [_("New step: %(step)s") % {"step": step} for step in after if step not in before]
    gone = [_("Step removed: %(step)s") % {"step": step} for step in before if step not in after]
    return [*added, *gone]
