"""The pages of items and services."""

from datetime import timedelta

import pytest
from django.urls import reverse

from itil.cmdb import actions
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, ItemLabel, Relation
from itil.fields.actions import compose
from itil.fields.definition import Definition, Kind, Question, Section
from itil.services.models import ServiceOffering
from tests.cast import MONDAY

from .things import item, kind, relate


def pages_of(thing):
    own = [
        reverse(f"cmdb:{name}", args=[thing.number])
        for name in ("item", "map", "impact", "edit", "relate", "hand_over")
    ]
    return [*own, reverse("cmdb:move", args=[thing.number, "retire"])]


def test_agents_read_and_change_managers_and_administrators_read_and_outsiders_find_nothing(
    cast, signed_in
):
    thing = item(cast, "srv-01", organization=cast.acme)
    actions.hand_over(thing, cast.ann, by=cast.bo, at=MONDAY)
    lists = [reverse("cmdb:items"), reverse("cmdb:services"), reverse("cmdb:upload"),
             reverse("cmdb:choose_class"), reverse("cmdb:sheet")]  # fmt: skip
    pages = [*pages_of(thing), *lists]
    found = {}
    for name in ("bo", "cleo", "mia", "root", "bea", "ann", "dov"):
        client = signed_in(getattr(cast, name))
        found[name] = [client.get(page).status_code for page in pages]
    everything = [200] * len(pages)
    reads = [200, 200, 200, 404, 404, 404, 404, 200, 200, 404, 404, 404]
    nothing = [404] * len(pages)
    assert found == {
        "bo": everything, "cleo": everything, "mia": reads, "root": reads, "bea": nothing,
        "ann": nothing, "dov": nothing,
    }  # fmt: skip


def test_a_person_sees_what_he_or_she_holds_and_nothing_else(cast):
    held, other = item(cast, "laptop"), item(cast, "other")
    lost = item(cast, "lost")
    for thing in (held, lost):
        actions.hand_over(thing, cast.ann, by=cast.bo, at=MONDAY)
    actions.move_item(lost, "report_lost", by=cast.bo, note="Train.", at=MONDAY)
    items = ConfigurationItem.objects

    assert list(items.visible_to(cast.ann)) == [held]
    assert list(items.held_by_person(cast.ann)) == [held]
    assert set(items.visible_to(cast.mia)) == {held, other, lost}
    assert not items.visible_to(cast.bea).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_few_statements(cast, signed_in, count, django_assert_num_queries):
    for number in range(count):
        thing = item(cast, f"srv-{number}")
        actions.hand_over(thing, cast.bo, by=cast.bo, at=MONDAY)
    client = signed_in(cast.bo)
    with django_assert_num_queries(8):
        assert client.get(reverse("cmdb:items")).text.count("subj") == count


def test_the_list_is_narrowed_sorted_and_taken_as_a_file(cast, signed_in):
    item(cast, "alpha", columns={"serial": "S-77", "criticality": 1})
    item(cast, "beta", organization=cast.acme, item_class=kind("Printer"))
    old = item(cast, "gamma")
    actions.retire(old, by=cast.bo, note="Old.", at=MONDAY)
    relate(cast, item(cast, "delta"), "provides", cast.mail_service)
    client, url = signed_in(cast.bo), reverse("cmdb:items")

    def names(**query):
        page = client.get(url, query)
        return [thing.name for thing in page.context["rows"]]

    assert names() == ["alpha", "beta", "delta"]
    assert names(sort="-name") == ["delta", "beta", "alpha"]
    assert names(view="gone") == ["gamma"]
    assert names(q="s-77") == ["alpha"]
    assert names(q=old.number, view="all") == ["gamma"]
    assert names(organization=cast.acme.pk) == ["beta"]
    assert names(item_class=kind("Printer").pk) == ["beta"]
    assert names(status="retired", view="all") == ["gamma"]
    assert names(service=cast.mail_service.pk) == ["delta"]
    assert names(q="nothing") == []
    lines = client.get(url, {"format": "csv"}).getvalue().decode().splitlines()
    assert len(lines) == 4


def test_an_agent_enters_an_item_and_what_was_typed_stays_when_it_is_wrong(cast, signed_in):
    question = Question(key="memory", kind=Kind.NUMBER, label="Memory", required=True)
    form = compose(
        "Servers", Definition((Section(key="s", questions=(question,)),)), by=None, at=MONDAY
    )
    kind("Machine", field_set=form.field_set)
    client, url = signed_in(cast.bo), reverse("cmdb:new", args=["machine"])
    typed = {
        "name": "m-1", "organization": cast.halden.pk, "status": "in_use", "criticality": 2,
        "own-q-memory": "much",
    }  # fmt: skip

    wrong = client.post(url, typed)
    assert (wrong.status_code, "m-1" in wrong.text, "much" in wrong.text) == (422, True, True)
    nobody = client.post(url, typed | {"own-q-memory": "32", "owner": "nobody"})
    assert (nobody.status_code, "Nobody is known" in nobody.text) == (422, True)
    client.post(url, typed | {"own-q-memory": "32", "owner": "Cleo"})
    thing = ConfigurationItem.objects.get()
    assert (thing.details, thing.owner, thing.status) == ({"memory": "32"}, cast.cleo, "in_use")
    assert "Memory" in client.get(thing.get_absolute_url()).text

    edit = reverse("cmdb:edit", args=[thing.number])
    changed = typed | {"own-q-memory": "64", "item_class": thing.item_class_id}
    stale = client.post(edit, changed | {"version": "7"})
    assert (stale.status_code, "was changed while" in stale.text) == (409, True)
    client.post(edit, changed | {"version": "1"})
    thing.refresh_from_db()
    assert (thing.details, thing.owner) == ({"memory": "64"}, None)


