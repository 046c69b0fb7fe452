"""Tickets above, below and beside each other."""

from itertools import product

import pytest

from itil.desk import actions as desk
from itil.desk.links import family, related
from itil.desk.timeline import story
from itil.tickets.errors import NotAllowed, Refused
from itil.tickets.models import LinkType, Ticket, TicketEvent, TicketLink
from tests import make

RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}


@pytest.fixture
def three(cast):
    return [make.taken_incident(cast) for _count in range(3)]


def told(ticket, user):
    return [one.text for entry in story(ticket, user) for one in entry.happenings]


def test_a_link_reads_from_both_ends_and_so_does_its_end(cast, three):
    first, second, _third = three
    desk.link(first, second, LinkType.CAUSED_BY, by=cast.bo)

    shown = [(one.other.pk, one.label) for end in (first, second) for one in related(end, cast.bo)]
    assert shown == [(second.pk, "caused by"), (first.pk, "causes")]
    assert told(first, cast.bo)[-1] == f"linked this: caused by {second.number}"
    assert told(second, cast.bo)[-1] == f"linked this: causes {first.number}"

    assert desk.unlink(second, first, LinkType.CAUSED_BY, by=cast.bo)
    assert not desk.unlink(second, first, LinkType.CAUSED_BY, by=cast.bo)
    assert told(second, cast.bo)[-1] == f"ended the link “causes {first.number}”"
    assert not TicketLink.objects.exists()


def test_what_reads_the_same_from_both_ends_is_one_link(cast, three):
    first, second, _third = three
    desk.link(first, second, LinkType.RELATED, by=cast.bo)
    desk.link(second, first, LinkType.RELATED, by=cast.bo)

    assert TicketLink.objects.count() == 1
    assert desk.unlink(second, first, LinkType.RELATED, by=cast.bo)


@pytest.mark.parametrize("type", [LinkType.BLOCKED_BY, LinkType.CAUSED_BY, LinkType.FIXED_BY])
def test_no_chain_leads_back_to_its_beginning(cast, three, type):
    first, second, third = three
    desk.link(first, second, type, by=cast.bo)
    desk.link(second, third, type, by=cast.bo)
    events = TicketEvent.objects.count()

    for source, target in ((third, first), (second, first), (first, first)):
        with pytest.raises(Refused):
            desk.link(source, target, type, by=cast.bo)

    assert (TicketLink.objects.count(), TicketEvent.objects.count()) == (2, events)


def test_what_was_merged_or_follows_is_not_linked_by_hand(cast, three):
    for type in (LinkType.DUPLICATE_OF, LinkType.FOLLOW_UP_OF, "nonsense"):
        with pytest.raises(Refused):
            desk.link(three[0], three[1], type, by=cast.bo)


def test_who_may_link_what(cast, three):
    first, second, _third = three
    theirs = make.incident(cast, team=cast.network_team)
    outcome = {}
    for name, other in product(("ann", "bo", "ned", "cleo", "mia", "dov"), (second, theirs)):
        try:
            desk.link(first, other, LinkType.RELATED, by=getattr(cast, name))
            outcome[name, other] = True
        except NotAllowed:
            outcome[name, other] = False
    assert {key[0] for key, done in outcome.items() if done and key[1].pk == second.pk} == {
        "bo",
        "cleo",
    }
    assert {key[0] for key, done in outcome.items() if done and key[1].pk == theirs.pk} == {"cleo"}


def test_what_one_may_not_see_shows_on_no_page(cast, three):
    first = three[0]
    theirs = make.incident(cast, team=cast.network_team)
    desk.link(first, theirs, LinkType.RELATED, by=cast.cleo)
    Ticket.objects.filter(pk=theirs.pk).update(parent=first)

    assert related(first, cast.bo) == []
    assert family(first, cast.bo).count == 0
    assert [one.pk for one in family(first, cast.cleo).children] == [theirs.pk]
    assert told(first, cast.bo)[-1] == "linked another ticket"


