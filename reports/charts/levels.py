"""The page of service levels: tiles, and a panel for each way of counting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.sla.models import Exclusion, Metric, Outcome

from . import figures, words
from .panels import Cell, Panel
from .promised import level_name

COUNTED = (Outcome.MET, Outcome.BREACHED, Outcome.PENDING, Outcome.EXCLUDED)
# Bars that a panel shows at most, those of the most promises; the table has all rows.
BARS = 12
ORDER = {str(metric): place for place, metric in enumerate(Metric)}


@dataclass(frozen=True)
class Links:
    """Addresses of the clocks behind a number; `query` is that of the page."""

    query: Mapping[str, str]

    def clocks(self, counted: str, *, kind: str = "sla", **more: Any) -> str:
        named = {name: value for name, value in more.items() if value is not None}
        asked = {**self.query, "kind": kind, "counted": counted, **named}
        return f"{reverse('reports:clocks')}?{urlencode(asked)}"

    def unmeasured(self) -> str:
        return f"{reverse('reports:unmeasured')}?{urlencode(self.query)}"


@dataclass(frozen=True)
class Fact:
    """A number at the top, with what it is about."""

    label: str
    value: str
    about: str
    url: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A ticket that is left out, in words."""

    number: str
    reason: str
    measures: str
    note: str
    by: str
    at: datetime


def facts(data: Mapping[str, Any], links: Links) -> list[Fact]:
    """All targets met, and what stands beside the shares."""
    tickets = data["tickets"]
    sums = {name: sum(row[name] for row in data["measures"]) for name in COUNTED}
    return [
        Fact(
            _("All targets met"),
            words.percent(tickets["yes"], tickets["n"]),
            ngettext("of %(count)s ticket", "of %(count)s tickets", tickets["n"])
            % {"count": words.count(tickets["n"])},
        ),
        Fact(
            _("Pending"),
            words.count(sums[Outcome.PENDING]),
            _("at the end of the period") if data["is_over"] else _("now"),
            links.clocks(Outcome.PENDING),
        ),
        Fact(
            _("Left out"),
            words.count(sums[Outcome.EXCLUDED]),
            ngettext("of %(count)s ticket", "of %(count)s tickets", data["left_out_tickets"])
            % {"count": words.count(data["left_out_tickets"])},
            links.clocks(Outcome.EXCLUDED),
        ),
        Fact(
            _("Unmeasured"),
            words.count(data["unmeasured"]),
            _("tickets received without a promise"),
            links.unmeasured(),
        ),
    ]


def panels(data: Mapping[str, Any], links: Links) -> list[Panel]:
    """One panel for each way of counting; those without a row are left out, except the first."""
    made = [
        _panel("measures", _("Promises to customers"), _("Measure"), data, links, _nothing),
        _panel(
            "by_priority",
            _("By priority"),
            _("Priority"),
            data,
            links,
            lambda row: (level_name(row["priority"]), {"priority": row["priority"]}),
        ),
        _panel("by_team", _("By team"), _("Team"), data, links, _named("team", "solver")),
        _panel("by_service", _("By service"), _("Service"), data, links, _named("service")),
        _panel("by_agreement", _("By agreement"), _("Agreement"), data, links, _named("agreement")),
        _panel("stays", _("Between our teams"), _("Team"), data, links, _named("stay"), kind="ola"),
        _panel(
            "suppliers", _("Suppliers"), _("Supplier"), data, links, _named("supplier"), kind="uc"
        ),
    ]
    return [panel for panel in made if panel.rows or panel.key == "measures"]


Naming = Callable[[Mapping[str, Any]], tuple[str, dict[str, Any]]]


