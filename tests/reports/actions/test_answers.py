"""What the worker answers is what the page reads, after the database and JSON."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from itil.sla.models import Metric
from reports.actions.answers import METRICS, ROW, Answer, Side, Sides
from reports.frames.codes import NEVER, Outcome
from reports.metrics.comparison import Comparison, Tally, Usual

DUE, DONE = 1_772_445_600, 1_772_449_200  # 2 March 2026, 10:00 and 11:00 UTC
KEPT, MISSED = Outcome.MET, Outcome.BREACHED


def row(ticket, before=KEPT, after=MISSED, done=DONE):
    place = METRICS.index(Metric.RESOLUTION)
    return ROW.pack(ticket, place, 3, 7, before, after, DUE, DUE, done)


def sides(*rows):
    return Sides(b"".join(rows))


def tickets(found):
    return [side.ticket for side in found]


def test_a_row_reads_in_the_words_of_the_clocks():
    (side,) = sides(row(41))
    due, done = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (10, 11))
    assert side == Side(41, Metric.RESOLUTION, 3, 7, "met", "breached", due, due, done)


def test_what_is_not_done_yet_has_no_end():
    (side,) = sides(row(41, done=NEVER))
    assert side.ended_at is None


def test_a_page_reads_only_its_rows():
    found = sides(*map(row, range(10)))
    assert (len(found), tickets(found[4:6]), tickets(found[8:50])) == (10, [4, 5], [8, 9])


def test_each_direction_can_be_taken_alone():
    found = sides(row(1), row(2, before=MISSED, after=KEPT), row(3))
    assert (tickets(found.worse), tickets(found.better)) == ([1, 3], [2])


@given(st.lists(st.integers(1, 2**62)))
def test_rows_are_the_same_after_being_stored(keys):
    found = sides(*map(row, keys))
    assert tickets(Sides.stored(found.as_stored())) == keys


def test_an_answer_is_the_same_after_the_database():
    counted = Comparison(Tally(5, 1, 2, 0), Tally(4, 2, 2, 0), worse=1, better=0)
    answer = Answer(
        taken_at=datetime(2026, 4, 30, tzinfo=UTC),
        clocks=8,
        left_as_they_are=1,
        by_metric={"resolution": counted},
        by_priority={("resolution", 3): counted},
        by_team={("resolution", 0): counted},
        usual={("resolution", 3): Usual(28800, is_only=False)},
        sides=sides(row(41)),
    )
    data = json.loads(json.dumps(answer.as_data()))
    read = Answer.stored(data, answer.sides.as_stored())
    assert vars(read) | {"sides": list(read.sides)} == vars(answer) | {"sides": list(answer.sides)}
