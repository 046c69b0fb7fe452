"""What an account rests on, as pairs of a name and a text: the agreement, the hours, the rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from itil.sla.models import Agreement, Outcome, SlaClock
from itil.sla.terms import PAUSING_SUPPLIERS, PAUSING_TEAMS

from .causes import HOLDS
from .explaining import Account
from .following import REOPENED
from .group import UC_METRICS
from .notices import Fate, Notice
from .running import is_pausable
from .telling import Wording
from .wording import exactly, title_of


@dataclass(frozen=True)
class Told:
    """A warning as people read it."""

    percent: str
    when: str
    at: datetime
    what: str
    fate: str
    is_ahead: bool


@dataclass(frozen=True)
class Facts:
    """The heading of an account and what it rests on. `tone` is empty, ok, warn or bad."""

    title: str
    state: str
    tone: str
    figures: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]
    warnings: tuple[Told, ...]


def facts_of(account: Account) -> Facts:
    """Everything about the account that is no line of it."""
    state, tone = _state(account)
    words = Wording(account)
    return Facts(
        title=title_of(account.clock),
        state=state,
        tone=tone,
        figures=tuple(_figures(account, words)),
        pairs=tuple(_pairs(account)),
        warnings=tuple(_told(notice, account, words) for notice in account.notices),
    )


def _state(account: Account) -> tuple[str, str]:
    clock = account.clock
    if account.is_late:
        return str(clock.get_outcome_display()), "bad"
    if clock.outcome == Outcome.EXCLUDED:
        return str(clock.get_outcome_display()), ""
    if clock.outcome == Outcome.MET:
        return str(clock.get_outcome_display()), "ok"
    is_near = clock.at_risk_at is not None and clock.at_risk_at <= account.now
    return (_("At risk"), "warn") if is_near else (str(clock.get_state_display()), "")


def _figures(account: Account, words: Wording) -> Iterator[tuple[str, str]]:
    """The four that everybody asks for."""
    clock = account.clock
    if clock.started_at is None:
        return
    yield _("Target"), exactly(clock.target_seconds)
    yield _("Used"), exactly(account.elapsed_seconds)
    if account.remaining_seconds < 0:
        yield _("Late by"), exactly(account.remaining_seconds)
    else:
        yield _("Left"), exactly(account.remaining_seconds)
    if account.left_out_seconds:
        yield _("Paused"), exactly(account.left_out_seconds)
    if account.due_at is not None:
        yield _("Due"), words.zoned(account.due_at)
    elif account.due_if_resumed is not None:
        yield _("Due if it went on now"), words.zoned(account.due_if_resumed)


def _pairs(account: Account) -> Iterator[tuple[str, str]]:
    clock, promise = account.clock, account.promise
    agreement = {
        "name": promise.name,
        "version": clock.agreement_version,
        "kind": clock.agreement.get_kind_display(),
    }
    yield _("Agreement"), _("%(name)s, version %(version)s. %(kind)s") % agreement
    yield _("Chosen by"), clock.reason or "–"
    yield _("Applies to"), clock.level_text
    yield _("Target"), account.target
    calendar = {"name": clock.calendar.name, "version": clock.calendar_version}
    yield _("Calendar"), _("%(name)s, version %(version)s") % calendar
    hours = {"hours": "; ".join(account.hours), "zone": account.zone}
    yield _("Open"), _("%(hours)s (%(zone)s)") % hours
    yield _("Pauses while"), _pausing(clock, promise.pausing)
    if clock.metric in REOPENED:
        policies = dict(Agreement.ReopenPolicy.choices)
        yield _("When reopened"), str(policies.get(promise.reopen, promise.reopen))
    yield _("At risk from"), f"{promise.at_risk_percent} %"


def _pausing(clock: SlaClock, agreed: tuple[str, ...]) -> str:
    """The reasons for waiting that make this clock stand still (domain 2.1)."""
    if not is_pausable(clock):
        return _("never")
    reasons = agreed
    if clock.team_id is not None:
        reasons = PAUSING_TEAMS
    elif clock.metric in UC_METRICS:
        reasons = PAUSING_SUPPLIERS
    return "; ".join(str(HOLDS.get(reason, reason)) for reason in reasons)


def _told(notice: Notice, account: Account, words: Wording) -> Told:
    return Told(
        percent=f"{notice.percent} %",
        when=words.moment(notice.at),
        at=notice.at,
        what=notice.text,
        fate=_fate(notice, account, words),
        is_ahead=notice.fate == Fate.AHEAD,
    )


def _fate(notice: Notice, account: Account, words: Wording) -> str:
    told = {"moment": words.moment(notice.told_at)} if notice.told_at else {"moment": ""}
    if notice.fate == Fate.LEFT_OUT:
        return _("not told: a higher step was due by then")
    if notice.fate == Fate.AHEAD:
        return _("due, not told yet") if notice.at <= account.now else _("to come")
    text = (_("told late, %(moment)s") if notice.is_late else _("told %(moment)s")) % told
    if notice.fate == Fate.FORMER:
        return _("%(told)s, for the former target") % {"told": text}
    return text
