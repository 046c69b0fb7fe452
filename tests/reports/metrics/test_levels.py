"""Service levels of a period (`SLA-27`, `SLA-28`), with the worked examples Q1 and Q2."""

from datetime import UTC, datetime

import pandas as pd

from reports.charts import words
from reports.metrics import levels

MARCH = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 1, tzinfo=UTC)
MET, MISSED = ("met", "2026-03-05"), ("breached", "2026-03-05")
PENDING, LEFT_OUT = ("pending", None), ("excluded", "2026-03-05")
INSTANTS = ("started_at", "due_at", "outcome_at")


def clocks(*rows, **columns):
    """(outcome, outcome time) of as many clocks, all begun on 2 March."""
    frame = pd.DataFrame(
        [
            {
                "ticket": place,
                "number": f"INC-{place:06}",
                "metric": "resolution",
                "priority": 3,
                "state": "running" if outcome == "pending" else "stopped",
                "outcome": outcome,
                "exclusion": "force_majeure" if outcome == "excluded" else "",
                "started_at": "2026-03-02",
                "due_at": "2026-12-01",
                "outcome_at": at,
                "team": 1,
            }
            for place, (outcome, at) in enumerate(rows)
        ]
    ).assign(**columns)
    for name in INSTANTS:
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame


def counts(frame, keys=("metric",), period=MARCH, now=NOW):
    return levels.tally(levels.counted_once(frame, *period, now), keys).to_dict("records")


def test_q1_pending_and_excluded_are_not_in_the_denominator():
    rows = clocks(*[MET] * 180, *[MISSED] * 12, *[PENDING] * 8, *[LEFT_OUT] * 5)
    (found,) = counts(rows)
    assert (found["met"], found["breached"], found["pending"], found["excluded"]) == (180, 12, 8, 5)
    assert words.percent(found["met"], found["met"] + found["breached"], 2) == "93.75%"


def test_q2_a_total_is_made_of_counts_and_no_mean_of_percentages():
    one = clocks(*[MET] * 90, *[MISSED] * 10, team=1)
    two = clocks(*[MET] * 5, *[MISSED] * 5, team=2)
    both = pd.concat([one, two])
    assert [row["compliance"] for row in counts(both, ["team"])] == [0.9, 0.5]
    (total,) = counts(both)
    assert words.percent(total["met"], total["met"] + total["breached"], 2) == "86.36%"


def test_nothing_decided_has_no_share():
    (found,) = counts(clocks(PENDING))
    assert pd.isna(found["compliance"])
    assert words.percent(found["met"], found["met"] + found["breached"]) == "n/a"


def test_a_clock_is_counted_in_one_period_only():
    rows = clocks(("met", "2026-03-31 23:59:59"), ("met", "2026-04-01"), ("met", "2026-02-28"))
    april = MARCH[1], NOW
    assert [(row["met"], row["pending"]) for row in counts(rows)] == [(1, 1)]
    assert [(row["met"], row["pending"]) for row in counts(rows, period=april)] == [(1, 0)]


def test_an_overdue_open_clock_counts_at_its_due_time_although_nobody_noticed():
    (found,) = counts(clocks(PENDING, due_at="2026-03-20"))
    assert (found["breached"], found["pending"]) == (1, 0)


def test_what_was_decided_after_the_period_was_pending_at_its_end():
    (found,) = counts(clocks(("breached", "2026-04-02")))
    assert (found["breached"], found["pending"]) == (0, 1)


def test_what_began_after_the_period_is_not_in_it():
    assert counts(clocks(PENDING, started_at="2026-04-02")) == []


def test_all_targets_of_a_ticket_are_met_when_none_was_missed_and_one_was_met():
    rows = clocks(MET, MET, MISSED, PENDING, PENDING, ticket=[1, 2, 2, 1, 3])
    counted = levels.counted_once(rows, *MARCH, NOW)
    assert levels.all_targets_met(counted) == {"n": 2, "yes": 1}


def test_what_is_left_out_is_listed_by_ticket_with_reason_and_note():
    rows = clocks(LEFT_OUT, LEFT_OUT, MET, ticket=1, number="INC-000001", metric=["b", "a", "a"])
    notes = pd.DataFrame(
        [
            {"ticket": 1, "exclusion": "spam", "note": "No.", "by": "Cleo", "at": NOW},
            {"ticket": 1, "exclusion": "force_majeure", "note": "Flood.", "by": "Cleo", "at": NOW},
        ]
    )
    assert levels.left_out(levels.counted_once(rows, *MARCH, NOW), notes) == [
        {
            "number": "INC-000001",
            "reason": "force_majeure",
            "metrics": ["a", "b"],
            "note": "Flood.",
            "by": "Cleo",
            "at": NOW.isoformat(),
        }
    ]


def test_a_closed_period_says_what_is_another_figure_by_now():
    was = [{"metric": "resolution", "met": 9, "breached": 1, "pending": 3, "excluded": 0}]
    now = [{"metric": "resolution", "met": 8, "breached": 1, "pending": 4, "excluded": 1}]
    assert levels.changed(was, was) == []
    assert [
        (row["metric"], row["was"]["met"], row["now"]["met"]) for row in levels.changed(was, now)
    ] == [("resolution", 9, 8)]


def test_more_or_less_pending_alone_is_no_other_figure():
    was = [{"metric": "resolution", "met": 9, "breached": 1, "pending": 3, "excluded": 0}]
    assert levels.changed(was, [was[0] | {"pending": 0}]) == []
