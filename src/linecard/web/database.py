"""What reading one row and writing many needs beyond the models."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext

from linecard.kernel.errors import NotFound

M = TypeVar("M", bound=Model)


def the_one(rows: QuerySet[M], what: str) -> M:
    """The row that is left of some. Raises ``NotFound``: there is no such ``what``."""
    try:
        found = rows.first()
    except OverflowError:  # an id that no bigint can hold
        found = None
    if found is None:
        raise NotFound(gettext("There is no such {what}.").format(what=gettext(what)))
    return found


def next_ids(table: str, count: int) -> list[int]:
    """Ids for rows that are about to be copied into a table."""
    with connection.cursor() as cursor:
        numbered = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(numbered, [table, count])
        return [number for (number,) in cursor.fetchall()]


def delete_some(table: str, column: str, value: int) -> bool:
    """Delete rows that have this value in a column, not all at once where they are many; True when none is left."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE_SOME.format(table=table, column=column), [value, _ROWS_AT_ONCE])
        return bool(cursor.rowcount < _ROWS_AT_ONCE)


_ROWS_AT_ONCE = 50_000
_DELETE_SOME = (
    "DELETE FROM {table} WHERE ctid = ANY (ARRAY (SELECT ctid FROM {table} WHERE {column} = %s LIMIT %s))"
)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table, in the present transaction. Raises Django's database errors."""
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{table}" ({names}) FROM STDIN'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def lend_connection() -> None:
    """Give the connection back before a long wait for others; the next statement borrows one again.

    Within a transaction it stays.
    """
    if not connection.in_atomic_block:
        connection.close()
