"""manage.py business_time: questions in, answers out, a line each."""

import io
import json
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from itil.calendars.hours.definition import definition
from itil.calendars.hours.questions import answer
from itil.calendars.management.commands.business_time import replies

from .calendars import HOUR, NOON, A, B, N, X
from .test_hours import DUE, ELAPSED
from .test_targets import CUTOFF, DAYS, PAUSED

ROOT = Path(__file__).resolve().parents[3]
OFFICE = {
    "timezone": "Europe/Berlin",
    "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "always_open": False,
    "holidays": ["2026-12-25", {"date": "2026-12-24", "open": [["09:00", "12:00"]]}],
    "closings": [],
    "openings": [],
    "holiday_policy": "shift_start_day",
}
ASKED = {
    "id": "a",
    "calendar": OFFICE,
    "op": "add",
    "start": "2026-03-02T10:00:00",
    "seconds": 4 * HOUR,
}


def asked(schedule, op, **keys) -> dict:
    """The answer without its id."""
    found = answer({"calendar": definition(schedule), "op": op} | keys)
    assert found.pop("id") is None
    return found


@pytest.mark.parametrize("example", DUE)
def test_due_times_of_the_worked_examples(example):
    schedule, start, hours, due = DUE[example]
    found = asked(schedule, "add", start=start.isoformat(), seconds=int(hours * HOUR))
    assert found == {"due": due.astimezone(ZoneInfo(schedule.zone)).isoformat()}


@pytest.mark.parametrize("example", ELAPSED)
def test_elapsed_times_of_the_worked_examples(example):
    schedule, start, end, hours = ELAPSED[example]
    # Without offset: wall times of the calendar.
    wall = {"start": start.replace(tzinfo=None), "end": end.replace(tzinfo=None)}
    found = asked(schedule, "between", **{key: value.isoformat() for key, value in wall.items()})
    assert found == {"seconds": hours * HOUR}


@pytest.mark.parametrize("example", CUTOFF)
def test_the_noon_rule(example):
    start, due = CUTOFF[example]
    found = asked(A, "cutoff", start=start.isoformat(), time="12:00")
    assert found == {"due": due.isoformat()}
    assert NOON == 12 * 60


@pytest.mark.parametrize("example", DAYS)
def test_business_days(example):
    schedule, start, days, snap, due = DAYS[example]
    found = asked(schedule, "business_days", start=start.isoformat(), days=days, snap=snap)
    assert found == {"due": due.isoformat()}


@pytest.mark.parametrize("example", PAUSED)
def test_pauses(example):
    start, pauses, due = PAUSED[example]
    written = [[since.isoformat(), until.isoformat()] for since, until in pauses]
    found = asked(A, "add", start=start.isoformat(), seconds=8 * HOUR, pauses=written)
    assert found == {"due": due.isoformat()}


def test_the_answer_has_the_id_and_the_offset_of_the_calendar():
    assert answer(ASKED) == {"id": "a", "due": "2026-03-02T14:00:00+01:00"}
    assert answer(ASKED | {"id": 7, "start": "2026-07-06T08:00:00Z"}) == {
        "id": 7,
        "due": "2026-07-06T14:00:00+02:00",
    }


def test_end_of_day_need_not_be_said():
    days = {"calendar": OFFICE, "op": "business_days", "start": "2026-03-02T15:00", "days": 3}
    assert answer(days) == {"id": None, "due": "2026-03-05T17:00:00+01:00"}


def test_day_and_night_follows_holidays_that_are_listed():
    always = {"timezone": "America/Santiago", "always_open": True, "holidays": ["2026-09-06"]}
    between = {"op": "between", "start": "2026-09-05T12:00", "end": "2026-09-07T12:00"}
    assert answer({"calendar": always} | between) == {"id": None, "seconds": 24 * HOUR}


