"""What counts in the compliance figure, and what a lead leaves out (`SLA-27`, `SLA-28`)."""

import pandas as pd
import pytest

from itil.desk.actions import merge
from itil.sla import actions as sla
from itil.sla.models import BY_LEAD, ClockState, Exclusion, Metric, Outcome
from itil.tickets.models import Ticket
from reports.actions.framing import promises_of
from reports.frames.source import Frames
from reports.metrics.compliance import compliance, settled, totals
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, ONE_HOUR, clock_of, columns, opened, play
from .stories import MONDAY_TEN, Story, promise

# --- Left out by a lead ----------------------------------------------------------------------


def leave_out(cast, ticket, reason=Exclusion.CUSTOMER_CAUSED, at=MONDAY + ONE_HOUR, **which):
    sla.exclude(ticket, reason=reason, note="They cut the line.", by=cast.cleo, at=at, **which)


def test_whole_ticket_is_left_out_and_goes_on(cast, desk):
    leave_out(cast, desk.ticket)
    assert set(desk.ticket.clocks.values_list("state", "outcome", "exclusion")) == {
        (ClockState.RUNNING, Outcome.EXCLUDED, Exclusion.CUSTOMER_CAUSED)
    }
    # Nothing of it is due any more.
    assert columns(desk.ticket) == (None, None, False)
    event = desk.ticket.events.get(kind="clock")
    assert (event.actor, event.data["note"]) == (cast.cleo, "They cut the line.")


def test_one_clock_is_left_out_and_the_others_count(cast, desk):
    leave_out(cast, desk.ticket, clock=clock_of(desk.ticket))
    assert list(desk.ticket.clocks.order_by("pk").values_list("outcome", flat=True)) == [
        Outcome.PENDING,
        Outcome.PENDING,
        Outcome.EXCLUDED,
    ]


@pytest.mark.parametrize("is_noticed", [True, False])
@pytest.mark.parametrize("ends", ["cancel", "leave_out"])
def test_what_was_missed_before_is_the_same_whether_or_not_a_job_had_noticed(
    cast, desk, ends, is_noticed
):
    """The first response was due after two hours."""
    when = MONDAY + 3 * ONE_HOUR
    if is_noticed:
        sla.tick(when)
    if ends == "cancel":
        desk.cancel(when)
    else:
        leave_out(cast, desk.ticket, at=when)
    clock = clock_of(desk.ticket, Metric.FIRST_RESPONSE)
    assert (clock.outcome, clock.breached_at) == (Outcome.EXCLUDED, MONDAY + 2 * ONE_HOUR)
    # Left out, it stays in the period of the breach; cancelled, it ends then.
    assert clock.outcome_at == (when if ends == "cancel" else MONDAY + 2 * ONE_HOUR)
    # It was not there to be told of any more.
    told_of = desk.ticket.events.filter(kind="clock", data__what="breached")
    assert told_of.exists() == is_noticed
    [(_ticket, found)] = sla.differences(Ticket.objects.filter(pk=desk.ticket.pk), when)
    assert [str(one) for one in found] == []


def test_missed_clock_that_is_left_out_no_longer_marks_the_ticket(cast, desk):
    sla.tick(MONDAY + 3 * ONE_HOUR)
    assert columns(desk.ticket)[2] is True
    leave_out(cast, desk.ticket, at=MONDAY + 4 * ONE_HOUR)
    assert columns(desk.ticket)[2] is False
    # It stays left out, whatever happens.
    desk.resolve(MONDAY + 5 * ONE_HOUR)
    assert set(desk.ticket.clocks.values_list("outcome", flat=True)) == {Outcome.EXCLUDED}


def test_clock_left_out_warns_no_more_and_is_never_noticed(cast, desk):
    leave_out(cast, desk.ticket, at=MONDAY)
    assert sla.tick(at(4, 1)) == {"breached": 0, "at_risk": 0, "escalated": 0}


@pytest.mark.parametrize("reason", BY_LEAD)
def test_reasons_are_a_closed_list(cast, desk, reason):
    leave_out(cast, desk.ticket, reason)
    assert clock_of(desk.ticket).exclusion == reason


