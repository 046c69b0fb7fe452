"""Who may see and change items, and which records may be related (`VIS-5`)."""

from itil.cmdb.permissions import may_edit, may_import, may_join
from itil.cmdb.querysets import sees_estate
from portal.people.models import Membership, Organization, Role
from tests.cast import person


def test_agents_change_items_and_those_who_oversee_the_desk_read_them(cast):
    changes = ["ann", "bo", "bea", "cleo", "dov", "mia", "ned", "root"]
    people = {name: getattr(cast, name) for name in changes}
    for role in (Role.PROBLEM_MANAGER, Role.CHANGE_MANAGER, Role.CATALOG_MANAGER):
        people[role] = person(role.replace("_", ""), cast.halden)
        Membership.objects.create(user=people[role], role=role)
    found = {name: (bool(sees_estate(one)), may_edit(one)) for name, one in people.items()}
    assert found == {
        "ann": (False, False),
        "bo": (True, True),
        "bea": (False, False),
        "cleo": (True, True),
        "dov": (False, False),
        "mia": (True, False),
        "ned": (True, True),
        "root": (True, False),
        Role.PROBLEM_MANAGER: (True, False),
        Role.CHANGE_MANAGER: (True, False),
        Role.CATALOG_MANAGER: (False, False),
    }
    assert may_edit(None)
    assert [may_import(cast.bo), may_import(cast.mia)] == [True, False]


def test_who_has_left_may_nothing(cast):
    cast.bo.is_active = False
    cast.bo.save()
    assert not may_edit(cast.bo)


def test_records_are_joined_within_a_party_and_with_the_provider(cast):
    part = Organization.objects.create(name="Acme North", parent=cast.acme)
    department = Organization.objects.create(
        name="IT", kind=Organization.Kind.DEPARTMENT, parent=cast.halden
    )
    supplier = Organization.objects.create(name="Cable", kind=Organization.Kind.SUPPLIER)
    joined = [
        (cast.acme, cast.acme), (cast.acme, part), (part, cast.acme), (cast.acme, cast.halden),
        (department, cast.globex),
    ]  # fmt: skip
    apart = [(cast.acme, cast.globex), (part, cast.globex), (supplier, cast.acme),
             (None, cast.acme), (cast.acme, None)]  # fmt: skip
    assert all(may_join(*pair) for pair in joined)
    assert not any(may_join(*pair) for pair in apart)
