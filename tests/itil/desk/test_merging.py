"""Two tickets about one matter become one (`INC-5`)."""

from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk.actions.merging import newcomers
from itil.desk.timeline import story
from itil.incidents.models import Incident
from itil.sla import actions as sla
from itil.tickets import actions as tickets
from itil.tickets.errors import NotAllowed, Refused, StaleRecord
from itil.tickets.models import LinkType, Ticket, TicketEvent, TicketLink
from portal.people.models import Membership, Role
from tests import make
from tests.cast import MONDAY, person

HOUR = timedelta(hours=1)


@pytest.fixture
def eve(cast):
    """A colleague of Ann."""
    return person("Eve", cast.acme)


@pytest.fixture
def pair(cast, eve):
    """Eve's ticket, which repeats Ann's."""
    target = make.taken_incident(cast, text="Ann gets no mail.")
    source = make.incident(
        cast, by=eve, requester=eve, text="Eve gets none either.", at=MONDAY + HOUR
    )
    return source, target


def state_of(*records) -> list[tuple]:
    """Everything a refusal must leave as it is."""
    rows = Incident.objects.filter(pk__in=[one.pk for one in records]).order_by("pk")
    return [
        *rows.values_list("status", "merged_into", "parent", "version", "updated_at"),
        TicketEvent.objects.count(),
        TicketLink.objects.count(),
        sorted(Ticket.objects.values_list("number", "watchers__user__name")),
    ]


def read(ticket, user) -> list[str]:
    """The texts of the conversation as `user` reads it on the ticket's page."""
    return [entry.message.text for entry in story(ticket, user) if entry.message]


def lines(ticket, user) -> list[str]:
    return [line.text for entry in story(ticket, user) for line in entry.happenings]


def watching(ticket) -> set[str]:
    return set(ticket.watchers.values_list("user__name", flat=True))


# --- What a merge does --------------------------------------------------------------------------


def test_the_source_ends_as_a_duplicate_and_points_to_the_target(cast, pair):
    source, target = pair

    survivor = desk.merge(source, target, by=cast.bo, note="Same relay.", at=MONDAY + 2 * HOUR)

    stored = Incident.objects.get(pk=source.pk)
    assert (stored.status, stored.cancel_reason, stored.merged_into_id, stored.closed_at) == (
        "cancelled",
        "duplicate",
        target.pk,
        MONDAY + 2 * HOUR,
    )
    assert (survivor.pk, survivor.status, source.merged_into_id) == (
        target.pk,
        "in_progress",
        target.pk,
    )
    link = TicketLink.objects.get()
    assert (link.source_id, link.target_id, link.type) == (
        source.pk,
        target.pk,
        LinkType.DUPLICATE_OF,
    )
    assert Message.objects.get(text="Same relay.").visibility == "internal"


def test_both_histories_name_the_other_ticket(cast, pair):
    source, target = pair

    desk.merge(source, target, by=cast.bo)

    events = TicketEvent.objects.filter(kind="merged").order_by("pk")
    told = [(event.ticket_id, event.actor, event.data | {"undo": {}}) for event in events]
    assert told == [
        (source.pk, cast.bo, {"to": target.number, "undo": {}}),
        (target.pk, cast.bo, {"from": source.number, "undo": {}}),
    ]
    assert f"merged this into {target.number}" in lines(source, cast.bo)
    assert f"merged {source.number}" in lines(target, cast.bo)


def test_the_targets_page_tells_both_stories_in_the_order_of_time(cast, pair):
    source, target = pair
    desk.reply(target, by=cast.bo, text="We are on it.", at=MONDAY + 2 * HOUR)
    desk.note(source, by=cast.bo, text="The relay again.", at=MONDAY + 3 * HOUR)

    desk.merge(source, target, by=cast.bo, at=MONDAY + 4 * HOUR)

    shown = [entry.message for entry in story(target, cast.bo) if entry.message]
    assert [(message.text, message.ticket_number) for message in shown] == [
        ("Ann gets no mail.", target.number),
        ("Eve gets none either.", source.number),
        ("We are on it.", target.number),
        ("The relay again.", source.number),
    ]
    assert read(source, cast.bo) == ["Eve gets none either.", "The relay again."]


def test_the_people_of_the_source_follow_the_target_once(cast, pair, eve):
    source, target = pair
    both, ada = person("Both", cast.acme), person("Ada", cast.acme)
    for ticket, user in ((source, both), (target, both), (source, cast.ann), (source, ada)):
        tickets.watch(ticket, user)

    desk.merge(source, target, by=cast.bo)

    assert watching(target) == {"Both", "Eve", "Ada"}
    assert target.watchers.count() == 3


