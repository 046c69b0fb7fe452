"""The panels of the overview: title, sentence, figure and the table with the same numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.requests.models import ServiceRequest
from itil.incidents.models import Incident
from itil.sla.models import Metric
from itil.tickets.models import Priority

from . import figures, words
from .figures import Figure
from .links import Lists

MINUTE, HOUR, DAY = 60, 3600, 86_400
# Names of record types, as in the addresses of lists.
INCIDENT, REQUEST = Incident._meta.model_name, ServiceRequest._meta.model_name
ORGANIZATIONS_SHOWN = 8


@dataclass(frozen=True)
class Cell:
    """A value of a table; with `url` it leads to the tickets behind it."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class Panel:
    key: str
    title: str
    sentence: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    figure: Figure | None
    how: str = ""


def panels(data: dict[str, Any], *, first: date, last: date, lists: Lists) -> list[Panel]:
    """All panels of a stored overview of the days `first` to `last`."""
    days = first.isoformat(), last.isoformat()
    made = [
        _volume(data, lists),
        _promises(data, days, lists),
        _durations(data, "first_response", lists),
        _durations(data, "resolution", lists),
        _delivery(data, lists),
        _ageing(data, lists),
        _hours(data, days, lists),
    ]
    how = data["how"]
    return [Panel(**{**vars(panel), "how": _(how[panel.key])}) for panel in made]


def month_names(data: Mapping[str, Any]) -> list[str]:
    """Of stored months; the running one is marked (`KPI-24`)."""
    names = [words.month(date.fromisoformat(month["first"])) for month in data["months"]]
    if names and not data["is_over"]:
        names[-1] = _("%(month)s so far") % {"month": names[-1]}
    elif names and not data["months"][-1]["whole"]:
        names[-1] = _("%(month)s in part") % {"month": names[-1]}
    return names


def _volume(data: dict[str, Any], lists: Lists) -> Panel:
    months, names = data["months"], month_names(data)
    rows = []
    for month, name in zip(months, names, strict=True):
        days = month["first"], month["last"]
        rows.append(
            (
                Cell(name),
                Cell(words.count(month["opened"]), lists.received(*days)),
                Cell(words.count(month["resolved"]), lists.resolved(*days)),
                Cell(words.count(month["closed"]), lists.closed(*days)),
                Cell(words.count(month["at_end"]), lists.open_at(month["last"])),
            )
        )
    opened, resolved = (sum(month[key] for month in months) for key in ("opened", "resolved"))
    change = months[-1]["at_end"] - months[0]["at_start"]
    if not opened and not resolved:
        sentence = _("No ticket came in and none was resolved in this period.")
    elif change > 0:
        sentence = ngettext(
            "More came in than was resolved: %(count)s more open ticket than at the start.",
            "More came in than was resolved: %(count)s more open tickets than at the start.",
            change,
        ) % {"count": words.count(change)}
    elif change < 0:
        sentence = ngettext(
            "The backlog shrank by %(count)s ticket.",
            "The backlog shrank by %(count)s tickets.",
            -change,
        ) % {"count": words.count(-change)}
    else:
        sentence = _("As many tickets were open at the end as at the start.")
    figure = figures.bars(
        names,
        [
            (_("Opened"), [month["opened"] for month in months], "@c1"),
            (_("Resolved"), [month["resolved"] for month in months], "@c3"),
        ],
        links=[[row[1].url for row in rows], [row[2].url for row in rows]],
        line=(_("Still open"), [month["at_end"] for month in months], "@c2"),
    )
    return Panel(
        "volume",
        _("Tickets opened and resolved, by month"),
        sentence,
        [_("Month"), _("Opened"), _("Resolved"), _("Closed"), _("Open at the end")],
        rows,
        figure if opened or resolved else None,
    )


def _durations(data: dict[str, Any], key: str, lists: Lists) -> Panel:
    """First response or resolution: half and nine in ten, by month."""
    is_response = key == "first_response"
    names, months = month_names(data), data["months"]
    whole = data["figures"]["current"][key]
    rows = []
    for name, month, part in zip(names, months, data[key], strict=True):
        days = month["first"], month["last"]
        link = (
            lists.received(*days, responded="later", counted=1)
            if is_response
            else lists.resolved(*days, counted=1, kind=INCIDENT)
        )
        row = [
            Cell(name),
            Cell(words.count(part["n"]), link),
            Cell(words.span(part["p50"])),
            Cell(_tail(part)),
        ]
        if is_response:
            silent = lists.received(*days, responded="waiting", counted=1)
            row.append(Cell(words.count(part["unanswered"]), silent))
        rows.append(row)
    headings = [_("Month"), _("Tickets"), _("Half within"), _("9 in 10 within")]
    unit, seconds = _scale(part["p90"] or part["p50"] for part in data[key])
    figure = figures.lines(
        names,
        [
            (_("Half within"), _scaled(data[key], "p50", seconds), "@c1", "solid"),
            (_("9 in 10 within"), _scaled(data[key], "p90", seconds), "@c2", "6px 3px"),
        ],
        unit=unit,
    )
    title = (
        _("First response time, by month")
        if is_response
        else _("Resolution time of incidents, by month")
    )
    if is_response:
        title = _("First response time, by month")
        headings.append(_("Unanswered"))
    return Panel(
        key, title, _duration_sentence(whole, is_response), headings, rows,
        figure if whole["n"] else None,
    )  # fmt: skip


