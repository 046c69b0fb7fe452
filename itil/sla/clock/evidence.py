"""An account as plain data, for JSON and for other programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .causes import Cause
from .explaining import Account
from .notices import Notice
from .story import Milestone
from .stretches import SpecialDay, Stretch
from .telling import summary

Written = Callable[[datetime | None], str | None]


def as_data(account: Account) -> dict[str, Any]:
    """Everything the account says. Instants are ISO 8601 with the offset of the calendar's zone,
    durations business seconds; texts are in the present language.
    """
    clock = account.clock
    iso = _writer(ZoneInfo(account.zone))
    return {
        "metric": clock.metric,
        "title": str(clock.get_metric_display()),
        "team": str(clock.team) if clock.team_id else None,
        "supplier": str(clock.supplier) if clock.supplier_id else None,
        "cycle": clock.cycle,
        "summary": summary(account),
        "state": clock.state,
        "outcome": clock.outcome,
        "exclusion": clock.exclusion or None,
        "agreement": {
            "name": account.promise.name,
            "version": clock.agreement_version,
            "kind": clock.agreement.kind,
            "reason": clock.reason,
            "target_key": clock.target_key,
            "level": clock.priority,
        },
        "target": {
            "form": account.promise.form,
            "seconds": clock.target_seconds,
            "days": account.promise.days,
            "snap": account.promise.snap or None,
            "cutoff_minutes": account.promise.cutoff,
            "words": account.target,
        },
        "calendar": {
            "name": clock.calendar.name,
            "version": clock.calendar_version,
            "edition": str(clock.calendar_edition),
            "time_zone": account.zone,
            "hours": list(account.hours),
        },
        "started_at": iso(clock.started_at),
        "stopped_at": iso(clock.stopped_at),
        "due_at": iso(account.due_at),
        "due_if_resumed": iso(account.due_if_resumed),
        "breached_at": iso(clock.breached_at),
        "elapsed_seconds": account.elapsed_seconds,
        "remaining_seconds": account.remaining_seconds,
        "left_out_seconds": account.left_out_seconds,
        "agrees_with_events": account.agrees,
        "lines": [
            _stretch(line, iso) if isinstance(line, Stretch) else _point(line, iso)
            for line in account.lines
        ],
        "warnings": [_notice(notice, iso) for notice in account.notices],
    }


def _writer(zone: ZoneInfo) -> Written:
    def iso(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at else None

    return iso


def _stretch(line: Stretch, iso: Written) -> dict[str, Any]:
    return {
        "what": line.kind,
        "from": iso(line.start),
        "to": iso(line.end),
        "counted_seconds": line.seconds,
        "left_out_seconds": line.left_out,
        "used_seconds": line.total,
        "is_ahead": line.is_ahead,
        "is_late": line.is_late,
        "openings": line.openings if line.seconds else 0,
        "cause": _cause(line.cause, iso),
        "days": [_day(day) for day in line.specials],
        "clock_changes": [
            {"at": iso(change.at), "seconds": change.seconds} for change in line.changes
        ],
    }


def _point(point: Milestone, iso: Written) -> dict[str, Any]:
    return {
        "what": point.what,
        "at": iso(point.at),
        "used_seconds": point.total,
        "cause": _cause(point.cause, iso),
        "former_due_at": iso(point.former_due_at),
        "due_at": iso(point.due_at),
        "former_target": point.former_target or None,
        "target": point.target or None,
        "noticed_at": iso(point.noticed_at),
    }


def _cause(cause: Cause | None, iso: Written) -> dict[str, Any] | None:
    if cause is None:
        return None
    return {
        "at": iso(cause.at),
        "who": cause.who or None,
        "text": cause.text,
        "kind": cause.kind,
        "event": cause.event,
    }


def _day(day: SpecialDay) -> dict[str, Any]:
    return {"on": day.on.isoformat(), "name": day.name, "is_holiday": day.is_holiday}


def _notice(notice: Notice, iso: Written) -> dict[str, Any]:
    return {
        "percent": notice.percent,
        "at": iso(notice.at),
        "what": notice.text,
        "fate": notice.fate,
        "told_at": iso(notice.told_at),
        "is_late": notice.is_late,
    }
