"""Rows written by columns, past models and their checks: for very many of them."""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from itil.tickets.models import Ticket, TicketEvent

Columns = dict[str, Sequence[Any]]


def write_columns(model: type[models.Model], columns: Columns) -> None:
    """Rows of these columns; of the others what a new record has."""
    quote = connection.ops.quote_name
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    rest = {
        name: field.get_db_prep_save(_default(field), connection)
        for name, field in fields.items()
        if name not in columns and not (field.null or field.primary_key or field.generated)
    }
    names = ", ".join(quote(name) for name in (*columns, *rest))
    target = quote(model._meta.db_table)
    constants = ", ".join(["%s"] * len(rest))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = [fields[name].db_type(connection).split(" GENERATED")[0] for name in columns]
            casts = ", ".join(f"c{place}::{kind}" for place, kind in enumerate(kinds))
            heads = ", ".join(f"c{place}" for place in range(len(kinds)))
            arrays = ", ".join(["%s::text[]"] * len(kinds))
            cursor.execute("SET LOCAL timezone = 'UTC'")
            cursor.execute(
                f"INSERT INTO {target} ({names}) SELECT {casts}{',' if rest else ''} {constants}"  # noqa: S608
                f" FROM unnest({arrays}) AS given({heads})",
                [*rest.values(), *([_text(one) for one in values] for values in columns.values())],
            )
            return
        places = ", ".join(["%s"] * (len(columns) + len(rest)))
        cursor.executemany(
            f"INSERT INTO {target} ({names}) VALUES ({places})",  # noqa: S608 - names of our models
            [(*row, *rest.values()) for row in zip(*columns.values(), strict=True)],
        )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _default(field: models.Field) -> Any:
    return field.get_default()


def reset_sequences() -> None:
    """Rows were written with keys of their own; the next one gets a new one."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Ticket, TicketEvent]):
            cursor.execute(statement)