def _delivery(data: dict[str, Any], lists: Lists) -> Panel:
    """Requests, from the approval: elapsed and in working time, and from when they came in."""
    names, months = month_names(data), data["months"]
    parts = data["delivery"]
    whole = data["figures"]["current"]["delivery"]["from_approval"]
    own = [part["from_approval"] for part in parts]
    rows = []
    for name, month, part in zip(names, months, parts, strict=True):
        link = lists.resolved(month["first"], month["last"], counted=1, kind=REQUEST)
        approval = part["from_approval"]
        halves = [words.span(part[key]["p50"]) for key in ("net", "from_receipt")]
        row = [
            Cell(name),
            Cell(words.count(approval["n"]), link),
            Cell(words.span(approval["p50"])),
        ]
        rows.append([*row, Cell(_tail(approval)), *map(Cell, halves)])
    unit, seconds = _scale(part["p90"] or part["p50"] for part in own)
    figure = figures.lines(
        names,
        [
            (_("Half within"), _scaled(own, "p50", seconds), "@c1", "solid"),
            (_("9 in 10 within"), _scaled(own, "p90", seconds), "@c2", "6px 3px"),
        ],
        unit=unit,
    )
    headings = [
        *(_("Month"), _("Requests"), _("From approval, half within"), _("9 in 10 within")),
        *(_("In working time, half within"), _("From sending, half within")),
    ]
    title = _("Delivery of requests after approval, by month")
    sentence = _duration_sentence(whole, is_response=False)
    return Panel("delivery", title, sentence, headings, rows, figure if whole["n"] else None)


def _duration_sentence(whole: dict[str, Any], is_response: bool) -> str:  # noqa: FBT001 - one caller
    if not whole["n"]:
        if is_response and whole.get("unanswered"):
            return ngettext(
                "No first response is recorded; %(count)s ticket has none.",
                "No first response is recorded; %(count)s tickets have none.",
                whole["unanswered"],
            ) % {"count": words.count(whole["unanswered"])}
        return _("Nothing to measure in this period.")
    if whole["p90"] is None:
        return _("Half within %(half)s. Too few cases to compare (%(count)s).") % {
            "half": words.span(whole["p50"]),
            "count": words.count(whole["n"]),
        }
    return _("9 in 10 within %(most)s, half within %(half)s (%(count)s tickets).") % {
        "most": words.span(whole["p90"]),
        "half": words.span(whole["p50"]),
        "count": words.count(whole["n"]),
    }


def _tail(part: dict[str, Any]) -> str:
    if part["n"] and part["p90"] is None:
        return _("too few")
    return words.span(part["p90"])


def _scale(values: Iterable[float | None]) -> tuple[str, int]:
    """The unit for an axis up to the largest of the values: minutes, hours or days."""
    top = max((value for value in values if value is not None), default=0)
    if top < 2 * HOUR:
        return _("min"), MINUTE
    return (_("h"), HOUR) if top < 4 * DAY else (_("d"), DAY)


def _scaled(parts: list[dict[str, Any]], name: str, seconds: int) -> list[float | None]:
    return [None if part[name] is None else round(part[name] / seconds, 1) for part in parts]


