"""The risk of a change is computed and kept, and formulas are put in force (`CHG-7`)."""

from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from itil.changes import permissions
from itil.changes.definition import Facts, Formula, Risk, questionnaire, rules
from itil.changes.lifecycle import UNDONE
from itil.changes.matching.risk import facts_of
from itil.changes.models import Change, RiskAssessment, RiskFormula, RiskFormulaVersion
from itil.desk.actions.changing import ensure, locked, refresh_copy, write
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import EventKind
from portal.people.models import User


@transaction.atomic
def assess(change: Change, *, by: User | None, at: datetime) -> RiskAssessment:
    """Compute the risk anew, and keep what it came from. Raises NotAllowed, and Refused once the
    change is carried out. Without any formula the rules of the house count.
    """
    present = cast(Change, locked(change))
    ensure(
        by is None or permissions.may_plan(by, present),
        _("You cannot assess %(number)s.") % {"number": present.number},
    )
    if present.status not in UNDONE:
        raise Refused(_("%(number)s is carried out already.") % {"number": present.number})
    made = reckon(present, by=by, at=at)
    refresh_copy(change, present)
    return made


def reckon(present: Change, *, by: User | None, at: datetime) -> RiskAssessment:
    """As `assess`, of a change that is locked."""
    version = RiskFormulaVersion.in_force()
    formula = version.content if version else Formula()
    facts: Facts = facts_of(present, at)
    asked, asked_parts = questionnaire(formula, present.risk_answers)
    ruled, rule_parts = rules(formula, facts)
    risk: Risk = formula.level(max(asked, ruled))
    made = RiskAssessment.objects.create(
        change=present,
        formula=version,
        at=at,
        by=by,
        answers=present.risk_answers,
        facts=facts.as_data(),
        asked_parts=[part.as_data() for part in asked_parts],
        rule_parts=[part.as_data() for part in rule_parts],
        asked_points=asked,
        rule_points=ruled,
        risk=risk,
    )
    if present.risk != risk:
        told = {"changes": {"risk": [present.risk, str(risk)]}, "points": made.points}
        write(present, at=at, changes={"risk": str(risk)})
        tickets.record(present, EventKind.EDITED, by=by, at=at, data=told)
    return made


@transaction.atomic
def publish_formula(formula: RiskFormula, *, by: User, at: datetime) -> RiskFormulaVersion:
    """Put the formula in force as it is edited now; what was assessed keeps its version."""
    if not (by.is_active and (by.grants.is_change_manager or by.grants.is_administrator)):
        raise NotAllowed(_("Change managers put formulas in force."))
    present = RiskFormula.objects.select_for_update().get(pk=formula.pk)
    entered = present.as_entered()
    if any(len(question.options) < 2 for question in entered.questions):
        raise MissingValue("questions", _("Give each question at least two answers."))
    last: RiskFormulaVersion | None = present.versions.first()
    if last is not None and last.content == entered:
        return last
    made = RiskFormulaVersion.objects.create(
        formula=present,
        number=last.number + 1 if last else 1,
        definition=entered.as_data(),
        published_at=at,
        published_by=by,
    )
    RiskFormula.objects.filter(pk=present.pk).update(current=made)
    formula.current = made
    return made
