"""Entering, changing, handing over, relating and labelling items."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from itil.cmdb import actions
from itil.cmdb.errors import MissingValue, NotAllowed, Refused, StaleItem
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, ItemEvent, ItemLabel, Relation, RelationType
from itil.cmdb.timeline import history, item_at
from itil.fields.actions import compose
from itil.fields.definition import Definition, Kind, Question, Section
from itil.services.models import ServiceOffering
from portal.people.models import Location
from tests.cast import MONDAY

from .things import item, kind, relate

HOUR = timedelta(hours=1)
LATER = MONDAY + HOUR


def events_of(thing):
    return list(ItemEvent.objects.filter(item=thing).values_list("kind", flat=True))


# --- Entering and changing ------------------------------------------------------------------------


def test_an_item_is_entered_with_what_is_known_of_it(cast):
    thing = item(
        cast,
        "  srv-01 ",
        columns={"serial": "A1", "cost": Decimal("10.50"), "purchased_on": date(2026, 1, 5)},
    )

    assert (thing.name, thing.number) == ("srv-01", f"CI-{thing.pk:06d}")
    (event,) = thing.events.all()
    assert (event.actor, event.at) == (cast.bo, MONDAY)
    assert event.data["changes"]["serial"] == [None, "A1"]
    assert event.data["changes"]["cost"] == [None, "10.50"]


@pytest.mark.parametrize("who", ["ann", "mia", "bea", "root"])
def test_only_agents_enter_and_change_items(cast, who):
    by = getattr(cast, who)
    thing = item(cast, "srv-01")
    other = item(cast, "srv-02")
    relation = relate(cast, thing, "depends_on", other)
    before = ItemEvent.objects.count()
    refused = (
        lambda: item(cast, "srv-03", by=by),
        lambda: actions.edit_item(
            thing, by=by, version=thing.version, changes={"name": "x"}, at=LATER
        ),
        lambda: actions.move_item(thing, "stock", by=by, at=LATER),
        lambda: actions.hand_over(thing, cast.ann, by=by, at=LATER),
        lambda: actions.take_back(thing, by=by, at=LATER),
        lambda: actions.relate(thing, "runs_on", other, by=by, at=LATER),
        lambda: actions.unrelate(relation, by=by, at=LATER),
        lambda: actions.retire(thing, by=by, note="x", at=LATER),
        lambda: actions.label_items([thing], by=by, at=LATER),
        lambda: actions.revoke_label(thing, by=by, at=LATER),
        lambda: actions.try_import(by=by, file_name="x", text="name\nx", at=LATER),
    )
    for verb in refused:
        with pytest.raises(NotAllowed):
            verb()
    assert ItemEvent.objects.count() == before
    assert ConfigurationItem.objects.count() == 2


def test_bad_values_are_refused_at_their_field_and_nothing_is_entered(cast):
    place = Location.objects.create(organization=cast.globex, name="Globex house")
    bad = {
        "name": {"name": " "},
        "cost": {"columns": {"cost": Decimal("-1")}},
        "warranty_until": {
            "columns": {"purchased_on": date(2026, 2, 1), "warranty_until": date(2026, 1, 1)}
        },
        "location": {"organization": cast.acme, "columns": {"location": place}},
        "owner": {"organization": cast.acme, "columns": {"owner": cast.dov}},
        "status": {"status": Status.LOST},
        "criticality": {"columns": {"criticality": 9}},
        "held_by": {"columns": {"held_by": cast.ann}},
    }
    for field, values in bad.items():
        with pytest.raises(MissingValue) as refusal:
            item(cast, **{"name": "srv-01"} | values)
        assert refusal.value.field == field
    assert not ConfigurationItem.objects.exists()


def test_an_inventory_number_names_one_item_of_an_organization(cast):
    item(cast, "srv-01", columns={"asset_tag": "H-1"})
    item(cast, "srv-01", organization=cast.acme, columns={"asset_tag": "H-1"})
    with pytest.raises(MissingValue) as refusal:
        item(cast, "srv-02", columns={"asset_tag": "H-1"})
    assert refusal.value.field == "asset_tag"


def test_an_edit_keeps_the_old_values_and_an_edit_of_nothing_says_nothing(cast):
    thing = item(cast, "srv-01")
    actions.edit_item(thing, by=cast.bo, version=1, changes={"name": "srv-01"}, at=LATER)
    assert (thing.version, events_of(thing)) == (1, ["created"])

    actions.edit_item(thing, by=cast.bo, version=1, changes={"owner": cast.cleo}, at=LATER)

    event = thing.events.last()
    assert event.data["changes"] == {"owner": [None, cast.cleo.pk]}
    assert event.data["names"] == {"owner": ["", "Cleo"]}
    assert history(thing)[0].changes == [("owner", "–", "Cleo")]


def test_who_looked_at_an_older_state_is_refused(cast):
    thing = item(cast, "srv-01")
    actions.edit_item(thing, by=cast.bo, version=1, changes={"name": "a"}, at=LATER)
    with pytest.raises(StaleItem):
        actions.edit_item(thing, by=cast.ned, version=1, changes={"name": "b"}, at=LATER)
    thing.refresh_from_db()
    assert thing.name == "a"


def test_the_questions_of_the_class_are_judged_and_kept_with_their_form(cast):
    question = Question(key="memory", kind=Kind.NUMBER, label="Memory", required=True)
    form = compose(
        "Servers", Definition((Section(key="s", questions=(question,)),)), by=None, at=MONDAY
    )
    of_class = kind("Machine", field_set=form.field_set)

    with pytest.raises(MissingValue) as refusal:
        item(cast, "m-1", item_class=of_class, details={"memory": "much"})
    assert refusal.value.field == "details.memory"
    thing = item(cast, "m-1", item_class=of_class, details={"memory": "32"})

    assert (thing.details, thing.details_form) == ({"memory": "32"}, form)
    # Another class does not ask it: the answer goes with the class.
    actions.edit_item(thing, by=cast.bo, version=1, changes={"item_class": kind()}, at=LATER)
    assert (thing.details, thing.details_form) == ({}, None)


def test_an_item_does_not_change_its_party_over_its_relations_or_its_holder(cast):
    ours = item(cast, "laptop", organization=cast.acme)
    theirs = item(cast, "dock", organization=cast.acme)
    relate(cast, ours, "connected_to", theirs)
    with pytest.raises(MissingValue):
        actions.edit_item(
            ours, by=cast.bo, version=1, changes={"organization": cast.globex}, at=LATER
        )
    held = item(cast, "phone", organization=cast.acme)
    actions.hand_over(held, cast.ann, by=cast.bo, at=LATER)
    with pytest.raises(MissingValue):
        actions.edit_item(
            held, by=cast.bo, version=2, changes={"organization": cast.globex}, at=LATER
        )


# --- From hand to hand ----------------------------------------------------------------------------


def test_an_item_goes_from_hand_to_hand_and_back_into_stock(cast):
    thing = item(cast, "laptop", status=Status.IN_STOCK)
    actions.hand_over(thing, cast.ann, by=cast.bo, at=LATER)
    actions.hand_over(thing, cast.bo, by=cast.bo, at=LATER + HOUR)
    actions.take_back(thing, by=cast.bo, at=LATER + 2 * HOUR)

    assert (thing.held_by, thing.status) == (None, Status.IN_STOCK)
    assert events_of(thing) == ["created", "handed", "handed", "taken_back"]


def test_nobody_gets_the_item_of_another_customer_and_nobody_gets_it_twice(cast):
    thing = item(cast, "laptop", organization=cast.acme)
    actions.hand_over(thing, cast.ann, by=cast.bo, at=LATER)
    gone = cast.ned
    gone.is_active = False
    gone.save()
    for person in (cast.dov, cast.ann, gone):
        with pytest.raises(Refused):
            actions.hand_over(thing, person, by=cast.bo, at=LATER)
    with pytest.raises(Refused):
        actions.take_back(item(cast, "spare"), by=cast.bo, at=LATER)
    assert events_of(thing) == ["created", "handed"]


# --- Relations ------------------------------------------------------------------------------------


def test_a_relation_is_told_on_both_ends(cast):
    app, host = item(cast, "app"), item(cast, "host")
    relation = relate(cast, app, "runs_on", host)

    assert app.events.last().data == {
        "relation": relation.pk, "type": "runs_on", "other": host.number,
        "other_name": "host", "is_source": True,
    }  # fmt: skip
    assert history(host)[0].text == "related it: runs app"


def test_no_item_is_related_to_itself_nor_twice_in_the_same_way(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relate(cast, a, "depends_on", b)
    relate(cast, a, "runs_on", b)
    with pytest.raises(Refused):
        relate(cast, a, "depends_on", a)
    with pytest.raises(Refused):
        relate(cast, a, "depends_on", b)
    assert Relation.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(source=a, target=a, type="depends_on")
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(source=a, target=b, type="depends_on")


def test_a_cycle_is_accepted(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relate(cast, a, "depends_on", b)
    relate(cast, b, "depends_on", a)
    assert Relation.objects.count() == 2


def test_what_is_connected_is_stored_once_whichever_end_is_named_first(cast):
    a, b = item(cast, "a"), item(cast, "b")
    made = relate(cast, b, "connected_to", a)
    assert (made.source, made.target) == (a, b)
    with pytest.raises(Refused):
        relate(cast, a, "connected_to", b)
    assert Relation.objects.count() == 1


def test_relations_do_not_cross_customers_but_lead_to_the_provider(cast):
    acme, globex = (item(cast, o.name, organization=o) for o in (cast.acme, cast.globex))
    ours = item(cast, "switch")
    with pytest.raises(Refused):
        relate(cast, acme, "depends_on", globex)
    relate(cast, acme, "depends_on", ours)
    relate(cast, globex, "depends_on", ours)
    assert Relation.objects.count() == 2


def test_an_item_provides_services_and_offerings_and_nothing_else_is_provided(cast):
    app, other = item(cast, "app"), item(cast, "other")
    offering = ServiceOffering.objects.create(service=cast.mail_service, name="Mailbox")
    relate(cast, app, "provides", cast.mail_service)
    relate(cast, app, "provides", offering)
    for kind_of, target in (
        ("provides", cast.mail_service), ("provides", offering), ("provides", other),
        ("depends_on", cast.mail_service),
    ):  # fmt: skip
        with pytest.raises(Refused):
            relate(cast, app, kind_of, target)
    assert Relation.objects.count() == 2
    with pytest.raises(MissingValue):
        actions.relate(app, "likes", other, by=cast.bo, at=MONDAY)


def test_a_relation_ends_once_and_can_begin_again(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relation = relate(cast, a, "depends_on", b)
    actions.unrelate(relation, by=cast.bo, at=LATER)
    with pytest.raises(Refused):
        actions.unrelate(relation, by=cast.bo, at=LATER)
    relate(cast, a, "depends_on", b, at=LATER + HOUR)
    assert Relation.objects.in_force().count() == 1
    assert events_of(b) == ["created", "related", "unrelated", "related"]


def test_what_is_retired_lets_go_of_everything_and_is_related_to_nothing(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relate(cast, a, "depends_on", b)
    actions.label_items([a], by=cast.bo, at=MONDAY)
    actions.retire(a, by=cast.bo, note="Old.", at=LATER)

    assert not Relation.objects.in_force().exists()
    assert not ItemLabel.objects.filter(revoked_at__isnull=True).exists()
    assert events_of(b)[-1] == "unrelated"
    with pytest.raises(Refused):
        relate(cast, b, "depends_on", a, at=LATER)


# --- Labels ---------------------------------------------------------------------------------------


def test_an_item_keeps_its_label_until_it_is_revoked(cast):
    a, b = item(cast, "a"), item(cast, "b")
    first = actions.label_items([a, b], by=cast.bo, at=MONDAY)
    again = actions.label_items([b, a], by=cast.bo, at=LATER)
    assert [label.code for label in again] == [label.code for label in reversed(first)]

    assert actions.revoke_label(a, by=cast.bo, at=LATER)
    assert not actions.revoke_label(a, by=cast.bo, at=LATER)
    (new,) = actions.label_items([a], by=cast.bo, at=LATER)
    assert new.code != first[0].code
    assert events_of(a) == ["created", "labelled", "revoked", "labelled"]


# --- The past -------------------------------------------------------------------------------------


def test_an_item_and_its_relations_are_known_as_they_were_on_a_past_day(cast):
    day = timedelta(days=1)
    a, b = item(cast, "a", status=Status.IN_STOCK), item(cast, "b")
    relation = relate(cast, a, "depends_on", b, at=MONDAY + day)
    actions.hand_over(a, cast.ann, by=cast.bo, at=MONDAY + 2 * day)
    actions.edit_item(a, by=cast.bo, version=a.version, changes={"name": "A"}, at=MONDAY + 3 * day)
    actions.unrelate(relation, by=cast.bo, at=MONDAY + 4 * day)
    actions.retire(a, by=cast.bo, note="Old.", at=MONDAY + 5 * day)

    def then(days):
        past = item_at(a, MONDAY + days * day + HOUR)
        values = past.values
        return values["name"], values["status"], values["held_by"], len(past.relations)

    assert item_at(a, MONDAY - HOUR) is None
    assert then(0) == ("a", "in_stock", None, 0)
    assert then(1) == ("a", "in_stock", None, 1)
    assert then(2) == ("a", "in_use", cast.ann.pk, 1)
    assert then(3) == ("A", "in_use", cast.ann.pk, 1)
    assert then(4) == ("A", "in_use", cast.ann.pk, 0)
    assert then(5) == ("A", "retired", None, 0)
    lines = dict(item_at(a, MONDAY + 2 * day + HOUR).lines)
    assert (lines["status"], lines["held by"]) == ("In use", "Ann")


def test_a_relation_holds_from_its_first_moment_and_not_at_its_last(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relation = relate(cast, a, "depends_on", b, at=LATER)
    actions.unrelate(relation, by=cast.bo, at=LATER + HOUR)
    moments = [LATER - HOUR, LATER, LATER + HOUR / 2, LATER + HOUR]
    found = [Relation.objects.in_force(at).count() for at in moments]
    assert found == [0, 1, 1, 0]
    assert RelationType(relation.type) == RelationType.DEPENDS_ON
    assert relation.valid_until == datetime(2026, 3, 2, 11, tzinfo=UTC)