def _promises(data: dict[str, Any], days: tuple[str, str], lists: Lists) -> Panel:
    rows = []
    for row in data["compliance"]:
        priority, metric = row["priority"], row["metric"]

        def cell(outcome: str, row=row, metric=metric, priority=priority) -> Cell:
            link = lists.outcome(metric, outcome, *days, clock_priority=priority)
            return Cell(words.count(row[outcome]), link)

        decided = row["met"] + row["breached"]
        rows.append(
            (
                Cell(str(Metric(metric).label)),
                Cell(str(Priority(priority).label)),
                cell("met"),
                cell("breached"),
                cell("pending"),
                Cell(words.percent(row["met"], decided)),
            )
        )
    shown = [row for row in data["compliance"] if row["metric"] == Metric.RESOLUTION]
    decided = [row["met"] + row["breached"] for row in shown]
    figure = figures.lying_bars(
        [str(Priority(row["priority"]).label) for row in shown],
        [
            (
                _("Resolved in time"),
                [
                    round(100 * row["met"] / n, 2) if n else 0
                    for row, n in zip(shown, decided, strict=True)
                ],
                "@c1",
            )
        ],
        texts=[
            _("%(share)s of %(count)s")
            % {"share": words.percent(row["met"], n), "count": words.count(n)}
            for row, n in zip(shown, decided, strict=True)
        ],
        links=[
            lists.outcome("resolution", "breached", *days, clock_priority=row["priority"])
            for row in shown
        ],
        end=100,
    )
    met, missed = (sum(row[key] for row in shown) for key in ("met", "breached"))
    if not met + missed:
        sentence = _("No resolution was due or made in this period.")
    else:
        sentence = ngettext(
            "%(share)s resolved in time; %(count)s ticket was late.",
            "%(share)s resolved in time; %(count)s tickets were late.",
            missed,
        ) % {"share": words.percent(met, met + missed), "count": words.count(missed)}
    return Panel(
        "compliance",
        _("Resolved in time, by priority"),
        sentence,
        [_("Measure"), _("Priority"), _("Kept"), _("Missed"), _("Pending"), _("In time")],
        rows,
        figure if met + missed else None,
    )


def _bucket_name(low: int, high: int | None) -> str:
    if low == 0:
        return _("Under 1 day")
    if high is None:
        return _("%(low)s days and over") % {"low": low}
    return _("%(low)s to under %(high)s days") % {"low": low, "high": high}


def _ageing(data: dict[str, Any], lists: Lists) -> Panel:
    buckets = data["ageing"]
    names = [_bucket_name(row["from_days"], row["to_days"]) for row in buckets]
    rows = []
    for name, row in zip(names, buckets, strict=True):
        link = lists.open_at(
            data["ageing_day"], age_from=row["from_days"] or None, age_to=row["to_days"]
        )
        rows.append(
            (Cell(name), Cell(words.count(row["open"]), link), Cell(words.count(row["on_hold"])))
        )
    total = sum(row["open"] for row in buckets)
    old = sum(row["open"] for row in buckets if row["from_days"] >= 7)
    day = words.day(date.fromisoformat(data["ageing_day"]))
    if not total:
        sentence = _("No ticket was open on %(day)s.") % {"day": day}
    else:
        sentence = ngettext(
            "%(old)s of %(count)s open ticket is a week old or more, on %(day)s.",
            "%(old)s of %(count)s open tickets are a week old or more, on %(day)s.",
            total,
        ) % {"old": words.count(old), "count": words.count(total), "day": day}
    figure = figures.lying_bars(
        names,
        [(_("Open"), [row["open"] for row in buckets], "@c1")],
        texts=[words.count(row["open"]) for row in buckets],
        links=[row[1].url for row in rows],
    )
    return Panel(
        "ageing",
        _("Age of open tickets"),
        sentence,
        [_("Age"), _("Open"), _("Of these on hold")],
        rows,
        figure if total else None,
    )


def _hours(data: dict[str, Any], days: tuple[str, str], lists: Lists) -> Panel:
    entries = data["hours"]
    paid = partial(lists.hours, "billable_hours", *days)
    opened = [lists.hours("hours", *days, row["key"]) for row in entries]
    rows = [
        (
            Cell(row["organization"]),
            Cell(words.hours(row["billable"]), paid(row["key"]) if row["billable"] else None),
            Cell(words.hours(row["minutes"] - row["billable"])),
            Cell(words.hours(row["minutes"]), url),
        )
        for row, url in zip(entries, opened, strict=True)
    ]
    shown = entries[:ORGANIZATIONS_SHOWN]
    rest = entries[ORGANIZATIONS_SHOWN:]
    if rest:
        others = {name: sum(row[name] for row in rest) for name in ("minutes", "billable")}
        shown = [*shown, {"organization": _("Others"), **others}]
    total = sum(row["minutes"] for row in entries)
    billable = sum(row["billable"] for row in entries)
    sentence = (
        _("%(billable)s of %(total)s hours are billable.")
        % {"billable": words.hours(billable), "total": words.hours(total)}
        if total
        else _("No time was recorded in this period.")
    )
    figure = figures.lying_bars(
        [row["organization"] for row in shown],
        [
            (_("Billable"), [round(row["billable"] / 60, 2) for row in shown], "@c1"),
            (
                _("Other"),
                [round((row["minutes"] - row["billable"]) / 60, 2) for row in shown],
                "@c6",
            ),
        ],
        texts=[_("%(hours)s h") % {"hours": words.hours(row["minutes"])} for row in shown],
        links=[*opened[:ORGANIZATIONS_SHOWN], *([None] if rest else [])],
    )
    return Panel(
        "hours",
        _("Hours by organization, billable and other"),
        sentence,
        [_("Organization"), _("Billable"), _("Other"), _("Hours")],
        rows,
        figure if total else None,
    )
