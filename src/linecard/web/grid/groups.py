"""One level of groups: which groups there are, in order and by pages, and what each adds up to.

Few groups, as people look at, come with all they add up to in one pass over the rows. Many take a statement to find
those of the page and another for what they add up to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy

from linecard.web.grid.columns import Column
from linecard.web.grid.filters import not_empty
from linecard.web.grid.ordering import group_orders
from linecard.web.grid.query import SortTerm
from linecard.web.grid.summaries import Summary, TooManyRecords, Value, summarize

_FUNCTIONS = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}
MAX_RECORDS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of a page as the API spells them. ``total`` and ``union`` are of all groups, None where not known."""

    page: list[dict[str, Any]]
    total: int | None = None
    union: Summary | None = None


@dataclass(frozen=True, kw_only=True)
class Level:
    """The groups by ``column`` of some rows, which are one group of the ``outer`` columns already."""

    column: Column
    outer: Sequence[Column]
    values: Sequence[Value]
    pivot: Column | None
    sort: Sequence[SortTerm]

    def groups(self, rows: QuerySet[Any, Any], *, offset: int, limit: int, most_records: int) -> Groups:
        """A page of the groups. Raises ``TooManyRecords``."""
        try:
            return self._in_one_pass(rows, offset, limit)
        except TooManyRecords:
            return self._page_of_many(rows, offset, limit, most_records)

    def _in_one_pass(self, rows: QuerySet[Any, Any], offset: int, limit: int) -> Groups:
        summaries = summarize(
            rows,
            by=self.column,
            values=self.values,
            pivot=self.pivot,
            most_records=MAX_RECORDS_AT_ONCE,
            along=self._paths,
            order=self._own_orders(),
        )
        found = list(summaries.values())
        for value, direction in reversed(self._value_orders()):
            found = _sorted(found, value, direction)
        page = [self._answer(summary.records[0], summary) for summary in found[offset : offset + limit]]
        return Groups(page, total=len(found), union=Summary.union(found))

    def _page_of_many(self, rows: QuerySet[Any, Any], offset: int, limit: int, most_records: int) -> Groups:
        groups = list(self._groups(rows)[offset : offset + limit])
        if not groups:
            return Groups([])
        summaries = self._summaries(rows, [group[self.column.path] for group in groups], most_records)
        page = [self._answer(group, summaries.get(group[self.column.path], Summary())) for group in groups]
        return Groups(page)

    def number(self, rows: QuerySet[Any, Any]) -> int:
        """How many groups there are."""
        return rows.order_by().values(self.column.path).distinct().count()

    def _answer(self, record: Mapping[str, Any], summary: Summary) -> dict[str, Any]:
        answer = {
            "group": {column.name: column.write(record) for column in (*self.outer, self.column)},
            **summary.answer(self.values, self.pivot),
        }
        value = record[self.column.path]
        if self.column.say and value:
            answer["words"] = self.column.say(value)
        return answer

    @property
    def _paths(self) -> tuple[str, ...]:
        """What is told of a group and orders it: all follows from the group's own value, so it splits no group."""
        outer = (path for column in self.outer for path in column.paths)
        return tuple(dict.fromkeys((*outer, *self.column.paths, *self.column.sort_paths)))

    def _groups(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        values = {_sort_name(value): _function(value) for value, _ in self._value_orders()}
        grouped = rows.order_by().values(*self._paths).annotate(grid_count=Count("pk"), **values)
        orders = [
            OrderBy(F(_sort_name(value)), descending=direction == "desc", nulls_last=True)
            for value, direction in self._value_orders()
        ]
        groups: QuerySet[Any, Any] = grouped.order_by(*orders, *self._own_orders())
        return groups

    def _value_orders(self) -> list[tuple[Value, str]]:
        """The values that order the groups before their own column, which tells all of them apart."""
        values = {value.column.name: value for value in self.values if not value.apart_by_currency}
        before = takewhile(lambda term: term.column != self.column.name, self.sort)
        return [(values[term.column], term.direction) for term in before if term.column in values]

    def _own_orders(self) -> list[OrderBy]:
        named = (term.direction for term in self.sort if term.column == self.column.name)
        return group_orders(self.column, next(named, "asc"))

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


def _sorted(found: Sequence[Summary], value: Value, direction: str) -> list[Summary]:
    """Ordered by a value, those without one last; those with the same stay in their order."""
    numbers = [(value.number(summary.records), summary) for summary in found]
    with_one = [(number, summary) for number, summary in numbers if number is not None]
    with_one.sort(key=itemgetter(0), reverse=direction == "desc")
    return [summary for _, summary in with_one] + [summary for number, summary in numbers if number is None]


def _sort_name(value: Value) -> str:
    return f"grid_sort_{value.column.name}"


def _function(value: Value) -> Any:
    if value.function == "count":
        return Count(value.column.path, filter=not_empty(value.column))
    return _FUNCTIONS[value.function](value.column.path)
