"""Finding tickets by number or by words of their subject and conversation."""

import re
from collections.abc import Iterable

from django.db.models import QuerySet
from wagtail.search.backends import get_search_backend

from itil.tickets.models import Ticket
from itil.tickets.numbering import PREFIXES
from portal.ui.search import is_long_enough, query

from .models import SearchEntry

# The newest so many finds are looked at; whoever gets more must be more precise. Not the most
# relevant ones: ranking costs SQLite one more search for every find.
MAX_FINDS = 500
_NUMBER = re.compile(rf"^\[?#?({'|'.join(PREFIXES)})-?0*(\d+)\]?$", re.IGNORECASE)


def number_in(text: str) -> str | None:
    """The ticket number that `text` consists of, in its full form: "inc-12" is INC-000012."""
    found = _NUMBER.match(text.strip())
    return f"{found[1].upper()}-{int(found[2]):06d}" if found else None


def matching(queryset: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """The tickets of `queryset` with this number, or with every word of `text` in some form."""
    number = number_in(text)
    if number:
        return queryset.filter(number=number)
    if not is_long_enough(text):
        return queryset
    return queryset.filter(pk__in=found_keys(text))


def found_keys(text: str) -> list[int]:
    """Primary keys of at most MAX_FINDS tickets for `text`, unrestricted; one query.

    The newest, not the most relevant: ranking costs SQLite one more search for every find.
    """
    entries = SearchEntry.objects.all()
    finds = get_search_backend().search(query(text), entries, order_by_relevance=False)
    return [entry.pk for entry in finds[:MAX_FINDS]]


def index_tickets(tickets: Iterable[Ticket]) -> int:
    """Bring the index up to date for `tickets`; returns how many. Safe to repeat."""
    keys = [ticket.pk for ticket in tickets]
    SearchEntry.objects.bulk_create(
        (SearchEntry(ticket_id=key) for key in keys), ignore_conflicts=True
    )
    entries = SearchEntry.objects.filter(pk__in=keys).select_related("ticket")
    get_search_backend().add_bulk(SearchEntry, list(entries.prefetch_related("ticket__messages")))
    return len(keys)
