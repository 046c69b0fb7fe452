"""The history, links and participants that every record type shares."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import LinkType, TicketEvent, TicketLink, Watcher
from tests import make
from tests.cast import MONDAY

LATER = MONDAY + timedelta(hours=1)


def test_an_event_says_who_for_whom_when_how_and_why(cast):
    incident = make.incident(cast)
    cause = TicketEvent.objects.get()

    event = tickets.record(
        incident,
        "edited",
        by=cast.bo,
        on_behalf_of=cast.ann,
        at=LATER,
        data={"changes": {}},
        channel="phone",
        cause=cause,
    )

    event.refresh_from_db()
    assert (event.actor, event.on_behalf_of, event.at) == (cast.bo, cast.ann, LATER)
    assert (event.channel, event.data, event.cause) == ("phone", {"changes": {}}, cause)
    assert event.recorded_at > LATER
    assert event.handled_at is None


def test_the_history_is_in_the_order_of_what_happened_not_of_what_was_written(cast):
    incident = make.incident(cast, at=LATER)
    tickets.record(incident, "mail", by=None, at=MONDAY)

    assert [event.kind for event in incident.events.all()] == ["mail", "opened"]


def test_two_tickets_are_linked_once_however_often_it_is_asked(cast):
    source, target = make.incident(cast), make.incident(cast)

    first = tickets.link(source, target, "related", by=cast.bo, at=LATER)
    second = tickets.link(source, target, "related", by=cast.cleo)

    assert first == second
    assert TicketLink.objects.get().created_at == LATER
    told = TicketEvent.objects.filter(kind="linked").order_by("pk")
    assert [(event.ticket_id, event.actor, event.at, event.data) for event in told] == [
        (source.pk, cast.bo, LATER, {"type": "related", "to": target.number}),
        (target.pk, cast.bo, LATER, {"type": "related", "from": source.number}),
    ]


def test_a_link_of_another_kind_stands_beside_the_first(cast):
    source, target = make.incident(cast), make.incident(cast)
    tickets.link(source, target, "related", by=cast.bo)

    tickets.link(source, target, LinkType.CAUSED_BY, by=cast.bo)

    assert TicketLink.objects.count() == 2


def test_a_ticket_is_not_linked_to_itself(cast):
    incident = make.incident(cast)

    with pytest.raises(Refused, match="cannot be linked to itself"):
        tickets.link(incident, incident, "related", by=cast.bo)
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketLink.objects.create(source_id=incident.pk, target_id=incident.pk, type="related")

    assert not TicketLink.objects.exists()


def test_an_unknown_kind_of_link_is_an_error_of_the_caller(cast):
    with pytest.raises(ValueError, match="not a valid LinkType"):
        tickets.link(make.incident(cast), make.incident(cast), "married_to", by=cast.bo)


def test_someone_watches_once_until_unwatched(cast):
    incident = make.incident(cast)

    first, second = tickets.watch(incident, cast.dov), tickets.watch(incident, cast.dov)
    watched = Watcher.objects.count()
    tickets.unwatch(incident, cast.dov)
    tickets.unwatch(incident, cast.dov)

    assert first == second
    assert watched == 1
    assert not Watcher.objects.exists()


def test_the_requester_need_not_watch(cast):
    incident = make.incident(cast, requested_for=cast.dov)

    assert tickets.watch(incident, cast.ann) is None
    assert tickets.watch(incident, cast.dov) is None
    assert not Watcher.objects.exists()
