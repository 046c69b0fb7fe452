"""Clocks computed again from the events of their ticket (`GEN-6`, `SLA-30`)."""

from datetime import timedelta

import pytest

from itil.desk import actions as verbs
from itil.sla import actions as sla
from itil.sla.models import Agreement, EscalationStep, Outcome, SlaClock
from itil.tickets.models import Ticket
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, ONE_HOUR, SECOND, agree, clock_of, columns, opened, play, promise

MUCH_LATER = at(6, 1)


def differences(now=MUCH_LATER) -> list[str]:
    return [
        str(found) for _ticket, all in sla.differences(Ticket.objects.all(), now) for found in all
    ]


# --- No difference ---------------------------------------------------------------------------


@pytest.fixture
def everything(cast):
    """All kinds of agreements with all kinds of rules."""
    promise(
        cast.agreement,
        acknowledge=1,
        first_response=2,
        next_response=2,
        update=4,
        resolution={1: 4, 2: 8, 3: 16},
    )
    EscalationStep.objects.create(agreement=cast.agreement, percent=50, action="notify_lead")
    agree(cast, "Desk", kind=Agreement.Kind.OLA, team=cast.desk_team)
    agree(cast, "Network", kind=Agreement.Kind.OLA, team=cast.network_team)
    uc = {"uc_response": 2, "uc_resolution": 6}
    agree(cast, "Suppliers", kind=Agreement.Kind.UC, promises=uc)
    agree(cast, "Mail", service=cast.mail_service, reopen_policy="restart", vendor_pauses=True)


def test_a_long_history_gives_the_stored_clocks(cast, everything):
    ticket = opened(cast, MONDAY)
    tuesday, wednesday, thursday = (MONDAY + timedelta(days=day) for day in (1, 2, 3))
    play(
        cast,
        ticket,
        (MONDAY + 10 * MINUTE, "take"),
        (MONDAY + ONE_HOUR, "hold"),
        (MONDAY + 3 * ONE_HOUR, "mail"),
        (MONDAY + 4 * ONE_HOUR, "reply"),
        (MONDAY + 5 * ONE_HOUR, "hand_over", cast.network_team),
    )
    sla.tick(tuesday)
    play(
        cast,
        ticket,
        (tuesday, "hand_over", cast.desk_team),
        (tuesday + ONE_HOUR, "prioritize", 2),
        (tuesday + 2 * ONE_HOUR, "hold", "awaiting_vendor", {"supplier": cast.globex}),
        (tuesday + 3 * ONE_HOUR, "edit", {"service": cast.mail_service}),
        (tuesday + 4 * ONE_HOUR, "resume"),
    )
    cast.calendar.openings.filter(weekday=4).delete()
    cast.calendar.save()
    sla.recount(wednesday)
    sla.tick(wednesday)
    play(
        cast,
        ticket,
        (wednesday, "resolve"),
        (wednesday + ONE_HOUR, "prioritize", 3),
        (thursday, "comment"),
        (thursday + ONE_HOUR, "reply"),
    )
    for agreement in Agreement.objects.all():
        agreement.save()
    sla.rechoose(thursday + 2 * ONE_HOUR)
    older = opened(cast, MONDAY)
    verbs.merge(older, ticket, by=cast.bo, at=thursday + 3 * ONE_HOUR)
    sla.exclude(
        ticket,
        reason="customer_caused",
        note="",
        by=cast.cleo,
        at=thursday + 4 * ONE_HOUR,
        clock=clock_of(ticket),
    )
    play(cast, ticket, (thursday + 5 * ONE_HOUR, "resolve"))
    assert differences() == []
    # Nobody need have looked: what is overdue is overdue by the events alone.
    assert differences(thursday) == []


@pytest.mark.parametrize("ticked", [False, True])
def test_a_breach_nobody_has_noticed_yet_is_no_difference(desk, ticked):
    if ticked:
        sla.tick(at(3, 9, 10))
    assert differences() == []


def test_agreements_and_calendars_edited_later_change_no_computed_clock(cast, desk):
    desk.resolve(MONDAY + 3 * ONE_HOUR)
    promise(cast.agreement, resolution=1)
    cast.agreement.save()
    cast.calendar.openings.all().delete()
    cast.calendar.save()
    assert differences() == []


# --- A difference ----------------------------------------------------------------------------


def test_a_clock_that_was_tampered_with_is_found(desk):
    SlaClock.objects.filter(pk=clock_of(desk.ticket).pk).update(due_at=at(3, 6, 10))
    (found,) = differences(MONDAY)
    number = desk.ticket.number
    assert found == (
        f"{number} resolution due_at: 2026-03-06 09:00:00+00:00 stored,"
        " 2026-03-04 09:00:00+00:00 by its events"
    )


def test_a_clock_too_few_or_too_many_is_found(desk):
    clock = clock_of(desk.ticket)
    clock.delete()
    (missing,) = differences(MONDAY)
    assert missing == f"{desk.ticket.number} resolution clock: None stored, running by its events"
    clock.pk, clock.metric = None, "update"
    clock.save()
    assert len(differences(MONDAY)) == 2


def test_reading_changes_nothing(desk):
    SlaClock.objects.filter(pk=clock_of(desk.ticket).pk).update(due_at=at(3, 2, 11))
    before = list(SlaClock.objects.values())
    differences()
    assert list(SlaClock.objects.values()) == before


def test_a_batch_costs_the_same_however_many_tickets(cast, django_assert_num_queries):
    opened(cast, MONDAY)
    cast.calendar.schedule()
    with django_assert_num_queries(3):
        differences()
    for _n in range(3):
        opened(cast, MONDAY)
    with django_assert_num_queries(3):
        differences()


# --- Rewriting -------------------------------------------------------------------------------


def test_rewriting_puts_the_computed_clocks_in_place_of_the_stored(desk):
    right = columns(desk.ticket)
    SlaClock.objects.filter(ticket=desk.ticket).update(due_at=at(3, 6, 10), target_seconds=1)
    sla.rewrite(desk.ticket)
    assert differences() == []
    assert columns(desk.ticket) == right


def test_rewriting_tells_nobody_twice(cast, desk):
    EscalationStep.objects.create(agreement=cast.agreement, percent=50, action="notify_lead")
    cast.agreement.save()
    sla.rechoose(MONDAY)
    noon = at(3, 2, 12) + SECOND
    assert sla.tick(noon) == {"breached": 2, "at_risk": 0, "escalated": 2}
    sla.rewrite(desk.ticket)
    assert sla.tick(noon) == {"breached": 0, "at_risk": 0, "escalated": 0}
    assert clock_of(desk.ticket, "acknowledge").outcome == Outcome.BREACHED
    assert columns(desk.ticket)[2] is True


def test_breach_that_never_was_is_taken_back_and_may_come_later(desk):
    desk.reply(MONDAY)
    clock = clock_of(desk.ticket)
    SlaClock.objects.filter(pk=clock.pk).update(due_at=at(3, 2, 12))
    sla.tick(at(3, 2, 13))
    assert clock_of(desk.ticket).outcome == Outcome.BREACHED
    sla.rewrite(desk.ticket)
    assert clock_of(desk.ticket).outcome == Outcome.PENDING
    assert columns(desk.ticket)[2] is False
    assert sla.tick(at(3, 4, 10) + SECOND)["breached"] == 1
