"""Work is set apart without losing a minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from itil.tickets.errors import Refused
from itil.timesheets.actions import add_entry, add_span, set_apart
from itil.timesheets.models import BillingKind, TimeEntry
from tests import make
from tests.cast import MONDAY, assemble


class SetApart(TestCase):
    def setUp(self):
        self.cast = assemble()
        self.ticket = make.incident(self.cast)

    @given(st.integers(1, 600), st.data())
    def test_both_parts_add_up_to_the_whole(self, minutes, data):
        entry = add_entry(
            self.ticket,
            agent=self.cast.bo,
            activity=self.cast.activity,
            minutes=minutes,
            work_date=MONDAY.date(),
            at=MONDAY + timedelta(days=1),
        )
        kept = data.draw(st.integers(0, minutes - 1))
        apart = set_apart(entry, minutes=kept, reason="Too much", at=MONDAY)
        entry.refresh_from_db()
        assert apart.billing_kind == BillingKind.NON_BILLABLE
        assert apart.minutes + (entry.minutes if apart.pk != entry.pk else 0) == minutes


@pytest.mark.django_db
def test_an_entry_with_times_is_cut_at_the_instant(cast):
    begin = datetime(2026, 3, 2, 9, tzinfo=UTC)
    [entry] = add_span(
        make.incident(cast),
        agent=cast.bo,
        activity=cast.activity,
        started_at=begin,
        ended_at=begin + timedelta(hours=2),
        at=begin + timedelta(hours=3),
    )
    apart = set_apart(entry, minutes=45, reason="Too much", at=MONDAY)
    cut = begin + timedelta(minutes=45)
    assert (entry.started_at, entry.ended_at) == (begin, cut)
    assert (apart.started_at, apart.ended_at) == (cut, begin + timedelta(hours=2))
    assert [event.kind for event in entry.events.order_by("pk")] == ["booked", "corrected"]


@pytest.mark.django_db
def test_a_cut_outside_the_entry_is_refused(cast):
    entry = add_entry(
        make.incident(cast),
        agent=cast.bo,
        activity=cast.activity,
        minutes=30,
        work_date=MONDAY.date(),
        at=MONDAY,
    )
    with pytest.raises(Refused):
        set_apart(entry, minutes=30, reason="Too much", at=MONDAY)
    assert TimeEntry.objects.get().minutes == 30
