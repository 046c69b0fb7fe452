"""Which items of the catalog fit what somebody typed, the best one first."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, Value, When

from knowledgebase.matching import GOOD_SHARE, fit
from portal.people.models import User
from portal.ui.search import alternatives, is_long_enough

from .models import CatalogItem

# So many items that hold the words are ranked here.
CANDIDATES = 100


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
    held = [reduce(or_, (Q(tokens__contains=f" {word} ") for word in group)) for group in groups]
    held[-1] |= Q(tokens__contains=f" {groups[-1][0]}")
    # Those with most of the words are ranked; of as many words, the popular ones.
    words = sum((Case(When(one, then=1), default=0) for one in held), Value(0))
    visible = CatalogItem.objects.visible_to(user).filter(reduce(or_, held))
    order = (words.desc(), *CatalogItem.objects.all().ORDER)
    candidates = visible.order_by(*order).values("pk")[:CANDIDATES]
    items = CatalogItem.objects.filter(pk__in=candidates).with_card().popular()
    fits = [(item, fit(groups, item.title, item.keywords, item.summary)) for item in items]
    if any(found.share for _item, found in fits):
        fits = [(item, found) for item, found in fits if found.share]
    # Sorting keeps the order of equals.
    fits.sort(key=lambda pair: -pair[1].score)
    return [Match(item, found.score, found.share >= GOOD_SHARE) for item, found in fits[:limit]]
