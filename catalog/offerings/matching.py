"""Which items of the catalog fit what somebody typed, the best one first."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from knowledgebase.matching import GOOD_SHARE, fit
from portal.people.models import User
from portal.ui.search import alternatives, is_long_enough, query_any

from .models import CatalogItem

# Candidates taken from the index, of which the visible ones are ranked here.
CANDIDATES = 1000


@dataclass(frozen=True)
class Match:
    """An item with how well it fits; `is_good` ones may be shown as what was looked for."""

    item: CatalogItem
    score: float
    is_good: bool


def suggest(text: str, user: User | AnonymousUser, limit: int = 6) -> list[Match]:
    """The items that `user` may order and that fit `text`, best first. Two queries at most.

    Ordered by where the words stand, as the answers are; of those that fit equally well, the
    pinned and the most ordered ones come first. What has the words in its long text only is left
    out when there are others.
    """
    groups = alternatives(text) if is_long_enough(text) else []
    if not groups:
        return []
    # The index knows nothing of audiences: it is asked first, what may be seen is kept.
    index = CatalogItem.objects.live().values("pk")
    hits = index.autocomplete(query_any(text), order_by_relevance=False)[:CANDIDATES]
    keys = [row["pk"] for row in hits]
    if not keys:
        return []
    visible = CatalogItem.objects.visible_to(user).filter(pk__in=keys).with_card().popular()
    fits = [(item, fit(groups, item.title, item.keywords, item.summary)) for item in visible]
    if any(found.share for _item, found in fits):
        fits = [(item, found) for item, found in fits if found.share]
    # Sorting keeps the order of equals.
    fits.sort(key=lambda pair: -pair[1].score)
    return [Match(item, found.score, found.share >= GOOD_SHARE) for item, found in fits[:limit]]
