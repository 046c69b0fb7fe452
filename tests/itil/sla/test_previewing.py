"""What a change would do to the clocks, before it is saved."""

from itil.sla import actions as sla
from itil.sla.models import Metric, SlaClock
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import ONE_HOUR, Verbs, agree, opened


def shown(effects) -> dict:
    return {
        effect.clock.metric: (
            effect.before and effect.before.due_at,
            effect.after and effect.after.due_at,
        )
        for effect in effects
    }


def test_other_priority_shows_the_clocks_that_move(desk):
    effects = sla.effects(desk.ticket, at=MONDAY + ONE_HOUR, priority=1)
    assert shown(effects) == {"resolution": (at(3, 4, 10), at(3, 2, 14))}
    (effect,) = effects
    assert (effect.moves, effect.breaches, effect.ends, effect.begins) == (
        True,
        False,
        False,
        False,
    )


def test_a_raise_that_comes_too_late_is_shown_as_a_breach(desk):
    desk.reply(MONDAY)
    (effect,) = sla.effects(desk.ticket, at=MONDAY + 6 * ONE_HOUR, priority=1)
    assert effect.breaches
    assert effect.after.breached_at == at(3, 2, 14)


def test_what_is_overdue_already_is_no_effect_of_the_change(desk):
    effects = sla.effects(desk.ticket, at=MONDAY + 3 * ONE_HOUR, priority=1)
    assert [effect.clock.metric for effect in effects] == ["resolution"]


def test_other_organization_shows_what_ends_and_what_begins(cast, desk):
    agree(cast, "Globex", organization=cast.globex, promises={"resolution": 16, "update": 4})
    effects = sla.effects(desk.ticket, at=MONDAY + ONE_HOUR, organization=cast.globex)
    ending = {effect.clock.metric for effect in effects if effect.ends}
    beginning = {effect.clock.metric for effect in effects if effect.begins}
    assert (ending, beginning) == ({"acknowledge", "first_response"}, {Metric.UPDATE})


def test_a_change_that_moves_nothing_shows_nothing(desk, cast):
    assert sla.effects(desk.ticket, at=MONDAY, organization=cast.globex) == []


def test_what_is_shown_is_what_happens(cast, desk):
    agree(cast, "Mail", service=cast.mail_service, promises={"resolution": 4, "first_response": 1})
    desk.hold(MONDAY + ONE_HOUR)
    desk.resume(MONDAY + 2 * ONE_HOUR)
    when = MONDAY + 3 * ONE_HOUR
    foreseen = shown(sla.effects(desk.ticket, at=when, service=cast.mail_service))
    desk.edit(when, service=cast.mail_service)
    for metric, (_before, after) in foreseen.items():
        clock = SlaClock.objects.filter(ticket=desk.ticket, metric=metric).latest("pk")
        assert clock.due_at == after


def test_nothing_is_saved_and_it_costs_four_queries_at_most(cast, django_assert_max_num_queries):
    ticket = opened(cast, MONDAY)
    before = list(SlaClock.objects.values())
    with django_assert_max_num_queries(4):
        sla.effects(ticket, at=MONDAY + ONE_HOUR, priority=1)
    assert list(SlaClock.objects.values()) == before
    Verbs(cast, ticket).take(MONDAY)
    assert ticket.priority == 3
