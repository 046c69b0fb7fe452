"""The risk of a change is computed and kept, and formulas are put in force (`CHG-7`)."""

import pytest

from itil.changes import actions
from itil.changes.models import RiskAssessment, RiskFormula, RiskFormulaVersion, RiskQuestion
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests.cast import MONDAY
from tests.itil.changes import world as worlds


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def formula(options="Nobody = 0\nEverybody = 100"):
    made = RiskFormula.objects.create(name="Risk")
    RiskQuestion.objects.create(formula=made, text="Who notices?", options=options)
    return made


def test_without_a_formula_the_rules_of_the_house_count(world):
    change = worlds.draft(world)
    made = actions.assess(change, by=world.cast.bo, at=MONDAY)
    assert (made.formula, change.risk) == (None, made.risk)
    assert made.risk in ("low", "medium", "high")


def test_answers_raise_the_risk_and_are_kept_with_the_version_they_were_given_to(world):
    published = actions.publish_formula(formula(), by=world.chas, at=MONDAY)
    answers = {"who-notices": "Everybody"}
    change = worlds.draft(world, columns={"risk_answers": answers})
    made = actions.assess(change, by=world.cast.bo, at=MONDAY)
    assert (made.formula, made.answers, made.risk) == (published, answers, "high")
    assert change.risk == "high"
    assert change.events.filter(kind="edited", data__changes__risk=["", "high"]).exists()


def test_others_do_not_assess_it_and_nobody_does_once_it_is_carried_out(world):
    change = worlds.draft(world)
    with pytest.raises(NotAllowed):
        actions.assess(change, by=world.cast.ann, at=MONDAY)
    actions.move(change, "cancel", by=world.cast.bo, values={"reason": "No."}, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.assess(change, by=world.chas, at=MONDAY)
    with pytest.raises(Refused, match="carried out"):
        actions.assess(change, by=None, at=MONDAY)
    change.refresh_from_db()
    assert (change.risk, RiskAssessment.objects.count()) == ("", 0)


def test_a_formula_is_published_anew_only_when_it_says_something_else(world):
    entered = formula()
    first = actions.publish_formula(entered, by=world.chas, at=MONDAY)
    assert actions.publish_formula(entered, by=world.cast.root, at=MONDAY) == first
    RiskQuestion.objects.update(options="Nobody = 0\nEverybody = 90")
    second = actions.publish_formula(
        RiskFormula.objects.get(pk=entered.pk), by=world.chas, at=MONDAY
    )
    assert (first.number, second.number) == (1, 2)
    assert RiskFormulaVersion.in_force() == second


def test_a_question_with_one_answer_and_a_stranger_publish_nothing(world):
    entered = formula("Nobody = 0")
    with pytest.raises(NotAllowed):
        actions.publish_formula(entered, by=world.cast.bo, at=MONDAY)
    with pytest.raises(MissingValue) as refusal:
        actions.publish_formula(entered, by=world.chas, at=MONDAY)
    assert refusal.value.field == "questions"
    assert not RiskFormulaVersion.objects.exists()