def test_an_agent_moves_hands_over_and_relates_on_the_pages(cast, signed_in):
    thing, other = item(cast, "laptop", status=Status.IN_STOCK), item(cast, "dock")
    client = signed_in(cast.bo)

    def post(name, *args, **data):
        return client.post(reverse(f"cmdb:{name}", args=[thing.number, *args]), data)

    assert post("hand_over", person="").status_code == 422
    post("hand_over", person="ann@acme.example")
    thing.refresh_from_db()
    assert (thing.held_by, thing.status) == (cast.ann, Status.IN_USE)
    post("take_back")
    assert post("move", "restore", note="x").status_code == 409
    found = client.get(reverse("cmdb:relate", args=[thing.number]), {"q": "dock"})
    assert "dock" in found.text
    key = f"item-{other.pk}"
    assert post("relate", q="dock", type="depends_on").status_code == 422
    post("relate", q="dock", type="inverse:depends_on", target=key)
    relation = Relation.objects.get()
    assert (relation.source, relation.target) == (other, thing)
    assert post("relate", q="dock", type="inverse:depends_on", target=key).status_code == 409
    post("relate", q="mail", type="provides", target=f"service-{cast.mail_service.pk}")
    assert Relation.objects.count() == 2
    post("unrelate", relation.pk)
    assert Relation.objects.in_force().count() == 1
    post("move", "retire", note="Broken.")
    thing.refresh_from_db()
    assert thing.status == Status.RETIRED
    page = client.get(thing.get_absolute_url(), {"on": "2026-03-02"})
    assert page.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_the_map_and_the_impact_take_the_same_few_statements(
    cast, signed_in, count, django_assert_num_queries
):
    host = item(cast, "host")
    for number in range(count):
        relate(cast, item(cast, f"app-{number}"), "depends_on", host)
    client = signed_in(cast.bo)
    for name, most in (("item", 7), ("map", 8), ("impact", 7)):
        with django_assert_num_queries(most):
            page = client.get(reverse(f"cmdb:{name}", args=[host.number]))
        assert "app-0" in page.text


def test_the_map_draws_what_its_list_says(cast, signed_in):
    host, app, cluster, one, two = (
        item(cast, name) for name in ("host", "app <b>", "cluster", "one", "two")
    )
    relate(cast, app, "runs_on", host)
    for member in (one, two):
        relate(cast, member, "member_of", cluster)
    relate(cast, one, "hosted_on", host)
    relate(cast, app, "provides", cast.mail_service)
    client = signed_in(cast.bo)

    page = client.get(reverse("cmdb:map", args=[host.number]))
    boxes = {box.title: box.tone for box in page.context["picture"].boxes}
    assert boxes == {
        "host": "start", "app <b>": "hit", "one": "hit", "cluster": "spared", "Mail": "service",
    }  # fmt: skip
    assert "app &lt;b&gt;" in page.text
    assert "cluster stands: it has 1 healthy member left." in page.text
    near = client.get(reverse("cmdb:map", args=[host.number]), {"depth": "1"})
    assert "cluster" not in {box.title for box in near.context["picture"].boxes}
    needs = client.get(reverse("cmdb:map", args=[app.number]), {"way": "needs"})
    assert {box.title for box in needs.context["picture"].boxes} == {"app <b>", "host"}


def test_services_are_listed_with_their_offerings_and_items(
    cast, signed_in, django_assert_num_queries
):
    offering = ServiceOffering.objects.create(service=cast.mail_service, name="Mailbox")
    app = item(cast, "gateway")
    relate(cast, app, "provides", offering)
    relate(cast, app, "provides", cast.mail_service)
    client = signed_in(cast.mia)
    with django_assert_num_queries(5):
        page = client.get(reverse("cmdb:services"))
    (row,) = page.context["rows"]
    assert (row.offering_count, row.item_count) == (1, 1)
    with django_assert_num_queries(6):
        shown = client.get(reverse("cmdb:service", args=[cast.mail_service.pk])).text
    assert "Mailbox" in shown
    assert "gateway" in shown


def test_labels_are_printed_for_the_ticked_items(cast, signed_in):
    things = [item(cast, name) for name in ("a", "b")]
    gone = item(cast, "gone")
    actions.retire(gone, by=cast.bo, note="Old.", at=MONDAY)
    client, make = signed_in(cast.bo), reverse("cmdb:make_labels")

    page = client.post(make, {"number": [*(t.number for t in things), gone.number]}, follow=True)
    assert page.text.count('class="qr"') == 2
    assert ItemLabel.objects.count() == 2
    # The sheet shows what is there; it makes nothing.
    client.get(reverse("cmdb:sheet"), {"number": [things[0].number, "CI-999999", "x"]})
    assert ItemLabel.objects.count() == 2
    assert client.post(make, {"number": [gone.number]}).status_code == 302
    assert client.post(make, {}).status_code == 302
    client.post(reverse("cmdb:revoke_label", args=[things[0].number]))
    assert ItemLabel.objects.filter(revoked_at__isnull=True).count() == 1


def test_a_day_before_the_item_was_known_shows_today_and_says_so(cast, signed_in):
    thing = item(cast, "srv", at=MONDAY)
    client = signed_in(cast.bo)
    early = (MONDAY - timedelta(days=40)).date().isoformat()
    assert "was not known on that day" in client.get(thing.get_absolute_url(), {"on": early}).text
    for nonsense in ("2026-02-31", "soon", "0001-01-01", "9999-12-31"):
        assert "That is no date." in client.get(thing.get_absolute_url(), {"on": nonsense}).text
    ahead = client.get(thing.get_absolute_url(), {"on": "2900-01-01"}).text
    assert "That day is not over yet." in ahead
