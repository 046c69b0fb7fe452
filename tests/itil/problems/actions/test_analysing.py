"""What is found out about a problem is written down, by whoever works on it."""

import pytest

from itil.problems import actions
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests.cast import MONDAY
from tests.itil.problems.world import manager, problem_in, state_of


@pytest.fixture
def found(cast):
    return problem_in(cast, "root_cause_analysis")


def test_what_is_written_is_kept_and_the_history_tells_what_it_was(cast, found):
    before = found.version
    changes = {"symptoms": " Exports stop. ", "is_detail_unknown": True}

    actions.edit_analysis(found, by=cast.bo, version=before, changes=changes, at=MONDAY)

    assert (found.symptoms, found.is_detail_unknown) == ("Exports stop.", True)
    assert found.version > before
    told = found.events.filter(kind="edited").last().data["changes"]
    assert told == {"symptoms": ["", "Exports stop."], "is_detail_unknown": ["no", "yes"]}


def test_writing_the_same_again_is_no_event(cast, found):
    before = state_of(found)

    actions.edit_analysis(found, by=cast.bo, version=found.version, changes={"symptoms": ""})

    assert state_of(found) == before


def test_only_known_texts_are_written_on_the_present_version_by_those_who_work_on_it(cast, found):
    before = state_of(found)
    texts = {"symptoms": "Exports stop."}
    with pytest.raises(NotAllowed):
        actions.edit_analysis(found, by=cast.ned, version=found.version, changes=texts)
    with pytest.raises(StaleRecord):
        actions.edit_analysis(found, by=cast.bo, version=found.version - 1, changes=texts)
    with pytest.raises(MissingValue, match="cannot be changed here"):
        actions.edit_analysis(found, by=cast.bo, version=found.version, changes={"status": "new"})

    assert state_of(found) == before


def test_whys_keep_their_order_and_blank_ones_go(cast, found):
    rows = [("Why did it stop?", "The disk was full."), ("", ""), ("Why was it full?", "")]

    actions.save_whys(found, rows, by=cast.bo, version=found.version, at=MONDAY)

    kept = list(found.whys.values_list("position", "question"))
    assert kept == [(1, "Why did it stop?"), (2, "Why was it full?")]
    assert found.events.filter(data__what="whys").get().data["count"] == 2


def test_an_answer_needs_its_question_and_there_are_not_too_many(cast, found):
    before = state_of(found)
    with pytest.raises(MissingValue, match="question"):
        actions.save_whys(found, [("", "It was full.")], by=cast.bo, version=found.version)
    with pytest.raises(Refused, match="12 questions"):
        actions.save_whys(found, [("Why?", "So.")] * 13, by=cast.bo, version=found.version)

    assert state_of(found) == before
    assert not found.whys.exists()


def test_causes_are_kept_by_branch_as_confirmed_or_ruled_out(cast, found):
    rows = [("technology", "Small disks", True), ("people", " ", None), ("people", "Haste", False)]

    actions.save_causes(found, rows, by=cast.bo, version=found.version, at=MONDAY)

    kept = set(found.causes.values_list("branch", "text", "is_confirmed"))
    assert kept == {("technology", "Small disks", True), ("people", "Haste", False)}


def test_a_cause_belongs_to_a_branch_and_there_are_not_too_many(cast, found):
    before = state_of(found)
    with pytest.raises(MissingValue, match="where each cause belongs"):
        actions.save_causes(found, [("luck", "Bad", None)], by=cast.bo, version=found.version)
    rows = [("people", f"Cause {number}", None) for number in range(61)]
    with pytest.raises(Refused, match="60 causes"):
        actions.save_causes(found, rows, by=cast.bo, version=found.version)

    assert state_of(found) == before


def test_what_is_over_is_analysed_no_more_but_still_reviewed(cast):
    found = problem_in(cast, "closed")
    with pytest.raises(Refused, match="is over"):
        actions.save_whys(found, [("Why?", "")], by=cast.bo, version=found.version)

    actions.save_review(
        found, by=cast.bo, version=found.version, changes={"lessons": "Watch disks."}, at=MONDAY
    )

    assert (found.lessons, found.reviewed_at) == ("Watch disks.", MONDAY)


def test_a_review_comes_after_the_resolution_and_says_something(cast, found):
    with pytest.raises(Refused, match="when it is resolved"):
        actions.save_review(
            found, by=manager(cast), version=found.version, changes={"lessons": "None."}
        )
    solved = problem_in(cast, "resolved")
    before = state_of(solved)
    with pytest.raises(MissingValue, match="learnt"):
        actions.save_review(solved, by=cast.bo, version=solved.version, changes={"lessons": " "})

    assert state_of(solved) == before
