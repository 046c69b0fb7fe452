"""The procedure for major incidents: every state, every step, everybody (`INC-7`, `INC-8`)."""

from datetime import timedelta

import pytest
from django.db import transaction

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.lifecycle import MAJOR, MajorState
from itil.incidents.models import (
    CandidateRule,
    Incident,
    MajorIncident,
    MajorReview,
    MajorRole,
)
from itil.problems.actions import open_problem
from itil.tickets import actions as tickets
from itil.tickets.errors import (
    MissingValue,
    MoveNotAllowed,
    NotAllowed,
    Refused,
    StaleRecord,
)
from itil.tickets.models import LinkType, Ticket, TicketEvent
from portal.people.models import Membership, Role
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY, person

MINUTE = timedelta(minutes=1)
RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}
ROWS = {
    ("none", "propose", "candidate"),
    ("candidate", "accept", "accepted"),
    ("candidate", "reject", "rejected"),
    ("accepted", "demote", "demoted"),
    ("accepted", "resolve", "resolved"),
    ("resolved", "resume", "accepted"),
    ("resolved", "review", "reviewed"),
}
# Who may take a step at all. Ned is an agent of another team, Lea leads that one.
MAY = {
    "propose": {"bo", "cleo", "lea", "system"},
    "accept": {"cleo", "lea", "system"},
    "reject": {"cleo", "lea"},
    "demote": {"cleo", "lea"},
    "review": {"cleo", "lea"},
}
ALL = ("ann", "bo", "ned", "cleo", "lea", "mia", "bea", "dov", "root", "system")


def lea(cast):
    """Lea leads the network team."""
    found = person("Lea", cast.halden)
    Membership.objects.create(user=found, role=Role.LEAD, team=cast.network_team)
    return found


def in_state(cast, state):
    """An incident that came to `state` by the verbs."""
    incident = make.taken_incident(cast)
    if state == MajorState.NONE:
        return incident
    actions.propose_major(incident, by=cast.bo, reason="The whole site.", at=MONDAY)
    if state == MajorState.CANDIDATE:
        return incident
    if state == MajorState.REJECTED:
        return actions.reject(incident, by=cast.cleo, reason="One printer.", at=MONDAY)
    major = actions.accept(incident, by=cast.cleo, owner=cast.cleo, at=MONDAY)
    if state == MajorState.ACCEPTED:
        return incident
    if state == MajorState.DEMOTED:
        return actions.demote(incident, by=cast.cleo, reason="Smaller than it looked.", at=MONDAY)
    desk.move(incident, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY)
    incident = Incident.objects.get(pk=incident.pk)
    if state == MajorState.RESOLVED:
        return incident
    write_review(cast, major)
    actions.finish_review(major, by=cast.cleo, at=MONDAY)
    return Incident.objects.get(pk=incident.pk)


def write_review(cast, major, **texts):
    texts = {
        "what_happened": "The relay stood still.",
        "causes": "A full disk.",
        "actions": "Watch the disk.",
        "no_problem_reason": "The cause is known and gone.",
    } | texts
    return actions.save_review(major, by=cast.cleo, texts=texts, at=MONDAY)


def attempt(incident, verb, by):
    """Take the step with good values, by whatever verb there is for it."""
    if verb == "propose":
        return actions.propose_major(incident, by=by, reason="The whole site.", at=MONDAY)
    if verb == "accept":
        owner = Membership.objects.filter(role=Role.LEAD).first().user
        return actions.accept(incident, by=by, owner=owner, at=MONDAY)
    if verb in ("reject", "demote"):
        return getattr(actions, verb)(incident, by=by, reason="Not that big.", at=MONDAY)
    major = MajorIncident.objects.filter(incident=incident).first()
    return actions.finish_review(major or MajorIncident(incident=incident), by=by, at=MONDAY)


def tried(incident, verb, by):
    """The state it came to, False or the refusal; nothing of it stays."""
    point = transaction.savepoint()
    try:
        done = attempt(Incident.objects.get(pk=incident.pk), verb, by)
        return done and Incident.objects.get(pk=incident.pk).major_state
    except Refused as refusal:
        return refusal
    finally:
        transaction.savepoint_rollback(point)


