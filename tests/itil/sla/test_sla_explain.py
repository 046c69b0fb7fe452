"""manage.py sla_explain: the accounts of a ticket as JSON."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests import make
from tests.cast import HOUR, MONDAY
from tests.itil.desk import night_shift

from .stored import play


def explained(ticket, now) -> dict:
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("sla_explain", ticket.number, stdout=out)
    return json.loads(out.getvalue())


def test_instants_carry_the_offset_of_the_calendar_and_durations_are_seconds(cast):
    ticket = night_shift.tell(cast)
    told = explained(ticket, night_shift.NOW)
    (clock,) = told["clocks"]
    assert (told["ticket"], told["generated_at"]) == (ticket.number, "2026-04-03T10:00:00+00:00")
    assert (clock["metric"], clock["state"], clock["outcome"]) == (
        "resolution",
        "running",
        "pending",
    )
    assert clock["due_at"] == "2026-04-04T23:15:00+02:00"
    assert clock["started_at"] == "2026-03-27T21:10:00+01:00"
    assert (clock["elapsed_seconds"], clock["remaining_seconds"]) == (103_500, 4_500)
    assert clock["target"]["seconds"] == 30 * HOUR
    assert clock["calendar"]["time_zone"] == "Europe/Berlin"
    assert clock["calendar"]["hours"] == ["Mon–Sun 22:00–06:00"]
    assert clock["agreement"]["reason"] == "organization Acme"
    assert clock["agrees_with_events"] is True


def test_the_lines_add_up_and_say_who_and_why(cast):
    (clock,) = explained(night_shift.tell(cast), night_shift.NOW)["clocks"]
    stretches = [line for line in clock["lines"] if "counted_seconds" in line]
    past = [line for line in stretches if not line["is_ahead"]]

    assert sum(line["counted_seconds"] for line in past) == clock["elapsed_seconds"]
    assert sum(line["left_out_seconds"] for line in past) == clock["left_out_seconds"]
    assert [line["used_seconds"] for line in past][-1] == clock["elapsed_seconds"]
    pauses = [line for line in past if line["what"] == "paused"]
    assert [(line["cause"]["who"], line["cause"]["text"]) for line in pauses] == [
        ("Bo", "Bo put it on hold: waiting for the requester"),
        ("Bo", "Bo put it on hold: until an agreed time"),
        ("Bo", "Bo put it on hold: waiting for the requester"),
    ]
    assert [line["clock_changes"] for line in past if line["clock_changes"]] == [
        [{"at": "2026-03-29T03:00:00+02:00", "seconds": 3600}]
    ]
    assert [line["days"] for line in stretches if line["what"] == "holiday"] == [
        [{"on": "2026-04-03", "name": "Good Friday", "is_holiday": True}]
    ]


def test_a_changed_target_tells_both_due_times(cast):
    (clock,) = explained(night_shift.tell(cast), night_shift.NOW)["clocks"]
    (turn,) = [line for line in clock["lines"] if line["what"] == "target"]
    assert (turn["cause"]["who"], turn["former_due_at"], turn["due_at"]) == (
        "Cleo",
        "2026-04-05T03:45:00+02:00",
        "2026-04-03T01:45:00+02:00",
    )
    assert (turn["former_target"], turn["target"]) == (
        "40h of business time",
        "30h of business time",
    )


def test_every_clock_of_the_ticket_is_told(cast):
    ticket = make.taken_incident(cast)
    play(cast, ticket, (MONDAY + timedelta(hours=1), "resolve"))
    told = explained(ticket, MONDAY + timedelta(hours=2))
    assert [(clock["metric"], clock["outcome"]) for clock in told["clocks"]] == [
        ("acknowledge", "met"),
        ("first_response", "met"),
        ("resolution", "met"),
    ]
    assert all(datetime.fromisoformat(clock["stopped_at"]).tzinfo for clock in told["clocks"])


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["INC-000404", "inc-1", "nonsense"])
def test_an_unknown_number_is_said_to_be_unknown(number):
    with pytest.raises(CommandError, match=f"There is no ticket {number}"):
        call_command("sla_explain", number, stdout=StringIO())
