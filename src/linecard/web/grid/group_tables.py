"""Groups of a grid as rows of cells, each with its count and values: groups, what they add up to, and the total."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from linecard.kernel.errors import Invalid
from linecard.kernel.regional import shown_number
from linecard.web.grid.columns import Column
from linecard.web.grid.grid import Grid
from linecard.web.grid.query import MAX_LIMIT, GridQuery
from linecard.web.sheets import Cell, Heading, Number

GroupRow = Mapping[str, Any]

_FUNCTIONS = {
    "sum": gettext_noop("sum"),
    "avg": gettext_noop("average"),
    "min": gettext_noop("minimum"),
    "max": gettext_noop("maximum"),
    "count": gettext_noop("count"),
}
_NOTHING: Mapping[str, Any] = {"count": 0, "values": {}}
_MOST_COLUMNS = 1_000
# Groups that have groups inside: each costs a statement.
_MOST_OUTER_GROUPS = 2_000


@dataclass(frozen=True, slots=True)
class _Part:
    """A column of the file: its heading, and how its cell is got from a group."""

    heading: str
    cell: Callable[[GroupRow], Cell]


class GroupTable:
    """The groups of a query: each group follows the groups inside it, as their subtotal; the grand total is last.

    A column says which level a row is of, because an empty cell may be a group's own value as well. An amount has a
    column for each currency, because amounts of different currencies are never added. Raises
    ``Invalid`` for a query that cannot be.
    """

    def __init__(self, grid: Grid, queryset: QuerySet[Any, Any], query: GridQuery, *, as_shown: bool) -> None:
        self._grid = grid
        self._queryset = queryset
        self._query = query
        self._as_shown = as_shown
        self._groups = [grid.columns[name] for name in query.group_by if name in grid.columns]
        self._totals = self._run((), 0, 1)["totals"]
        self._parts = self._all_parts(self._totals)
        self._require_few_outer_groups()

    def headings(self) -> list[Heading]:
        """One for each group column, the level, the count and each value; these again for each value of the pivot."""
        return [Heading(part.heading) for part in self._parts]

    def rows(self) -> Iterator[list[Cell]]:
        """The groups, read some at a time, and the grand total."""
        for group in self._inside(()):
            yield [part.cell(group) for part in self._parts]
        total = {"group": {}, **self._totals}
        yield [part.cell(total) for part in self._parts]

    def _require_few_outer_groups(self) -> None:
        outer = [column.path for column in self._groups[:-1]]
        if not outer:
            return
        matching = self._grid.everything(self._queryset, self._query).matching.order_by()
        if matching.values(*outer).distinct()[: _MOST_OUTER_GROUPS + 1].count() > _MOST_OUTER_GROUPS:
            names = ", ".join(gettext(column.label) for column in self._groups[:-1])
            most = shown_number(_MOST_OUTER_GROUPS)
            message = f"{names}: more than {most} groups with groups inside. Group by fewer columns."
            raise Invalid({"group_by": message})

    def _run(self, path: tuple[Any, ...], offset: int, limit: int) -> Any:
        asked = {"group_path": list(path), "offset": offset, "limit": limit}
        return self._grid.run(self._queryset, self._query.model_copy(update=asked))

    def _inside(self, path: tuple[Any, ...]) -> Iterator[GroupRow]:
        column = self._groups[len(path)]
        offset, total = 0, 1
        while offset < total:
            answer = self._run(path, offset, MAX_LIMIT)
            for row in answer["rows"]:
                if len(path) + 1 < len(self._groups):
                    yield from self._inside((*path, _key(column, row["group"][column.name])))
                yield row
            offset, total = offset + MAX_LIMIT, answer["total"]

    def _all_parts(self, totals: GroupRow) -> list[_Part]:
        parts = [self._group_part(column) for column in self._groups]
        parts.append(_Part("Level" if self._as_shown else "level", self._level))
        parts += self._value_parts("", totals["values"], lambda row: row)
        labels = self._pivot_labels(totals.get("pivot", {}))
        for key, label in labels.items():
            parts += self._value_parts(f"{label}: ", totals["values"], _of_pivot(key))
        if len(parts) > _MOST_COLUMNS:
            raise Invalid(
                {"pivot": f"The file would have {shown_number(len(parts))} columns: choose fewer values."}
            )
        return parts

    def _group_part(self, column: Column) -> _Part:
        return _Part(self._called(column), lambda row: self._cell(column, row["group"].get(column.name)))

    def _level(self, row: GroupRow) -> Cell:
        """The column that a row is a group of; for programs how deep it stands, from 0 for the grand total."""
        depth = len(row["group"])
        if not self._as_shown:
            return depth
        return gettext(self._groups[depth - 1].label) if depth else gettext("Total")

    def _value_parts(
        self, prefix: str, totals: Mapping[str, Any], of: Callable[[GroupRow], GroupRow]
    ) -> list[_Part]:
        count = gettext("Count") if self._as_shown else "count"
        parts = [_Part(f"{prefix}{count}", lambda row: of(row)["count"])]
        for name, total in totals.items():
            column = self._grid.columns[name]
            heading = f"{prefix}{self._called(column)} {self._function(name)}"
            if isinstance(total, Mapping):
                parts += [self._amount_part(f"{heading} {code}", name, code, of) for code in total]
            else:
                parts.append(self._value_part(heading, column, of))
        return parts

    def _called(self, column: Column) -> str:
        return gettext(column.label) if self._as_shown else column.name

    def _function(self, name: str) -> str:
        function = self._query.values[name]
        return gettext(_FUNCTIONS[function]) if self._as_shown else function

    def _amount_part(
        self, heading: str, name: str, currency: str, of: Callable[[GroupRow], GroupRow]
    ) -> _Part:
        def cell(row: GroupRow) -> Cell:
            amount = of(row)["values"].get(name, {}).get(currency)
            return None if amount is None else Number(amount)

        return _Part(heading, cell)

    def _value_part(self, heading: str, column: Column, of: Callable[[GroupRow], GroupRow]) -> _Part:
        return _Part(heading, lambda row: _number(column, of(row)["values"].get(column.name)))

    def _cell(self, column: Column, value: Any) -> Cell:
        """A group's value as the API spells it, as a cell."""
        if column.say and self._as_shown and value:
            return column.say(value)
        match column.kind:
            case "reference" if value is not None:
                return str(value["name"]) if self._as_shown else int(value["id"])
            case "choice" if self._as_shown:
                return next(
                    (gettext(choice.label) for choice in column.choices if choice.value == value), value
                )
            case "boolean" if value is not None:
                words = (gettext("No"), gettext("Yes")) if self._as_shown else ("false", "true")
                return words[value]
            case "percent" if value is not None:
                return Number(value)
            case _:
                return cast(Cell, value)

    def _pivot_labels(self, pivot: Mapping[str, Any]) -> dict[str, str]:
        if not pivot or self._query.pivot is None:
            return {}
        column = self._grid.columns[self._query.pivot]
        known = {choice.value: gettext(choice.label) for choice in column.choices} if self._as_shown else {}
        if column.kind == "reference" and self._as_shown:
            ids = [int(key) for key in pivot if key]
            rows = self._grid.annotated(self._queryset).filter(**{f"{column.path}__in": ids}).order_by()
            known = {str(key): name for key, name in rows.values_list(column.path, column.shown).distinct()}
        if column.say and self._as_shown:
            known = {key: column.say(key) for key in pivot if key}
        return {
            key: known.get(key, key) or gettext("No {what}").format(what=gettext(column.label).lower())
            for key in pivot
        }


def _of_pivot(key: str) -> Callable[[GroupRow], GroupRow]:
    return lambda row: row["pivot"].get(key, _NOTHING)


def _key(column: Column, value: Any) -> Any:
    """A group's value as ``group_path`` takes it."""
    return value["id"] if column.kind == "reference" and value is not None else value


def _number(column: Column, value: Any) -> Cell:
    if value is None or isinstance(value, int):
        return value
    if column.kind == "datetime":
        return datetime.fromisoformat(value)
    return Number(value if isinstance(value, str) else f"{value:.6f}".rstrip("0").rstrip("."))
