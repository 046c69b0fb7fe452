"""What the desk keeps beside the records themselves."""

from django.db import models
from wagtail.search import index

from itil.tickets.models import Ticket
from portal.ui.search import index_tokens

# Longer conversations are found by their beginning and their end.
MAX_INDEXED_CHARACTERS = 20_000


class SearchEntry(index.Indexed, models.Model):
    """Puts one ticket into the full-text index: its subject and everything said on it.

    Written by `itil.desk.search.index_tickets` from the stored events, never by saving.
    """

    search_auto_update = False

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="search_entry"
    )

    search_fields = [index.SearchField("search_tokens")]

    def __str__(self):
        return str(self.ticket_id)

    def search_tokens(self) -> str:
        """The words of subject and messages. One query for the messages unless prefetched."""
        parts = [self.ticket.title, *(message.text for message in self.ticket.messages.all())]
        text = "\n".join(parts)
        if len(text) > MAX_INDEXED_CHARACTERS:
            half = MAX_INDEXED_CHARACTERS // 2
            text = f"{text[:half]}\n{text[-half:]}"
        return index_tokens(text)
