"""The page of flow: how tickets move, where they wait, and what that would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.metrics.parts import What
from reports.metrics.waiting import HELD, UNTOUCHED

from . import maps, words
from .flow_names import SPLIT, Lists, Naming
from .levels import Fact
from .panels import Cell, Panel

HOUR = 3600
SCALE = 10_000
# Letters that fit into a box of the map.
LETTERS = 27


@dataclass(frozen=True)
class FlowMap:
    """A map with its sentence; without a picture there is nothing that moves."""

    key: str
    title: str
    sentence: str
    picture: maps.Picture | None


def naming(data: Mapping[str, Any]) -> Naming:
    teams = data["team_names"]
    return Naming(lambda key: teams.get(str(key), ""))


def waits(place: str) -> bool:
    """Whether a ticket in this state waits: on hold, for approval, or for somebody to begin."""
    return SPLIT in place or place in (*UNTOUCHED, *HELD)


def facts(data: Mapping[str, Any], rate: Decimal | None, currency: str, lists: Lists) -> list[Fact]:
    """The figures at the top; the cost only when somebody typed a rate."""
    n, waiting = data["n"], data["waiting"]
    everything = lists.url(What.ALL) if n else ""
    found = [
        Fact(
            _("Tickets resolved"),
            words.count(n),
            _("in the period, by their last resolution"),
            everything,
        ),
        Fact(
            _("Time to resolution, together"),
            _hours(data["seconds"]) if n else words.not_available(),
            _("real time, day and night"),
            everything,
        ),
        Fact(
            _("Of it waiting"),
            share(waiting, data["seconds"]),
            _("%(hours)s on hold, for approval, or not begun") % {"hours": _hours(waiting)},
            lists.url(What.WAITS) if waiting else "",
        ),
        Fact(
            _("Moves"),
            words.decimal(data["states"]["moves"] / n) if n else words.not_available(),
            _("of state per ticket"),
            everything,
        ),
    ]
    if rate is not None:
        cost = Decimal(str(waiting)) / HOUR * rate
        found.append(
            Fact(
                _("What if: cost of waiting"),
                f"{words.count(int(cost))} {currency}",
                _("waiting hours × the %(rate)s %(currency)s per hour that you typed; not booked")
                % {"rate": words.decimal(float(rate), 2), "currency": currency},
            )
        )
    return found


def share(part: float, whole: float) -> str:
    """A share of time; n/a when there is none."""
    return words.percent(int(part * SCALE / whole), SCALE) if whole else words.not_available()


def _hours(seconds: float) -> str:
    return _("%(number)s h") % {"number": words.decimal(seconds / HOUR)}


def flow_maps(data: Mapping[str, Any], lists: Lists) -> list[FlowMap]:
    """How tickets move from state to state, and from team to team."""
    names = naming(data)
    return [
        FlowMap("states", _("From state to state"), _usual_way(data, names),
                _picture(data["states"], What.STATES, names.short, lists)),
        FlowMap("teams", _("From team to team"), _handoffs(data),
                _picture(data["teams"], What.TEAMS, names.team, lists)),
    ]  # fmt: skip


def _usual_way(data: Mapping[str, Any], names: Naming) -> str:
    edges = data["states"]["edges"]
    if not edges:
        return _("No ticket was resolved in this period.")
    first = edges[0]
    said = ngettext(
        "The most usual of %(all)s moves is from “%(source)s” to “%(target)s”, %(count)s time.",
        "The most usual of %(all)s moves is from “%(source)s” to “%(target)s”, %(count)s times.",
        first["moves"],
    ) % {
        "all": words.count(data["states"]["moves"]),
        "source": names.state(first["place"]),
        "target": names.state(first["to"]),
        "count": words.count(first["moves"]),
    }
    if not data["waits"]:
        return said
    longest = data["waits"][0]
    return _(
        "%(said)s Tickets wait longest in “%(state)s” with %(team)s: %(share)s of all time."
    ) % {
        "said": said,
        "state": names.state(longest["place"]),
        "team": names.team(longest["team"]),
        "share": share(longest["seconds"], data["seconds"]),
    }


def _handoffs(data: Mapping[str, Any]) -> str:
    moves, returns = data["teams"]["moves"], sum(row["returns"] for row in data["pairs"])
    if not moves:
        return _("No ticket changed its team.")
    return _("%(moves)s changes of team; %(returns)s went back to the team before.") % {
        "moves": words.count(moves),
        "returns": words.count(returns),
    }


def _picture(table: Mapping[str, Any], what: What, name: Any, lists: Lists) -> maps.Picture | None:
    places = [
        maps.Place(
            key=row["place"],
            label=_cut(name(row["place"])),
            about=_("%(count)s tickets, median %(time)s")
            % {"count": words.count(row["tickets"]), "time": words.span(row["median"])},
            rank=row["rank"],
            size=row["tickets"],
            waits=what == What.STATES and waits(row["place"]),
            url=lists.url(what, row["place"]),
        )
        for row in table["nodes"]
    ]
    moves = [
        maps.Move(
            row["place"],
            row["to"],
            row["moves"],
            words.count(row["moves"]),
            _("%(source)s → %(target)s: %(count)s")
            % {
                "source": name(row["place"]),
                "target": name(row["to"]),
                "count": words.count(row["moves"]),
            },
            lists.url(what, row["place"], row["to"]),
        )
        for row in table["edges"]
    ]
    return maps.picture(places, moves)


def _cut(label: str) -> str:
    return label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…"


# --- Tables ---------------------------------------------------------------------------------------


def panels(
    data: Mapping[str, Any], rate: Decimal | None, currency: str, lists: Lists
) -> list[Panel]:
    """The same as numbers, and what the map does not show. No panel has a figure of its own."""
    names, how = naming(data), data["how"]
    found = [
        _waits(data, names, lists, rate, currency),
        _halves(data, lists),
        _places(What.STATES, _("Time by state"), _("State"), data, names.state, lists),
        _moves(What.STATES, _("Moves between states"), data, names.state, lists),
        _places(What.TEAMS, _("Time by team"), _("Team"), data, names.team, lists),
        _moves(What.TEAMS, _("Moves between teams"), data, names.team, lists),
        _pairs(data, names, lists, how["pairs"]),
    ]
    return [one for one in found if one.rows]


def _row(*texts: str, url: str = "", opened: Sequence[int] = ()) -> list[Cell]:
    """Cells; those at the places `opened` lead to `url`."""
    return [Cell(text, url or None if n in opened else None) for n, text in enumerate(texts)]


def _waits(
    data: Mapping[str, Any], names: Naming, lists: Lists, rate: Decimal | None, currency: str
) -> Panel:
    rows, headings = [], [_("Waits in, with"), _("Tickets"), _("Median"), _("Hours"), _("Of all")]
    if rate is not None:
        headings.append(_("What if, %(currency)s") % {"currency": currency})
    for row in data["waits"]:
        cells = [
            _("%(state)s, %(team)s")
            % {"state": names.state(row["place"]), "team": names.team(row["team"])},
            words.count(row["tickets"]),
            words.span(row["median"]),
            words.decimal(row["seconds"] / HOUR),
            share(row["seconds"], data["seconds"]),
        ]
        if rate is not None:
            cells.append(words.count(int(Decimal(str(row["seconds"])) / HOUR * rate)))
        url = lists.url(What.WAITS, row["place"], row["team"])
        rows.append(_row(*cells, url=url, opened=(1,)))
    return Panel(
        "waits", _("Where tickets wait"),
        _("Bottlenecks first: state and the team that held the ticket then."),
        headings, rows, None, data["how"]["waits"],
    )  # fmt: skip


def _places(
    key: What, title: str, heading: str, data: Mapping[str, Any], name: Any, lists: Lists
) -> Panel:
    rows = [
        _row(
            name(row["place"]), words.count(row["tickets"]), words.count(row["visits"]),
            words.span(row["median"]), words.decimal(row["seconds"] / HOUR),
            share(row["seconds"], data["seconds"]),
            url=lists.url(key, row["place"]), opened=(1, 2),
        )
        for row in data[key]["nodes"]
    ]  # fmt: skip
    headings = [heading, _("Tickets"), _("Stays"), _("Median"), _("Hours"), _("Of all")]
    sentence = _("The hours add up to the time from receipt to the last resolution.")
    return Panel(f"places-{key}", title, sentence, headings, rows, None, data["how"]["places"])


def _moves(key: What, title: str, data: Mapping[str, Any], name: Any, lists: Lists) -> Panel:
    rows = [
        _row(
            _("%(source)s → %(target)s")
            % {"source": name(row["place"]), "target": name(row["to"])},
            words.count(row["moves"]), words.count(row["tickets"]), words.span(row["median"]),
            url=lists.url(key, row["place"], row["to"]), opened=(1, 2),
        )
        for row in data[key]["edges"]
    ]  # fmt: skip
    more = data[key]["more_edges"]
    sentence = (
        ngettext("%(count)s rarer move is not listed.", "%(count)s rarer moves are not listed.",
                 more) % {"count": words.count(more)}
        if more
        else _("How often, by how many tickets, and how long they had stayed before.")
    )  # fmt: skip
    headings = [_("Move"), _("Moves"), _("Tickets"), _("Median stay before")]
    return Panel(f"moves-{key}", title, sentence, headings, rows, None, data["how"]["moves"])


def _pairs(data: Mapping[str, Any], names: Naming, lists: Lists, how: str) -> Panel:
    rows = [
        _row(
            _("%(one)s and %(other)s")
            % {"one": names.team(row["low"]), "other": names.team(row["high"])},
            words.count(row["returns"]), words.count(row["tickets"]),
            words.decimal(row["seconds"] / HOUR),
            url=lists.url(What.PAIRS, row["low"], row["high"]), opened=(1, 2),
        )
        for row in data["pairs"]
    ]  # fmt: skip
    headings = [_("Teams"), _("Returns"), _("Tickets"), _("Hours in between")]
    sentence = _("Tickets that came back to the team that had just given them away.")
    return Panel("pairs", _("To and fro between teams"), sentence, headings, rows, None, how)


def _halves(data: Mapping[str, Any], lists: Lists) -> Panel:
    """Before and after the day; a side without tickets has n/a."""
    before, after = data["halves"]["before"], data["halves"]["after"]
    sides = (before, after)

    def told(label: str, texts: Sequence[str]) -> list[Cell]:
        return _row(label, *texts)

    def number(name: str) -> list[str]:
        return [
            words.not_available() if side[name] is None else words.decimal(side[name], 2)
            for side in sides
        ]

    rows = [
        [
            Cell(_("Tickets resolved")),
            *(
                Cell(
                    words.count(side["n"]),
                    lists.url(What.HALF, data["split"], half) if side["n"] else None,
                )
                for half, side in (("before", before), ("after", after))
            ),
        ],
        told(_("Time to resolution, median"), [words.span(side["median"]) for side in sides]),
        told(_("Time waited, median"), [words.span(side["waited"]) for side in sides]),
        told(_("Share of time waiting"), [
            words.not_available() if side["waiting_share"] is None
            else share(side["waiting_share"], 1) for side in sides
        ]),
        told(_("Moves of state per ticket"), number("moves")),
        told(_("Changes of team per ticket"), number("handoffs")),
        told(_("Tickets that went back to the team before"), [
            words.not_available() if side["returned"] is None else words.count(side["returned"])
            for side in sides
        ]),
    ]  # fmt: skip
    day = words.day(date.fromisoformat(data["split"]))
    sentence = _("The tickets resolved before %(day)s beside those resolved from then on.")
    headings = [_("Figure"), _("Before"), _("From %(day)s on") % {"day": day}]
    return Panel("halves", _("Before and after"), sentence % {"day": day}, headings, rows, None,
                 data["how"]["halves"])  # fmt: skip