def test_nothing_is_resolved_or_closed_over_an_open_blocker(cast, three):
    first, second, _third = three
    desk.link(first, second, LinkType.BLOCKED_BY, by=cast.bo)
    with pytest.raises(Refused, match=second.number):
        desk.move(first, "resolve", by=cast.bo, values=RESOLUTION)
    assert Ticket.objects.get(pk=first.pk).status == "in_progress"

    desk.move(second, "resolve", by=cast.bo, values=RESOLUTION)
    desk.move(first, "resolve", by=cast.bo, values=RESOLUTION)

    desk.move(second, "reopen", by=cast.bo, values={"reason": "Not yet."})
    with pytest.raises(Refused, match="is blocked by"):
        desk.move(first, "close", by=cast.cleo)


# --- Above and below --------------------------------------------------------------------------


def test_a_ticket_is_put_below_another_and_taken_out(cast, three):
    first, second, _third = three
    assert desk.set_parent(first, second, by=cast.bo)
    assert not desk.set_parent(first, second, by=cast.bo)
    assert family(second, cast.bo).open_count == 1
    assert family(first, cast.bo).parent.pk == second.pk
    assert told(second, cast.bo)[-1] == f"put {first.number} below"

    assert desk.set_parent(first, None, by=cast.bo)
    assert told(second, cast.bo)[-1] == f"took {first.number} out from below"


def test_no_ticket_stands_below_itself(cast, three):
    first, second, third = three
    desk.set_parent(first, second, by=cast.bo)
    desk.set_parent(second, third, by=cast.bo)
    for child, parent in ((third, first), (second, first), (first, first)):
        with pytest.raises(Refused):
            desk.set_parent(child, parent, by=cast.bo)
    assert Ticket.objects.get(pk=third.pk).parent is None


def test_nothing_goes_below_what_is_over_or_less_confidential(cast, three):
    first, second, third = three
    Ticket.objects.filter(pk=first.pk).update(is_confidential=True)
    for parent in (make.resolved_incident(cast), second):
        if parent != second:
            desk.move(parent, "close", by=cast.cleo)
        with pytest.raises(Refused):
            desk.set_parent(Ticket.objects.get(pk=first.pk), parent, by=cast.bo)
    with pytest.raises(NotAllowed):
        desk.set_parent(third, second, by=cast.ned)
    assert not Ticket.objects.filter(parent__isnull=False).exists()


# --- Pages ------------------------------------------------------------------------------------


def test_the_page_finds_relates_and_ends(cast, three, signed_in):
    first, second, third = three
    client, here = signed_in(cast.bo), f"/desk/tickets/{first.number}/related/"
    assert [one.pk for one in client.get(f"{here}?q={second.number}").context["offered"]] == [
        second.pk
    ]
    steps = (
        ("blocked_by", second, "blocked by"),
        ("inverse:caused_by", third, "causes"),
        ("child", third, "has as a part"),
    )
    for how, other, label in steps:
        answer = client.post(here, {"to": other.number, "how": how}, follow=True)
        assert answer.status_code == 200
        assert label in answer.content.decode()
    page = client.get(f"/desk/tickets/{first.number}/").content.decode()
    assert "1 ticket below it, 1 open." in page

    answer = client.post(here, {"to": second.number, "how": "parent"})
    assert answer.status_code == 303
    answer = client.post(here, {"to": second.number, "how": "child"})
    assert answer.status_code == 409
    assert "would be a circle" in answer.content.decode()
    for how, other in (("blocked_by", second), ("child", third), ("caused_by", third)):
        client.post(f"{here}end/", {"to": other.number, "how": how})
    client.post(f"{here}end/", {"to": second.number, "how": "parent"})
    assert not TicketLink.objects.exists()
    assert not Ticket.objects.filter(parent__isnull=False).exists()


def test_what_one_may_not_see_cannot_be_linked_by_its_number(cast, three, signed_in):
    theirs = make.incident(cast, team=cast.network_team)
    client, here = signed_in(cast.bo), f"/desk/tickets/{three[0].number}/related/"

    for number in (theirs.number, "INC-999999", "nonsense"):
        assert client.get(f"{here}?to={number}").status_code == 404
        assert client.post(here, {"to": number, "how": "related"}).status_code == 404
        assert client.get(f"{here}?q={number}").context["offered"] == []
    assert signed_in(cast.ann).get(here).status_code == 404