def test_overlapping_intervals_count_once():
    overlap = OFFICE | {"weekly": {"mon": [["09:00", "13:00"], ["12:00", "17:00"]]}}
    day = {"op": "between", "start": "2026-03-02T00:00", "end": "2026-03-03T00:00"}
    assert answer({"calendar": overlap} | day) == {"id": None, "seconds": 8 * HOUR}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"calendar": OFFICE | {"timezone": "Berlin"}}, "There is no time zone 'Berlin'"),
        ({"calendar": {"timezone": "Europe/Berlin"}}, "The calendar is never open; give it"),
        ({"calendar": None}, "The calendar is an object"),
        ({"seconds": -1}, "seconds is a whole number of seconds above 0, not -1"),
        ({"seconds": 0}, "above 0, not 0"),
        ({"seconds": 1.5}, "not 1.5"),
        ({"seconds": True}, "not True"),
        ({"seconds": "4h"}, "not '4h'"),
        ({"seconds": 10**15}, "opens too little until 2400"),
        ({"start": None}, "An instant is missing"),
        ({"start": "2026-02-30T10:00:00"}, "There is no date and time '2026-02-30T10:00:00'"),
        ({"start": "2026-03-02"}, "they are written as 2026-03-02T10:00:00"),
        ({"start": "1492-03-02T10:00:00"}, "not between the years 1800 and 2400"),
        ({"start": 1772442000}, "There is no date and time 1772442000"),
        ({"op": "subtract"}, "There is no op 'subtract'; known are add, between"),
        ({"op": None}, "There is no op None"),
        ({"end": "2026-03-03T10:00"}, "Unknown key 'end' in a question of op add"),
        ({"pauses": ["2026-03-03T10:00"]}, "A pause is written as [FROM, TO]"),
        ({"pauses": {}}, "pauses is a list"),
        ({"pauses": [["2026-03-03T10:00", "2026-03-02T10:00"]]}, "ends before it begins"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_what_to_change(changes, message):
    found = answer(ASKED | changes)
    assert found["id"] == "a"
    assert message in found["error"]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"op": "cutoff", "start": "2026-03-02T10:00", "time": "25:00"}, "'25:00' is none"),
        ({"op": "cutoff", "start": "2026-03-02T10:00", "time": "00:00"}, "lies after 00:00"),
        ({"op": "cutoff", "start": "2026-03-02T10:00", "time": "08:00"}, "before the cut-off"),
        ({"op": "business_days", "start": "2026-03-02T10:00", "days": 0}, "above 0, not 0"),
        (
            {"op": "business_days", "start": "2026-03-02T10:00", "days": 1, "snap": "noon"},
            "snap is end_of_day or same_time, not 'noon'",
        ),
        ({"op": "between", "start": "2026-03-02T10:00"}, "An instant is missing"),
    ],
)
def test_other_operations_explain_themselves_too(question, message):
    assert message in answer({"calendar": OFFICE} | question)["error"]


def test_a_question_without_calendar_is_refused():
    assert "needs a calendar" in answer({"op": "add"})["error"]


def test_a_bad_line_is_answered_and_the_rest_goes_on():
    lines = [
        b"\xef\xbb\xbf" + json.dumps(ASKED).encode(),
        b"{not json}\n",
        b"\n",
        b'["a list"]\n',
        b"\xff\xfe\n",
        json.dumps(ASKED | {"id": "b", "seconds": 0}).encode(),
        json.dumps(ASKED | {"id": "c"}).encode(),
    ]
    found = list(replies(lines))
    assert [reply["id"] for reply in found] == ["a", None, None, None, "b", "c"]
    assert found[1]["error"].startswith("Line 2 is not JSON")
    assert "A question is an object" in found[2]["error"]
    assert found[3]["error"].startswith("Line 5 is not JSON in UTF-8")
    assert found[-1]["due"] == "2026-03-02T14:00:00+01:00"


def test_each_answer_is_there_before_the_next_question_is_read():
    read = []

    def questions():
        for number in range(3):
            read.append(number)
            yield json.dumps(ASKED | {"id": number}).encode()

    for reply in replies(questions()):
        assert read[-1] == reply["id"]


def test_the_command_reads_a_file(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(ASKED | {"id": n}) for n in range(3)))
    out = io.StringIO()
    call_command("business_time", str(file), stdout=out)
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == [0, 1, 2]
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("business_time", str(tmp_path / "none"))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/Santiago"])
def test_the_command_answers_line_by_line_whatever_the_zone_of_the_server(zone):
    environment = {"PATH": "/usr/bin:/bin", "TZ": zone}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    command = [sys.executable, "manage.py", "business_time"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        for number in range(2):
            process.stdin.write(json.dumps(ASKED | {"id": number}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == {
                "id": number,
                "due": "2026-03-02T14:00:00+01:00",
            }
        process.stdin.close()
        assert process.wait() == 0


@pytest.mark.parametrize("schedule", [A, B, N, X])
def test_a_kept_definition_can_be_asked_about(schedule):
    assert "seconds" in asked(schedule, "between", start="2026-03-02T00:00", end="2026-03-09T00:00")