def test_who_may_not_see_the_target_does_not_follow_it(cast, pair):
    source, target = pair
    gone = person("Gone", cast.acme, is_active=False)
    for user in (cast.dov, cast.ned, gone):
        tickets.watch(source, user)

    joining, left_out = newcomers(source, target)
    desk.merge(source, target, by=cast.bo)

    assert [user.name for user in joining] == ["Eve", "Ned"]
    assert left_out == [cast.dov]
    assert watching(target) == {"Eve", "Ned"}


def test_nobody_joins_the_circle_of_a_confidential_target(cast, pair, eve):
    source, target = pair
    Incident.objects.filter(pk=target.pk).update(is_confidential=True)
    target.refresh_from_db()
    tickets.watch(source, cast.ned)
    tickets.watch(source, cast.cleo)

    desk.merge(source, target, by=cast.bo)

    assert watching(target) == {"Cleo"}
    assert not Ticket.objects.visible_to(eve).filter(pk=target.pk).exists()


def test_two_tickets_of_one_person_give_no_watcher(cast):
    target, source = make.incident(cast), make.incident(cast)

    desk.merge(source, target, by=cast.bo)

    assert watching(target) == set()


def test_the_clocks_are_taken_together(cast, eve):
    source = make.incident(cast, by=eve, requester=eve, at=MONDAY)
    target = make.incident(cast, at=MONDAY + HOUR)
    desk.reply(source, by=cast.bo, text="We look into it.", at=MONDAY + HOUR / 2)

    desk.merge(source, target, by=cast.bo, at=MONDAY + 2 * HOUR)

    dead = source.clocks.values_list("state", "outcome", "exclusion").distinct()
    assert ("cancelled", "excluded", "merged") in set(dead)
    resolution = target.clocks.get(metric="resolution")
    assert (resolution.started_at, resolution.state) == (MONDAY, "running")
    assert target.due_at == min(clock.due_at for clock in target.clocks.filter(state="running"))
    answer = target.clocks.get(metric="first_response")
    assert (answer.outcome, answer.stopped_at) == ("met", MONDAY + HOUR / 2)
    replayed = sla.differences(Ticket.objects.all(), now=MONDAY + 3 * HOUR)
    assert [found for _ticket, found in replayed if found] == []


def test_children_of_the_source_move_to_the_target(cast, pair):
    source, target = pair
    child = make.incident(cast, title="Third floor")
    Ticket.objects.filter(pk=child.pk).update(parent=source)

    desk.merge(source, target, by=cast.bo)

    assert Ticket.objects.get(pk=child.pk).parent_id == target.pk
    assert lines(child, cast.bo) == [f"changed parent from {source.number} to {target.number}"]


def test_a_child_into_which_its_parent_goes_takes_the_parents_place(cast, pair):
    source, target = pair
    top, between = make.incident(cast, title="Top"), make.incident(cast, title="Between")
    Ticket.objects.filter(pk=source.pk).update(parent=top)
    Ticket.objects.filter(pk=between.pk).update(parent=source)
    Ticket.objects.filter(pk=target.pk).update(parent=between)

    desk.merge(source, target, by=cast.bo)

    parents = dict(Ticket.objects.values_list("pk", "parent"))
    assert (parents[target.pk], parents[between.pk]) == (top.pk, target.pk)


def test_cancelling_as_a_duplicate_on_the_page_is_a_merge(signed_in, cast, pair, eve):
    source, target = pair
    values = {"cancel_reason": "duplicate", "merged_into": target.number, "note": "Same."}

    response = signed_in(cast.bo).post(f"/desk/tickets/{source.number}/move/cancel/", values)

    assert response.status_code == 303
    assert TicketEvent.objects.filter(kind="merged").count() == 2
    assert watching(target) == {"Eve"}


# --- Chains -------------------------------------------------------------------------------------


def test_a_target_that_was_merged_itself_is_followed_to_its_end(cast):
    first, second, third = (make.incident(cast, title=title) for title in "ABC")
    desk.merge(second, third, by=cast.bo)

    survivor = desk.merge(first, second, by=cast.bo)

    assert survivor.pk == third.pk
    assert Ticket.objects.get(pk=first.pk).merged_into_id == third.pk


def test_what_was_merged_before_moves_along_and_says_so(cast):
    first, second, third = (make.incident(cast, title=t, text=f"Text {t}") for t in "ABC")
    desk.merge(first, second, by=cast.bo, at=MONDAY + HOUR)

    desk.merge(second, third, by=cast.bo, at=MONDAY + 2 * HOUR)

    assert Ticket.objects.survivor_of(first).pk == third.pk
    assert Ticket.objects.get(pk=first.pk).merged_into_id == third.pk
    assert read(third, cast.bo) == ["Text A", "Text B", "Text C"]
    assert lines(first, cast.bo)[-1] == (
        f"moved this to {third.number}, together with {second.number}"
    )


