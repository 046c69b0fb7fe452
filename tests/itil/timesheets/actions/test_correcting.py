"""Correcting what was booked, with its history."""

from datetime import UTC, date, datetime, timedelta

import pytest

from itil.tickets.errors import MissingValue, MoveNotAllowed, Refused, StaleRecord
from itil.timesheets import actions
from itil.timesheets.errors import FrozenEntry, Overlap
from itil.timesheets.models import EntryEvent, TimeEntry
from tests import make as world
from tests.cast import MONDAY
from tests.itil.timesheets import make

LATER = MONDAY + timedelta(hours=1)


def correct(cast, entry, **changes):
    return actions.correct(entry, by=cast.bo, reason="Misread", changes=changes, at=LATER)


def test_the_history_tells_who_when_before_after_and_why(cast):
    entry = make.entry(cast)

    correct(cast, entry, minutes=45, note="Looked at the queue")

    assert (make.stored(entry).minutes, make.stored(entry).version) == (45, 2)
    event = EntryEvent.objects.get(entry=entry, kind="corrected")
    assert (event.actor, event.at, event.reason) == (cast.bo, LATER, "Misread")
    assert event.changes == {"minutes": [30, 45], "note": ["", "Looked at the queue"]}


def test_a_reason_is_needed(cast):
    entry = make.entry(cast)

    with pytest.raises(MissingValue) as refusal:
        actions.correct(entry, by=cast.bo, reason=" ", changes={"minutes": 45}, at=LATER)

    assert refusal.value.field == "reason"
    assert make.stored(entry).minutes == 30


def test_the_same_values_are_no_correction(cast):
    entry = make.entry(cast)

    correct(cast, entry, minutes=30, note="")

    assert make.stored(entry).version == 1
    assert not EntryEvent.objects.filter(kind="corrected").exists()


def test_who_saw_an_older_one_is_told(cast):
    entry = make.entry(cast)
    correct(cast, entry, minutes=45)

    with pytest.raises(StaleRecord):
        actions.correct(
            entry, by=cast.cleo, reason="No", changes={"minutes": 5}, at=LATER, version=1
        )

    assert make.stored(entry).minutes == 45


@pytest.mark.parametrize(
    ("built", "after"),
    [("entry", "draft"), ("submitted", "submitted"), ("approved", "submitted")],
)
def test_other_minutes_need_a_new_approval(cast, built, after):
    entry = getattr(make, built)(cast)

    correct(cast, entry, minutes=45)

    now = make.stored(entry)
    assert (now.state, now.approved_by, now.approved_at) == (after, None, None)


def test_a_rejected_one_becomes_a_draft(cast):
    entry = make.submitted(cast)
    actions.reject([entry], by=cast.cleo, reason="Too long", at=MONDAY)

    correct(cast, entry, minutes=20)

    assert (make.stored(entry).state, make.stored(entry).state_reason) == ("draft", "")


def test_what_a_rule_approved_is_asked_anew(cast):
    entry = make.entry(cast, state=None)

    correct(cast, entry, minutes=45)

    assert (make.stored(entry).state, make.stored(entry).approved_at) == ("approved", LATER)


def test_editing_the_note_of_an_approved_entry_leaves_the_approval_alone(cast):
    entry = make.approved(cast)

    correct(cast, entry, note="First")
    correct(cast, entry, note="Second", note_visibility="invoice_text")

    now = make.stored(entry)
    assert (now.note, now.state, now.approved_by) == ("Second", "approved", cast.cleo)


def test_what_was_invoiced_or_given_up_stays(cast):
    gone = make.entry(cast)
    actions.write_off([gone], by=cast.cleo, reason="Goodwill", at=MONDAY)

    with pytest.raises(FrozenEntry):
        correct(cast, make.invoiced(cast), minutes=1)
    with pytest.raises(MoveNotAllowed):
        correct(cast, gone, minutes=1)

    assert set(TimeEntry.objects.values_list("minutes", flat=True)) == {30}


def test_other_times_give_other_minutes(cast):
    entry = make.entry(cast)
    begin = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    correct(cast, entry, started_at=begin, ended_at=begin + timedelta(minutes=50, seconds=59))

    assert make.stored(entry).minutes == 50


def test_other_minutes_make_the_times_unknown(cast):
    begin = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    entry = make.entry(cast, started_at=begin, ended_at=begin + timedelta(minutes=30))

    correct(cast, entry, minutes=40)

    assert (make.stored(entry).started_at, make.stored(entry).ended_at) == (None, None)


def test_times_across_midnight_are_booked_as_two(cast):
    entry = make.entry(cast, work_date=date(2026, 3, 1))
    begin = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)

    with pytest.raises(MissingValue, match="book the time after it on the next day"):
        correct(cast, entry, started_at=begin, ended_at=begin + timedelta(hours=1))


def test_a_correction_may_not_overlap_unnoticed(cast):
    ticket = world.taken_incident(cast)
    begin = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    half = timedelta(minutes=30)
    make.entry(cast, ticket, started_at=begin, ended_at=begin + half)
    entry = make.entry(cast, ticket)

    with pytest.raises(Overlap, match=f"{ticket.number}, 09:00 – 09:30"):
        correct(cast, entry, started_at=begin, ended_at=begin + half)


def test_a_removed_entry_leaves_its_history(cast):
    entry = make.entry(cast)
    uuid = entry.uuid

    actions.remove(entry, by=cast.bo, reason="Booked twice", at=LATER)

    assert not TimeEntry.objects.exists()
    event = EntryEvent.objects.get(entry_uuid=uuid, kind="removed")
    assert (event.reason, event.changes["minutes"]) == ("Booked twice", [30, None])


def test_removing_twice_says_so(cast):
    entry = make.entry(cast)
    again = make.stored(entry)
    actions.remove(entry, by=cast.bo, reason="Booked twice", at=LATER)

    with pytest.raises(Refused, match="removed in the meantime"):
        actions.remove(again, by=cast.bo, reason="Booked twice", at=LATER)
