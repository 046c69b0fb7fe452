"""The items of a ticket, and the evidence that is kept of what fails with them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from itil.cmdb import actions as cmdb
from itil.desk import actions as desk
from itil.desk.actions.items import kept_impact
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import ImpactEvidence, TicketEvent, TicketItem
from tests import make
from tests.cast import MONDAY
from tests.itil.cmdb.things import item, relate

LATER = MONDAY + timedelta(hours=1)


def told(ticket):
    return [event.data["what"] for event in ticket.events.filter(kind="item")]


def test_the_evidence_stays_as_it_was_found(cast):
    host, app = item(cast, "host"), item(cast, "app")
    relation = relate(cast, app, "depends_on", host)
    ticket = make.incident(cast)

    desk.attach_item(ticket, host, by=cast.bo, role="cause", at=LATER)
    cmdb.unrelate(relation, by=cast.bo, at=LATER)
    cmdb.edit_item(app, by=cast.bo, version=1, changes={"name": "new name"}, at=LATER)

    found = ImpactEvidence.objects.get(ticket=ticket)
    assert [hit.name for hit in kept_impact(found).items] == ["app"]
    assert (found.computed_at, found.computed_by) == (LATER, cast.bo)
    desk.keep_evidence(ticket, host, by=cast.bo, at=LATER)
    latest = ImpactEvidence.objects.filter(ticket=ticket).latest("pk")
    assert kept_impact(latest).items == ()
    assert ImpactEvidence.objects.count() == 2
    assert told(ticket) == ["attached", "evidence"]


def test_an_item_is_taken_off_and_what_was_found_is_kept(cast):
    thing, ticket = item(cast, "host"), make.incident(cast)
    desk.attach_item(ticket, thing, by=cast.bo, at=LATER)
    desk.detach_item(ticket, thing, by=cast.bo, at=LATER)
    assert not TicketItem.objects.exists()
    assert ImpactEvidence.objects.count() == 1
    assert told(ticket) == ["attached", "detached"]


def test_what_does_not_belong_together_is_refused_and_nothing_changes(cast):
    ticket = make.incident(cast)
    ours, theirs = item(cast, "ours"), item(cast, "theirs", organization=cast.globex)
    desk.attach_item(ticket, ours, by=cast.bo, at=LATER)
    free = item(cast, "free")
    closed = make.resolved_incident(cast)
    desk.move(closed, "close", by=cast.ann, at=LATER)
    before = TicketEvent.objects.count()
    for refused, verb in (
        (Refused, lambda: desk.attach_item(ticket, ours, by=cast.bo, at=LATER)),
        (Refused, lambda: desk.attach_item(ticket, theirs, by=cast.bo, at=LATER)),
        (MissingValue, lambda: desk.attach_item(ticket, free, by=cast.bo, role="x", at=LATER)),
        (NotAllowed, lambda: desk.attach_item(ticket, free, by=cast.ann, at=LATER)),
        (NotAllowed, lambda: desk.attach_item(ticket, free, by=cast.mia, at=LATER)),
        (NotAllowed, lambda: desk.detach_item(ticket, ours, by=cast.ann, at=LATER)),
        (NotAllowed, lambda: desk.keep_evidence(ticket, ours, by=cast.ann, at=LATER)),
        (Refused, lambda: desk.detach_item(ticket, free, by=cast.bo, at=LATER)),
        (Refused, lambda: desk.keep_evidence(ticket, free, by=cast.bo, at=LATER)),
        (Refused, lambda: desk.attach_item(closed, free, by=cast.bo, at=LATER)),
    ):
        with pytest.raises(refused):
            verb()
    assert TicketEvent.objects.count() == before
    assert list(TicketItem.objects.values_list("item", flat=True)) == [ours.pk]


def test_an_agent_attaches_and_detaches_on_the_pages(cast, signed_in):
    client, ticket = signed_in(cast.bo), make.incident(cast)
    held = item(cast, "Laptop of Ann", organization=cast.acme)
    cmdb.hand_over(held, cast.ann, by=cast.bo, at=MONDAY)
    host, app = item(cast, "host-7"), item(cast, "app-7")
    relate(cast, app, "depends_on", host)
    page = reverse("desk:attach_item", args=[ticket.number])

    assert "Laptop of Ann" in client.get(page).text
    assert "host-7" in client.get(page, {"q": "host"}).text
    none = client.post(page, {"q": "host", "role": "affected"})
    assert none.status_code == 422
    client.post(page, {"q": "host", "item": host.pk, "role": "cause"})
    shown = client.get(ticket.get_absolute_url()).text
    assert "host-7" in shown
    assert "attached host-7" in shown
    evidence = ImpactEvidence.objects.get()
    found = client.get(reverse("desk:evidence", args=[ticket.number, evidence.pk])).text
    assert "app-7" in found
    client.post(reverse("desk:keep_evidence", args=[ticket.number, host.number]))
    client.post(reverse("desk:detach_item", args=[ticket.number, host.number]))
    assert not TicketItem.objects.exists()
    assert ImpactEvidence.objects.count() == 2


def test_an_outsider_finds_neither_evidence_nor_tickets_of_items(cast, signed_in):
    thing, ticket = item(cast, "host"), make.incident(cast)
    desk.attach_item(ticket, thing, by=cast.bo, at=LATER)
    evidence = ImpactEvidence.objects.get()
    client = signed_in(cast.dov)
    for url in (
        reverse("desk:attach_item", args=[ticket.number]),
        reverse("desk:evidence", args=[ticket.number, evidence.pk]),
        reverse("desk:item_tickets", args=[thing.number]),
        reverse("desk:service_tickets", args=[cast.mail_service.pk]),
    ):
        assert client.get(url).status_code == 404
    other = make.incident(cast, title="Another")
    url = reverse("desk:evidence", args=[other.number, evidence.pk])
    assert signed_in(cast.bo).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_tickets_of_an_item_and_of_a_service_take_few_statements(
    cast, signed_in, count, django_assert_num_queries
):
    thing = item(cast, "host")
    for number in range(count):
        ticket = make.incident(cast, title=f"Fault {number}", service=cast.mail_service)
        desk.attach_item(ticket, thing, by=cast.bo, at=LATER)
    secret = make.incident(
        cast, title="Secret", service=cast.mail_service, team=cast.network_team,
        is_confidential=True,
    )  # fmt: skip
    desk.attach_item(secret, thing, by=None, at=LATER)
    client = signed_in(cast.bo)
    with django_assert_num_queries(5):
        page = client.get(reverse("desk:item_tickets", args=[thing.number]))
    assert page.text.count("Fault") == count
    assert "Secret" not in page.text
    with django_assert_num_queries(6):
        part = client.get(
            reverse("desk:service_tickets", args=[cast.mail_service.pk]), HTTP_HX_REQUEST="true"
        )
    assert f"{count} open ticket" in part.text
    assert "<html" not in part.text
