"""The rows of child tables in bulk, for measuring: Django's own bulk insert refuses them."""

from collections.abc import Sequence

from django.db import connection

from itil.tickets.models import Ticket


def add_child_rows(records: Sequence[Ticket], bases: Sequence[Ticket]) -> None:
    """Store what records of one type have beside their base rows, which are stored already."""
    if not records:
        return
    for record, base in zip(records, bases, strict=True):
        record.pk = base.pk
        record.ticket_ptr_id = base.pk
    model = type(records[0])
    columns = model._meta.local_concrete_fields
    size = connection.ops.bulk_batch_size(columns, records)
    for begin in range(0, len(records), size):
        model._base_manager._insert(
            records[begin : begin + size], fields=columns, using=connection.alias, raw=True
        )
