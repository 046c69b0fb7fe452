"""Rows of a record type, many in one statement."""

from collections.abc import Sequence

from django.db import connection

from itil.tickets.models import Ticket


def insert_children(records: Sequence[Ticket]) -> None:
    """Write what these records have beside their tickets, which are stored already.

    `bulk_create` refuses models with a parent table, because it cannot learn the keys of the rows
    it would have to write there; ours are known, so only the child's own rows remain.
    """
    if not records:
        return
    model = type(records[0])
    fields = model._meta.local_concrete_fields
    size = connection.ops.bulk_batch_size(fields, records)
    for start in range(0, len(records), size):
        model._base_manager._insert(
            records[start : start + size], fields=fields, using=connection.alias
        )
