"""The page about satisfaction: facts, and a panel for each way of counting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.surveys.models import LOW_UP_TO, SATISFIED_FROM, Score

from . import figures, words
from .levels import Fact
from .panels import Cell, Panel


@dataclass(frozen=True)
class Links:
    """Addresses of the ratings and forms behind a number; `query` is that of the page."""

    query: Mapping[str, str]

    def ratings(self, **more: Any) -> str:
        asked = {**self.query, **more}
        return f"{reverse('reports:ratings')}?{urlencode(asked)}"

    def forms(self, outcome: str) -> str:
        asked = {**self.query, "outcome": outcome}
        return f"{reverse('reports:consultations')}?{urlencode(asked)}"


def facts(data: Mapping[str, Any], links: Links) -> list[Fact]:
    """Satisfied, the mean, low ratings, and how many of those asked have answered."""
    found, answered = data["satisfied"], data["answered"]
    low = sum(row["n"] for row in data["scores"] if row["score"] <= LOW_UP_TO)
    found_facts = [
        Fact(
            _("Satisfied"),
            words.percent(found["yes"], found["n"]),
            _interval(found),
            links.ratings(score_from=int(SATISFIED_FROM)),
        ),
        Fact(
            _("Mean rating"),
            words.decimal(found["mean"], 2) if found["n"] else words.not_available(),
            _("on the scale from 1 to 5"),
            links.ratings(),
        ),
        Fact(
            _("Low ratings"),
            words.count(low),
            _("very bad or bad"),
            links.ratings(score_to=int(LOW_UP_TO)),
        ),
        Fact(
            _("Answered"),
            words.percent(answered["yes"], answered["n"]),
            ngettext("of %(count)s survey", "of %(count)s surveys", answered["n"])
            % {"count": words.count(answered["n"])},
        ),
    ]
    recommended = data["recommended"]
    return (
        [*found_facts, _recommendation(recommended, links)] if recommended["asked"] else found_facts
    )


def _recommendation(found: Mapping[str, Any], links: Links) -> Fact:
    """The NPS, a whole number without a sign. That of few people was left out when it was counted
    (`reports.metrics.satisfaction.recommended`).
    """
    name = _("Net promoter score")
    if found["score"] is None:
        few = _("fewer than 5 people, who are not told apart")
        return Fact(name, words.not_available(), few if found["n"] else _("nobody answered"))
    beside = ngettext("of %(count)s answer", "of %(count)s answers", found["n"])
    return Fact(
        name,
        words.count(found["score"]),
        beside % {"count": words.count(found["n"])},
        links.ratings(recommended=1),
    )


def _interval(found: Mapping[str, Any]) -> str:
    """`of 190 ratings (95% interval 83.1 to 92.2%)`."""
    if not found["n"]:
        return _("no rating yet")
    return ngettext(
        "of %(count)s rating (95%% interval %(low)s to %(high)s%%)",
        "of %(count)s ratings (95%% interval %(low)s to %(high)s%%)",
        found["n"],
    ) % {
        "count": words.count(found["n"]),
        "low": words.decimal(100 * found["low"]),
        "high": words.decimal(100 * found["high"]),
    }


def panels(data: Mapping[str, Any], links: Links) -> list[Panel]:
    """By score, by month, by team, and what was answered before it was sent."""
    made = [_scores(data, links), _months(data, links)]
    made += [_teams(data, links)] if data["by_team"] else []
    if data["deflected"]:
        made += [_self_service(data), _before_sending(data, links)]
    return made


def _scores(data: Mapping[str, Any], links: Links) -> Panel:
    rows, n = data["scores"], data["satisfied"]["n"]
    names = [str(Score(row["score"]).label) for row in rows]
    urls = [links.ratings(score_from=row["score"], score_to=row["score"]) for row in rows]
    figure = figures.lying_bars(
        names,
        [(_("Ratings"), [row["n"] for row in rows], "@c1")],
        texts=[words.count(row["n"]) for row in rows],
        links=urls,
    )
    return Panel(
        "scores",
        _("Ratings by score"),
        _sentence(data["satisfied"]),
        [_("Score"), _("Ratings"), _("Share")],
        [
            (Cell(name), Cell(words.count(row["n"]), url), Cell(words.percent(row["n"], n)))
            for name, row, url in zip(names, rows, urls, strict=True)
        ],
        figure if n else None,
        _how(data),
    )


def _months(data: Mapping[str, Any], links: Links) -> Panel:
    months, names = data["months"], _month_names(data)
    rows = []
    for name, month in zip(names, months, strict=True):
        days = {"from": month["first"], "to": month["last"]}
        satisfied = links.ratings(**days, score_from=int(SATISFIED_FROM))
        rows.append(
            (
                Cell(name),
                Cell(words.count(month["n"]), links.ratings(**days)),
                Cell(words.count(month["yes"]), satisfied),
                Cell(words.percent(month["yes"], month["n"])),
                Cell(_mean(month)),
            )
        )
    shares = [round(100 * month["share"], 1) if month["n"] else None for month in months]
    figure = figures.lines(names, [(_("Satisfied"), shares, "@c1", "solid")], unit="%")
    return Panel(
        "months",
        _("Satisfied people, by month"),
        _sentence(data["satisfied"]),
        [_("Month"), _("Ratings"), _("Satisfied"), _("Share"), _("Mean rating")],
        rows,
        figure if data["satisfied"]["n"] else None,
        _how(data),
    )


def _teams(data: Mapping[str, Any], links: Links) -> Panel:
    rows = data["by_team"]
    names = [row["team_name"] or _("none") for row in rows]
    urls = [links.ratings(solver=row["team"]) for row in rows]
    shares = [round(100 * row["share"], 2) for row in rows]
    figure = figures.lying_bars(
        names,
        [(_("Satisfied"), shares, "@c1")],
        texts=[
            _("%(share)s of %(count)s")
            % {"share": words.percent(row["yes"], row["n"]), "count": words.count(row["n"])}
            for row in rows
        ],
        links=urls,
        end=100,
    )
    return Panel(
        "teams",
        _("Satisfied people, by team"),
        _("The team is the one that solved the ticket. Few ratings say little about a team."),
        [_("Team"), _("Ratings"), _("Satisfied"), _("Share"), _("95% interval"), _("Mean rating")],
        [
            (
                Cell(name),
                Cell(words.count(row["n"]), url),
                Cell(
                    words.count(row["yes"]),
                    links.ratings(solver=row["team"], score_from=int(SATISFIED_FROM)),
                ),
                Cell(words.percent(row["yes"], row["n"])),
                Cell(_range(row)),
                Cell(_mean(row)),
            )
            for name, row, url in zip(names, rows, urls, strict=True)
        ],
        figure,
        _how(data),
    )


def _before_sending(data: Mapping[str, Any], links: Links) -> Panel:
    """An estimate, and called one."""
    found = data["deflected"]
    names = outcome_names()
    rows = [
        (Cell(names[name]), Cell(words.count(found[name]), links.forms(name)))
        for name in ("solved", "read", "sent", "came_back", "pending")
    ]
    figure = figures.lying_bars(
        [names[name] for name in ("solved", "read", "sent")],
        [(_("Forms"), [found[name] for name in ("solved", "read", "sent")], "@c1")],
        texts=[words.count(found[name]) for name in ("solved", "read", "sent")],
        links=[links.forms(name) for name in ("solved", "read", "sent")],
    )
    if found["n"]:
        sentence = ngettext(
            "About %(share)s of %(count)s form with answers beside it was not needed (estimate).",
            "About %(share)s of %(count)s forms with answers beside them were not needed"
            " (estimate).",
            found["n"],
        ) % {
            "share": words.percent(found["yes"], found["n"], 0),
            "count": words.count(found["n"]),
        }
    else:
        sentence = _("No form with answers beside it can be counted in this period yet.")
    return Panel(
        "deflected",
        _("Answered before it was sent"),
        sentence,
        [_("What became of the form"), _("Forms")],
        rows,
        figure if found["n"] else None,
        _(data["how"]["deflected"]),
    )


def _self_service(data: Mapping[str, Any]) -> Panel:
    """People who help themselves beside people who ask, and tickets that came by the portal."""
    found = data["self_service"]
    ratio = words.not_available() if found["ratio"] is None else words.decimal(found["ratio"], 2)
    if found["n"]:
        sentence = _("%(ratio)s people looked for answers per person who asked the desk.") % {
            "ratio": ratio
        }
    else:
        sentence = _("Nobody asked the desk in this period.")
    rows = [
        (Cell(_("People who looked for an answer")), Cell(words.count(found["seekers"]))),
        (Cell(_("People who asked the desk")), Cell(words.count(found["askers"]))),
        (Cell(_("Self-service ratio")), Cell(ratio)),
        (
            Cell(_("Self-service share: tickets through the portal")),
            Cell(words.percent(found["yes"], found["n"])),
        ),
    ]
    return Panel(
        "self_service",
        _("Who helps themselves"),
        sentence,
        [_("What is counted"), _("In this period")],
        rows,
        None,
        _(data["how"]["self_service"]),
    )


def outcome_names() -> dict[str, str]:
    """What became of a form beside which answers were offered."""
    return {
        "solved": _("This solved it"),
        "read": _("An answer was read, nothing was sent"),
        "sent": _("Sent all the same"),
        "came_back": _("Reported within a day after all"),
        "pending": _("Read less than a day ago"),
    }


def _sentence(found: Mapping[str, Any]) -> str:
    if not found["n"]:
        return _("Nobody rated a solution in this period.")
    return ngettext(
        "%(yes)s of %(count)s person was satisfied.",
        "%(yes)s of %(count)s people were satisfied.",
        found["n"],
    ) % {"yes": words.count(found["yes"]), "count": words.count(found["n"])}


def _range(row: Mapping[str, Any]) -> str:
    """`83.1–92.2%`."""
    return _("%(low)s–%(high)s%%") % {
        "low": words.decimal(100 * row["low"]),
        "high": words.decimal(100 * row["high"]),
    }


def _mean(row: Mapping[str, Any]) -> str:
    return words.decimal(row["mean"], 2) if row["n"] else words.not_available()


def _how(data: Mapping[str, Any]) -> str:
    texts = (data["how"][name] for name in ("satisfied", "recommended", "answered"))
    return "\n\n".join(_(text) for text in texts)


def _month_names(data: Mapping[str, Any]) -> list[str]:
    """Of stored months; the running one is marked (`KPI-24`)."""
    names = [words.month(date.fromisoformat(month["first"])) for month in data["months"]]
    if names and not data["is_over"]:
        names[-1] = _("%(month)s so far") % {"month": names[-1]}
    elif names and not data["months"][-1]["whole"]:
        names[-1] = _("%(month)s in part") % {"month": names[-1]}
    return names
