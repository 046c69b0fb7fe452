"""Whom and what cases name: the items of the catalog, one requester, teams and a form."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from catalog.offerings.actions import reference_of
from catalog.offerings.models import CatalogItem
from itil.fields import actions as fields
from portal.imports.teams import find_or_make_teams
from portal.people.models import Organization, User

from .cases import Case, Cases
from .history import PLACE, Keys

# Nobody reads mail at these addresses: `.invalid` can never be a real domain (RFC 2606).
MAIL_DOMAIN = "requests.import.invalid"
UNKNOWN = "Unknown requester"


def items_of(source: str) -> dict[str, CatalogItem]:
    """The items that were taken over from the catalog called `source`, by their names there."""
    prefix = reference_of(source, "")
    items = CatalogItem.objects.filter(source_reference__startswith=prefix)
    return {
        item.source_reference.removeprefix(prefix): item
        for item in items.select_related("calendar").defer("body")
    }


def zones_of(items: Iterable[CatalogItem]) -> set[str]:
    """The time zones of what the items promise."""
    return {item.calendar.time_zone for item in items if item.calendar}


def leave_out_unknown(cases: Cases, types: Collection[str]) -> None:
    """Count cases of a type that the catalog does not have as damaged rows."""
    for case in cases.found:
        if case.type not in types:
            cases.damaged[f"the catalog has no item “{case.type}”"].append(case.line)
    cases.found = [case for case in cases.found if case.type in types]


def make_directory(
    cases: Iterable[Case],
    items: dict[str, CatalogItem],
    *,
    source: str,
    organization: Organization,
    at: datetime,
) -> tuple[Keys, Counter[str]]:
    """The keys of everything that `cases` name, and how many of each kind are new.

    Call it in a transaction.
    """
    teams, new_teams = find_or_make_teams({case.department for case in cases})
    requester, is_new = User.objects.get_or_create(
        source_reference=reference_of(source, UNKNOWN),
        defaults={
            "email": f"{slugify(source)[:40]}@{MAIL_DOMAIN}",
            "name": UNKNOWN,
            "password": make_password(None),
            "organization": organization,
        },
    )
    form_version = fields.compose(f"{source}, place of the case", PLACE, by=None, at=at)
    keys = Keys(
        requester=requester.pk,
        organization=organization.pk,
        teams=teams,
        items=items,
        form_version=form_version.pk,
    )
    return keys, Counter(people=int(is_new), teams=new_teams)
