"""What an account rests on, and the warnings of a clock."""

import pytest

from itil.sla.clock.explaining import account_of
from itil.sla.clock.facts import facts_of
from itil.sla.models import Agreement
from tests.itil.calendars.calendars import at

from .accounts import clock_of, written
from .stories import (
    MONDAY_TEN,
    Story,
    promise,
    steps,
)


def test_warnings_say_what_was_told_what_is_to_come_and_what_was_left_out():
    story = Story(MONDAY_TEN, promise(resolution=10, steps=steps(50, 60, 90)))
    clock = clock_of(story)
    # The worker was down: of 50 and 60 percent only the higher one is told.
    clock.escalated = ["50:notify_assignee:", "60:notify_assignee:"]
    story.clock_told(
        at(3, 2, 16),
        "escalated",
        metric="resolution",
        percent=60,
        action="notify_assignee",
        noticed_at=at(3, 2, 16, 30).isoformat(),
        late=True,
    )
    told = facts_of(account_of(clock, written(story), at(3, 2, 16, 45))).warnings
    assert [(one.percent, one.when, one.what, one.fate) for one in told] == [
        (
            "50 %",
            "Mon 2 Mar, 15:00",
            "Tell the assignee",
            "not told: a higher step was due by then",
        ),
        ("60 %", "Mon 2 Mar, 16:00", "Tell the assignee", "told late, Mon 2 Mar, 16:30"),
        ("75 %", "Tue 3 Mar, 09:30", "At risk", "to come"),
        ("90 %", "Tue 3 Mar, 11:00", "Tell the assignee", "to come"),
    ]


@pytest.mark.parametrize(
    ("target_key", "named"), [("priority", "P3 Moderate"), ("severity", "sev3")]
)
def test_an_account_names_the_column_of_the_promise_by_the_scale_it_was_made_by(target_key, named):
    story = Story(MONDAY_TEN, promise(resolution=10, target_key=target_key))
    clock = clock_of(story)

    def applies_to() -> str:
        account = account_of(clock, written(story), at(3, 2, 11))
        return dict(facts_of(account).pairs)["Applies to"]

    assert applies_to() == named
    # Whatever its agreement counts by today.
    for scale in Agreement.TargetKey:
        clock.agreement.target_key = scale
        assert applies_to() == named


def test_a_level_that_a_scale_does_not_have_is_told_as_its_number():
    assert Agreement.TargetKey.PRIORITY.level_text(5) == "P5 Planning"
    assert Agreement.TargetKey.SEVERITY.level_text(5) == "5"
