"""People, teams and categories named in the log, found or made, as primary keys by their code."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from itil.tickets.models import Category
from portal.imports.teams import find_or_make_teams
from portal.people.models import Organization, User

from .history import UNKNOWN_CALLER, Keys, person_name, source_reference
from .log import Row

# Nobody reads mail at these addresses: `.invalid` can never be a real domain (RFC 2606).
MAIL_DOMAIN = "servicenow.import.invalid"
ROWS_AT_ONCE = 1000


def make_directory(rows: Iterable[Row], organization: Organization) -> tuple[Keys, dict[str, int]]:
    """The keys of everything that `rows` name, and how many of each kind are new.

    Call it in a transaction. Callers belong to `organization`; the desk's own people to none.
    """
    callers: set[str] = set()
    staff: set[str] = set()
    teams: set[str] = set()
    categories: set[tuple[str, str]] = set()
    for row in rows:
        callers.add(person_name(row.caller))
        staff.update((row.by, row.assignee, row.opened_by))
        teams.add(row.team)
        if row.category:
            categories.add((row.category, row.subcategory))
    people, new_people = _people(callers, staff - callers - {""}, organization)
    if UNKNOWN_CALLER in people:
        people[""] = people[UNKNOWN_CALLER]
    team_keys, new_teams = find_or_make_teams(teams - {""})
    category_keys, new_categories = _categories(categories)
    keys = Keys(people=people, teams=team_keys, categories=category_keys)
    return keys, {"people": new_people, "teams": new_teams, "categories": new_categories}


def _people(
    callers: set[str], staff: set[str], organization: Organization
) -> tuple[dict[str, int], int]:
    prefix = source_reference("")
    known = {
        reference.removeprefix(prefix): key
        for reference, key in User.objects.filter(source_reference__startswith=prefix).values_list(
            "source_reference", "pk"
        )
    }
    new = sorted((callers | staff) - set(known))
    taken = set(
        User.objects.filter(email__endswith=f"@{MAIL_DOMAIN}").values_list("email", flat=True)
    )
    made = User.objects.bulk_create(
        (
            User(
                email=_address(code, taken),
                name=code,
                password=make_password(None),
                organization=organization if code in callers else None,
                source_reference=source_reference(code),
            )
            for code in new
        ),
        batch_size=ROWS_AT_ONCE,
    )
    return known | {user.name: user.pk for user in made}, len(made)


def _address(code: str, taken: set[str]) -> str:
    """An address nobody has yet, such as `caller-2403@...`; remembers it in `taken`."""
    for address in _candidates(slugify(code) or "person"):
        if address not in taken:
            taken.add(address)
            return address
    raise AssertionError("unreachable: candidates never end")


def _candidates(name: str) -> Iterator[str]:
    yield f"{name}@{MAIL_DOMAIN}"
    count = 2
    while True:
        yield f"{name}-{count}@{MAIL_DOMAIN}"
        count += 1


def _categories(wanted: set[tuple[str, str]]) -> tuple[dict[tuple[str, str], int], int]:
    """Two levels: the category, and below it the subcategory where the log has one."""
    roots = dict(Category.objects.filter(parent=None).values_list("name", "pk"))
    count = 0
    for name in sorted({category for category, _sub in wanted} - set(roots)):
        roots[name] = Category.objects.create(name=name).pk
        count += 1
    keys = {(name, ""): key for name, key in roots.items()}
    names = {key: name for name, key in roots.items()}
    for key, name, parent in Category.objects.filter(parent__in=roots.values()).values_list(
        "pk", "name", "parent"
    ):
        keys[names[parent], name] = key
    for category, sub in sorted(wanted - set(keys)):
        keys[category, sub] = Category.objects.create(name=sub, parent_id=roots[category]).pk
        count += 1
    return keys, count
