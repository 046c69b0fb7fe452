"""The table of a change's life (domain 2.5): every status, verb, type and actor."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from itil.approvals.models import Vote
from itil.changes import actions
from itil.changes.definition import Risk
from itil.changes.lifecycle import TABLES, ChangeType, Status
from itil.changes.models import Change, ChangeTemplate, PostImplementationReview
from itil.desk import actions as desk
from itil.desk.permissions import may_move
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from . import world as worlds
from .world import HOUR, START

ALL, ASSESSED = {"standard", "normal", "emergency"}, {"normal", "emergency"}
UNDONE = ("draft", "assessment", "authorization", "scheduled")
# From, verb, to: the types that have the step, and who takes it.
ROWS = {
    ("draft", "submit", "assessment"): ({"normal"}, {"owner"}),
    ("assessment", "ask_authority", "authorization"): ({"normal"}, {"change_manager"}),
    ("draft", "call_board", "authorization"): ({"emergency"}, {"owner"}),
    ("draft", "book", "scheduled"): ({"standard"}, {"owner"}),
    ("authorization", "authorize", "scheduled"): (ASSESSED, {"system"}),
    ("assessment", "send_back", "draft"): (ASSESSED, {"change_manager", "system"}),
    ("authorization", "send_back", "draft"): (ASSESSED, {"change_manager", "system"}),
    ("scheduled", "ask_again", "authorization"): (ASSESSED, {"change_manager", "system"}),
    ("scheduled", "start", "implementation"): (ALL, {"implementer", "change_manager"}),
    ("draft", "start_unapproved", "implementation"): ({"emergency"}, {"change_manager"}),
    ("authorization", "start_unapproved", "implementation"): ({"emergency"}, {"change_manager"}),
    ("implementation", "finish", "review"): (ALL, {"implementer"}),
    ("review", "close", "closed"): (ALL, {"change_manager", "system"}),
    **{(one, "cancel", "cancelled"): (ALL, {"owner", "change_manager"}) for one in UNDONE},
    **{(one, "hold", one): (ALL, {"owner", "change_manager"}) for one in UNDONE},
}
VERBS = sorted({verb for _source, verb, _target in ROWS} | {"resume"})
# Which of the cast is which actor.
EVERYBODY = ("owner", "implementer", "change_manager", "system", "agent", "lead", "requester")


def test_the_tables_hold_exactly_the_steps_of_the_domain():
    for kind, table in TABLES.items():
        rows = {
            (str(source), move.verb, str(move.target)): {str(actor) for actor in move.by}
            for move in table.moves
            for source in move.sources
        }
        assert rows == {row: by for row, (types, by) in ROWS.items() if kind in types}


@pytest.fixture
def world(cast):
    return worlds.build(cast)


@pytest.fixture
def who(world):
    cast = world.cast
    return {
        "owner": cast.bo,
        "implementer": cast.ned,
        "change_manager": world.chas,
        "system": None,
        "agent": world.pia,
        "lead": world.quinn,
        "requester": cast.ann,
    }


def values_of(world, verb):
    """What each verb must be given, so that a refusal is never for want of a value."""
    return {
        "send_back": {"reason": "The window is short."},
        "ask_again": {"reason": "The plan is another one."},
        "cancel": {"reason": "Not needed."},
        "hold": {"reason": "The part is late."},
        "finish": {"outcome": "successful", "note": "It runs."},
        "start_unapproved": {
            "verbal_authoriser": world.eve,
            "verbal_at": MONDAY,
            "verbal_note": "Do it.",
        },
    }.get(verb, {})


def template_of(world) -> ChangeTemplate:
    return ChangeTemplate.objects.create(
        name="Patch a server",
        state=ChangeTemplate.State.APPROVED,
        proposed_by=world.pia,
        team=world.cast.network_team,
        service=world.cast.mail_service,
        reason="Patches",
        plan="Patch",
        test_plan="Look",
        back_out_plan="Roll back",
        review_on=date(2027, 1, 1),
        board=world.cab,
    )


def standard(world):
    return actions.open_standard(
        template_of(world),
        by=world.cast.bo,
        planned_start=START,
        planned_end=START + 2 * HOUR,
        implementers=[world.cast.ned],
        at=MONDAY,
    )


def drafts(world, kind):
    makers = {"normal": worlds.draft, "emergency": worlds.emergency, "standard": standard}
    return makers[kind](world)


def paths(world, kind):
    """A change of the type in every status it can have, each reached by real verbs."""
    bo, ned, chas = world.cast.bo, world.cast.ned, world.chas
    change = drafts(world, kind)
    yield change
    if kind == "normal":
        actions.move(change, "submit", by=bo, at=MONDAY)
        worlds.vote(change, world.pia, at=MONDAY)
        yield change
        actions.move(change, "ask_authority", by=chas, at=MONDAY)
        yield change
        worlds.vote(change, world.quinn, at=MONDAY)
        worlds.vote(change, world.ruth, at=MONDAY)
    elif kind == "emergency":
        actions.move(change, "call_board", by=bo, at=MONDAY)
        yield change
        worlds.vote(change, world.eve, at=MONDAY)
    else:
        actions.move(change, "book", by=bo, at=MONDAY)
    yield change
    actions.move(change, "start", by=ned, at=START)
    yield change
    values = {"outcome": "successful_with_issues", "note": "Noisy."}
    actions.move(change, "finish", by=ned, values=values, at=START + HOUR)
    actions.write_review(
        change,
        by=chas,
        at=START + HOUR,
        outcome="successful_with_issues",
        lessons="Plan more time.",
        went_wrong="It took long.",
    )
    yield change
    actions.move(change, "close", by=chas, at=START + 2 * HOUR)
    yield change


class Undo(Exception):  # noqa: N818 - not an error
    pass


def may(change, verb, by):
    """What the table and the permissions say of a step, before anything is asked of its guards."""
    row = change.lifecycle.find(verb, change.status)
    return row is not None and may_move(by, change, row)


def kept(change):
    """Everything that a refusal has to leave alone."""
    return (
        Change.objects.values().get(pk=change.pk),
        TicketEvent.objects.filter(ticket=change.pk).count(),
        Vote.objects.filter(step__process__ticket=change.pk).count(),
    )


def tries(change, verb, by, values, at):
    """The status after the step, or None when it was refused; either way nothing is kept."""
    reached = None
    before = kept(change)
    try:
        with transaction.atomic():
            present = Change.objects.get(pk=change.pk)
            try:
                reached = actions.move(present, verb, by=by, values=values, at=at).status
            except Refused:
                assert kept(change) == before
            raise Undo
    except Undo:
        return reached


def moment_for(change):
    if change.status in ("draft", "authorization"):
        return MONDAY
    return START if change.status == Status.SCHEDULED else START + 2 * HOUR


def row_of(kind, status, verb):
    """Where the step leads and who takes it; None when the type does not have it there."""
    return next(
        (
            (target, by)
            for (source, name, target), (types, by) in ROWS.items()
            if source == status and name == verb and kind in types
        ),
        None,
    )


def judge(world, who, kind, change):
    """All cells of one type and status are looked up; each step is taken once, and of the refusals
    one for want of a row and one for want of a right are tried.
    """
    at, tried = moment_for(change), set()
    for verb in VERBS:
        row, values = row_of(kind, change.status, verb), values_of(world, verb)
        for actor in EVERYBODY:
            cell = (kind, change.status, verb, actor)
            allowed = row is not None and actor in row[1]
            assert may(change, verb, who[actor]) == allowed, cell
            reason = "row" if row is None else "right"
            # Whoever may take a step takes the same one, but closing asks the system for more.
            if allowed:
                reason = f"{verb} {actor}" if verb == "close" else verb
            if reason in tried:
                continue
            tried.add(reason)
            # Without the votes the system does not authorize, and of changes that were not
            # standard and successful it closes none.
            if verb == "authorize" or (verb == "close" and actor == "system"):
                allowed = False
            reached = tries(change, verb, who[actor], values, at)
            assert (reached is not None) == allowed, cell
            # A standard change that went well is closed at once.
            if allowed and (kind, verb) != ("standard", "finish"):
                assert reached == row[0], cell


def test_every_cell_is_a_step_or_a_refusal_that_changes_nothing(world, who):
    for kind in ChangeType.values:
        seen = set()
        for change in paths(world, kind):
            seen.add(change.status)
            judge(world, who, kind, change)
        expected = set(Status.values) - {"cancelled"}
        if kind != "normal":
            expected.discard("assessment")
        if kind == "standard":
            expected.discard("authorization")
        assert seen == expected


def test_on_hold_a_change_is_only_resumed_or_cancelled(world, who):
    for change in paths(world, "normal"):
        if change.status not in UNDONE:
            break
        with transaction.atomic():
            point = transaction.savepoint()
            held = Change.objects.get(pk=change.pk)
            actions.move(held, "hold", by=who["owner"], values={"reason": "Late."}, at=MONDAY)
            assert (held.status, held.phase) == (change.status, "waiting")
            assert not Vote.objects.waiting().exists()
            for verb in VERBS:
                able = {actor for actor in EVERYBODY if may(held, verb, who[actor])}
                allowed = {"owner", "change_manager"} if verb in ("resume", "cancel") else set()
                assert able == allowed, (change.status, verb)
            for verb, reached in (("submit", None), ("cancel", "cancelled")):
                values = values_of(world, verb)
                assert tries(held, verb, who["change_manager"], values, MONDAY) == reached
            actions.move(held, "resume", by=who["owner"], at=MONDAY + HOUR)
            assert (held.status, held.phase) == (change.status, "open")
            transaction.savepoint_rollback(point)


def test_a_cancelled_change_stays_cancelled(world, who):
    change = worlds.draft(world)
    actions.move(change, "cancel", by=who["owner"], values={"reason": "No."}, at=MONDAY)
    assert not any(may(change, verb, who[actor]) for verb in VERBS for actor in EVERYBODY)
    for verb in ("cancel", "submit", "resume"):
        assert tries(change, verb, who["owner"], values_of(world, verb), MONDAY) is None


def test_the_general_verb_refuses_changes_because_more_follows_from_their_steps(world, who):
    change = worlds.draft(world)
    with pytest.raises(Refused, match="own page"):
        desk.move(change, "cancel", by=world.chas, values={"reason": "No."}, at=MONDAY)
    change.refresh_from_db()
    assert change.status == "draft"


def test_the_page_of_a_step_refuses_what_the_table_does_not_have(world, who, client):
    change = worlds.draft(world)
    before = kept(change)
    client.force_login(world.chas)
    for verb in set(VERBS) - {"cancel", "hold"}:
        answer = client.post(
            reverse("changes:move", args=[change.number, verb]), values_of(world, verb)
        )
        assert answer.status_code in (404, 409, 422), verb
    assert kept(change) == before


def test_a_review_is_needed_where_something_may_be_learned(world, who):
    change = worlds.finished(world, "failed")
    with pytest.raises(Refused, match="review"):
        actions.move(change, "close", by=world.chas, at=START + HOUR)
    assert not PostImplementationReview.objects.exists()
    change.refresh_from_db()
    assert (change.status, change.needs_review) == ("review", True)
    calm = worlds.finished(world)
    assert not calm.needs_review
    Change.objects.filter(pk=calm.pk).update(risk=Risk.HIGH)
    with pytest.raises(Refused, match="review"):
        actions.move(calm, "close", by=world.chas, at=START + HOUR)


def test_a_standard_change_that_went_well_closes_by_itself(world, who):
    change = standard(world)
    actions.move(change, "book", by=who["owner"], at=MONDAY)
    actions.move(change, "start", by=who["implementer"], at=START)
    values = {"outcome": "successful", "note": "Fine."}
    actions.move(change, "finish", by=who["implementer"], values=values, at=START + HOUR)
    assert (change.status, change.outcome) == ("closed", "successful")
