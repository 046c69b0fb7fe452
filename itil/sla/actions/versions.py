"""The versions of an agreement, each kept whole for a later dispute (`SLA-7`).

A version is one line of Wagtail's audit log with the full definition; those lines are written once
and never edited.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log, registry

from itil.calendars.models import BusinessCalendar
from itil.sla.errors import AgreementSavedMeanwhile
from itil.sla.models import Agreement
from portal.people.models import User
from portal.ui.moments import moment_text

# The name of such a line in the audit log.
KEPT = "sla.agreement_version"

_PLAIN = (
    "name", "kind", "active", "is_default", "rank", "requester_vip", "ticket_kind", "channel",
    "target_key", "reopen_policy", "requester_sees_due", "vendor_pauses", "at_risk_percent",
    "degraded_percent",
)  # fmt: skip
_RECORDS = ("organization", "service", "location", "team", "supplier")
_TARGET = ("metric", "priority", "form", "seconds", "days", "snap", "cutoff")

Definition = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One version as it was saved; `by` is the name of who saved it, empty when not known."""

    number: int
    at: datetime
    by: str
    definition: Definition
    # True when it was found by a later edit: it was made by a command, not on these pages.
    is_found: bool = False


def definition_of(agreement: Agreement) -> Definition:
    """Everything that `agreement` says, as JSON; names stand beside the keys they had."""
    found: Definition = {name: getattr(agreement, name) for name in _PLAIN}
    found |= {name: _named(getattr(agreement, name)) for name in _RECORDS}
    return found | {
        "version": agreement.version,
        "calendar": _calendar(agreement.calendar),
        "valid_from": _iso(agreement.valid_from),
        "valid_to": _iso(agreement.valid_to),
        "targets": [
            {name: getattr(row, name) for name in _TARGET} | {"calendar": _calendar(row.calendar)}
            for row in agreement.targets.all()
        ],
        "steps": [
            {
                "percent": step.percent,
                "metric": step.metric,
                "action": step.action,
                "team": _named(step.team),
                "calendar": _calendar(step.calendar),
            }
            for step in agreement.steps.all()
        ],
    }


def _named(record: Any) -> dict[str, Any] | None:
    return None if record is None else {"id": record.pk, "name": str(record)}


def _calendar(calendar: BusinessCalendar | None) -> dict[str, Any] | None:
    if calendar is None:
        return None
    return {
        "id": calendar.pk,
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "version": calendar.version,
        "edition": str(calendar.edition),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


# --- Saving -------------------------------------------------------------------------------------


def claim(agreement: Agreement) -> None:
    """Make sure that nobody saved `agreement` since it was read, and keep others out.

    In the transaction that saves it. AgreementSavedMeanwhile when somebody did.
    """
    stored = Agreement.objects.select_for_update().filter(pk=agreement.pk).values_list("version")
    if list(stored) != [(agreement.version,)]:
        raise AgreementSavedMeanwhile(saved_meanwhile(agreement))


def saved_meanwhile(agreement: Agreement) -> str:
    """Tells who comes second that somebody was first, and who if that is known."""
    last = next(iter(versions_of(agreement)), None)
    if last is None or last.is_found or not last.by:
        who = _("This agreement was saved by somebody else while you were editing it.")
    else:
        who = _("%(person)s saved this agreement while you were editing it (%(moment)s).") % {
            "person": last.by,
            "moment": moment_text(last.at, now=timezone.now()),
        }
    return (
        who
        + " "
        + _(
            "Nothing of yours was saved, and what you typed is still here. Open the agreement in"
            " another window, see what is different now, and enter there what is still to change."
        )
    )


def keep_former(agreement: Agreement) -> None:
    """Keep a version that no page saved, before it is replaced: one made by a command."""
    stored = Agreement.objects.get(pk=agreement.pk)
    if all(version.number != stored.version for version in versions_of(stored)):
        _write(stored, by=None, is_found=True)


def keep(agreement: Agreement, *, by: User | None) -> None:
    """Keep the version that was just saved."""
    _write(agreement, by=by, is_found=False)


def _write(agreement: Agreement, *, by: User | None, is_found: bool) -> None:
    log(
        agreement,
        KEPT,
        user=by,
        content_changed=True,
        data={"definition": definition_of(agreement), "found": is_found},
    )


# --- Reading ------------------------------------------------------------------------------------


def versions_of(agreement: Agreement) -> Iterable[Version]:
    """The kept versions, the newest first."""
    lines = (
        registry.get_logs_for_instance(agreement)
        .filter(action=KEPT)
        .select_related("user")
        .order_by("-timestamp", "-pk")
    )
    for line in lines:
        is_found = line.data["found"]
        yield Version(
            number=line.data["definition"]["version"],
            at=line.timestamp,
            by="" if is_found or line.user is None else str(line.user),
            definition=line.data["definition"],
            is_found=is_found,
        )