def test_the_table_holds_exactly_the_steps_of_the_domain():
    rows = {(str(s), move.verb, str(move.target)) for move in MAJOR.moves for s in move.sources}
    assert rows == ROWS


def test_every_guard_is_a_method_of_the_record():
    guards = {guard for move in MAJOR.moves for guard in move.guards}
    assert {name for name in guards if not hasattr(MajorIncident, f"guard_{name}")} == set()


@pytest.mark.parametrize("state", MajorState.values)
def test_every_step_from_every_state_by_everybody(cast, state):
    people = {name: getattr(cast, name) for name in ALL if hasattr(cast, name)}
    people |= {"lea": lea(cast), "system": None}
    incident = in_state(cast, state)
    if state == MajorState.RESOLVED:
        write_review(cast, MajorIncident.objects.get())
    before = (
        Incident.objects.values().get(pk=incident.pk),
        TicketEvent.objects.count(),
        list(MajorIncident.objects.values()),
    )
    for verb, allowed in MAY.items():
        target = next((to for source, name, to in ROWS if (source, name) == (state, verb)), None)
        for name, by in people.items():
            cell = f"{state} {verb} {name}"
            outcome = tried(incident, verb, by)
            if target and name in allowed:
                assert outcome == target, cell
            elif target:
                assert isinstance(outcome, NotAllowed), cell
            else:
                assert outcome is False or isinstance(outcome, Refused), cell
            after = (
                Incident.objects.values().get(pk=incident.pk),
                TicketEvent.objects.count(),
                list(MajorIncident.objects.values()),
            )
            assert after == before, cell


# --- Acceptance -------------------------------------------------------------------------------


def test_acceptance_makes_it_critical_names_the_owner_and_promises_news(cast):
    incident = in_state(cast, MajorState.CANDIDATE)
    later = MONDAY + 5 * MINUTE

    major = actions.accept(incident, by=cast.cleo, owner=cast.bo, at=later)

    stored = Incident.objects.get()
    assert (stored.priority, stored.priority_overridden) == (1, True)
    assert (major.interval_minutes, major.update_due_at) == (30, later + 30 * MINUTE)
    assert [(one.role, one.person) for one in major.roles.all()] == [("manager", cast.bo)]


def test_a_priority_set_by_hand_and_one_to_be_kept_stay(cast):
    first, second = in_state(cast, MajorState.CANDIDATE), in_state(cast, MajorState.CANDIDATE)
    desk.override_priority(first, 2, by=cast.cleo, reason="Agreed so.")

    actions.accept(first, by=cast.cleo, owner=cast.cleo)
    actions.accept(second, by=cast.cleo, owner=cast.cleo, keeps_priority=True)

    priorities = [Incident.objects.get(pk=one.pk).priority for one in (first, second)]
    assert priorities == [2, 4]
    actions.demote(second, by=cast.cleo, reason="Smaller than it looked.")
    assert Incident.objects.get(pk=second.pk).priority == 4


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"owner": None}, "owner"),
        ({"owner": "ann"}, "owner"),
        ({"owner": "cleo", "interval_minutes": 0}, "interval_minutes"),
        ({"owner": "cleo", "interval_minutes": 4}, "interval_minutes"),
        ({"owner": "cleo", "interval_minutes": 1441}, "interval_minutes"),
        ({"owner": "cleo", "announcement": "x" * 251}, "announcement"),
        ({"owner": "cleo", "technical": "ann"}, None),
    ],
)
def test_it_is_not_accepted_without_what_it_needs(cast, values, field):
    incident = in_state(cast, MajorState.CANDIDATE)
    values = {**values, "owner": values["owner"] and getattr(cast, values["owner"])}
    if "technical" in values:
        values.pop("technical")
        major = actions.accept(incident, by=cast.cleo, **values)
        with pytest.raises(MissingValue) as refusal:
            actions.appoint(major, MajorRole.TECHNICAL, cast.ann, by=cast.cleo)
        assert refusal.value.field == "technical"
        assert major.roles.count() == 1
        return
    with pytest.raises(MissingValue) as refusal:
        actions.accept(incident, by=cast.cleo, **values)
    assert refusal.value.field == field
    assert Incident.objects.get().major_state == MajorState.CANDIDATE
    assert not MajorIncident.objects.exists()


