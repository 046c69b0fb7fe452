"""Another priority, agreement or date on a ticket (`SLA-17`, `SLA-18`, `SLA-22`)."""

import pytest

from itil.desk import actions as desk_actions
from itil.sla import actions as sla
from itil.sla.models import Agreement, ClockState, Exclusion, Form, Metric, Outcome, ServiceTarget
from itil.tickets.actions import record
from itil.tickets.models import EventKind
from itil.tickets.priority import priority_of
from tests.cast import HOUR, MONDAY
from tests.itil.calendars.calendars import at

from .stored import LEVELS, MINUTE, ONE_HOUR, agree, clock_of, columns, opened, play, told
from .stories import DESK, MONDAY_TEN, NETWORK, Story, promise

# --- Priority (section 3) --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("impact", "urgency"), [(impact, urgency) for impact in (1, 2, 3) for urgency in (1, 2, 3)]
)
def test_each_of_the_nine_cells_has_its_target(cast, impact, urgency):
    ticket = opened(cast, MONDAY)
    play(cast, ticket, (MONDAY, "edit", {"impact": impact, "urgency": urgency}))
    hours = {1: 4, 2: 8, 3: 16, 4: 24, 5: 40}[priority_of(impact, urgency)]
    assert clock_of(ticket).target_seconds == hours * HOUR


def test_higher_priority_moves_the_due_time_and_is_kept_in_the_history(desk):
    desk.reply(MONDAY)
    desk.prioritize(MONDAY + ONE_HOUR, 1)
    assert columns(desk.ticket)[0] == MONDAY + 4 * ONE_HOUR
    event = desk.ticket.events.get(kind=EventKind.CLOCK)
    assert event.data == {
        "metric": "resolution",
        "what": "retargeted",
        "due_at": (MONDAY + 4 * ONE_HOUR).isoformat(),
        "agreement": "Standard",
        "former_due_at": at(3, 4, 10).astimezone(MONDAY.tzinfo).isoformat(),
        "former_target_seconds": 16 * HOUR,
    }


def test_raise_that_comes_too_late_is_told_once(desk):
    desk.reply(MONDAY)
    desk.prioritize(MONDAY + 6 * ONE_HOUR, 1)
    assert told(desk.ticket) == [("resolution", "retargeted"), ("resolution", "breached")]
    assert columns(desk.ticket)[2] is True
    assert sla.tick(MONDAY + 7 * ONE_HOUR)["breached"] == 0


def test_overridden_priority_stays_and_lifting_it_moves_the_clocks_once(cast, desk):
    desk.reply(MONDAY)
    desk.prioritize(MONDAY + MINUTE, 1)
    impact, urgency = LEVELS[5]
    desk.edit(MONDAY + 2 * MINUTE, impact=impact, urgency=urgency)
    assert clock_of(desk.ticket).target_seconds == 4 * HOUR
    desk_actions.lift_override(desk.ticket, by=cast.cleo, at=MONDAY + 3 * MINUTE)
    clock = clock_of(desk.ticket)
    assert (clock.target_seconds, clock.target_version) == (40 * HOUR, 3)
    assert told(desk.ticket) == [("resolution", "retargeted")] * 2


def test_an_edit_that_decides_nothing_changes_no_clock(desk):
    before = list(desk.ticket.clocks.values())
    desk.edit(MONDAY + ONE_HOUR, title="Mail is slow")
    assert list(desk.ticket.clocks.values()) == before


def test_severity_chooses_the_target_of_its_contract(cast):
    agree(
        cast,
        "Contract",
        organization=cast.acme,
        target_key=Agreement.TargetKey.SEVERITY,
        promises={"resolution": {1: 2, 2: 6}},
    )
    ticket = opened(cast, MONDAY)
    assert not ticket.clocks.exists()
    play(cast, ticket, (MONDAY + MINUTE, "edit", {"severity": 2}))
    assert clock_of(ticket).due_at == MONDAY + 6 * ONE_HOUR
    # Disputed: the history keeps both values.
    play(cast, ticket, (MONDAY + ONE_HOUR, "edit", {"severity": 1}))
    assert clock_of(ticket).due_at == MONDAY + 2 * ONE_HOUR
    edited = ticket.events.filter(kind=EventKind.EDITED).latest("pk")
    assert edited.data["changes"] == {"severity": [2, 1]}
    # Priority is not what this contract counts by.
    play(cast, ticket, (MONDAY + ONE_HOUR, "prioritize", 1))
    assert clock_of(ticket).target_version == 2


