"""What saving an agreement would do to the tickets of today."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.sla.actions import rechoose
from itil.sla.actions.foreseeing import examples, foresee
from itil.sla.models import Agreement, ServiceTarget, SlaClock
from portal.people.models import Organization
from tests import make
from tests.cast import HOUR, MONDAY, office_hours

ELEVEN = MONDAY + timedelta(hours=1)


@pytest.fixture
def standard(cast) -> Agreement:
    """The standard agreement, read anew."""
    return Agreement.objects.get(pk=cast.agreement.pk)


def within(agreement, hours, metric="resolution") -> Agreement:
    """The agreement with other targets for one metric, not saved."""
    rows = list(agreement.targets.all())
    for row in rows:
        if row.metric == metric:
            row.seconds = int(hours * HOUR)
    agreement.targets = rows
    return agreement


def gold(cast, **changes) -> Agreement:
    """An agreement with Acme, not saved: resolution within 2 h."""
    made = Agreement(name="Gold", calendar=cast.calendar, organization=cast.acme, **changes)
    made.targets = [row for row in cast.agreement.targets.all() if row.metric == "resolution"]
    for row in made.targets.all():
        row.pk, row.seconds = None, 2 * HOUR
    return made


def moves(foresight) -> list[tuple]:
    return [
        (outlook.ticket.number, effect.clock.metric, effect.before.due_at, effect.after.due_at)
        for outlook in foresight.at_once
        for effect in outlook.effects
    ]


def test_a_shorter_target_moves_what_runs(cast, standard):
    ticket = make.taken_incident(cast)
    seen = foresee(within(standard, 8), at=ELEVEN)
    assert moves(seen) == [
        (
            ticket.number,
            "resolution",
            MONDAY.replace(day=5, hour=9),
            MONDAY.replace(day=3, hour=9),
        )
    ]
    assert (seen.moved, seen.breached, seen.changed, seen.looked_at) == (1, 0, 0, 1)
    assert seen.is_complete


def test_nothing_is_written_by_looking(cast, standard):
    make.taken_incident(cast)
    before = list(SlaClock.objects.values())
    foresee(within(standard, 0.5), at=ELEVEN)
    assert list(SlaClock.objects.values()) == before
    assert Agreement.objects.get().targets.get(metric="resolution", priority=1).seconds == 4 * HOUR


def test_what_is_foreseen_is_what_happens(cast, standard):
    make.taken_incident(cast)
    make.incident(cast)
    seen = {move[:2]: move[3] for move in moves(foresee(within(standard, 8), at=ELEVEN))}
    standard.save()
    rechoose(ELEVEN)
    for clock in SlaClock.objects.select_related("ticket").filter(metric="resolution"):
        assert clock.due_at == seen[clock.ticket.number, clock.metric]


def test_a_target_that_was_used_up_would_be_missed(cast, standard):
    make.taken_incident(cast)
    seen = foresee(within(standard, 0.5), at=ELEVEN)
    assert (seen.breached, seen.at_once[0].breaches) == (1, True)


def test_what_is_stopped_or_missed_stays(cast, standard):
    make.resolved_incident(cast, at=ELEVEN)
    SlaClock.objects.filter(metric="resolution").update(outcome="breached")
    assert not foresee(within(standard, 0.5), at=ELEVEN).asks


def test_what_waits_for_its_occasion_on_a_ticket_that_is_done_is_no_matter(cast):
    cast.agreement.targets.create(metric="next_response", priority=4, seconds=HOUR)
    cast.agreement.save()
    make.resolved_incident(cast, at=ELEVEN)
    assert SlaClock.objects.filter(metric="next_response", state="waiting").exists()
    standard = Agreement.objects.get()
    assert foresee(within(standard, 8, "next_response"), at=ELEVEN).looked_at == 0


def test_a_team_less_ticket_gets_no_agreement_between_teams(cast):
    make.incident(cast, team=None)
    for_all = Agreement(name="Teams", kind="ola", calendar=cast.calendar)
    for_all.targets = [ServiceTarget(metric="ola_resolution", priority=4, seconds=HOUR)]
    assert not foresee(for_all, at=ELEVEN).later


def test_a_target_that_is_removed_ends_its_clocks(cast, standard):
    make.taken_incident(cast)
    standard.targets = [row for row in standard.targets.all() if row.metric != "resolution"]
    seen = foresee(standard, at=ELEVEN)
    assert (seen.ended, seen.moved, seen.begun) == (1, 0, 0)


def test_a_target_that_is_added_begins_at_the_receipt(cast):
    cast.agreement.targets.filter(metric="acknowledge").delete()
    make.incident(cast)
    standard = Agreement.objects.get()
    rows = list(standard.targets.all())
    added = ServiceTarget(metric="acknowledge", priority=4, seconds=HOUR)
    standard.targets = [*rows, added]
    seen = foresee(standard, at=ELEVEN)
    assert (seen.begun, seen.moved) == (1, 0)
    (effect,) = seen.at_once[0].effects
    assert effect.after.due_at == MONDAY + timedelta(hours=1)


def test_a_paused_clock_has_another_target_and_no_due_time(cast, standard):
    ticket = make.taken_incident(cast)
    desk.move(
        ticket,
        "hold",
        by=cast.bo,
        values={"hold_reason": "awaiting_requester", "question": "Which?", "note": "Which?"},
        at=ELEVEN,
    )
    (effect,) = foresee(within(standard, 8), at=ELEVEN).at_once[0].effects
    assert (effect.before.due_at, effect.after.due_at) == (None, None)
    assert (effect.before.target_seconds, effect.after.target_seconds) == (24 * HOUR, 8 * HOUR)


# --- Who gets it ---------------------------------------------------------------------------------


def test_tickets_that_no_longer_fit_change_their_agreement(cast):
    bronze = Agreement.objects.create(name="Bronze", calendar=cast.calendar, rank=1)
    bronze.targets.create(metric="resolution", priority=4, seconds=8 * HOUR)
    bronze.save()
    make.taken_incident(cast)
    bronze.organization = cast.globex
    seen = foresee(bronze, at=ELEVEN)
    assert (seen.changed, seen.at_once[0].former, seen.at_once[0].chosen) == (
        1,
        "Bronze",
        "Standard",
    )
    assert seen.moved == 1


def test_a_new_agreement_leaves_tickets_alone_and_names_those_that_would_get_it(cast):
    ticket = make.taken_incident(cast)
    make.incident(cast, by=cast.dov, requester=cast.dov)
    seen = foresee(gold(cast), at=ELEVEN)
    assert not seen.asks
    assert [(one.ticket.number, one.former, one.chosen) for one in seen.later] == [
        (ticket.number, "Standard", "Gold")
    ]
    (effect,) = [one for one in seen.later[0].effects if one.clock.metric == "resolution"]
    assert effect.after.due_at == MONDAY + timedelta(hours=2)


def test_tickets_of_parts_of_the_organization_count_among_them(cast):
    cast.acme.parent = Organization.objects.create(name="Acme Group")
    cast.acme.save()
    make.taken_incident(cast)
    group = gold(cast)
    group.organization = cast.acme.parent
    assert len(foresee(group, at=ELEVEN).later) == 1


def test_a_lower_rank_takes_tickets_over(cast):
    made = gold(cast, rank=500)
    made.save()
    make.taken_incident(cast)
    made = Agreement.objects.get(name="Gold")
    assert not foresee(made, at=ELEVEN).later
    # Without any that fits, a default agreement that fits all has the lower rank.
    made.rank = 5
    assert len(foresee(made, at=ELEVEN).later) == 1


def test_an_agreement_that_ends_touches_no_ticket(cast, standard):
    make.taken_incident(cast)
    standard.active = False
    seen = foresee(standard, at=ELEVEN)
    assert (seen.asks, seen.later, seen.looked_at) == (False, (), 0)


def test_validity_is_that_of_the_receipt(cast):
    make.taken_incident(cast)
    assert not foresee(gold(cast, valid_from=ELEVEN), at=ELEVEN).later
    assert not foresee(gold(cast, valid_to=MONDAY), at=ELEVEN).later
    assert len(foresee(gold(cast, valid_from=MONDAY), at=ELEVEN).later) == 1


def test_contracts_with_suppliers_move_nothing(cast):
    make.taken_incident(cast)
    contract = Agreement(name="Telco", kind="uc", calendar=cast.calendar)
    assert foresee(contract, at=ELEVEN).looked_at == 0


def test_only_so_many_tickets_are_looked_at(cast, standard):
    tickets = [make.taken_incident(cast) for _number in range(3)]
    seen = foresee(within(standard, 8), at=ELEVEN, limit=2)
    assert [one.ticket.number for one in seen.at_once] == [
        tickets[2].number,
        tickets[1].number,
    ]
    assert (seen.looked_at, seen.is_complete) == (2, False)


def test_more_tickets_are_no_more_queries(cast, standard, django_assert_num_queries):
    for _number in range(4):
        make.taken_incident(cast)
    with django_assert_num_queries(8):
        foresee(within(standard, 8), at=ELEVEN)


# --- Examples ------------------------------------------------------------------------------------


def test_an_example_for_each_target_in_the_order_of_the_table(standard):
    found = examples(standard, at=MONDAY)
    assert len(found) == 15
    assert [(one.metric, one.level) for one in found[:4]] == [
        ("acknowledge", 1),
        ("first_response", 1),
        ("resolution", 1),
        ("acknowledge", 2),
    ]
    assert found[2].due_at == MONDAY + timedelta(hours=4)
    assert found[2].at_risk_at == MONDAY + timedelta(hours=3)
    assert found[2].zone == "Europe/Berlin"


def test_examples_of_every_form_and_calendar(cast):
    tokyo = office_hours("Tokyo")
    tokyo.time_zone = "Asia/Tokyo"
    tokyo.save()
    made = Agreement(name="Gold", calendar=cast.calendar, target_key="severity")
    made.targets = [
        ServiceTarget(metric="resolution", priority=1, form="cutoff", cutoff=12 * 60),
        ServiceTarget(metric="resolution", priority=2, form="fixed_instant"),
        ServiceTarget(
            metric="resolution", priority=3, form="business_days", days=1, snap="same_time"
        ),
        ServiceTarget(metric="resolution", priority=4, seconds=HOUR, calendar=tokyo),
    ]
    dues = {one.level: (one.due_at, one.zone) for one in examples(made, at=MONDAY)}
    assert dues == {
        1: (MONDAY.replace(hour=16), "Europe/Berlin"),
        2: (None, "Europe/Berlin"),
        3: (MONDAY.replace(day=3), "Europe/Berlin"),
        4: (MONDAY.replace(day=3, hour=1), "Asia/Tokyo"),
    }