def test_the_requester_neither_resolves_nor_reopens_nor_closes_it(cast):
    incident = in_state(cast, MajorState.ACCEPTED)
    with pytest.raises(NotAllowed):
        desk.move(incident, "resolve", by=cast.ann, values=RESOLUTION)
    desk.move(incident, "resolve", by=cast.bo, values=RESOLUTION)
    for verb, values in (("reopen", {"reason": "Not yet."}), ("close", {})):
        with pytest.raises(NotAllowed):
            desk.move(incident, verb, by=cast.ann, values=values)
    desk.comment(incident, by=cast.ann, text="Still slow.")

    stored = Incident.objects.get()
    assert (stored.status, stored.major_state) == ("resolved", MajorState.RESOLVED)


@pytest.mark.parametrize("state", [MajorState.RESOLVED, MajorState.REVIEWED])
def test_time_never_closes_it_and_any_lead_may(cast, state):
    incident = in_state(cast, state)

    assert actions.close_resolved(MONDAY + timedelta(days=90)) == 0
    desk.move(incident, "close", by=lea(cast))

    assert Incident.objects.get().status == "closed"


def test_what_goes_on_is_neither_cancelled_nor_merged_nor_retyped(cast):
    incident, other = in_state(cast, MajorState.ACCEPTED), make.incident(cast)
    with pytest.raises(Refused, match="Demote it first"):
        desk.move(incident, "cancel", by=cast.bo, values={"cancel_reason": "not_a_fault"})
    with pytest.raises(Refused, match="Demote it first"):
        desk.merge(incident, other, by=cast.bo)
    with pytest.raises(Refused, match="Settle that first"):
        Incident.objects.get(pk=incident.pk).ensure_retypable()

    assert Incident.objects.get(pk=incident.pk).status == "in_progress"


def test_an_agent_who_reopens_the_incident_takes_the_procedure_up_again(cast):
    incident = in_state(cast, MajorState.RESOLVED)

    desk.move(incident, "reopen", by=cast.bo, values={"reason": "It broke again."})

    assert Incident.objects.get().major_state == MajorState.ACCEPTED


def test_what_was_reviewed_stays_as_it_was_judged(cast):
    incident = in_state(cast, MajorState.REVIEWED)

    with pytest.raises(Refused, match="It was reviewed"):
        desk.move(incident, "reopen", by=cast.bo, values={"reason": "It broke again."})

    assert Incident.objects.get().status == "resolved"


# --- Review -----------------------------------------------------------------------------------


def test_a_review_needs_its_texts_and_a_problem_or_a_reason(cast):
    incident = in_state(cast, MajorState.RESOLVED)
    major = MajorIncident.objects.get()
    with pytest.raises(MissingValue, match="Write the review first"):
        actions.finish_review(major, by=cast.cleo)
    review = write_review(cast, major, no_problem_reason="")
    with pytest.raises(MissingValue) as refusal:
        actions.finish_review(major, by=cast.cleo)
    assert refusal.value.field == "no_problem_reason"
    assert Incident.objects.get().major_state == MajorState.RESOLVED

    cause = make.incident(cast)
    tickets.link(incident, cause, LinkType.CAUSED_BY, by=cast.cleo)
    with pytest.raises(MissingValue, match="Link the problem"):
        actions.finish_review(major, by=cast.cleo)
    cause = open_problem(by=cast.bo, title="The queue stops", incidents=[incident], at=MONDAY)
    assert cause.links_in.get().type == LinkType.CAUSED_BY
    actions.finish_review(major, by=cast.cleo, at=MONDAY)

    assert Incident.objects.get(pk=incident.pk).major_state == MajorState.REVIEWED
    review.refresh_from_db()
    assert review.finished_at == MONDAY