def test_other_reasons_are_no_choice_of_a_lead(cast, desk):
    with pytest.raises(ValueError, match="merged"):
        leave_out(cast, desk.ticket, Exclusion.MERGED)


def test_later_clocks_of_a_ticket_left_out_are_left_out_as_well():
    story = Story(MONDAY_TEN, promise(resolution=8, next_response=2)).reply(at(3, 2, 11))
    story.clock_told(at(3, 2, 11), "excluded", reason="test", clock=None)
    story.comment(at(3, 2, 12)).reply(at(3, 2, 13)).comment(at(3, 2, 14))
    outcomes = [clock.outcome for clock in story.clocks(Metric.NEXT_RESPONSE)]
    assert outcomes == [Outcome.EXCLUDED, Outcome.EXCLUDED]


def test_later_clocks_count_when_only_one_was_left_out():
    story = Story(MONDAY_TEN, promise(resolution=8, next_response=2)).reply(at(3, 2, 11))
    story.comment(at(3, 2, 12))
    story.clock_told(at(3, 2, 12), "excluded", reason="test", clock=["next_response", None, 1])
    story.reply(at(3, 2, 13)).comment(at(3, 2, 14)).reply(at(3, 2, 15))
    outcomes = [clock.outcome for clock in story.clocks(Metric.NEXT_RESPONSE)]
    assert outcomes == [Outcome.EXCLUDED, Outcome.MET]


# --- The figure ------------------------------------------------------------------------------


def counted() -> pd.DataFrame:
    clocks = settled(promises_of(Frames.live(now=at(4, 1))), at(4, 1))
    return totals(compliance(clocks, at(3, 1), at(4, 1))).set_index("metric")


def test_cancelled_spam_and_merged_tickets_are_not_in_the_denominator(cast, promised):
    promised(resolution=8)
    kept = opened(cast, MONDAY)
    play(cast, kept, (MONDAY + ONE_HOUR, "resolve"))
    # Late by then, which counts no more.
    for reason in ("not_a_fault", "withdrawn", "spam"):
        play(cast, opened(cast, MONDAY), (at(3, 4, 10), "cancel", reason))
    merge(opened(cast, MONDAY), kept, by=cast.bo, at=at(3, 4, 10))
    row = counted().loc["resolution"]
    assert (row.met, row.breached, row.excluded, row.compliance) == (1, 0, 0, 1.0)


def test_unmeasured_ticket_is_never_counted_as_met(cast, desk):
    cast.agreement.targets.all().delete()
    unmeasured = opened(cast, MONDAY)
    play(cast, unmeasured, (MONDAY + MINUTE, "resolve"))
    assert not unmeasured.clocks.exists()
    assert counted().met.sum() == 0


def test_clocks_that_never_had_their_occasion_are_not_even_pending(cast, promised):
    promised(resolution=8, next_response=2, update=4)
    play(cast, opened(cast, MONDAY), (MONDAY + MINUTE, "resolve"))
    assert list(counted().index) == ["resolution"]


def table(met: int, breached: int, pending: int = 0, excluded: int = 0, priority: int = 3):
    """So many clocks of March with each outcome."""
    outcomes = {"met": met, "breached": breached, "pending": pending, "excluded": excluded}
    return pd.DataFrame(
        [
            {
                "metric": "resolution",
                "priority": priority,
                "outcome": outcome,
                "outcome_at": None if outcome == "pending" else at(3, 10),
            }
            for outcome, number in outcomes.items()
            for _n in range(number)
        ]
    ).astype({"outcome_at": "datetime64[us, UTC]"})


def test_q1_pending_and_excluded_stand_beside_the_share():
    (row,) = compliance(table(180, 12, 8, 5), at(3, 1), at(4, 1)).to_dict("records")
    assert row["compliance"] == 180 / 192 == 0.9375
    assert (row["pending"], row["excluded"]) == (8, 5)


def test_q2_shares_are_added_as_counts_and_never_averaged():
    both = pd.concat([table(90, 10, priority=1), table(5, 5, priority=2)])
    (row,) = totals(compliance(both, at(3, 1), at(4, 1))).to_dict("records")
    assert row["compliance"] == 95 / 110
    assert f"{row['compliance']:.2%}" == "86.36%"