def test_a_circle_is_refused(cast):
    first, second, third = (make.incident(cast, title=title) for title in "ABC")
    desk.merge(first, second, by=cast.bo)
    desk.merge(second, third, by=cast.bo)
    before = state_of(first, second, third)

    for target in (first, second):
        with pytest.raises(Refused, match="the two are one already"):
            desk.merge(third, target, by=cast.bo)
    with pytest.raises(Refused, match="into itself"):
        desk.merge(third, third, by=cast.bo)

    assert state_of(first, second, third) == before


def test_a_chain_of_old_data_is_followed_and_a_circle_in_it_ends(cast):
    first, second, third = (make.incident(cast, title=title) for title in "ABC")
    Ticket.objects.filter(pk=first.pk).update(merged_into=second)
    Ticket.objects.filter(pk=second.pk).update(merged_into=third)
    assert Ticket.objects.survivor_of(Ticket.objects.get(pk=first.pk)) == Ticket.objects.get(
        pk=third.pk
    )

    Ticket.objects.filter(pk=third.pk).update(merged_into=first)
    assert Ticket.objects.survivor_of(Ticket.objects.get(pk=first.pk)).pk == third.pk


# --- What is refused ----------------------------------------------------------------------------


def refused(source, target, by, match, error=Refused):
    before = state_of(source, target)
    with pytest.raises(error, match=match):
        desk.merge(source, target, by=by, note="Never said")
    assert state_of(source, target) == before
    assert not Message.objects.filter(text="Never said").exists()


@pytest.mark.parametrize("name", ["ann", "eve", "dov", "ned", "mia", "bea", "root"])
def test_only_the_people_of_the_queue_merge(cast, pair, eve, name):
    cast.eve = eve
    refused(*pair, getattr(cast, name), "another team works on it", NotAllowed)


@pytest.mark.parametrize("name", ["bo", "cleo"])
def test_agents_and_leads_of_the_queue_merge(cast, pair, name):
    source, target = pair

    assert desk.merge(source, target, by=getattr(cast, name)).pk == target.pk


def test_both_tickets_must_be_ones_own(cast):
    mine, theirs = make.incident(cast), make.incident(cast, team=cast.network_team)

    for by in (cast.bo, cast.ned):
        refused(mine, theirs, by, "another team works on it", NotAllowed)
        refused(theirs, mine, by, "another team works on it", NotAllowed)
    Membership.objects.create(user=cast.ned, role=Role.AGENT, team=cast.desk_team)
    del cast.ned.grants
    assert desk.merge(mine, theirs, by=cast.ned).pk == theirs.pk


def test_organizations_are_not_mixed(cast, pair):
    foreign = make.incident(cast, by=cast.dov, requester=cast.dov)

    refused(foreign, pair[1], cast.bo, "belongs to another organization")
    refused(pair[0], foreign, cast.bo, "belongs to another organization")


def test_what_is_confidential_goes_only_into_what_is(cast, pair):
    source, target = pair
    Incident.objects.filter(pk=source.pk).update(is_confidential=True)

    refused(source, target, cast.bo, "is confidential, .* is not")
    Incident.objects.filter(pk=target.pk).update(is_confidential=True)
    assert desk.merge(source, target, by=cast.bo).pk == target.pk


def test_what_is_over_is_not_merged(cast):
    target, resolved = make.incident(cast), make.resolved_incident(cast)
    closed, cancelled = make.resolved_incident(cast), make.incident(cast)
    desk.move(closed, "close", by=cast.ann)
    desk.move(cancelled, "cancel", by=cast.bo, values={"cancel_reason": "spam"})

    for over, status in ((resolved, "Resolved"), (closed, "Closed"), (cancelled, "Cancelled")):
        refused(over, target, cast.bo, f"is “{status}”. Only open tickets")
    for over, status in ((closed, "Closed"), (cancelled, "Cancelled")):
        refused(target, over, cast.bo, f"is “{status}”. Choose a ticket that goes on")
    assert desk.merge(target, resolved, by=cast.bo).status == "resolved"


def test_merging_twice_is_told_that_it_is_done(cast, pair):
    source, target = pair
    other = make.incident(cast)
    desk.merge(source, target, by=cast.bo)

    already = f"{source.number} was merged into {target.number} already"
    refused(source, target, cast.bo, already, StaleRecord)
    refused(source, other, cast.bo, already, StaleRecord)


def test_the_refusal_names_no_ticket_that_one_may_not_see(cast, pair):
    source, target = pair
    desk.merge(source, target, by=cast.bo)
    Ticket.objects.filter(pk=target.pk).update(team=None, assignee=None, is_confidential=True)

    already = f"^{source.number} was merged into another ticket already"
    refused(source, make.incident(cast), cast.bo, already, StaleRecord)


def test_a_colleague_who_is_working_on_the_source_is_not_interrupted(cast, pair):
    source, target = pair
    desk.take(source, by=cast.cleo)

    refused(source, target, cast.bo, "Cleo is working on")
