"""All the records that a query shows, in order, however many there are.

Their ids come first, in one statement and packed (eight bytes each); then what is shown of them, some at a time. So no
statement runs for long, no transaction stays open between them, and memory hardly grows with the rows.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact

from linecard.web.grid.columns import Column

Rows = QuerySet[Any, Any]
Ids: TypeAlias = "array[int]"
Record = tuple[Any, ...]

READ_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Rows of which those that ``matching`` finds, in its order, are to be read."""

    rows: Rows
    matching: Rows
    columns: Sequence[Column]
    key: str

    def ids(self) -> Ids:
        """The keys of all of them, in order."""
        ids = array("q")
        try:
            statement, parameters = self.matching.values_list(self.key).query.sql_with_params()
        except EmptyResultSet:  # known without asking: no id is selected, or no row can have such a number
            return ids
        packed = f"SELECT string_agg(int8send(ordered.id), ''::bytea) FROM ({statement}) AS ordered (id)"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(packed, parameters)
            (found,) = cursor.fetchone() or (None,)
        if found is not None:
            ids.frombytes(found)
        if sys.byteorder == "little":  # what PostgreSQL sends is big
            ids.byteswap()
        return ids

    @property
    def paths(self) -> list[str]:
        """The ORM paths of what is read, beginning with the key."""
        return list(dict.fromkeys((self.key, *(path for column in self.columns for path in column.paths))))

    def read(self, ids: Ids) -> Iterator[list[Record]]:
        """Values of ``paths`` of those rows, in the order of the ids; rows that went away since are left out."""
        paths = self.paths
        for start in range(0, len(ids), READ_AT_ONCE):
            wanted = ids[start : start + READ_AT_ONCE].tolist()
            found = {record[0]: record for record in self._of(wanted).values_list(*paths)}
            yield [found[key] for key in wanted if key in found]

    def _of(self, ids: list[int]) -> Rows:
        some = RawSQL("%s::bigint[]", [ids])
        rows: Rows = self.rows.filter(_AnyOf(F(self.key), some)).order_by()
        return rows


class _AnyOf(Exact):
    """One array instead of ``IN``: so many parameters would take longer to send than to answer."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"= ANY ({rhs})"
