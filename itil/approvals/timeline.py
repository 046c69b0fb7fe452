"""What happened to approvals, in words for the desk."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from itil.tickets.models import TicketEvent

from .voting import Decision

# Said already by what comes before or after it.
UNTOLD = ("step_decided",)


def in_words(event: TicketEvent) -> str:
    """What an event of the kind "approval" says about its ticket, to be read after the actor's
    name. Nothing that only approvers may read is in it.
    """
    data = event.data
    tell = _WORDS.get(data.get("what", ""))
    text = tell(data) if tell else str(event.get_kind_display())
    if event.on_behalf_of is not None:
        return _("%(text)s, in the place of %(name)s") % {"text": text, "name": event.on_behalf_of}
    return text


def _label(data: Mapping[str, Any]) -> dict[str, str]:
    return {"step": data.get("label", "")}


def _started(data: Mapping[str, Any]) -> str:
    if data.get("anew", data.get("version", 1) > 1):
        return _("Approval began anew: something was changed")
    return _("Approval began by the policy “%(policy)s”") % {"policy": data.get("policy", "")}


def _step_started(data: Mapping[str, Any]) -> str:
    people = data.get("people", [])
    if not people:
        return _("Nobody could be asked to approve: %(step)s") % _label(data)
    words = _label(data) | {"names": get_text_list(list(people), _("and"))}
    if data.get("is_fallback"):
        return _("Asked %(names)s to approve, for want of others: %(step)s") % words
    return _("Asked %(names)s to approve: %(step)s") % words


def _voted(data: Mapping[str, Any]) -> str:
    text = {
        Decision.APPROVED: _("approved: %(step)s"),
        Decision.REJECTED: _("declined: %(step)s"),
    }.get(data.get("decision", ""), _("abstained: %(step)s")) % _label(data)
    reason = data.get("reason", "")
    return f"{text} “{reason}”" if reason else text


def _withdrawn(data: Mapping[str, Any]) -> str:
    return _("took the decision back: %(step)s") % _label(data)


def _asked(data: Mapping[str, Any]) -> str:
    return _("asked the requester a question before deciding")


def _answered(data: Mapping[str, Any]) -> str:
    return _("answered the question of the approver")


def _reminded(data: Mapping[str, Any]) -> str:
    return _("Reminded the approver: %(step)s") % _label(data)


def _handed_on(data: Mapping[str, Any]) -> str:
    names = {"from": data.get("from_name", ""), "to": data.get("to_name", "")}
    if data.get("what") == "replaced":
        return _("%(from)s left: %(to)s is asked instead") % names
    return _("%(from)s did not decide in time: %(to)s is asked instead") % names


def _lapsed(data: Mapping[str, Any]) -> str:
    if data.get("decision") == Decision.REJECTED:
        return _("Nobody decided in time, which counts as declined: %(step)s") % _label(data)
    return _("Nobody decided in time, which counts as abstained: %(step)s") % _label(data)


def _silent(data: Mapping[str, Any]) -> str:
    return _("Nobody objected in time, which approves it: %(step)s") % _label(data)


def _decided(data: Mapping[str, Any]) -> str:
    return _("Approved") if data.get("outcome") == "approved" else _("Declined")


def _void(data: Mapping[str, Any]) -> str:
    return _("The approval counts no longer: something was changed")


def _suspended(data: Mapping[str, Any]) -> str:
    return _("The approval waits: it is on hold")


def _resumed(data: Mapping[str, Any]) -> str:
    return _("The approval goes on")


def _deadline(data: Mapping[str, Any]) -> str:
    return _("The vote has another deadline: %(step)s") % _label(data)


def _cancelled(data: Mapping[str, Any]) -> str:
    return _("The approval is no longer needed")


def _not_counted(data: Mapping[str, Any]) -> str:
    return _("answered the mail in words that were not taken as a decision: %(step)s") % _label(
        data
    )


_WORDS = {
    "started": _started,
    "step_started": _step_started,
    "voted": _voted,
    "withdrawn": _withdrawn,
    "asked": _asked,
    "not_counted": _not_counted,
    "answered": _answered,
    "reminded": _reminded,
    "escalated": _handed_on,
    "replaced": _handed_on,
    "lapsed": _lapsed,
    "approved_by_silence": _silent,
    "decided": _decided,
    "void": _void,
    "cancelled": _cancelled,
    "suspended": _suspended,
    "resumed": _resumed,
    "deadline": _deadline,
}
