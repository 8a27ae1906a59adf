"""What a grid shows as a table for a file: its columns, order, filters and groups, all pages of them.

The rows are read when they are taken, some at a time. Texts stand as the screen shows them, or as the API spells them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from django.db.models import QuerySet
from pydantic import Field

from linecard.kernel.errors import Invalid
from linecard.kernel.regional import shown_number
from linecard.web.grid.columns import Column
from linecard.web.grid.grid import Grid
from linecard.web.grid.group_tables import GroupTable
from linecard.web.grid.query import MAX_OFFSET, GridQuery, Selection, ViewQuery
from linecard.web.grid.record_tables import RecordTable
from linecard.web.sheets import MOST_ROWS, Table

Rows = QuerySet[Any, Any]
Format = Literal["csv", "xlsx"]
Spelling = Literal["shown", "api"]


class ExportQuery(ViewQuery):
    """What a file is to hold: what a query shows, or a selection."""

    format: Format = Field(description="Comma-separated text in UTF-8, or a workbook.")
    selection: Selection | None = Field(
        default=None,
        description="Only these rows, in the order of `sort`; then without `filter`, `search` and `group_by`.",
    )
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET, description="How many rows to skip.")
    limit: int | None = Field(
        default=None, ge=1, le=MAX_OFFSET, description="The most rows to write; all when not given."
    )
    spelling: Spelling = Field(
        default="shown",
        description="`shown`: labels, as on the screen. `api`: the names and values that the API uses.",
    )
    byte_order_mark: bool = Field(
        default=False, description="Begin a csv with the mark by which spreadsheets know UTF-8."
    )


@dataclass(frozen=True, slots=True)
class Export:
    """A table to be written, and how many rows it has (None where only reading it tells)."""

    table: Table
    rows: int | None


def export_of(grid: Grid, queryset: Rows, query: ExportQuery) -> Export:
    """The table of a query over the rows of ``queryset``: those, and only those, that the asker may see.

    Raises ``Invalid`` for a query that cannot be, and for more rows than the format holds.
    """
    asked = GridQuery.model_validate(query.model_dump(include=set(ViewQuery.model_fields)))
    if query.group_by and query.selection is None:
        return _groups(grid, queryset, asked, query)
    return _records(grid, queryset, asked, query)


def _groups(grid: Grid, queryset: Rows, asked: GridQuery, query: ExportQuery) -> Export:
    groups = GroupTable(grid, queryset, asked, as_shown=query.spelling == "shown")
    stop = None if query.limit is None else query.offset + query.limit
    return Export(Table(groups.headings(), islice(groups.rows(), query.offset, stop)), None)


def _records(grid: Grid, queryset: Rows, asked: GridQuery, query: ExportQuery) -> Export:
    if query.selection is not None and (query.filter or query.search or query.group_by):
        raise Invalid({"selection": "Give either a selection, or a filter, a search and groups."})
    records = grid.everything(queryset, asked, query.selection)
    ids = records.ids()[query.offset :]
    if query.limit is not None:
        ids = ids[: query.limit]
    if query.format == "xlsx" and len(ids) > MOST_ROWS:
        raise Invalid(
            {
                "format": f"A workbook holds {shown_number(MOST_ROWS)} rows,"
                f" and these are {shown_number(len(ids))}: take csv."
            }
        )
    columns = _with_currencies(grid, records.columns)
    table = RecordTable(grid=grid, records=records, columns=columns, as_shown=query.spelling == "shown")
    return Export(Table(table.headings(), table.rows(ids)), len(ids))


def _with_currencies(grid: Grid, columns: Sequence[Column]) -> list[Column]:
    """An amount says nothing without its currency."""
    wanted = {column.currency for column in columns if column.currency} - {column.path for column in columns}
    return [*columns, *(column for column in grid.columns.values() if column.path in wanted)]