# --- Another agreement -----------------------------------------------------------------------


def test_other_agreement_drops_the_metrics_it_does_not_promise(cast, desk):
    agree(cast, "Gold", organization=cast.globex, promises={"resolution": 2})
    desk.edit(MONDAY + 10 * MINUTE, organization=cast.globex)
    assert list(desk.ticket.clocks.order_by("pk").values_list("metric", "state", "exclusion")) == [
        ("acknowledge", "cancelled", Exclusion.NO_TARGET),
        ("first_response", "cancelled", Exclusion.NO_TARGET),
        ("resolution", "running", ""),
    ]
    assert clock_of(desk.ticket).reason == "organization Globex"
    assert columns(desk.ticket)[0] == MONDAY + 2 * ONE_HOUR
    assert ("acknowledge", "dropped") in told(desk.ticket)


def test_corrected_service_is_measured_from_the_receipt_with_the_pauses_kept(cast, desk):
    agree(cast, "Mail", service=cast.mail_service, promises={"resolution": 4})
    desk.hold(MONDAY + ONE_HOUR)
    desk.resume(MONDAY + 3 * ONE_HOUR)
    desk.edit(MONDAY + 4 * ONE_HOUR, service=cast.mail_service)
    assert clock_of(desk.ticket).due_at == MONDAY + 6 * ONE_HOUR


def test_corrected_requester_may_be_a_vip(cast, desk):
    agree(cast, "VIP", requester_vip=True, promises={"resolution": 2})
    cast.dov.vip = True
    cast.dov.save()
    desk.edit(MONDAY + ONE_HOUR, requester=cast.dov)
    clock = clock_of(desk.ticket)
    assert (clock.reason, clock.due_at) == ("VIP", MONDAY + 2 * ONE_HOUR)


def test_dropped_metric_that_is_promised_again_is_measured_from_the_receipt(cast, desk):
    agree(cast, "Gold", organization=cast.globex, promises={"resolution": 2})
    desk.edit(MONDAY + 10 * MINUTE, organization=cast.globex)
    desk.take(MONDAY + 20 * MINUTE)
    desk.edit(MONDAY + 30 * MINUTE, organization=cast.acme)
    acknowledge = clock_of(desk.ticket, Metric.ACKNOWLEDGE)
    assert (acknowledge.stopped_at, acknowledge.outcome) == (MONDAY + 20 * MINUTE, Outcome.MET)
    assert clock_of(desk.ticket, Metric.FIRST_RESPONSE).due_at == MONDAY + 2 * ONE_HOUR


def test_agreed_date_begins_moves_and_ends_a_clock(cast):
    dated = agree(cast, "By agreement", organization=cast.acme)
    dated.targets.all().delete()
    ServiceTarget.objects.create(
        agreement=dated, metric=Metric.RESOLUTION, priority=3, form=Form.FIXED_INSTANT
    )
    ticket = opened(cast, MONDAY)
    assert not ticket.clocks.exists()
    play(cast, ticket, (MONDAY + MINUTE, "edit", {"agreed_at": at(3, 6, 12)}))
    assert columns(ticket)[0] == at(3, 6, 12)
    assert clock_of(ticket).started_at == MONDAY
    play(cast, ticket, (MONDAY + ONE_HOUR, "edit", {"agreed_at": at(3, 9, 12)}))
    assert columns(ticket)[0] == at(3, 9, 12)
    play(cast, ticket, (MONDAY + ONE_HOUR, "edit", {"agreed_at": None}))
    assert clock_of(ticket).state == ClockState.CANCELLED
    assert columns(ticket) == (None, None, False)


# --- Promised late (`SLA-22`) ----------------------------------------------------------------


