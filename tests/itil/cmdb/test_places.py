"""Labels on the walls of places (`FLD-2`)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from itil.cmdb import actions
from itil.cmdb.errors import NotAllowed
from itil.cmdb.models import ItemLabel
from portal.people.models import Location
from tests.cast import MONDAY

from .things import item

PLACES = "/desk/items/labels/places/"


@pytest.fixture
def places(cast):
    return [
        Location.objects.create(organization=cast.acme, name=name, address="Quay 1")
        for name in ("Dublin", "Cork")
    ]


def test_a_place_keeps_its_label_until_it_is_revoked(cast, places):
    first = actions.label_places(places, by=cast.bo, at=MONDAY)
    again = actions.label_places(places[::-1], by=cast.bo, at=MONDAY)
    assert [label.code for label in again] == [label.code for label in reversed(first)]
    assert (first[0].name, first[0].organization) == ("Dublin", cast.acme)

    assert actions.revoke_place_label(places[0], by=cast.bo, at=MONDAY)
    assert not actions.revoke_place_label(places[0], by=cast.bo, at=MONDAY)
    (new,) = actions.label_places(places[:1], by=cast.bo, at=MONDAY)
    assert new.code != first[0].code


def test_only_agents_label_places(cast, places):
    for by in (cast.ann, cast.mia, cast.dov):
        with pytest.raises(NotAllowed):
            actions.label_places(places, by=by, at=MONDAY)
        with pytest.raises(NotAllowed):
            actions.revoke_place_label(places[0], by=by, at=MONDAY)
    assert not ItemLabel.objects.exists()


def test_a_label_is_of_one_thing(cast, places):
    for both in ({}, {"item": item(cast, "srv"), "location": places[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemLabel.objects.create(**both)


def test_an_agent_prints_the_labels_of_the_ticked_places_and_revokes_one(
    cast, places, signed_in, django_assert_max_num_queries
):
    client = signed_in(cast.bo)
    with django_assert_max_num_queries(8):
        assert client.get(PLACES).text.count("none yet") == 2
    assert client.post(PLACES, {"place": ["x"]}).url == PLACES
    sent = client.post(PLACES, {"place": [places[0].pk]}, follow=True)
    assert sent.text.count('class="qr"') == 1
    assert "Dublin" in sent.text
    assert "Cork" not in sent.text
    assert client.get(PLACES).text.count("none yet") == 1
    revoke = reverse("cmdb:revoke_place_label", args=[places[0].pk])
    assert "no longer works" in client.post(revoke, follow=True).text
    assert "has no label that works" in client.post(revoke, follow=True).text


def test_who_is_no_agent_finds_none_of_it(cast, places, signed_in):
    revoke = reverse("cmdb:revoke_place_label", args=[places[0].pk])
    (label,) = actions.label_places(places[:1], by=cast.bo, at=MONDAY)
    for name in ("ann", "mia", "dov"):
        client = signed_in(getattr(cast, name))
        assert client.get(PLACES).status_code in (403, 404)
        assert client.post(PLACES, {"place": [places[1].pk]}).status_code in (403, 404)
        assert client.post(revoke).status_code in (403, 404)
    assert ItemLabel.objects.filter(revoked_at=None).get() == label
