"""Which items of the catalog fit what somebody typed, the best one first."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from knowledgebase.matching import GOOD_SHARE, fit
from portal.people.models import User
from portal.ui.search import alternatives, is_long_enough

from .models import CatalogItem

# So many items that hold a word are ranked, the popular ones first.
CANDIDATES = 500


@dataclass(frozen=True)
class Match:
    """An item with how well it fits; `is_good` ones may be shown as what was looked for."""

    item: CatalogItem
    score: float
    is_good: bool


def suggest(text: str, user: User | AnonymousUser, limit: int = 6) -> list[Match]:
    """The items that `user` may order and that fit `text`, best first. One query.

    Ordered by where the words stand, as the answers are; of those that fit equally well, the
    pinned and the most ordered ones come first. What has the words in its long text only is left
    out when there are others.
    """
    groups = alternatives(text) if is_long_enough(text) else []
    if not groups:
        return []
    # Whole words, in any of their forms; the last one as it was typed may be cut short.
    wanted = reduce(or_, (Q(tokens__contains=f" {word} ") for group in groups for word in group))
    wanted |= Q(tokens__contains=f" {groups[-1][0]}")
    items = CatalogItem.objects.visible_to(user).filter(wanted).with_card().popular()[:CANDIDATES]
    fits = [(item, fit(groups, item.title, item.keywords, item.summary)) for item in items]
    if any(found.share for _item, found in fits):
        fits = [(item, found) for item, found in fits if found.share]
    # Sorting keeps the order of equals.
    fits.sort(key=lambda pair: -pair[1].score)
    return [Match(item, found.score, found.share >= GOOD_SHARE) for item, found in fits[:limit]]
