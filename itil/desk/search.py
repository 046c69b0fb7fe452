"""Finding tickets by number or by words of their subject and conversation."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, QuerySet, When
from wagtail.search.backends import get_search_backend

from itil.conversation.models import Message
from itil.conversation.querysets import notes_read_by
from itil.tickets.models import Ticket
from itil.tickets.numbering import PREFIXES
from portal.people.models import User
from portal.ui.search import alternatives, is_long_enough, query, tokens_of

from .models import SearchEntry

# The newest so many finds are looked at; whoever gets more must be more precise. Not the most
# relevant ones: ranking costs SQLite one more search for every find.
MAX_FINDS = 500
_NUMBER = re.compile(rf"^\[?#?({'|'.join(PREFIXES)})-?0*(\d+)\]?$", re.IGNORECASE)


def number_in(text: str) -> str | None:
    """The ticket number that `text` consists of, in its full form: "inc-12" is INC-000012."""
    found = _NUMBER.match(text.strip())
    return f"{found[1].upper()}-{int(found[2]):06d}" if found else None


def matching(queryset: QuerySet[Ticket], text: str, user: User) -> QuerySet[Ticket]:
    """The tickets of `queryset` with this number, or with every word of `text` in some form.

    Only words that `user` may read count: who sees a ticket without its notes, or without any of
    its texts, does not learn from a find what stands in them (`VIS-1`).
    """
    number = number_in(text)
    if number:
        return queryset.filter(number=number)
    if not is_long_enough(text):
        return queryset
    return queryset.filter(pk__in=readable_finds(text, user))


def readable_finds(text: str, user: User) -> list[int]:
    """Keys of at most MAX_FINDS tickets that hold `text` in words that `user` may read.

    One query where the person reads everything, else two.
    """
    readable, partly = [], {}
    for find in _finds(text, user):
        if find["reads_all"]:
            readable.append(find["pk"])
        else:
            partly[find["pk"]] = set(tokens_of(find["ticket__title"]))
    if partly:
        said = Message.objects.visible_to(user).filter(ticket__in=list(partly))
        for key, words in said.values_list("ticket_id", "text"):
            partly[key].update(tokens_of(words))
    asked = alternatives(text)
    holding = [
        key
        for key, tokens in partly.items()
        if all(any(word in tokens for word in group) for group in asked)
    ]
    return readable + holding


def _finds(text: str, user: User) -> list[dict[str, Any]]:
    """The tickets that hold every word of `text` anywhere, and whether `user` reads all of each."""
    reads_all = Case(When(notes_read_by(user, "ticket__"), then=True), default=False)
    # Rows by name: the backend of PostgreSQL adds a column of its own.
    entries = SearchEntry.objects.annotate(reads_all=reads_all).values(
        "pk", "ticket__title", "reads_all"
    )
    finds = get_search_backend().search(query(text), entries, order_by_relevance=False)
    return list(finds[:MAX_FINDS])


def index_tickets(tickets: Iterable[Ticket]) -> int:
    """Bring the index up to date for `tickets`; returns how many. Safe to repeat."""
    keys = [ticket.pk for ticket in tickets]
    SearchEntry.objects.bulk_create(
        (SearchEntry(ticket_id=key) for key in keys), ignore_conflicts=True
    )
    entries = SearchEntry.objects.filter(pk__in=keys).select_related("ticket")
    get_search_backend().add_bulk(SearchEntry, list(entries.prefetch_related("ticket__messages")))
    return len(keys)
