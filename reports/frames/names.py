"""What columns of primary keys stand for. Names are always those of today; files hold keys only."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from catalog.offerings.models import CatalogItem
from itil.services.models import Service
from itil.sla.models import Agreement
from itil.tickets.models import Category
from itil.timesheets.models import Activity
from portal.people.models import Organization, Team, User

from .columns import choices

# `<column>_name` of each column of keys: its model, and the field that names its records.
SOURCES: dict[str, tuple[Any, str]] = {
    "team": (Team, "name"),
    "solver": (Team, "name"),
    "stay": (Team, "name"),
    "organization": (Organization, "name"),
    "supplier": (Organization, "name"),
    "service": (Service, "name"),
    "assignee": (User, "name"),
    "agent": (User, "name"),
    "category": (Category, "name"),
    "category_parent": (Category, "parent__name"),
    "activity": (Activity, "name"),
    "agreement": (Agreement, "name"),
    "item": (CatalogItem, "title"),
}
# Columns of keys that are those of another column, seen from another side.
KEYS = {"category_parent": "category"}
SUFFIX = "_name"
MANY = 500


def key_of(column: str) -> str | None:
    """The column of keys that `column` names; None when it is no column of names."""
    subject = column.removesuffix(SUFFIX)
    if subject == column or subject not in SOURCES:
        return None
    return KEYS.get(subject, subject)


class Names:
    """Names by column and key, asked of the database once for each key that occurs."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, str]] = {}

    def of(self, subject: str, keys: pd.Series) -> pd.Series:
        """One name for each key, "" for none; as few texts in sorted order."""
        # Keys are dense and begin with 1, so a table finds them faster than a hash of each.
        numbers = keys.to_numpy(np.int64, na_value=0)
        occurs = np.zeros(int(numbers.max(initial=0)) + 1, bool)
        occurs[numbers] = True
        occurs[0] = False
        wanted = np.flatnonzero(occurs).tolist()
        place_of = np.full(len(occurs), -1)
        place_of[wanted] = np.arange(len(wanted))
        places = place_of[numbers]
        names = self._find(subject, wanted)
        labels = [names.get(key, "") for key in wanted]
        return pd.Series(choices(places, labels), index=keys.index)

    def _find(self, subject: str, keys: Iterable[int]) -> Mapping[int, str]:
        model, field = SOURCES[subject]
        known = self._known.setdefault(subject, {})
        unknown = [key for key in keys if key not in known]
        found = model.objects.order_by()
        if len(unknown) < MANY:
            found = found.filter(pk__in=unknown)
        if unknown:
            named = {key: name or "" for key, name in found.values_list("pk", field)}
            known.update({key: named.get(key, "") for key in unknown})
        return known
