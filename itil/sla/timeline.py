"""What happened to clocks, as staff read it in the story of a ticket."""

from datetime import datetime

from django.utils.translation import gettext as _

from itil.tickets.models import TicketEvent
from portal.ui.moments import hours_text, moment_text

from .models import EscalationStep, Exclusion, Metric


def _moment(text: str | None, at: datetime) -> str:
    """A stored instant in the reader's zone; empty when there is none."""
    return moment_text(datetime.fromisoformat(text), now=at) if text else ""


def in_words(event: TicketEvent) -> str:
    """What happened to the service level, or what it was told; read after the actor's name."""
    tell = {
        "retargeted": _retargeted,
        "dropped": _dropped,
        "breached": _breached,
        "at_risk": _at_risk,
        "escalated": _escalated,
        "excluded": _excluded,
        "recounted": _recounted,
        "absorbed": _absorbed,
        "terms": _rewritten,
        "measured": _measured,
    }.get(event.data.get("what", ""))
    return tell(event.data, event.at) if tell else str(event.get_kind_display())


def _metric(data: dict) -> str:
    """The metric inside a sentence."""
    name = str(data.get("metric", ""))
    return str(Metric(name).label).lower() if name in Metric.values else name


def _retargeted(data: dict, at: datetime) -> str:
    due, former = _moment(data.get("due_at"), at), _moment(data.get("former_due_at"), at)
    words = {"metric": _metric(data), "due": due, "former": former}
    if due and former and due != former:
        return _("moved %(metric)s: due %(due)s instead of %(former)s") % words
    words["target"] = hours_text(data.get("former_target_seconds", 0) / 60)
    if due:
        return _("set another target for %(metric)s: due %(due)s (it was %(target)s)") % words
    return _("set another target for %(metric)s (it was %(target)s)") % words


def _dropped(data: dict, at: datetime) -> str:
    former = _moment(data.get("former_due_at"), at)
    words = {"metric": _metric(data), "former": former}
    if former:
        return _("ended %(metric)s, which is not promised any more (it was due %(former)s)") % words
    return _("ended %(metric)s, which is not promised any more") % words


def _breached(data: dict, at: datetime) -> str:
    return _("Service level missed: %(metric)s") % {"metric": _metric(data)}


def _at_risk(data: dict, at: datetime) -> str:
    return _("Service level at risk: %(metric)s") % {"metric": _metric(data)}


def _escalated(data: dict, at: datetime) -> str:
    action = data.get("action", "")
    labels = EscalationStep.Action
    text = _("Escalation at %(percent)s%% of %(metric)s: %(action)s") % {
        "percent": data.get("percent"),
        "metric": _metric(data),
        "action": str(labels(action).label).lower() if action in labels.values else action,
    }
    if data.get("late"):
        noticed = _moment(data.get("noticed_at"), at)
        text += " " + _("(late: noticed %(moment)s)") % {"moment": noticed}
    return text


def _excluded(data: dict, at: datetime) -> str:
    reason = data.get("reason", "")
    words = {
        "metric": _metric(data),
        "reason": Exclusion(reason).label if reason in Exclusion.values else reason,
        "note": data.get("note", ""),
    }
    if data.get("metric"):
        return _("left %(metric)s out of the figures: %(reason)s. %(note)s") % words
    return _("left this ticket out of the figures: %(reason)s. %(note)s") % words


def _recounted(data: dict, at: datetime) -> str:
    return _("counts by the edited calendar %(name)s") % {"name": data.get("calendar_name", "")}


def _absorbed(data: dict, at: datetime) -> str:
    words = {
        "number": data.get("from", ""),
        "received": _moment(data.get("received_at"), at),
        "answered": _moment(data.get("answered_at"), at),
    }
    if words["answered"]:
        return _("counts %(number)s as well: received %(received)s, answered %(answered)s") % words
    return _("counts %(number)s as well: received %(received)s") % words


def _rewritten(data: dict, at: datetime) -> str:
    names = ", ".join(terms.get("name", "") for terms in data.get("terms", ()))
    if not names:
        return _("The agreement was edited; none applies any more")
    return _("The agreement was edited; now applies: %(names)s") % {"names": names}


def _measured(data: dict, at: datetime) -> str:
    return _("measured by the imported history: %(name)s") % {
        "name": data.get("terms", {}).get("name", "")
    }
