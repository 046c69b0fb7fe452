"""A problem becomes a known error (`PRB-1`)."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure, locked, refresh_copy, write
from itil.problems import permissions
from itil.problems.models import Problem
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, MoveNotAllowed, StaleRecord
from itil.tickets.models import EventKind
from portal.people.models import User


@transaction.atomic
def declare_known_error(
    problem: Problem,
    *,
    by: User,
    symptoms: str | None = None,
    root_cause: str | None = None,
    is_detail_unknown: bool | None = None,
    at: datetime | None = None,
) -> Problem:
    """Say that its analysis is done while its cause is still in place; no workaround is needed.

    Texts that are given are written first. An article is drafted by the reaction to the event.
    Raises NotAllowed; MoveNotAllowed before the analysis and after the fix; MissingValue without a
    cause; StaleRecord when it is one already.
    """
    at = at or timezone.now()
    present = cast(Problem, locked(problem))
    ensure(permissions.may_manage(by, present), _("Only a problem manager declares known errors."))
    if present.is_known_error:
        raise StaleRecord(_("%(number)s is a known error already.") % {"number": present.number})
    if not present.may_be_known_error:
        raise MoveNotAllowed(
            _(
                "%(number)s is “%(status)s”. A known error is declared from the search for its"
                " cause on, until it is fixed."
            )
            % {"number": present.number, "status": present.status_label}
        )
    given = {
        "symptoms": symptoms,
        "root_cause": root_cause,
        "is_detail_unknown": is_detail_unknown,
    }
    changes: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }
    has_cause = str(changes.get("root_cause", present.root_cause)).strip()
    if not has_cause and not changes.get("is_detail_unknown", present.is_detail_unknown):
        raise MissingValue(
            "root_cause",
            _("Write down the root cause, or tick that it is identified without details."),
        )
    if not has_cause and not str(changes.get("symptoms", present.symptoms)).strip():
        raise MissingValue("symptoms", _("Write down the symptoms by which people know it."))
    changes |= {"is_known_error": True, "known_error_at": present.known_error_at or at}
    write(present, at=at, changes=changes)
    tickets.record(present, EventKind.PROBLEM, by=by, at=at, data={"what": "known_error"})
    refresh_copy(problem, present)
    return problem