def _nothing(row: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return "", {}


def _named(name: str, parameter: str = "") -> Naming:
    """The record of a row by its name, and the parameter that asks for it; 0 for none."""

    def naming(row: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return row[f"{name}_name"] or _("none"), {parameter or name: row[name] or 0}

    return naming


def _panel(
    key: str,
    title: str,
    heading: str,
    data: Mapping[str, Any],
    links: Links,
    naming: Naming,
    *,
    kind: str = "sla",
) -> Panel:
    rows, bars = [], []
    counted = sorted(data[key], key=lambda row: ORDER[row["metric"]])
    one_measure = len({row["metric"] for row in counted}) == 1
    for row in counted:
        name, asked = naming(row)
        measure = str(Metric(row["metric"]).label)
        asked |= {"kind": kind, "metric": row["metric"]}
        cells = [Cell(words.count(row[one]), links.clocks(one, **asked)) for one in COUNTED]
        decided = row["met"] + row["breached"]
        share = Cell(words.percent(row["met"], decided))
        rows.append((Cell(name or measure), *([Cell(measure)] if name else []), *cells, share))
        if decided and (not name or one_measure or row["metric"] == Metric.RESOLUTION):
            bars.append((name or measure, row, links.clocks(Outcome.BREACHED, **asked)))
    headings = [heading, *([] if key == "measures" else [_("Measure")])]
    headings += [_("Kept"), _("Missed"), _("Pending"), _("Left out"), _("In time")]
    sentence = _sentence(counted)
    if bars and key != "measures" and not one_measure:
        sentence = _("%(sentence)s The bars are those of resolutions.") % {"sentence": sentence}
    return Panel(key, title, sentence, headings, rows, _bars(bars), data["how"])


def _bars(bars: Sequence[tuple[str, Mapping[str, Any], str]]) -> figures.Figure | None:
    """The share kept as horizontal bars, of resolutions where a panel has several measures."""
    if not bars:
        return None
    largest = sorted(bars, key=lambda bar: bar[1]["met"] + bar[1]["breached"], reverse=True)
    shown = [bar for bar in bars if bar in largest[:BARS]]
    decided = [row["met"] + row["breached"] for _name, row, _url in shown]
    return figures.lying_bars(
        [name for name, _row, _url in shown],
        [
            (
                _("In time"),
                [
                    round(100 * row["met"] / n, 2)
                    for (_name, row, _url), n in zip(shown, decided, strict=True)
                ],
                "@c1",
            )
        ],
        texts=[
            _("%(share)s of %(count)s")
            % {"share": words.percent(row["met"], n), "count": words.count(n)}
            for (_name, row, _url), n in zip(shown, decided, strict=True)
        ],
        links=[url for _name, _row, url in shown],
        end=100,
    )


def _sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """How much was missed, over all measures of the panel."""
    met, missed = (sum(row[name] for row in rows) for name in ("met", "breached"))
    if not met + missed:
        return _("No promise was decided in this period.")
    return ngettext(
        "%(count)s promise of %(all)s was missed.",
        "%(count)s promises of %(all)s were missed.",
        missed,
    ) % {"count": words.count(missed), "all": words.count(met + missed)}


def restated(data: Mapping[str, Any]) -> list[str]:
    """What is a different figure since the month was closed, old and new."""
    return [
        _("%(measure)s: %(was)s of %(was_n)s then, %(now)s of %(now_n)s by what is known now.")
        % {
            "measure": Metric(row["metric"]).label,
            "was": words.percent(row["was"]["met"], _decided(row["was"])),
            "was_n": words.count(_decided(row["was"])),
            "now": words.percent(row["now"]["met"], _decided(row["now"])),
            "now_n": words.count(_decided(row["now"])),
        }
        for row in data["restated"]
    ]


def _decided(counts: Mapping[str, int]) -> int:
    return counts["met"] + counts["breached"]


def left_out(data: Mapping[str, Any]) -> list[LeftOut]:
    """The tickets that are left out."""
    return [
        LeftOut(
            number=row["number"],
            reason=str(Exclusion(row["reason"]).label),
            measures=", ".join(str(Metric(metric).label) for metric in row["metrics"]),
            note=row["note"],
            by=row["by"],
            at=datetime.fromisoformat(row["at"]),
        )
        for row in data["left_out"]
    ]
