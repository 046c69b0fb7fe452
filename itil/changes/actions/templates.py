"""Templates of standard changes: proposed, approved, suspended, expired, retired (`CHG-6`)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.approvals.voting import Ballot, Decision, outcome_of
from itil.approvals.voting import Outcome as Vote
from itil.changes import permissions
from itil.changes.lifecycle import Outcome
from itil.changes.models import (
    CHOOSABLE,
    COPIED,
    Change,
    ChangeTemplate,
    TemplateEvent,
    TemplateVote,
)
from itil.desk.actions.changing import ensure
from itil.tickets.errors import MissingValue, Refused
from portal.people.models import User

State = ChangeTemplate.State
EDITABLE = (
    "name",
    "team",
    "service",
    *COPIED,
    "task_plan",
    "choosable",
    "ignores_freeze",
    "most_issues_percent",
    "review_on",
    "board",
)
_REQUIRED = ("name", "reason", "plan", "test_plan", "back_out_plan")


@transaction.atomic
def propose(*, by: User, at: datetime, **columns: Any) -> ChangeTemplate:
    """Propose a template. Raises NotAllowed, and MissingValue for what is not written."""
    ensure(permissions.may_propose(by), _("You cannot propose templates."))
    _check(columns, at)
    template = ChangeTemplate(proposed_by=by, created_at=at, **columns)
    template.save(force_insert=True)
    _tell(template, "proposed", by=by, at=at)
    return template


@transaction.atomic
def edit_template(
    template: ChangeTemplate, *, by: User, at: datetime, version: int, **columns: Any
) -> ChangeTemplate:
    """Change a proposal; what was voted on it counts no longer. What is in force stays."""
    present = _locked(template)
    ensure(
        permissions.may_edit_template(by, present),
        _("Only a proposal can be changed, by who made it or a change manager."),
    )
    if present.version != version:
        raise Refused(_("“%(name)s” was changed meanwhile. Look at it again.") % {"name": present})
    current = {name: getattr(present, name) for name in EDITABLE}
    _check(current | columns, at)
    for name, value in columns.items():
        setattr(present, name, value)
    present.votes.update(is_past=True)
    present.approved_by = present.approved_at = None
    _save(present)
    _tell(present, "edited", by=by, at=at)
    return present


@transaction.atomic
def approve_template(template: ChangeTemplate, *, by: User, at: datetime) -> ChangeTemplate:
    """The change manager agrees; it is in force once its board has agreed as well."""
    present = _locked(template)
    _ensure_state(present, State.PROPOSED)
    ensure(
        permissions.may_approve_template(by, present),
        _("A change manager approves it, and nobody the own proposal."),
    )
    present.approved_by, present.approved_at = by, at
    _save(present)
    _tell(present, "agreed", by=by, at=at)
    return _settle(present, at=at)


@transaction.atomic
def vote_on_template(
    template: ChangeTemplate, decision: str, *, by: User, at: datetime, reason: str = ""
) -> ChangeTemplate:
    """A member of its board says yes or no, once; a no needs a reason."""
    present = _locked(template)
    _ensure_state(present, State.PROPOSED)
    ensure(
        permissions.may_vote_on(by, present),
        _("Members of the board vote on it, but not who proposed it."),
    )
    if decision == Decision.REJECTED and not reason.strip():
        raise MissingValue("reason", _("Say why."))
    if present.votes.filter(voter=by, is_past=False).exists():
        raise Refused(_("You voted on it already."))
    TemplateVote.objects.create(
        template=present,
        voter=by,
        decision=Decision(decision),
        reason=reason.strip(),
        at=at,
    )
    _tell(present, "voted", by=by, at=at, decision=str(decision), reason=reason.strip())
    return _settle(present, at=at)


@transaction.atomic
def suspend_template(
    template: ChangeTemplate, *, by: User | None, at: datetime, note: str
) -> ChangeTemplate:
    """No standard change begins from it any more. `by` None is the system."""
    present = _locked(template)
    ensure(
        by is None or permissions.may_keep_templates(by), _("Change managers suspend templates.")
    )
    _ensure_state(present, State.APPROVED)
    if not note.strip():
        raise MissingValue("note", _("Say why it is suspended."))
    return _enter(present, State.SUSPENDED, by=by, at=at, note=note.strip())


@transaction.atomic
def propose_again(
    template: ChangeTemplate, *, by: User, at: datetime, review_on: date
) -> ChangeTemplate:
    """A template that is suspended or expired is looked at anew, from the beginning."""
    present = _locked(template)
    ensure(permissions.may_propose(by), _("You cannot propose templates."))
    _ensure_state(present, State.SUSPENDED, State.EXPIRED)
    _check_review(review_on, at)
    present.votes.update(is_past=True)
    present.approved_by = present.approved_at = None
    present.proposed_by, present.review_on = by, review_on
    return _enter(present, State.PROPOSED, by=by, at=at, note="")


@transaction.atomic
def retire_template(template: ChangeTemplate, *, by: User, at: datetime) -> ChangeTemplate:
    """It is not used any more, for good."""
    present = _locked(template)
    ensure(permissions.may_keep_templates(by), _("Change managers retire templates."))
    if present.state == State.RETIRED:
        raise Refused(_("“%(name)s” is retired already.") % {"name": present})
    return _enter(present, State.RETIRED, by=by, at=at, note="")


@transaction.atomic
def expire_templates(now: datetime) -> int:
    """End the templates whose day of review has come; returns how many. Again: none."""
    due = ChangeTemplate.objects.select_for_update().filter(
        state=State.APPROVED, review_on__lte=timezone.localdate(now)
    )
    found = list(due)
    for template in found:
        _enter(template, State.EXPIRED, by=None, at=now, note="")
    return len(found)


def judge_use(change: Change, *, at: datetime) -> None:
    """A use that failed suspends the template, as do too many uses with issues."""
    if change.template is None:
        return
    template = _locked(change.template)
    if template.state != State.APPROVED:
        return
    if change.outcome in (Outcome.FAILED, Outcome.BACKED_OUT):
        # The note is read by people who may not know of a secret (`VIS-3`).
        number = _("Confidential") if change.is_confidential else change.number
        note = _("%(number)s: %(outcome)s") % {
            "number": number,
            "outcome": change.get_outcome_display(),
        }
        _enter(template, State.SUSPENDED, by=None, at=at, note=note)
        return
    used = Change.objects.filter(template=template).exclude(outcome="")
    issues = used.exclude(outcome=Outcome.SUCCESSFUL).count()
    if issues * 100 > template.most_issues_percent * used.count():
        note = _("%(issues)d of %(all)d uses had issues.") % {
            "issues": issues,
            "all": used.count(),
        }
        _enter(template, State.SUSPENDED, by=None, at=at, note=note)


def _settle(template: ChangeTemplate, *, at: datetime) -> ChangeTemplate:
    """In force once the change manager and the board agreed; back to its author after a no."""
    members = [
        one
        for one in template.board.members.select_related("user")
        if one.user.is_active and one.user_id != template.proposed_by_id
    ]
    given = dict(template.votes.filter(is_past=False).values_list("voter", "decision"))
    ballots = [
        Ballot(given.get(one.user_id, ""), one.is_mandatory, one.is_chair) for one in members
    ]
    outcome = outcome_of(template.board.voting_rule, ballots)
    if outcome == Vote.REJECTED:
        template.votes.update(is_past=True)
        template.approved_by = template.approved_at = None
        return _enter(template, State.PROPOSED, by=None, at=at, note=_("The board declined it."))
    if outcome == Vote.APPROVED and template.approved_at is not None:
        _check_review(template.review_on, at)
        return _enter(template, State.APPROVED, by=None, at=at, note="")
    return template


def _check(columns: Mapping[str, Any], at: datetime) -> None:
    for name in _REQUIRED:
        if not str(columns.get(name) or "").strip():
            field: Any = ChangeTemplate._meta.get_field(name)
            raise MissingValue(name, _("Fill in “%(name)s”.") % {"name": field.verbose_name})
    unknown = set(columns.get("choosable") or ()) - set(CHOOSABLE)
    if unknown:
        raise MissingValue("choosable", _("Choose among the fields that are offered."))
    _check_review(columns["review_on"], at)


def _check_review(day: date | None, at: datetime) -> None:
    if day is None or day <= timezone.localdate(at):
        raise MissingValue("review_on", _("Choose a day of review that is still to come."))


def _ensure_state(template: ChangeTemplate, *states: str) -> None:
    if template.state not in states:
        raise Refused(
            _("“%(name)s” is in the state “%(state)s”.")
            % {"name": template, "state": template.get_state_display()}
        )


def _locked(template: ChangeTemplate) -> ChangeTemplate:
    found: ChangeTemplate = ChangeTemplate.objects.select_for_update(of=("self",)).get(
        pk=template.pk
    )
    return found


def _save(template: ChangeTemplate) -> None:
    template.version += 1
    template.save()


def _enter(
    template: ChangeTemplate, state: str, *, by: User | None, at: datetime, note: str
) -> ChangeTemplate:
    before = template.state
    template.state, template.state_note = state, note
    _save(template)
    told = {"from": str(before), "to": str(state), "note": note}
    _tell(template, str(state), by=by, at=at, **told)
    return template


def _tell(
    template: ChangeTemplate, what: str, *, by: User | None, at: datetime, **data: Any
) -> None:
    TemplateEvent.objects.create(template=template, what=what, actor=by, at=at, data=data)
