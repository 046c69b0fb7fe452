"""The engine that reads the tables of the record types (`LIF-1`)."""

import pytest

from itil.tickets.lifecycle import Actor, Lifecycle, Move, Phase

AGENT = frozenset({Actor.AGENT})


def lamp(*moves: Move) -> Lifecycle:
    """A table of two statuses."""
    return Lifecycle(start="off", phases={"off": Phase.OPEN, "on": Phase.DONE}, moves=moves)


TURN_ON = Move("turn", frozenset({"off"}), "on", by=AGENT)
TURN_OFF = Move("turn", frozenset({"on"}), "off", by=AGENT)
SMASH = Move("smash", frozenset({"off", "on"}), "off", by=AGENT)


def test_one_verb_may_lead_elsewhere_from_each_status():
    table = lamp(TURN_ON, TURN_OFF)

    assert table.find("turn", "off") is TURN_ON
    assert table.find("turn", "on") is TURN_OFF


def test_a_move_that_is_not_in_the_table_is_not_found():
    table = lamp(TURN_ON)

    assert table.find("turn", "on") is None
    assert table.find("smash", "off") is None
    assert table.find("turn", "broken") is None


def test_moves_from_a_status_keep_the_order_of_the_table():
    table = lamp(SMASH, TURN_ON, TURN_OFF)

    assert table.moves_from("off") == (SMASH, TURN_ON)
    assert table.verbs_from("on") == ("smash", "turn")
    assert table.verbs == ("smash", "turn")


@pytest.mark.parametrize(
    "move",
    [
        Move("turn", frozenset({"off"}), "broken", by=AGENT),
        Move("turn", frozenset({"broken"}), "off", by=AGENT),
    ],
)
def test_a_table_with_an_unknown_status_is_refused_when_it_is_written(move):
    with pytest.raises(ValueError, match=r"turn names unknown statuses: \['broken'\]"):
        lamp(move)