def test_two_people_do_not_overwrite_each_others_review(cast):
    in_state(cast, MajorState.RESOLVED)
    major = MajorIncident.objects.get()
    write_review(cast, major)
    with pytest.raises(StaleRecord):
        write_review(cast, major)
    with pytest.raises(NotAllowed):
        actions.save_review(major, by=cast.bo, texts={}, version=1)

    assert MajorReview.objects.get().version == 1


def test_its_timeline_is_picked_from_what_happened_and_was_said(cast):
    incident = in_state(cast, MajorState.RESOLVED)
    write_review(cast, MajorIncident.objects.get())
    other = make.incident(cast)
    events = [*incident.events.filter(kind="moved"), *other.events.all()]

    count = actions.pick(
        MajorIncident.objects.get(),
        by=cast.cleo,
        events=events,
        messages=incident.messages.all(),
    )

    moments = MajorReview.objects.get().moments
    assert count == moments.count() == incident.events.filter(kind="moved").count() + 2
    assert moments.filter(text="Bo: It runs again.").exists()


# --- Rules ------------------------------------------------------------------------------------


def children_of(cast, parent, count, *, apart=MINUTE, **changes):
    for number in range(count):
        child = make.incident(cast, service=cast.mail_service, at=MONDAY + number * apart)
        desk.set_parent(child, parent, by=cast.bo, at=MONDAY + number * apart)


def test_many_incidents_below_one_on_one_service_propose_it_and_accept_nothing(cast):
    CandidateRule.objects.create(name="Wave", sign="children", least_children=3, within_minutes=10)
    parent = make.taken_incident(cast)
    children_of(cast, parent, 2)
    while dispatch_events():
        pass
    assert Incident.objects.get(pk=parent.pk).major_state == MajorState.NONE

    children_of(cast, parent, 1)
    while dispatch_events():
        pass

    assert Incident.objects.get(pk=parent.pk).major_state == MajorState.CANDIDATE
    proposal = parent.events.get(kind="edited", data__changes__major_state__isnull=False)
    assert proposal.data["reason"] == "Wave: 3 incidents on Mail within 10 minutes."
    assert not MajorIncident.objects.exists()


def test_incidents_spread_over_the_day_are_no_wave(cast):
    CandidateRule.objects.create(name="Wave", sign="children", least_children=3, within_minutes=10)
    parent = make.taken_incident(cast)
    children_of(cast, parent, 4, apart=6 * MINUTE)
    while dispatch_events():
        pass

    assert Incident.objects.get(pk=parent.pk).major_state == MajorState.NONE


def test_a_critical_service_that_is_down_is_proposed_and_accepted_where_a_rule_says_so(cast):
    CandidateRule.objects.create(name="Down", sign="service_down", accepts=True, owner=cast.cleo)
    cast.mail_service.criticality = 1
    cast.mail_service.save()
    make.incident(cast, service=cast.mail_service, urgency=2)
    make.incident(cast, service=cast.mail_service, urgency=1)
    while dispatch_events():
        pass

    states = list(Incident.objects.order_by("pk").values_list("major_state", flat=True))
    assert states == [MajorState.NONE, MajorState.ACCEPTED]
    major = MajorIncident.objects.get()
    assert (major.accepted_by, major.roles.get().person) == (None, cast.cleo)


def test_an_owner_who_left_leaves_the_proposal_standing(cast):
    CandidateRule.objects.create(name="Down", sign="service_down", accepts=True, owner=cast.bo)
    cast.mail_service.criticality = 1
    cast.mail_service.save()
    Membership.objects.filter(user=cast.bo).delete()
    make.incident(cast, service=cast.mail_service, urgency=1)
    dispatch_events()

    assert Ticket.objects.get().specific.major_state == MajorState.CANDIDATE


def test_a_step_that_is_not_in_the_table_names_the_possible_ones(cast):
    incident = in_state(cast, MajorState.NONE)

    with pytest.raises(MoveNotAllowed, match="Possible from here: propose"):
        actions.accept(incident, by=cast.cleo, owner=cast.cleo)
