"""What there already is about the words that somebody typed: answers, things to order, and the own
requests."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from catalog.offerings import matching as catalog
from catalog.offerings.models import CatalogItem
from itil.tickets.models import Ticket
from knowledgebase.matching import (
    SHARE_OF_WORDS,
    Match,
    Passage,
    passage_of,
    share_of_words,
    suggest,
)
from knowledgebase.models import ArticlePage
from portal.people.models import User
from portal.ui.search import alternatives, is_long_enough

from .querysets import newest_of

# One person's requests are few: the newest are read and compared here, in any language.
COMPARED = 200
_NUMBER = re.compile(r"[A-Za-z]{2,5}-\d{1,12}")


@dataclass(frozen=True)
class Found:
    """The best answer if one is good enough, the other answers, things to order, and matching
    requests.
    """

    text: str
    best: Match | None
    others: list[Match]
    items: list[CatalogItem]
    tickets: list[Ticket]

    @property
    def is_empty(self) -> bool:
        return not (self.best or self.others or self.items or self.tickets)

    @property
    def answer_count(self) -> int:
        return len(self.others) + bool(self.best)


@dataclass(frozen=True)
class Offer:
    """What there is already about a matter that somebody is about to send: an answer with the
    passage that tells, or something to order from the catalog.
    """

    score: float
    article: ArticlePage | None = None
    passage: Passage | None = None
    item: CatalogItem | None = None


def before_sending(text: str, user: User | AnonymousUser, *, limit: int = 3) -> list[Offer]:
    """At most `limit` answers and items that `user` may see and that fit `text`, best first.

    Both are scored alike, by where the words stand. Four queries at most.
    """
    text = text.strip()[:250]
    if not is_long_enough(text):
        return []
    offers = [
        Offer(match.score, article=match.article, passage=passage_of(match.article, text))
        for match in suggest(text, user, limit)
    ]
    offers += [Offer(match.score, item=match.item) for match in catalog.suggest(text, user, limit)]
    return sorted(offers, key=lambda offer: -offer.score)[:limit]


def look_up(
    text: str, user: User | AnonymousUser, *, answers: int = 6, items: int = 3, tickets: int = 3
) -> Found:
    """Everything `user` may see that fits `text`. At most five queries, whatever is stored."""
    text = text.strip()[:250]
    if not is_long_enough(text):
        return Found(text, None, [], [], [])
    matches = suggest(text, user, answers)
    offered = catalog.suggest(text, user, items)
    best = matches[0] if matches and matches[0].is_good else None
    # Who asks for a new laptop is not looking for what makes laptops slow.
    if best and offered and offered[0].score > best.score:
        best = None
    mine = own_tickets(text, user)[:tickets]
    others = matches[1:] if best else matches
    return Found(text, best, others, [match.item for match in offered], mine)


def own_tickets(text: str, user: User | AnonymousUser) -> list[Ticket]:
    """The person's own requests with this number, or with at least half of these words in the
    title, the best fitting and newest first.
    """
    return _fitting(newest_of(user, COMPARED), text) if user.is_authenticated else []


def fitting(tickets: QuerySet[Ticket], text: str, among: int = COMPARED) -> list[Ticket]:
    """The same among the newest of `tickets`. One query."""
    return _fitting(tickets.order_by("-received_at", "-pk")[:among], text)


def _fitting(newest: Iterable[Ticket], text: str) -> list[Ticket]:
    numbers = {number.upper() for number in _NUMBER.findall(text)}
    groups = alternatives(text)
    found = []
    for ticket in newest:
        if ticket.number in numbers:
            found.append((2.0, ticket))
            continue
        share = share_of_words(groups, ticket.title)
        if share >= SHARE_OF_WORDS:
            found.append((share, ticket))
    return [ticket for _share, ticket in sorted(found, key=lambda pair: -pair[0])]