def test_late_match_starts_clocks_with_what_was_done_already(cast):
    agree(cast, "Mail", service=cast.mail_service, promises={"acknowledge": 1, "resolution": 16})
    cast.agreement.delete()
    ticket = opened(cast, MONDAY)
    assert columns(ticket) == (None, None, False)
    play(
        cast,
        ticket,
        (MONDAY + 10 * MINUTE, "take"),
        (MONDAY + ONE_HOUR, "hold"),
        (MONDAY + 3 * ONE_HOUR, "resume"),
        (MONDAY + 4 * ONE_HOUR, "edit", {"service": cast.mail_service}),
    )
    clocks = ticket.clocks.order_by("pk").values_list("metric", "outcome", "due_at")
    assert list(clocks) == [
        ("acknowledge", Outcome.MET, MONDAY + ONE_HOUR),
        ("resolution", Outcome.PENDING, at(3, 4, 12)),
    ]
    assert columns(ticket)[0] == at(3, 4, 12)


def test_late_match_may_find_that_it_was_missed():
    story = Story(MONDAY_TEN).reply(at(3, 2, 15)).edit(at(3, 2, 16), promise(first_response=2))
    clock = story.clock(Metric.FIRST_RESPONSE)
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 12))


def test_late_match_makes_no_second_clock_for_a_team():
    stay = promise(kind="ola", agreement=2, team=DESK, ola_resolution=6)
    story = Story(MONDAY_TEN).hand_over(at(3, 2, 11), DESK, stay)
    story.edit(at(3, 2, 12), promise(resolution=8), stay)
    assert len(story.clocks(Metric.OLA_RESOLUTION)) == 1
    assert story.clock().due_at == at(3, 3, 10)


def test_late_match_of_a_team_counts_from_its_own_stay():
    story = Story(MONDAY_TEN, team=DESK).hand_over(at(3, 2, 12), NETWORK)
    stay = promise(kind="ola", agreement=2, team=NETWORK, ola_resolution=6)
    story.edit(at(3, 2, 15), promise(resolution=8), stay)
    clock = story.clock(Metric.OLA_RESOLUTION)
    assert (clock.started_at, clock.due_at) == (at(3, 2, 12), at(3, 3, 10))


def test_late_match_goes_by_the_hours_it_is_promised_with(cast, promised):
    """An earlier edition of the same calendar was counted by when the ticket was young."""
    promised(resolution=8)
    ticket = opened(cast, MONDAY)
    for weekday in (1, 2):
        cast.calendar.openings.filter(weekday=weekday).delete()
        cast.calendar.save()
        sla.recount(MONDAY + weekday * MINUTE)
    promised(resolution=8, first_response=8)
    cast.agreement.save()
    sla.rechoose(MONDAY + ONE_HOUR)
    response = clock_of(ticket, Metric.FIRST_RESPONSE)
    assert (response.due_at, response.calendar_version) == (at(3, 5, 10), 3)


# --- Imported --------------------------------------------------------------------------------


def test_imported_history_is_measured_by_the_steps_its_importer_read():
    terms = promise(acknowledge=1, resolution=8)
    steps = [
        (at(3, 2, 10, 30), "acknowledge"),
        (at(3, 2, 11), "pause"),
        (at(3, 2, 13), "resume"),
        (at(3, 3, 12), "resolve"),
    ]
    story = Story(MONDAY_TEN).clock_told(
        MONDAY_TEN,
        "measured",
        terms=terms.as_data(),
        steps=[[when.isoformat(), what] for when, what in steps],
    )
    acknowledge, resolution = story.clock(Metric.ACKNOWLEDGE), story.clock()
    assert acknowledge.stopped_at == at(3, 2, 10, 30)
    assert (resolution.outcome, resolution.due_at) == (Outcome.MET, at(3, 3, 12))


# --- Nothing is promised ---------------------------------------------------------------------


def test_without_an_agreement_there_are_no_clocks_whatever_happens(cast):
    cast.agreement.delete()
    ticket = opened(cast, MONDAY)
    play(cast, ticket, (MONDAY, "reply"), (MONDAY + ONE_HOUR, "resolve"))
    assert not ticket.clocks.exists()
    assert columns(ticket) == (None, None, False)
    assert sla.tick(at(4, 1)) == {"breached": 0, "at_risk": 0, "escalated": 0}


def test_an_event_that_means_nothing_to_clocks_changes_none(desk, cast):
    before = list(desk.ticket.clocks.values())
    sla.follow(desk.ticket, record(desk.ticket, EventKind.LINKED, by=cast.bo, at=MONDAY))
    assert list(desk.ticket.clocks.values()) == before
