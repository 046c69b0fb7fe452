"""What else happens to a clock than running and pausing, as its account tells it."""

from tests.itil.calendars.calendars import at

from .accounts import lines, notes, points
from .stories import (
    DAY_AND_NIGHT,
    MONDAY_TEN,
    OFFICE,
    Story,
    cell,
    promise,
)


def test_an_edited_calendar_tells_both_due_times():
    story = Story(MONDAY_TEN, promise(resolution=16))
    story.clock_told(
        at(3, 2, 12),
        "recounted",
        calendar=OFFICE.pk,
        calendar_name="Office",
        version=2,
        edition=cell(calendar=DAY_AND_NIGHT).edition,
    )
    assert points(story, at(3, 2, 13), "calendar") == [
        (
            "Mon 2 Mar, 12:00",
            "The calendar “Office” was edited",
            ("Due Tue 3 Mar, 02:00 (before: Wed 4 Mar, 10:00).",),
        )
    ]


def test_a_merge_that_moves_the_start_says_so():
    story = Story(at(3, 3, 9), promise(resolution=16))
    story.clock_told(
        at(3, 3, 9, 30),
        "absorbed",
        **{"from": "INC-000007", "received_at": MONDAY_TEN.isoformat(), "answered_at": None},
    )
    assert lines(story, at(3, 3, 10))[:2] == [
        ("Mon 2 Mar, 10:00", "INC-000007 was merged into this ticket", ""),
        ("Mon 2 Mar, 10:00–17:00", "Counted", "7h"),
    ]
    assert points(story, at(3, 3, 10), "earlier") == [
        (
            "Tue 3 Mar, 09:30",
            "INC-000007 was merged into this ticket",
            ("Due Wed 4 Mar, 10:00 (before: Wed 4 Mar, 17:00).",),
        )
    ]


def test_what_a_lead_left_out_says_who_and_why():
    story = Story(MONDAY_TEN, promise(resolution=16))
    story.clock_told(at(3, 2, 12), "excluded", reason="customer_caused", note="They cut the cable")
    assert points(story, at(3, 2, 13), "excluded") == [
        (
            "Mon 2 Mar, 12:00",
            "Bo left it out of the figures: Caused by the customer (“They cut the cable”)",
            ("It goes on, but counts neither as met nor as missed.",),
        )
    ]


def test_a_promise_that_an_agreement_no_longer_makes_ends_without_a_result():
    story = Story(MONDAY_TEN, promise(resolution=16, update=2))
    story.edit(at(3, 2, 12), promise(update=2))
    assert points(story, at(3, 2, 13), "cancelled") == [
        (
            "Mon 2 Mar, 12:00",
            "Bo edited the ticket",
            ("Ended without a result: The agreement that now applies has no such target.",),
        )
    ]


def test_an_imported_history_is_named_as_such():
    story = Story(MONDAY_TEN)
    steps_read = [[at(3, 2, 12).isoformat(), "pause"], [at(3, 2, 14).isoformat(), "resume"]]
    terms = promise(resolution=8).as_data()
    story.clock_told(at(3, 2, 16), "measured", terms=terms, steps=steps_read)
    assert lines(story, at(3, 2, 16))[:4] == [
        ("Mon 2 Mar, 10:00", "Ann reported it (Portal)", ""),
        ("Mon 2 Mar, 10:00–12:00", "Counted", "2h"),
        ("Mon 2 Mar, 12:00–14:00", "Paused", ""),
        ("Mon 2 Mar, 14:00–16:00", "Counted", "2h"),
    ]
    assert notes(story, at(3, 2, 16), "Paused")[0] == "Read from an imported history"
