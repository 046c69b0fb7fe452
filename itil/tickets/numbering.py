"""Human numbers per record type: `INC-000123`, never used twice, gaps allowed (`GEN-5`)."""

from django.db import connection

PREFIXES = ("INC", "REQ", "BND", "PRB", "CHG", "REL", "TSK", "WO", "EST")


def sequence_name(prefix: str) -> str:
    """The PostgreSQL sequence behind `prefix`."""
    return f"ticket_number_{prefix.lower()}"


def next_number(prefix: str) -> str:
    """The next number of `prefix`.

    PostgreSQL takes it from a sequence, so that openers do not queue behind each other; SQLite has
    one writer at a time anyway and counts in a row.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(%s)", [sequence_name(prefix)])
        else:
            cursor.execute(
                "INSERT INTO tickets_ticketnumber (prefix, last) VALUES (%s, 1)"
                " ON CONFLICT (prefix) DO UPDATE SET last = last + 1 RETURNING last",
                [prefix],
            )
        return f"{prefix}-{cursor.fetchone()[0]:06d}"


def reserve_numbers(prefix: str, count: int) -> list[str]:
    """`count` numbers of `prefix` in order, in one statement, for imports."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(%s) FROM generate_series(1, %s)", [sequence_name(prefix), count]
            )
            values = [row[0] for row in cursor.fetchall()]
        else:
            cursor.execute(
                "INSERT INTO tickets_ticketnumber (prefix, last) VALUES (%s, %s)"
                " ON CONFLICT (prefix) DO UPDATE SET last = last + excluded.last RETURNING last",
                [prefix, count],
            )
            last = cursor.fetchone()[0]
            values = list(range(last - count + 1, last + 1))
    return [f"{prefix}-{value:06d}" for value in values]
