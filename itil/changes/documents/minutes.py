"""The minutes of a meeting as a paper: in the language and the zone of the house.

They hold the lines of the agenda that their reader may read. While they are open, a change is told
as it stands now, once they are closed as it stood then.
"""

import zoneinfo
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from itil.approvals.models import Source, Vote
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType
from itil.changes.models import AgendaItem, BoardMeeting, Change
from portal.paper import printing
from portal.people.models import User

TEMPLATE = "documents/minutes.html"
STYLES = ("changes/paper.css",)
RANKS = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}


def agenda_of(meeting: BoardMeeting, reader: User | None) -> list[AgendaItem]:
    """Its lines, the riskiest first, as `said_votes` with the votes that its board was asked for;
    not those of peers or owners. Of all changes when `reader` is None. Two queries.
    """
    items = list(AgendaItem.objects.of(meeting, reader))
    votes: dict[int, list[Vote]] = {item.change_id: [] for item in items}
    asked = (
        Vote.objects.live()
        .filter(
            step__process__ticket__in=votes,
            step__terms__source=Source.BOARD,
            voter__board_seats__board=meeting.board_id,
        )
        .exclude(step__process__state__in=("void", "cancelled"))
        .select_related("voter", "acted_by", "step__process")
    )
    for vote in asked.distinct().order_by("pk"):
        votes[vote.step.process.ticket_id].append(vote)
    for item in items:
        item.said_votes = votes[item.change_id]
    return items


def facts_of(item: AgendaItem) -> dict[str, Any]:
    """How the change of a line of `agenda_of` stands, to be kept with closed minutes: times in ISO
    8601 UTC, the keys of risk, type, status and votes, and names.
    """
    change: Change = item.change
    window = (change.planned_start, change.planned_end)
    return {
        "number": change.number,
        "title": change.title,
        "type": change.change_type,
        "risk": change.risk,
        "status": change.status,
        "owner": change.assignee.name if change.assignee else "",
        "window": [one.isoformat() for one in window] if all(window) else [],
        "votes": [
            {
                "name": vote.voter.name,
                "stand_in": vote.acted_by.name if vote.by_stand_in else "",
                "state": vote.state,
                "reason": vote.reason,
            }
            for vote in item.said_votes
        ],
    }


def html_of(meeting: BoardMeeting, items: list[AgendaItem]) -> SafeString:
    """The page of `items`, lines of `agenda_of` as one reader has them. One query."""
    zone = zoneinfo.ZoneInfo(settings.BUSINESS_TIME_ZONE)
    with override(settings.LANGUAGE_CODE), timezone.override(zone):
        return SafeString(render_to_string(TEMPLATE, _paper(meeting, items)))


def pdf_of(html: SafeString) -> bytes:
    return printing.pdf_of(html, styles=STYLES)


def _paper(meeting: BoardMeeting, items: list[AgendaItem]) -> dict[str, Any]:
    told = [((item.facts if meeting.closed_at else {}) or facts_of(item), item) for item in items]
    told.sort(key=lambda one: (RANKS.get(one[0]["risk"], 3), one[0]["window"], one[1].pk))
    day = date_format(timezone.localtime(meeting.starts_at), "DATE_FORMAT")
    place = [meeting.place] if meeting.place else []
    facts = [
        (_("Meeting"), ", ".join([_moment(meeting.starts_at), *place])),
        (_("Present"), ", ".join(sorted(one.name for one in meeting.present.all())) or "–"),
        (_("Votes until"), _moment(meeting.votes_until)),
    ]
    if meeting.closed_at and meeting.closed_by:
        closed = {"name": meeting.closed_by.name, "moment": _moment(meeting.closed_at)}
        facts.append((_("Closed"), _("by %(name)s, %(moment)s") % closed))
    return {
        "language": settings.LANGUAGE_CODE,
        "brand": settings.WAGTAIL_SITE_NAME,
        "title": _("Minutes of %(board)s, %(day)s") % {"board": meeting.board, "day": day},
        "board": meeting.board.name,
        "day": day,
        "meeting": meeting,
        "facts": facts,
        "lines": [_line(line, item.minutes) for line, item in told],
        "zone": settings.BUSINESS_TIME_ZONE,
    }


def _line(facts: dict[str, Any], said: str) -> dict[str, Any]:
    window = [datetime.fromisoformat(one) for one in facts["window"]]
    risk = Risk(facts["risk"]).label if facts["risk"] else _("not assessed")
    about = [
        (_("Type"), ChangeType(facts["type"]).label),
        (_("Risk"), risk),
        (_("Status"), Change.status_label_of(facts["status"])),
        (_("Owner"), facts["owner"] or "–"),
        (_("Window"), " – ".join(_moment(one) for one in window) or "–"),
    ]
    votes = [one | {"label": Vote.State(one["state"]).label} for one in facts["votes"]]
    return facts | {"about": about, "votes": votes, "said": said}


def _moment(at: datetime) -> str:
    """ "24 November 2026, 10:00" in the current zone."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M}"
