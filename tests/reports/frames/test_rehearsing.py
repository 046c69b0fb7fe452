"""What is asked of the frames, known before there is anything to read."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk_actions
from reports.frames.rehearsing import needs_of
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Window
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer
from tests import make
from tests.cast import MONDAY

LATER = MONDAY + timedelta(days=30)
MARCH = Period(MONDAY.date(), LATER.date(), "Europe/Berlin")
SINCE_MONDAY = Selection(before=MARCH.end, since=MARCH.start)


def messages_of_open_tickets(frames):
    messages = frames.read("messages", ["ticket", "phase", "at"])
    return messages[messages["phase"] != "done"]


def when_messages_came(frames):
    return frames.read("messages", ["at", "via"])


def test_several_functions_need_each_column_once(cast):
    selection = Frames.live(SINCE_MONDAY, now=LATER).selection

    def frames_of(reader):
        return Frames(selection, now=LATER, reader=reader)

    functions = {one.__name__: one for one in (messages_of_open_tickets, when_messages_came)}
    needs = needs_of(functions, selection, frames_of)
    assert needs["messages"] == ["ticket", "at", "via"]
    # What a message is asked for of its ticket.
    assert {"ticket", "phase"} <= {*needs["tickets"]}
    assert needs_of({"when_messages_came": when_messages_came}, selection, frames_of) == {
        "messages": ["at", "via"]
    }


@pytest.mark.django_db(transaction=True)
def test_figures_are_the_same_whether_what_they_need_was_expected(cast):
    make.resolved_incident(cast, at=MONDAY + timedelta(hours=2))
    waiting = make.taken_incident(cast, at=MONDAY + timedelta(days=3))
    desk_actions.comment(waiting, by=cast.ann, text="And now?", at=MONDAY + timedelta(days=4))
    told = []
    for is_expected in (False, True):
        desk = Desk(Frames.live(SINCE_MONDAY, now=LATER), Window(MARCH, LATER))
        if is_expected:
            desk.expect(INDICATORS.values())
        told.append({key: answer(Tile(key, (key,)), desk) for key in INDICATORS})
    assert told[0] == told[1]
    assert told[1]["received"]["series"][0]["total"]["value"] == 2
