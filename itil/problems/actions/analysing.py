"""What is found out about a problem is written down."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import (
    ensure,
    ensure_unchanged,
    fitting,
    locked,
    refresh_copy,
    write,
)
from itil.problems import permissions
from itil.problems.lifecycle import Status
from itil.problems.models import Branch, Cause, Problem, Why
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import EventKind, Ticket
from portal.people.models import User

WRITTEN = frozenset({"symptoms", "root_cause", "is_detail_unknown", "fix_plan"})
REVIEWED = frozenset({"went_well", "went_badly", "lessons"})
# More rows are a report, not a picture.
MAX_WHYS, MAX_CAUSES = 12, 60


@transaction.atomic
def edit_analysis(
    problem: Problem,
    *,
    by: User,
    version: int,
    changes: Mapping[str, Any],
    at: datetime | None = None,
) -> Problem:
    """Write symptoms, cause and plan; `version` is the one that the person was looking at.

    Raises NotAllowed, StaleRecord, MissingValue, and Refused once it is over.
    """
    at = at or timezone.now()
    present = _analysed(problem, by=by)
    ensure_unchanged(present, version)
    real = _real(present, changes, WRITTEN)
    if real:
        _write(present, real, by=by, at=at)
    refresh_copy(problem, present)
    return problem


@transaction.atomic
def save_whys(
    problem: Problem,
    rows: Iterable[tuple[str, str]],
    *,
    by: User,
    version: int,
    at: datetime | None = None,
) -> list[Why]:
    """Keep the questions and answers in this order instead of those before; blank ones go.

    Raises NotAllowed, StaleRecord, MissingValue for an answer without its question, Refused.
    """
    at = at or timezone.now()
    present = _analysed(problem, by=by)
    ensure_unchanged(present, version)
    kept = [(question.strip(), answer.strip()) for question, answer in rows]
    kept = [row for row in kept if any(row)]
    if any(not question for question, _answer in kept):
        raise MissingValue("question", _("Write the question that each answer belongs to."))
    if len(kept) > MAX_WHYS:
        raise Refused(_("Keep it to %(number)d questions.") % {"number": MAX_WHYS})
    before = list(present.whys.values_list("question", "answer"))
    if before == kept:
        return list(present.whys.all())
    present.whys.all().delete()
    made = Why.objects.bulk_create(
        Why(problem=present, position=place, question=question, answer=answer)
        for place, (question, answer) in enumerate(kept, start=1)
    )
    _tell(present, {"what": "whys", "count": len(kept)}, by=by, at=at)
    refresh_copy(problem, present)
    return made


@transaction.atomic
def save_causes(
    problem: Problem,
    rows: Iterable[tuple[str, str, bool | None]],
    *,
    by: User,
    version: int,
    at: datetime | None = None,
) -> list[Cause]:
    """Keep these possible causes (branch, text, confirmed or not) instead of those before.

    Raises NotAllowed, StaleRecord, MissingValue for a cause without a branch, Refused.
    """
    at = at or timezone.now()
    present = _analysed(problem, by=by)
    ensure_unchanged(present, version)
    kept = [(branch, text.strip(), found) for branch, text, found in rows if text.strip()]
    if any(branch not in Branch.values for branch, _text, _found in kept):
        raise MissingValue("branch", _("Choose where each cause belongs."))
    if len(kept) > MAX_CAUSES:
        raise Refused(_("Keep it to %(number)d causes.") % {"number": MAX_CAUSES})
    before = present.causes.values_list("branch", "text", "is_confirmed")
    if sorted(before, key=str) == sorted(kept, key=str):
        return list(present.causes.all())
    present.causes.all().delete()
    made = Cause.objects.bulk_create(
        Cause(problem=present, branch=branch, text=text, is_confirmed=found, position=place)
        for place, (branch, text, found) in enumerate(kept)
    )
    _tell(present, {"what": "causes", "count": len(kept)}, by=by, at=at)
    refresh_copy(problem, present)
    return made


@transaction.atomic
def save_review(
    problem: Problem,
    *,
    by: User,
    version: int,
    changes: Mapping[str, Any],
    at: datetime | None = None,
) -> Problem:
    """Write what went well and badly and what is learnt, from the resolution on.

    Also once it is closed: a review comes last. Raises NotAllowed, StaleRecord, Refused.
    """
    at = at or timezone.now()
    present = locked(problem)
    ensure(permissions.may_analyse(by, present), _("You cannot change this problem."))
    ensure_unchanged(present, version)
    if present.status not in (Status.RESOLVED, Status.CLOSED):
        raise Refused(_("Review it when it is resolved."))
    real = _real(present, changes, REVIEWED)
    if not any(str(changes.get(name) or "").strip() for name in REVIEWED):
        raise MissingValue("lessons", _("Write what was learnt."))
    if real:
        write(present, at=at, changes={"reviewed_at": at})
        _write(present, real, by=by, at=at)
    refresh_copy(problem, present)
    return problem


def _analysed(problem: Problem, *, by: User) -> Any:
    """The present row for a person who may write on it while it is not over."""
    present = locked(problem)
    ensure(permissions.may_analyse(by, present), _("You cannot change this problem."))
    if present.closed_at:
        raise Refused(
            _("%(number)s is over. Note on it that it came back first.")
            % {"number": present.number}
        )
    return present


def _real(present: Ticket, changes: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """What of `changes` is new, fitted to its column."""
    unknown = set(changes) - known
    if unknown:
        raise MissingValue(sorted(unknown)[0], _("This cannot be changed here."))
    fitted = {
        name: fitting(present, name, value.strip() if isinstance(value, str) else value)
        for name, value in changes.items()
    }
    return {name: value for name, value in fitted.items() if getattr(present, name) != value}


def _write(present: Ticket, real: dict[str, Any], *, by: User, at: datetime) -> None:
    """The texts themselves stay in the columns; the history keeps them as they were before."""
    told = {name: [_told(getattr(present, name)), _told(value)] for name, value in real.items()}
    write(present, at=at, changes=real)
    tickets.record(present, EventKind.EDITED, by=by, at=at, data={"changes": told})


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


def _tell(present: Ticket, data: dict[str, Any], *, by: User, at: datetime) -> None:
    write(present, at=at, changes={})
    tickets.record(present, EventKind.PROBLEM, by=by, at=at, data=data)
