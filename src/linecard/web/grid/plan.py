"""A query checked against a grid's columns: every name is known, every part fits, or all faults are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from linecard.kernel.errors import FieldError, Invalid
from linecard.web.grid.columns import Column
from linecard.web.grid.filters import BadTerm, condition
from linecard.web.grid.kinds import read_text
from linecard.web.grid.query import FilterTerm, GridQuery, SortTerm, ViewQuery
from linecard.web.grid.summaries import Value


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do, in terms of columns."""

    condition: Q
    search: str
    columns: tuple[Column, ...]
    sort: tuple[SortTerm, ...]
    groups: tuple[Column, ...]
    path: tuple[Any, ...]
    values: tuple[Value, ...]
    pivot: Column | None

    @property
    def grouped(self) -> bool:
        """Whether the rows are groups, not records."""
        return len(self.path) < len(self.groups)

    def path_condition(self) -> Q:
        """The rows of the group that is looked into."""
        inside = Q()
        for column, stored in zip(self.groups, self.path, strict=False):
            inside &= Q(**{f"{column.path}__isnull": True}) if stored is None else Q(**{column.path: stored})
        return inside


class Planner:
    """Checks queries against columns. ``faults`` gathers what is wrong."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._faults: list[FieldError] = []

    def plan(self, query: GridQuery) -> Plan:
        """The plan of a query. Raises ``Invalid`` with every fault of it."""
        groups = self._groups(query.group_by)
        plan = Plan(
            condition=self._condition(query.filter),
            search=self._search(query.search),
            columns=self._shown(query.columns),
            sort=self._sort(query.sort),
            groups=groups,
            path=self._path(groups, query.group_path),
            values=self._values(query),
            pivot=self._pivot(query.pivot),
        )
        self._raise_faults()
        return plan

    def matching(self, filters: Mapping[str, FilterTerm], search: str) -> tuple[Q, str]:
        """The condition of a filter and the search text. Raises ``Invalid``."""
        answer = self._condition(filters), self._search(search)
        self._raise_faults()
        return answer

    def _raise_faults(self) -> None:
        if self._faults:
            raise Invalid(self._faults)

    def _fault(self, path: str, message: str) -> None:
        self._faults.append(FieldError(path, message))

    def _column(self, name: str, path: str) -> Column | None:
        column = self._columns.get(name)
        if column is None:
            self._fault(path, f"There is no column {name!r}.")
        return column

    def _condition(self, filters: Mapping[str, FilterTerm]) -> Q:
        every = Q()
        for name, term in filters.items():
            column = self._column(name, f"filter.{name}")
            if column is None:
                continue
            try:
                every &= condition(column, term)
            except BadTerm as bad:
                self._fault(f"filter.{name}.{bad.part}", bad.message)
        return every

    def _search(self, text: str) -> str:
        try:
            return read_text(text).strip()
        except ValueError as error:
            self._fault("search", str(error))
            return ""

    def _shown(self, names: Sequence[str] | None) -> tuple[Column, ...]:
        if names is None:
            return tuple(self._columns.values())
        found = [self._column(name, f"columns.{position}") for position, name in enumerate(names)]
        return tuple(dict.fromkeys(column for column in found if column))

    def _sort(self, terms: Sequence[SortTerm]) -> tuple[SortTerm, ...]:
        named: set[str] = set()
        for position, term in enumerate(terms):
            column = self._column(term.column, f"sort.{position}.column")
            if column is None:
                continue
            if not column.rules.sorts:
                self._fault(f"sort.{position}.column", f"{column.label} has no order.")
            elif term.column in named:
                self._fault(f"sort.{position}.column", f"{column.label} is named twice.")
            named.add(term.column)
        return tuple(terms)

    def _groups(self, names: Sequence[str]) -> tuple[Column, ...]:
        groups: list[Column] = []
        for position, name in enumerate(names):
            column = self._column(name, f"group_by.{position}")
            if column is None:
                continue
            if not column.groups:
                self._fault(f"group_by.{position}", f"Rows cannot be grouped by {column.label}.")
            elif column in groups:
                self._fault(f"group_by.{position}", f"{column.label} is named twice.")
            groups.append(column)
        return tuple(groups)

    def _path(self, groups: Sequence[Column], given: Sequence[object]) -> tuple[Any, ...]:
        if self._faults:  # the path can only be read along good groups
            return ()
        if len(given) > len(groups):
            self._fault("group_path", "Is longer than group_by.")
            return ()
        path: list[Any] = []
        for position, (column, value) in enumerate(zip(groups, given, strict=False)):
            try:
                path.append(None if value is None else column.rules.read(value))
            except ValueError as error:
                self._fault(f"group_path.{position}", str(error))
        return tuple(path)

    def _values(self, query: ViewQuery) -> tuple[Value, ...]:
        values: list[Value] = []
        for name, function in query.values.items():
            column = self._column(name, f"values.{name}")
            if column is None:
                continue
            if function not in column.rules.functions:
                fitting = ", ".join(column.rules.functions)
                self._fault(f"values.{name}", f"{column.label} can give: {fitting}.")
            values.append(Value(column, function))
        return tuple(values)

    def _pivot(self, name: str | None) -> Column | None:
        column = self._column(name, "pivot") if name is not None else None
        if column is not None and not column.groups:
            self._fault("pivot", f"{column.label} cannot be a pivot.")
        return column
