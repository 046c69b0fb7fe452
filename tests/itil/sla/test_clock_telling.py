"""What the lines of an account say, and its one sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from itil.calendars.hours import END_OF_DAY, SAME_TIME
from itil.sla.clock.explaining import account_of
from itil.sla.clock.stretches import Kind
from itil.sla.clock.telling import rows_of, summary
from itil.sla.clock.wording import exactly, hours_in_words
from itil.sla.models import Form, Metric
from tests.itil.calendars.calendars import HOUR, at

from .accounts import (
    ANN,
    EASTER,
    NIGHTS,
    SHOP,
    SHORTER,
    account,
    clock_of,
    lines,
    notes,
    written,
)
from .stories import (
    DAY_AND_NIGHT,
    DESK,
    MONDAY_TEN,
    NETWORK,
    OFFICE,
    Story,
    cell,
    promise,
)


def test_e2_over_night():
    story = Story(at(3, 2, 15), promise(resolution=4))
    assert lines(story, at(3, 2, 16)) == [
        ("Mon 2 Mar, 15:00", "Ann reported it (Portal)", ""),
        ("Mon 2 Mar, 15:00–16:00", "Counted", "1h"),
        ("Mon 2 Mar, 16:00", "Now", ""),
        ("Mon 2 Mar, 16:00–17:00", "Will count", "1h"),
        ("Mon 2 Mar, 17:00 – Tue 3 Mar, 09:00", "Closed", ""),
        ("Tue 3 Mar, 09:00–11:00", "Will count", "2h"),
        ("Tue 3 Mar, 11:00", "Due", ""),
    ]


def test_e4_received_while_closed_says_when_time_begins_to_count():
    story = Story(at(3, 7, 11, 30), promise(resolution=4))
    assert notes(story, at(3, 7, 12), "Ann reported it (Portal)") == (
        "Outside opening hours; time counts from Mon 9 Mar, 09:00 on.",
    )
    assert notes(story, at(3, 7, 12), "Now") == ("Closed; opens Mon 9 Mar, 09:00.",)


def test_e7_late_by_no_business_time_at_all():
    story = Story(at(3, 2, 9), promise(resolution=8)).resolve(at(3, 2, 17, 30))
    why = account(story, at(3, 3, 10))
    assert (why.elapsed_seconds, why.overdue_seconds, why.is_late) == (8 * HOUR, 0, True)
    assert summary(why) == (
        "Missed: due Mon 2 Mar, 17:00 CET at closing time,"
        " done Mon 2 Mar, 17:30 while the desk was closed."
    )


def test_e11_holidays_are_called_by_their_names():
    story = Story(at(4, 2, 15), promise(resolution=8, calendar=EASTER))
    assert [line for line in lines(story, at(4, 2, 15)) if line[1].startswith("Closed")] == [
        ("Thu 2 Apr, 17:00 – Tue 7 Apr, 09:00", "Closed: Good Friday, Easter Monday", "")
    ]


def test_e12_a_half_day_is_told_where_the_desk_closes_early():
    story = Story(at(12, 23, 16), promise(resolution=8))
    closed = [row for row in rows_of(account(story, at(12, 23, 16))) if row.kind == "closed"]
    assert [(row.when, row.notes) for row in closed] == [
        ("Wed 23 Dec, 17:00 – Thu 24 Dec, 09:00", ()),
    ]
    holiday = next(row for row in rows_of(account(story, at(12, 23, 16))) if row.kind == "holiday")
    assert (holiday.when, holiday.title) == (
        "Thu 24 Dec, 12:00 – Mon 28 Dec, 09:00",
        "Closed: Half day, Holiday",
    )


def test_e27_a_shift_of_seven_hours_says_why():
    story = Story(at(3, 28, 22), promise(resolution=8, calendar=NIGHTS))
    assert lines(story, at(3, 28, 22))[2:] == [
        ("Sat 28 Mar, 22:00 CET – Sun 29 Mar, 06:00 CEST", "Will count", "7h"),
        ("Sun 29 Mar, 06:00–22:00", "Closed", ""),
        ("Sun 29 Mar, 22:00–23:00", "Will count", "1h"),
        ("Sun 29 Mar, 23:00", "Due", ""),
    ]
    assert notes(story, at(3, 28, 22), "Will count") == (
        "The clocks go forward by 1h to Sun 29 Mar, 03:00 CEST:"
        " 7h have passed where the clock reads 8h.",
    )


def test_e38_a_pause_over_night_costs_only_its_opening_hours():
    story = Story(MONDAY_TEN, promise(resolution=8))
    story.hold(at(3, 2, 16), "awaiting_requester").comment(at(3, 3, 10))
    story.move(at(3, 3, 10), "resume", "open", side="system")
    story.events[-1] = replace(story.events[-1], actor_id=None)
    story.events[-2] = replace(story.events[-2], actor_id=ANN.pk)
    assert lines(story, at(3, 3, 11))[1:4] == [
        ("Mon 2 Mar, 10:00–16:00", "Counted", "6h"),
        ("Mon 2 Mar, 16:00 – Tue 3 Mar, 10:00", "Paused", ""),
        ("Tue 3 Mar, 10:00–11:00", "Counted", "1h"),
    ]
    rows = rows_of(account(story, at(3, 3, 11)))
    assert rows[2].notes == (
        "Bo put it on hold: waiting for the requester",
        "2h of opening hours do not count.",
    )
    assert rows[3].notes == ("Ann answered",)


def test_e39_a_pause_while_closed_loses_nothing():
    story = Story(MONDAY_TEN, promise(resolution=8)).hold(at(3, 2, 19)).resume(at(3, 3, 7))
    assert notes(story, at(3, 3, 9), "Paused") == (
        "Bo put it on hold: until an agreed time",
        "Nothing was lost: the desk was closed all the time.",
    )


def test_e42_a_late_raise_tells_both_targets_and_when_it_was_noticed():
    story = Story(at(3, 2, 9, 30), promise(resolution=16))
    story.edit(at(3, 2, 15, 30), promise(resolution=4, priority=1))
    edit = story.events[-1]
    changes = {"changes": {"priority": [3, 1]}, "reason": "The bank waits."}
    story.events[-1] = replace(edit, data=dict(edit.data) | changes)
    clock = clock_of(story)
    clock.breach_noticed_at = edit.at
    rows = rows_of(account_of(clock, written(story), at(3, 2, 16)))
    assert [(row.when, row.title, row.notes) for row in rows if row.is_point][1:3] == [
        (
            "Mon 2 Mar, 13:30",
            "Due",
            (
                "The time is used up; what comes from here on is late.",
                "Noticed Mon 2 Mar, 15:30; it counts from the due time all the same.",
            ),
        ),
        (
            "Mon 2 Mar, 15:30",
            "Bo raised the priority from P3 to P1 (“The bank waits.”)",
            (
                "Target: 4h of business time (before: 16h of business time).",
                "Due Mon 2 Mar, 13:30 (before: Wed 4 Mar, 09:30).",
                "Counted from the original start, with the same pauses.",
            ),
        ),
    ]


def test_e45_the_time_between_resolving_and_reopening_is_no_pause():
    story = Story(at(3, 2, 9), promise(resolution=8))
    story.resolve(at(3, 2, 14)).reopen(at(3, 4, 10))
    assert lines(story, at(3, 4, 11))[1:4] == [
        ("Mon 2 Mar, 09:00–14:00", "Counted", "5h"),
        ("Mon 2 Mar, 14:00 – Wed 4 Mar, 10:00", "Stopped", ""),
        ("Wed 4 Mar, 10:00–11:00", "Counted", "1h"),
    ]
    assert notes(story, at(3, 4, 11), "Stopped")[0] == "Bo resolved it"


def test_resolved_while_it_waits_the_pause_ends_at_the_stop():
    story = Story(MONDAY_TEN, promise(resolution=8)).hold(at(3, 2, 12)).resolve(at(3, 2, 15))
    assert lines(story, at(3, 3, 9))[1:4] == [
        ("Mon 2 Mar, 10:00–12:00", "Counted", "2h"),
        ("Mon 2 Mar, 12:00–15:00", "Paused", ""),
        ("Mon 2 Mar, 15:00", "Bo resolved it", ""),
    ]


def test_e49_a_teams_stays_accumulate_and_the_time_elsewhere_is_left_out():
    stay = promise(kind="ola", team=DESK, ola_resolution=6)
    story = Story(at(3, 2, 14), stay, team=DESK)
    story.hand_over(at(3, 2, 16), NETWORK).hand_over(at(3, 3, 10), DESK, stay)
    why = account(story, at(3, 3, 11), Metric.OLA_RESOLUTION)
    assert [(line.kind, line.seconds // HOUR) for line in why.stretches if not line.is_ahead] == [
        (Kind.RUNNING, 2),
        (Kind.STOPPED, 0),
        (Kind.RUNNING, 1),
    ]


def test_what_was_promised_late_says_so_and_keeps_the_true_causes():
    story = Story(MONDAY_TEN).hold(at(3, 2, 12)).resume(at(3, 2, 14))
    story.edit(at(3, 2, 15), promise(resolution=8))
    rows = rows_of(account(story, at(3, 2, 16)))
    assert rows[0].title == "Ann reported it (Portal)"
    assert rows[2].notes[0] == "Bo put it on hold: until an agreed time"
    assert [row.notes for row in rows if row.kind == "promised"] == [
        ("From then on this is promised; it is counted from the receipt.",)
    ]


def test_many_days_without_an_event_are_one_row():
    story = Story(MONDAY_TEN, promise(resolution=100))
    assert lines(story, at(3, 13, 12))[1:6] == [
        ("Mon 2 Mar, 10:00–17:00", "Counted", "7h"),
        ("Mon 2 Mar, 17:00 – Tue 3 Mar, 09:00", "Closed", ""),
        ("Tue 3 Mar, 09:00 – Thu 12 Mar, 17:00", "Counted", "64h"),
        ("Thu 12 Mar, 17:00 – Fri 13 Mar, 09:00", "Closed", ""),
        ("Fri 13 Mar, 09:00–12:00", "Counted", "3h"),
    ]
    assert notes(story, at(3, 13, 12), "Counted") == ()
    assert rows_of(account(story, at(3, 13, 12)))[3].notes == (
        "8 openings; the nights and weekends between them do not count",
    )


def test_instants_with_seconds_show_them():
    story = Story(MONDAY_TEN + timedelta(seconds=7), promise(resolution=1))
    assert lines(story, MONDAY_TEN + timedelta(seconds=37))[1] == (
        "Mon 2 Mar, 10:00:07–10:00:37",
        "Counted",
        "30s",
    )


def test_a_clock_that_its_events_do_not_account_for_is_not_hidden():
    story = Story(MONDAY_TEN, promise(resolution=8))
    clock = clock_of(story)
    assert account_of(clock, written(story), at(3, 2, 12)).agrees
    clock.target_seconds -= 1
    why = account_of(clock, written(story), at(3, 2, 12))
    assert not why.agrees
    assert why.elapsed_seconds == 2 * HOUR


# --- Sentences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "words", "says"),
    [
        (
            cell(seconds=4 * HOUR),
            "4h of business time",
            "Due Mon 2 Mar, 14:00 CET: 4h of business time from Mon 2 Mar, 10:00 on,"
            " counted while “Office” is open.",
        ),
        (
            cell(Form.BUSINESS_DAYS, days=3, snap=END_OF_DAY),
            "3 business days, until the end of that day",
            "Due Thu 5 Mar, 17:00 CET: 3 business days, until the end of that day"
            " from Mon 2 Mar, 10:00 on, counted while “Office” is open.",
        ),
        (
            cell(Form.BUSINESS_DAYS, days=1, snap=SAME_TIME),
            "1 business day, at the same time of day",
            "Due Tue 3 Mar, 10:00 CET: 1 business day, at the same time of day"
            " from Mon 2 Mar, 10:00 on, counted while “Office” is open.",
        ),
        (
            cell(Form.CUTOFF, cutoff=12 * 60),
            "received before 12:00: by the end of that day,"
            " otherwise by 12:00 on the next working day",
            "Due Mon 2 Mar, 17:00 CET: received before 12:00: by the end of that day,"
            " otherwise by 12:00 on the next working day.",
        ),
        (
            cell(Form.FIXED_INSTANT, at="2026-03-04T11:00:00+00:00"),
            "the date agreed on the ticket",
            "Due Wed 4 Mar, 12:00 CET: the date agreed on the ticket.",
        ),
    ],
)
def test_every_form_of_a_target_in_words(target, words, says):
    why = account(Story(MONDAY_TEN, promise(resolution=target)), MONDAY_TEN)
    assert (why.target, summary(why)) == (words, says)


def test_a_paused_clock_says_when_it_would_be_due():
    story = Story(MONDAY_TEN, promise(resolution=8)).hold(at(3, 2, 16))
    assert summary(account(story, at(3, 4, 12))) == (
        "It stands still; 2h are left. If it went on now, it would be due Wed 4 Mar, 14:00 CET."
    )


def test_an_answer_in_time_says_how_much_was_left():
    story = Story(MONDAY_TEN, promise(first_response=2)).reply(at(3, 2, 10, 30))
    assert summary(account(story, at(3, 4, 12), Metric.FIRST_RESPONSE)) == (
        "Met Mon 2 Mar, 10:30: 30m were used, 1h 30m before it was due (Mon 2 Mar, 12:00 CET)."
    )


def test_what_has_not_begun_says_what_it_waits_for():
    why = account(Story(MONDAY_TEN, promise(next_response=2)), MONDAY_TEN, Metric.NEXT_RESPONSE)
    assert (why.lines, summary(why)) == (
        (),
        "It starts when the requester writes after an answer.",
    )


@pytest.mark.parametrize(
    ("calendar_", "words"),
    [
        (OFFICE, ("Mon–Fri 09:00–17:00",)),
        (DAY_AND_NIGHT, ("day and night, every day",)),
        (NIGHTS, ("Mon–Sun 22:00–06:00",)),
        (SHOP, ("Mon–Wed, Fri 08:00–12:00, 13:00–17:00; Sat 09:00–12:00",)),
        (SHORTER, ("Mon–Fri 09:00–17:00", "from Wed 4 March on: Mon–Fri 10:00–16:00")),
    ],
)
def test_opening_hours_of_the_week_in_words(calendar_, words):
    assert hours_in_words(calendar_.schedule(), at(3, 2), at(3, 9)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0m"),
        (5, "5s"),
        (60, "1m"),
        (3600, "1h"),
        (3605, "1h 0m 5s"),
        (-5400, "1h 30m"),
        (40 * HOUR, "40h"),
    ],
)
def test_durations_are_exact_and_never_in_days(seconds, words):
    assert exactly(seconds) == words
