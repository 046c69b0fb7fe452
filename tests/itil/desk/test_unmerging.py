"""Two tickets that were merged are two again (`INC-5`)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.tickets.errors import NotAllowed, Refused, StaleRecord
from itil.tickets.models import Ticket, TicketEvent, TicketLink
from itil.timesheets.models import TimeEntry
from tests import make
from tests.cast import MONDAY, person

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RESOLUTION = {"resolution_code": "fixed", "note": "It runs again."}


@pytest.fixture
def pair(cast):
    """Eve's ticket waits for her; Ann's, which came earlier, is untouched."""
    eve = person("Eve", cast.acme)
    target = make.incident(cast, at=MONDAY)
    source = make.incident(cast, requester=eve, by=eve, at=MONDAY + 10 * MINUTE)
    desk.take(source, by=cast.bo, at=MONDAY + 10 * MINUTE)
    question = {"hold_reason": "awaiting_requester", "note": "Which address?"}
    desk.move(source, "hold", by=cast.bo, values=question, at=MONDAY + 20 * MINUTE)
    return source, target


def rows():
    """The tickets as they are, but for what every change counts, and for claims."""
    left_out = ("version", "updated_at", "claimed_by_id", "claimed_at")
    kept = []
    for row in Ticket.objects.order_by("pk").values():
        kept.append({name: value for name, value in row.items() if name not in left_out})
    return kept


def clocks():
    found = []
    for ticket in Ticket.objects.order_by("pk"):
        found += [
            (ticket.pk, one.metric, one.state, one.outcome, one.due_at, one.elapsed_seconds)
            for one in ticket.clocks.order_by("metric", "cycle")
        ]
    return found


def ensure_replayed():
    later = MONDAY + timedelta(days=2)
    assert [found for _t, found in sla.differences(Ticket.objects.all(), later) if found] == []


def test_undoing_puts_everything_back_as_it_was(cast, pair):
    source, target = pair
    child, earlier = make.incident(cast, at=MONDAY), make.taken_incident(cast, at=MONDAY)
    desk.set_parent(child, source, by=cast.bo, at=MONDAY)
    desk.merge(earlier, source, by=cast.bo, at=MONDAY + 25 * MINUTE)
    before, watching, timed = rows(), list(target.watchers.values("user")), clocks()

    desk.merge(source, target, by=cast.bo, at=MONDAY + 30 * MINUTE)
    ensure_replayed()
    assert rows() != before
    end = desk.unmerge(source, by=cast.bo, at=MONDAY + HOUR)

    assert end.pk == target.pk
    assert rows() == before
    assert list(target.watchers.values("user")) == watching
    assert clocks() == timed
    assert not TicketLink.objects.filter(source=source, target=target).exists()
    assert TicketLink.objects.filter(source=earlier, target=source).exists()
    ensure_replayed()


def test_life_goes_on_for_both_and_the_clocks_with_it(cast, pair):
    source, target = pair
    desk.merge(source, target, by=cast.bo, at=MONDAY + 30 * MINUTE)
    desk.take(target, by=cast.bo, at=MONDAY + 35 * MINUTE)
    desk.reply(target, by=cast.bo, text="We look.", at=MONDAY + 40 * MINUTE)
    desk.unmerge(source, by=cast.bo, at=MONDAY + HOUR)

    assert Ticket.objects.get(pk=target.pk).first_response_at == MONDAY + 40 * MINUTE
    ensure_replayed()
    desk.comment(source, by=source.requester, text="This one.", at=MONDAY + 2 * HOUR)
    for ticket in (source, target):
        desk.move(ticket, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + 3 * HOUR)
    ensure_replayed()


def test_they_can_be_merged_again_and_undone_again(cast, pair):
    source, target = pair
    before = rows()
    for minute in (30, 50):
        desk.merge(source, target, by=cast.bo, at=MONDAY + minute * MINUTE)
        desk.unmerge(source, by=cast.bo, at=MONDAY + (minute + 10) * MINUTE)
    desk.merge(target, source, by=cast.bo, at=MONDAY + 70 * MINUTE)
    desk.unmerge(target, by=cast.bo, at=MONDAY + 80 * MINUTE)

    assert rows() == before
    ensure_replayed()


def test_a_chain_is_undone_from_its_end(cast, pair):
    source, target = pair
    third = make.incident(cast)
    before = rows()
    desk.merge(source, target, by=cast.bo, at=MONDAY + 30 * MINUTE)
    desk.merge(target, third, by=cast.bo, at=MONDAY + 40 * MINUTE)

    with pytest.raises(Refused, match="Undo that merge first"):
        desk.unmerge(source, by=cast.bo, at=MONDAY + HOUR)
    desk.unmerge(target, by=cast.bo, at=MONDAY + HOUR)
    desk.unmerge(source, by=cast.bo, at=MONDAY + HOUR)

    assert rows() == before
    ensure_replayed()


def late(cast, source, target):
    return {"at": MONDAY + timedelta(days=1, minutes=31)}


def over(cast, source, target):
    desk.take(target, by=cast.bo)
    desk.move(target, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + 40 * MINUTE)
    desk.move(target, "close", by=cast.cleo, at=MONDAY + 40 * MINUTE)


def billed(cast, source, target):
    desk.log_time(target, by=cast.bo, minutes=15, activity=cast.activity, work_date=MONDAY.date())
    TimeEntry.objects.update(state="invoiced", created_at=MONDAY + 50 * MINUTE)


def parted(cast, source, target):
    message = source.messages.filter(is_staff_side=False).first()
    desk.split(target, message, by=cast.bo, title="The printer")


@pytest.mark.parametrize("obstacle", [late, over, billed, parted])
def test_it_is_refused_once_something_was_built_on_it(cast, pair, obstacle):
    source, target = pair
    desk.merge(source, target, by=cast.bo, at=MONDAY + 30 * MINUTE)
    values = obstacle(cast, source, target) or {"at": MONDAY + HOUR}
    before, events = rows(), TicketEvent.objects.count()

    with pytest.raises(Refused):
        desk.unmerge(source, by=cast.bo, **values)

    assert (rows(), TicketEvent.objects.count()) == (before, events)


def test_only_who_works_on_both_undoes_it_and_once(cast, pair):
    source, target = pair
    desk.merge(source, target, by=cast.bo, at=MONDAY + 30 * MINUTE)
    for name in ("ann", "ned", "mia", "dov"):
        with pytest.raises(NotAllowed):
            desk.unmerge(source, by=getattr(cast, name), at=MONDAY + HOUR)
    desk.unmerge(source, by=cast.bo, at=MONDAY + HOUR)
    with pytest.raises(StaleRecord):
        desk.unmerge(source, by=cast.bo, at=MONDAY + HOUR)


def test_the_page_says_what_will_happen_and_does_it(cast, signed_in):
    now = timezone.now()
    source, target = make.incident(cast, at=now), make.incident(cast, at=now)
    client, here = signed_in(cast.bo), f"/desk/tickets/{source.number}/unmerge/"
    assert client.get(here).status_code == 404
    desk.merge(source, target, by=cast.bo)
    assert here in client.get(source.get_absolute_url()).content.decode()

    assert "Undo the merge" in client.get(here).content.decode()
    assert client.post(here).status_code == 303
    assert Ticket.objects.get(pk=source.pk).status == "new"
    assert client.get(source.get_absolute_url()).status_code == 200
    desk.merge(source, target, by=cast.bo)
    desk.move(target, "resolve", by=cast.bo, values=RESOLUTION)
    desk.move(target, "close", by=cast.cleo)
    assert "the two ended as one" in client.get(here).content.decode()
    assert client.post(here).status_code == 409
