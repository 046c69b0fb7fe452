"""What there already is about the words that somebody typed: answers, and the own requests."""

import re
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from itil.tickets.models import Ticket
from knowledgebase.matching import Match, suggest
from portal.people.models import User
from portal.ui.search import alternatives, is_long_enough, tokens_of

from .querysets import requests_of

# One person's requests are few: the newest are read and compared here, in any language.
COMPARED = 200
SHARE_OF_WORDS = 0.5
_NUMBER = re.compile(r"[A-Za-z]{2,5}-\d{1,12}")


@dataclass(frozen=True)
class Found:
    """The best answer if one is good enough, the other answers, and matching requests."""

    text: str
    best: Match | None
    others: list[Match]
    tickets: list[Ticket]

    @property
    def is_empty(self) -> bool:
        return not (self.best or self.others or self.tickets)

    @property
    def answer_count(self) -> int:
        return len(self.others) + bool(self.best)


def look_up(text: str, user: User | AnonymousUser, *, answers: int = 6, tickets: int = 3) -> Found:
    """Everything `user` may see that fits `text`. At most five queries, whatever is stored."""
    text = text.strip()[:250]
    if not is_long_enough(text):
        return Found(text, None, [], [])
    matches = suggest(text, user, answers)
    best = matches[0] if matches and matches[0].is_good else None
    mine = own_tickets(text, user)[:tickets] if tickets else []
    return Found(text, best, matches[1:] if best else matches, mine)


def own_tickets(text: str, user: User | AnonymousUser) -> list[Ticket]:
    """The person's own requests with this number, or with at least half of these words in the
    title, the best fitting and newest first.
    """
    return fitting(requests_of(user), text) if user.is_authenticated else []


def fitting(tickets: QuerySet[Ticket], text: str, among: int = COMPARED) -> list[Ticket]:
    """The same among the newest of `tickets`. One query."""
    numbers = {number.upper() for number in _NUMBER.findall(text)}
    groups = alternatives(text)
    found = []
    for ticket in tickets.order_by("-received_at", "-pk")[:among]:
        if ticket.number in numbers:
            found.append((2.0, ticket))
            continue
        tokens = set(tokens_of(ticket.title))
        hits = sum(any(word in tokens for word in group) for group in groups)
        if hits and hits / len(groups) >= SHARE_OF_WORDS:
            found.append((hits / len(groups), ticket))
    return [ticket for _share, ticket in sorted(found, key=lambda pair: -pair[0])]
