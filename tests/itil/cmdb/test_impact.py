"""What fails with an item, by the table of the domain."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itil.cmdb import actions
from itil.cmdb.impact import Impact, what_fails, what_it_needs
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, Relation, RelationType
from itil.services.models import ServiceOffering
from tests.cast import MONDAY

from .things import item, relate

LATER = MONDAY + timedelta(hours=1)


def names(impact):
    return {hit.name for hit in impact.items}


@pytest.mark.parametrize(
    "type", ["depends_on", "runs_on", "hosted_on", "contained_in", "installed_on"]
)
def test_the_dependant_fails_with_what_it_depends_on_and_not_the_other_way(cast, type):
    a, b = item(cast, "a"), item(cast, "b")
    relate(cast, a, type, b)
    assert names(what_fails(b)) == {"a"}
    assert names(what_fails(a)) == set()
    assert names(what_it_needs(a)) == {"b"}
    assert names(what_it_needs(b)) == set()


@pytest.mark.parametrize(
    "type", ["backed_up_by", "located_at", "owned_by", "supported_by", "documented_by"]
)
def test_other_relations_pass_nothing_on(cast, type):
    a, b = item(cast, "a"), item(cast, "b")
    relate(cast, a, type, b)
    assert (names(what_fails(a)), names(what_fails(b))) == (set(), set())


def test_what_is_connected_fails_with_the_other_end_only_when_told_to(cast):
    a, b, c = (item(cast, name) for name in "abc")
    relate(cast, a, "connected_to", b)
    relate(cast, b, "connected_to", c, passes_failure=True)
    assert names(what_fails(a)) == set()
    assert names(what_fails(b)) == {"c"}
    assert names(what_fails(c)) == {"b"}


def test_a_cluster_falls_when_its_last_healthy_member_does(cast):
    cluster, one, two, app = (item(cast, name) for name in ("cluster", "one", "two", "app"))
    rack = item(cast, "rack")
    for member in (one, two):
        relate(cast, member, "member_of", cluster)
        relate(cast, member, "contained_in", rack)
    relate(cast, app, "runs_on", cluster)

    stands = what_fails(one)
    assert names(stands) == set()
    assert [(hit.name, hit.healthy) for hit in stands.spared] == [("cluster", 1)]
    falls = what_fails(rack)
    assert names(falls) == {"one", "two", "cluster", "app"}
    assert falls.spared == ()
    # A member in repair is not healthy.
    actions.move_item(two, "send_to_repair", by=cast.bo, at=LATER)
    assert names(what_fails(one)) == {"cluster", "app"}
    # On the day before it was.
    assert names(what_fails(one, MONDAY)) == set()
    assert names(what_it_needs(app)) == {"cluster", "one", "two", "rack"}


def test_a_failure_reaches_the_services_that_the_items_provide(cast):
    app, host = item(cast, "app"), item(cast, "host")
    offering = ServiceOffering.objects.create(service=cast.mail_service, name="Mailbox")
    relate(cast, app, "runs_on", host)
    relate(cast, app, "provides", offering)

    (hit,) = what_fails(host).services
    assert (hit.name, hit.level, hit.via) == ("Mail", 2, app.pk)
    assert what_it_needs(app).services == ()


def test_a_cycle_ends(cast):
    a, b, c = (item(cast, name) for name in "abc")
    for source, target in ((a, b), (b, a), (b, c), (c, b)):
        relate(cast, source, "depends_on", target)
    assert names(what_fails(a)) == {"b", "c"}
    assert names(what_it_needs(a)) == {"b", "c"}


def test_the_nearest_way_is_told(cast):
    a, b, c = (item(cast, name) for name in "abc")
    relate(cast, b, "depends_on", a)
    relate(cast, c, "depends_on", b)
    relate(cast, c, "runs_on", a)
    told = {hit.name: (hit.level, hit.via, hit.relation) for hit in what_fails(a).items}
    assert told == {"b": (1, a.pk, "depends_on"), "c": (1, a.pk, "runs_on")}


def test_past_relations_count_for_past_days_only(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relation = relate(cast, b, "depends_on", a, at=MONDAY)
    actions.unrelate(relation, by=cast.bo, at=LATER)
    assert names(what_fails(a)) == set()
    assert names(what_fails(a, LATER - timedelta(minutes=1))) == {"b"}
    assert names(what_fails(a, MONDAY - timedelta(minutes=1))) == set()


def test_what_was_found_is_read_again_as_it_was_kept(cast):
    a, b = item(cast, "a"), item(cast, "b")
    relate(cast, b, "depends_on", a)
    relate(cast, b, "provides", cast.mail_service)
    found = what_fails(a)
    assert Impact.of(found.as_data()) == found


@pytest.mark.parametrize("length", [3, 60])
def test_the_number_of_statements_does_not_grow_with_the_estate(cast, length):
    first = item(cast, "first")
    chain = [first]
    for number in range(length):
        chain.append(item(cast, f"n{number}"))
    Relation.objects.bulk_create(
        Relation(source=upper, target=lower, type=RelationType.DEPENDS_ON, valid_from=MONDAY)
        for lower, upper in zip(chain, chain[1:], strict=False)
    )
    relate(cast, chain[-1], "member_of", item(cast, "cluster"))
    relate(cast, chain[-1], "provides", cast.mail_service)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        found = what_fails(first)
    assert (len(found.items), found.depth) == (length + 1, length + 1)
    assert len(statements) == 5


# --- Beside a walk that is too simple to be wrong ---

DEPENDENT = ("depends_on", "runs_on", "hosted_on", "contained_in", "installed_on")
ends = st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1])
estates = st.lists(
    st.tuples(ends, st.sampled_from((*DEPENDENT, *["member_of"] * 4, "connected_to", "owned_by"))),
    max_size=24,
    unique_by=lambda edge: (frozenset(edge[0]), edge[1]),
)


def fallen_by_rounds(start, edges, healthy):
    """In which round each item falls: again and again, all whose time has come."""
    rounds = {start: 0}
    for number in range(1, 10):
        fallen = set(rounds)
        for (source, target), kind in edges:
            if kind in DEPENDENT and target in fallen:
                rounds.setdefault(source, number)
            elif kind == "connected_to" and {source, target} & fallen:
                rounds.setdefault(source, number)
                rounds.setdefault(target, number)
            elif kind == "member_of" and source in fallen:
                members = {a for (a, b), type in edges if type == "member_of" and b == target}
                if not (members & healthy) - fallen:
                    rounds.setdefault(target, number)
    return rounds


def test_the_walk_finds_what_falls_round_by_round(cast):
    items = [item(cast, f"item-{number}") for number in range(9)]

    def relations_of(edges):
        for (source, target), kind in edges:
            # Of what is connected the smaller key is the source.
            low, high = sorted((source, target)) if kind == "connected_to" else (source, target)
            yield Relation(
                source=items[low],
                target=items[high],
                type=kind,
                passes_failure=kind == "connected_to",
                valid_from=MONDAY,
            )

    @settings(max_examples=150)
    @given(estates, st.sets(st.integers(0, 8)), st.integers(0, 8))
    # A member that was ill before takes no health away.
    @example([((0, 2), "member_of"), ((1, 2), "member_of")], {0}, 0)
    def agrees(edges, ill, start):
        with transaction.atomic():
            Relation.objects.bulk_create(relations_of(edges))
            sick = [items[number].pk for number in ill]
            ConfigurationItem.objects.filter(pk__in=sick).update(status=Status.IN_REPAIR)
            found = what_fails(items[start])
            transaction.set_rollback(True)
        healthy = set(range(9)) - ill
        rounds = fallen_by_rounds(start, edges, healthy)
        levels = {f"item-{number}": level for number, level in rounds.items() if level}
        assert {hit.name: hit.level for hit in found.items} == levels
        assert [hit.level for hit in found.items] == sorted(levels.values())
        members = {
            target: {a for (a, b), kind in edges if kind == "member_of" and b == target}
            for (_source, target), kind in edges
            if kind == "member_of"
        }
        left = {
            f"item-{cluster}": len((those & healthy) - set(rounds))
            for cluster, those in members.items()
            if cluster not in rounds and those & set(rounds)
        }
        assert {hit.name: hit.healthy for hit in found.spared} == left
        # Each is told over a relation from something that fell a round before.
        level_of = {hit.pk: hit.level for hit in (found.start, *found.items)}
        assert all(level_of[hit.via] == hit.level - 1 for hit in found.items)

    agrees()
