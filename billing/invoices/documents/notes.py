"""What a customer may read of an entry."""

from itil.timesheets.models import NoteVisibility, TimeEntry


def text_for_customer(entry: TimeEntry) -> str:
    """What was written for the invoice; never the note among colleagues, never of a secret."""
    is_meant = entry.note_visibility == NoteVisibility.INVOICE_TEXT
    return entry.note if is_meant and not entry.ticket.is_confidential else ""
