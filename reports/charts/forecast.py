"""The page of forecasts: the weeks to come, what they would ask of people, and late promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.metrics.staffing import load_of

from . import figures, words
from .levels import Fact
from .panels import Cell, Panel

# Weeks of the past that a chart shows before those to come.
SHOWN = 18
SCALE = 1000
METHODS = {
    "mean-4": gettext_lazy("mean of the last 4 weeks"),
    "mean-8": gettext_lazy("mean of the last 8 weeks"),
    "mean-13": gettext_lazy("mean of the last 13 weeks"),
    "smoothed-20": gettext_lazy("exponential smoothing, 0.2"),
    "smoothed-50": gettext_lazy("exponential smoothing, 0.5"),
    "year-before": gettext_lazy("the same weeks a year before"),
}


@dataclass(frozen=True)
class Ticket:
    """An open ticket that its reader may see, with how likely its promise is to be missed."""

    number: str
    title: str
    probability: str
    used: str
    due_at: datetime | None


def panels(data: Mapping[str, Any]) -> list[Panel]:
    """Tickets and hours by week, and how right the probabilities were."""
    return [
        _weeks("opened", _("Tickets that will come in"), _("Tickets"), 0, data),
        _weeks("hours", _("Hours that will be recorded"), _("Hours"), 1, data),
        _reliability(data),
    ]


def _weeks(key: str, title: str, noun: str, digits: int, data: Mapping[str, Any]) -> Panel:
    told, how = data[key], data["how"]["forecast"]
    if not told["points"]:
        sentence = ngettext(
            "Too thin: %(count)s full week is known, and a forecast needs 12.",
            "Too thin: %(count)s full weeks are known, and a forecast needs 12.",
            told["weeks"],
        ) % {"count": words.count(told["weeks"])}
        return Panel(key, title, sentence, [], [], None, how)
    mondays = [date.fromisoformat(week) for week in data["weeks"]]
    ahead = [mondays[-1] + timedelta(weeks=n + 1) for n in range(len(told["points"]))]
    past = told["past"][-SHOWN:]
    weeks = [*mondays[-SHOWN:], *ahead]
    gap: list[float | None] = [None] * len(past)
    lines = {
        name: [*gap, *(round(point[name], 2) for point in told["points"])]
        for name in ("value", "low", "high")
    }
    came: list[float | None] = [*(round(one, 2) for one in past), *([None] * len(ahead))]
    first = told["points"][0]
    sentence = _(
        "%(value)s expected in the week of %(week)s, in 8 of 10 cases between %(low)s and %(high)s."
        " Tried on earlier weeks it was off by %(error)s on average, and %(covered)s of them lay"
        " between."
    ) % {
        "week": words.day(ahead[0]),
        "value": words.decimal(first["value"], digits),
        "low": words.decimal(first["low"], digits),
        "high": words.decimal(first["high"], digits),
        "error": words.decimal(told["error"], 1),
        "covered": words.percent(int(told["covered"] * SCALE), SCALE),
    }
    rows = [_row(words.day(week), words.decimal(value, digits), "", "")
            for week, value in zip(mondays[-SHOWN:], past, strict=True)]  # fmt: skip
    rows += [
        _row(
            words.day(week), words.decimal(point["value"], digits),
            words.decimal(point["low"], digits), words.decimal(point["high"], digits),
        )
        for week, point in zip(ahead, told["points"], strict=True)
    ]  # fmt: skip
    figure = figures.lines(
        [formats.date_format(week, "j M") for week in weeks],
        [
            (_("Came"), came, "@c1", "solid"),
            (_("Forecast"), lines["value"], "@c2", "solid"),
            (_("Low"), lines["low"], "@c6", "dot"),
            (_("High"), lines["high"], "@c6", "dot"),
        ],
        unit="",
    )
    return Panel(
        key, title, sentence, [_("Week of"), noun, _("Low"), _("High")], rows[::-1], figure,
        "\n\n".join([_("Method: %(method)s.") % {"method": METHODS[told["method"]]}, how]),
    )  # fmt: skip


def _row(*texts: str) -> list[Cell]:
    return [Cell(text) for text in texts]


def _reliability(data: Mapping[str, Any]) -> Panel:
    told, title = data["breach"], _("How right the probabilities were")
    headings = [_("Said"), _("Cases"), _("Said on average"), _("Missed")]
    if not told["enough"]:
        sentence = _(
            "Too thin: %(n)s resolutions were promised and decided, %(missed)s of them missed;"
            " a probability needs 100, and 10 of either outcome."
        ) % {"n": words.count(told["n"]), "missed": words.count(told["missed"])}
        return Panel("reliability", title, sentence, headings, [], None, data["how"]["breach"])
    scores = {
        "score": words.decimal(told["score"], 3),
        "plain": words.decimal(told["plain_score"], 3),
        "tested": words.count(told["tested"]),
    }
    sentence = (
        _("Brier score %(score)s on %(tested)s newer promises, against %(plain)s by the plain"
          " share: less is better.")
        if told["useful"]
        else _("Brier score %(score)s on %(tested)s newer promises: no better than %(plain)s by the"
               " plain share, so no ticket is given a probability.")
    ) % scores  # fmt: skip
    rows = [
        _row(
            _("%(low)s to %(high)s")
            % {"low": _percent(row["low"]), "high": _percent(row["high"])},
            words.count(row["n"]), _percent(row["said"]), _percent(row["happened"]),
        )
        for row in told["bins"]
    ]  # fmt: skip
    figure = figures.lines(
        [row[0].text for row in rows],
        [
            (_("Said"), [round(100 * row["said"], 1) for row in told["bins"]], "@c6", "dash"),
            (_("Missed"), [round(100 * row["happened"], 1) for row in told["bins"]], "@c2",
             "solid"),
        ],
        unit="%",
    )  # fmt: skip
    return Panel("reliability", title, sentence, headings, rows, figure, data["how"]["breach"])


def _percent(part: float) -> str:
    return words.percent(round(part * SCALE), SCALE, 0)


# --- Staffing -------------------------------------------------------------------------------------


def staffing(data: Mapping[str, Any], agents: Decimal | None, hours: Decimal | None) -> list[Fact]:
    """What so many people could do; nothing when nobody asked, or nothing is known."""
    points, per_ticket = data["hours"]["points"], data["hours_per_ticket"]
    if agents is None or hours is None or not points or per_ticket is None:
        return []
    backlog = data["open"] * per_ticket
    found = {
        name: load_of(
            agents=float(agents), hours=float(hours), backlog=backlog,
            work=sum(point[name] for point in points) / len(points),
        )
        for name in ("value", "high")
    }  # fmt: skip
    usual, busy = found["value"], found["high"]
    return [
        Fact(
            _("What if: load"),
            words.not_available() if usual.load is None else _percent(usual.load),
            _("of %(capacity)s hours a week; %(high)s in busy weeks")
            % {
                "capacity": words.decimal(usual.capacity),
                "high": words.not_available() if busy.load is None else _percent(busy.load),
            },
        ),
        Fact(
            _("What if: backlog gone"),
            _until(usual.weeks),
            _("%(open)s open tickets, about %(hours)s hours by what one took so far")
            % {"open": words.count(data["open"]), "hours": words.decimal(backlog)},
        ),
        Fact(
            _("What if: backlog gone, busy weeks"),
            _until(busy.weeks),
            _("should every week bring the upper end of the interval"),
        ),
    ]


def _until(weeks: float | None) -> str:
    if weeks is None:
        return _("never")
    return _("%(weeks)s weeks") % {"weeks": words.decimal(weeks)}


def tickets(
    rows: Sequence[Mapping[str, Any]], known: Mapping[int, tuple[str, str]]
) -> list[Ticket]:
    """Those of the rows that are `known`, by primary key with number and title."""
    return [
        Ticket(
            *known[row["ticket"]],
            probability=_percent(row["probability"]),
            used=_percent(row["used"]),
            due_at=datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
        )
        for row in rows
        if row["ticket"] in known
    ]
