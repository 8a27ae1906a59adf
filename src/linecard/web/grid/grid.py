"""A grid: columns declared once, and every question about them answered in SQL.

A page of records costs two statements: totals with the exact count, then the page; one where the count is known. What
a search finds is looked up once: counted beside the first ids. Groups cost one where they are few, and five where they
are many: the attempt at one, which groups, what they add up to, their number, the totals.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.expressions import Combinable

from linecard.kernel.errors import Invalid
from linecard.web.grid.columns import Column
from linecard.web.grid.groups import Level
from linecard.web.grid.ordering import Order, from_far_end, is_nullable
from linecard.web.grid.plan import Plan, Planner
from linecard.web.grid.query import FilterTerm, GridQuery, Selection, SortTerm
from linecard.web.grid.records import Records
from linecard.web.grid.summaries import Summary, TooManyRecords, summarize

Rows = QuerySet[Any, Any]

MAX_PIVOT_VALUES = 100
MAX_SUMMARY_RECORDS = 100_000


class Answer(TypedDict):
    """The rows of a page, how many there are in all, and what everything that matches adds up to."""

    rows: list[dict[str, Any]]
    total: int
    totals: dict[str, Any]


class Grid:
    """Columns over some model.

    ``search`` narrows a queryset to the rows that a text finds. ``default_filter`` holds unless a query
    filters the same column itself. ``annotations`` are expressions that columns name as if they were fields.
    ``key`` is the path of the unique id that ends every order.
    """

    def __init__(
        self,
        name: str,
        columns: Iterable[Column],
        *,
        search: Callable[[Rows, str], Rows],
        default_sort: Sequence[SortTerm],
        default_filter: Mapping[str, FilterTerm] | None = None,
        annotations: Mapping[str, Combinable] | None = None,
        key: str = "id",
    ) -> None:
        self.name = name
        self.columns: dict[str, Column] = {column.name: column for column in columns}
        self.default_sort = tuple(default_sort)
        self.key = key
        self._search = search
        self._default_filter = dict(default_filter or {})
        self._annotations = dict(annotations or {})

    def run(self, queryset: Rows, query: GridQuery) -> Answer:
        """Answer a query over the rows of ``queryset``: those, and only those, that the asker may see.

        Raises ``Invalid`` naming each part of the query that cannot be.
        """
        plan = self._plan(query)
        asked = queryset if query.ids is None else self._those(queryset, query.ids)
        matching = self._matching(asked, query, plan)
        if plan.grouped:
            return self._groups_page(matching, query, plan)
        return self._records_page(self.annotated(asked), matching, query, plan)

    def everything(self, queryset: Rows, query: GridQuery, selection: Selection | None = None) -> Records:
        """All records that a query shows, its page left aside; or those of a selection, in the query's order.

        Raises ``Invalid``.
        """
        plan = self._plan(query)
        rows = self.annotated(queryset)
        matching = self.selected(rows, selection) if selection else self._matching(queryset, query, plan)
        terms = [order.expression() for order in self._orders(rows, plan)]
        return Records(rows=rows, matching=matching.order_by(*terms), columns=plan.columns, key=self.key)

    def worked_out(self, keys: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Values that no statement gives: of rows, by key, the columns that are shown otherwise than stored."""
        return {}

    def matching(self, queryset: Rows, filters: Mapping[str, FilterTerm], search: str) -> Rows:
        """The rows that a filter and a search leave. Raises ``Invalid``."""
        condition, text = Planner(self.columns).matching(self._filter(filters), search)
        return self._narrowed(self.annotated(queryset), condition, text)

    def selected(self, queryset: Rows, selection: Selection) -> Rows:
        """The rows of a selection. Raises ``Invalid`` when it is neither ids nor everything that matches."""
        if (selection.ids is None) == (selection.all is None):
            raise Invalid({"selection": "Give either ids or all."})
        # also beside ids, which need none: whoever notes what was selected notes all of it
        matching = self.matching(queryset, selection.filter, selection.search)
        if selection.ids is not None:
            return self._those(queryset, selection.ids)
        return matching.exclude(**{f"{self.key}__in": selection.exceptions})

    def _those(self, rows: Rows, ids: Sequence[int]) -> Rows:
        return rows.filter(**{f"{self.key}__in": ids})

    def _filter(self, given: Mapping[str, FilterTerm]) -> dict[str, FilterTerm]:
        return {**self._default_filter, **given}

    def annotated(self, queryset: Rows) -> Rows:
        """The rows with everything that columns may name."""
        annotated: Rows = queryset.annotate(**self._annotations)
        return annotated

    def _plan(self, query: GridQuery) -> Plan:
        return Planner(self.columns).plan(query.model_copy(update={"filter": self._filter(query.filter)}))

    def _matching(self, queryset: Rows, query: GridQuery, plan: Plan) -> Rows:
        """The rows of the group that is looked into, with no annotation that they can do without.

        The join of one that nobody asks for is left out by PostgreSQL, but keeps it from reading the index alone.
        """
        sort = (term.column for term in plan.sort or self.default_sort)
        named = [self.columns[name] for name in (*self._filter(query.filter), *sort)]
        summed = [value.column for value in plan.values]
        columns = [*named, *summed, *plan.groups, *filter(None, [plan.pivot])]
        paths = {path for column in columns for path in (*column.paths, *column.sort_paths, column.folded)}
        needed = {name: expression for name, expression in self._annotations.items() if name in paths}
        rows = self.annotated(queryset) if plan.search else queryset.annotate(**needed)
        return self._narrowed(rows, plan.condition, plan.search).filter(plan.path_condition())

    def _narrowed(self, rows: Rows, condition: Q, search: str) -> Rows:
        rows = rows.filter(condition)
        return self._search(rows, search) if search else rows

    def _totals(self, rows: Rows, plan: Plan) -> dict[str, Any]:
        try:
            summaries = summarize(
                rows, by=None, values=plan.values, pivot=plan.pivot, most_records=MAX_SUMMARY_RECORDS
            )
        except TooManyRecords as error:
            raise _too_wide_a_pivot() from error
        return self._told(summaries.get(None, Summary()), plan)

    def _told(self, summary: Summary, plan: Plan) -> dict[str, Any]:
        if len(summary.pivots) > MAX_PIVOT_VALUES:
            raise _too_wide_a_pivot()
        return summary.answer(plan.values, plan.pivot)

    def _groups_page(self, rows: Rows, query: GridQuery, plan: Plan) -> Answer:
        level = Level(
            column=plan.groups[len(plan.path)],
            outer=plan.groups[: len(plan.path)],
            values=plan.values,
            pivot=plan.pivot,
            sort=plan.sort or self.default_sort,
        )
        try:
            groups = level.groups(
                rows, offset=query.offset, limit=query.limit, most_records=MAX_SUMMARY_RECORDS
            )
        except TooManyRecords as error:
            raise Invalid({"limit": "These groups hold too many values: ask for fewer at a time."}) from error
        total = level.number(rows) if groups.total is None else groups.total
        totals = self._totals(rows, plan) if groups.union is None else self._told(groups.union, plan)
        return {"rows": groups.page, "total": total, "totals": totals}

    def _records_page(self, rows: Rows, matching: Rows, query: GridQuery, plan: Plan) -> Answer:
        if query.known_total is not None:
            totals = _only_counted(query.known_total)
            records = self._page(rows, matching, plan, query.known_total, query)
        elif plan.search and query.offset == 0 and not (plan.values or plan.pivot):
            records, total = self._first_found(rows, matching, plan, query.limit)
            totals = _only_counted(total)
        else:
            totals = self._totals(matching, plan)
            records = self._page(rows, matching, plan, totals["count"], query)
        worked_out = self.worked_out([record[self.key] for record in records])
        return {
            "rows": [self._row(record, plan, worked_out.get(record[self.key], {})) for record in records],
            "total": totals["count"],
            "totals": totals,
        }

    def _row(self, record: Mapping[str, Any], plan: Plan, worked_out: Mapping[str, Any]) -> dict[str, Any]:
        written = {
            column.name: worked_out[column.name] if column.name in worked_out else column.write(record)
            for column in plan.columns
        }
        return {self.key: record[self.key], **written}

    def _first_found(
        self, rows: Rows, matching: Rows, plan: Plan, limit: int
    ) -> tuple[list[dict[str, Any]], int]:
        """The first page of what a search finds, and the number of it, in one go.

        No index gives words in the order of something else, so all of it is read anyway.
        """
        terms = [order.expression() for order in self._orders(rows, plan)]
        counted = matching.order_by(*terms).annotate(grid_count=Window(Count("*")))
        found = list(counted.values_list(self.key, "grid_count")[:limit])
        if not found:
            return [], 0
        ids = [key for key, _ in found]
        return self._read(self._those(rows, ids).order_by(*terms), plan), found[0][1]

    def _page(
        self, rows: Rows, matching: Rows, plan: Plan, total: int, query: GridQuery
    ) -> list[dict[str, Any]]:
        """The ids of the page first, then what it shows of just those: far pages carry no wide rows along.

        The second half is read from its end, which halves the way.
        """
        start, stop = query.offset, min(query.offset + query.limit, total)
        if start >= stop:
            return []
        orders = self._orders(rows, plan)
        backwards = start > total // 2
        if backwards:
            start, stop = total - stop, total - start
            orders = from_far_end(orders)
        terms = [order.expression() for order in orders]
        ids = matching.order_by(*terms).values(self.key)[start:stop]
        records = self._read(rows.filter(**{f"{self.key}__in": ids}).order_by(*terms), plan)
        return records[::-1] if backwards else records

    def _read(self, rows: Rows, plan: Plan) -> list[dict[str, Any]]:
        paths = dict.fromkeys((self.key, *(path for column in plan.columns for path in column.paths)))
        return list(rows.values(*paths))

    def _orders(self, rows: Rows, plan: Plan) -> list[Order]:
        orders: dict[str, Order] = {}
        descending = False
        for term in plan.sort or self.default_sort:
            descending = term.direction == "desc"
            for path in self.columns[term.column].sort_paths:
                orders.setdefault(path, Order(path, descending, is_nullable(rows.model, path)))
        # the key follows the last direction, so that one index can give the whole order
        orders.setdefault(self.key, Order(self.key, descending, nullable=False))
        return list(orders.values())


def _only_counted(total: int) -> dict[str, Any]:
    return {"count": total, "values": {}}


def _too_wide_a_pivot() -> Invalid:
    return Invalid({"pivot": f"Has more than {MAX_PIVOT_VALUES} values."})
