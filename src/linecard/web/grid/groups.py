"""One level of groups: which groups there are, in order and by pages, and what each adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy

from linecard.web.grid.columns import Column
from linecard.web.grid.filters import not_empty
from linecard.web.grid.query import SortTerm
from linecard.web.grid.summaries import Summary, Value, summarize

_FUNCTIONS = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}


@dataclass(frozen=True, kw_only=True)
class Level:
    """The groups by ``column`` of some rows, which are one group of the ``outer`` columns already."""

    column: Column
    outer: Sequence[Column]
    values: Sequence[Value]
    pivot: Column | None
    sort: Sequence[SortTerm]

    def page(
        self, rows: QuerySet[Any, Any], *, offset: int, limit: int, most_records: int
    ) -> tuple[list[dict[str, Any]], dict[Any, Summary]]:
        """The page's groups as the API spells them, and their summaries. Raises ``TooManyRecords``."""
        groups = list(self._groups(rows)[offset : offset + limit])
        if not groups:
            return [], {}
        summaries = self._summaries(rows, [group[self.column.path] for group in groups], most_records)
        return [self._answer(group, summaries) for group in groups], summaries

    def number(self, rows: QuerySet[Any, Any]) -> int:
        """How many groups there are."""
        return rows.order_by().values(self.column.path).distinct().count()

    def _answer(self, group: dict[str, Any], summaries: dict[Any, Summary]) -> dict[str, Any]:
        summary = summaries.get(group[self.column.path], Summary())
        return {
            "group": {column.name: column.write(group) for column in (*self.outer, self.column)},
            **summary.answer(self.values, pivoted=self.pivot is not None),
        }

    def _groups(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        # all of them follow from the group's own value, so they split no group
        outer = (path for column in self.outer for path in column.paths)
        keys = dict.fromkeys((*outer, *self.column.paths, *self.column.sort_paths))
        grouped = rows.order_by().values(*keys).annotate(grid_count=Count("pk"), **self._sorted_values())
        groups: QuerySet[Any, Any] = grouped.order_by(*self._orders())
        return groups

    def _sorted_values(self) -> dict[str, Any]:
        """The values that some term sorts by, under the names that ``_orders`` uses."""
        sorted_by = {term.column for term in self.sort}
        return {
            f"grid_sort_{value.column.name}": _function(value)
            for value in self.values
            if value.column.name in sorted_by and not value.apart_by_currency
        }

    def _orders(self) -> list[OrderBy]:
        sortable = self._sorted_values()
        orders: list[OrderBy] = []
        for term in self.sort:
            if term.column == self.column.name:
                return [*orders, *self._own_orders(term.direction)]  # which tells all groups apart
            if (name := f"grid_sort_{term.column}") in sortable:
                orders.append(_order(F(name), term.direction))
        return [*orders, *self._own_orders("asc")]

    def _own_orders(self, direction: str) -> list[OrderBy]:
        paths = dict.fromkeys((*self.column.sort_paths, self.column.path))
        return [_order(F(path), direction) for path in paths]

    def _summaries(
        self, rows: QuerySet[Any, Any], stored: Sequence[Any], most_records: int
    ) -> dict[Any, Summary]:
        wanted = Q(**{f"{self.column.path}__in": [value for value in stored if value is not None]})
        if None in stored:
            wanted |= Q(**{f"{self.column.path}__isnull": True})
        return summarize(
            rows.filter(wanted),
            by=self.column,
            values=self.values,
            pivot=self.pivot,
            most_records=most_records,
        )


def _order(expression: Any, direction: str) -> OrderBy:
    return OrderBy(expression, descending=direction == "desc", nulls_last=True)


def _function(value: Value) -> Any:
    if value.function == "count":
        return Count(value.column.path, filter=not_empty(value.column))
    return _FUNCTIONS[value.function](value.column.path)
