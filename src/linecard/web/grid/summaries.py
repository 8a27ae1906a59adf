"""Counts and values of groups of rows, worked out in one statement whatever is asked.

PostgreSQL groups by everything that must stay apart (the group, the pivot, the currency of amounts) and gives
parts that can be joined: sums, numbers of values, extremes. They are joined here, so a total over several
currencies or pivot values costs no further statement, and amounts of different currencies are never added.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Max, Min, QuerySet, Sum
from django.db.models.expressions import OrderBy

from linecard.kernel.money import plain_amount
from linecard.web.grid.columns import Column
from linecard.web.grid.filters import not_empty
from linecard.web.grid.kinds import ValueFunction, write_percent

# What has to be known of some rows to tell the value of their union.
_PARTS: dict[ValueFunction, tuple[str, ...]] = {
    "sum": ("sum",),
    "avg": ("sum", "count"),
    "min": ("min",),
    "max": ("max",),
    "count": ("count",),
}
_AVERAGE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Value:
    """One value that groups carry: a column and what to work out of it."""

    column: Column
    function: ValueFunction

    @property
    def apart_by_currency(self) -> bool:
        """Whether it is an amount; a number of amounts is none."""
        return self.column.kind == "money" and self.function != "count"

    def aggregates(self) -> dict[str, Aggregate]:
        """The parts to select, by the name they get."""
        return {self._name(part): _aggregate(self.column, part) for part in _PARTS[self.function]}

    def joined(self, records: Sequence[Mapping[str, Any]]) -> Any:
        """The JSON value over the rows of all the records."""
        if not self.apart_by_currency:
            return self._write(self.number(records), "")
        by_currency: dict[str, list[Mapping[str, Any]]] = {}
        for record in records:
            by_currency.setdefault(record[self.column.currency], []).append(record)
        numbers = {currency: self.number(own) for currency, own in sorted(by_currency.items())}
        return {
            currency: self._write(number, currency)
            for currency, number in numbers.items()
            if number is not None
        }

    def _name(self, part: str) -> str:
        return f"grid_{self.column.name}_{part}"

    def _part(self, records: Iterable[Mapping[str, Any]], part: str) -> list[Any]:
        name = self._name(part)
        return [record[name] for record in records if record[name] is not None]

    def number(self, records: Sequence[Mapping[str, Any]]) -> Any:
        """The value over the rows of all the records, as it is stored; None where there is none."""
        match self.function:
            case "count":
                return sum(self._part(records, "count"))
            case "min" | "max" as extreme:
                parts = self._part(records, extreme)
                return (min if extreme == "min" else max)(parts) if parts else None
            case "sum":
                parts = self._part(records, "sum")
                return sum(parts) if parts else None
            case "avg":
                rows = sum(self._part(records, "count"))
                return Decimal(sum(self._part(records, "sum"))) / rows if rows else None

    def _write(self, number: Any, currency: str) -> Any:
        if number is None or self.function == "count":
            return number
        if self.column.kind == "money":
            return plain_amount(round(number), currency)
        if self.column.kind == "percent":
            return write_percent(round(Decimal(number), _AVERAGE_DIGITS))
        if self.column.kind == "datetime":
            return self.column.rules.write(number)
        return float(round(number, _AVERAGE_DIGITS)) if self.function == "avg" else int(number)


def _aggregate(column: Column, part: str) -> Aggregate:
    match part:
        case "count":
            return Count(column.path, filter=not_empty(column))
        case "sum":
            return Sum(column.path)
        case "min":
            return Min(column.path)
        case _:
            return Max(column.path)


@dataclass(slots=True)
class Summary:
    """One group's rows, as the records that PostgreSQL gave for them, and the same for each pivot value."""

    records: list[Mapping[str, Any]] = field(default_factory=list)
    pivots: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    @classmethod
    def union(cls, summaries: Iterable["Summary"]) -> "Summary":
        """The summary of the rows of several groups that have none in common."""
        union = cls()
        for summary in summaries:
            union.records += summary.records
            for key, records in summary.pivots.items():
                union.pivots.setdefault(key, []).extend(records)
        return union

    def answer(self, values: Sequence[Value], pivot: Column | None) -> dict[str, Any]:
        """``{count, values, pivot?}`` as the API spells it."""
        answer = _count_and_values(self.records, values)
        if pivot:
            keys = sorted(self.pivots, key=pivot_order(pivot))
            answer["pivot"] = {key: _count_and_values(self.pivots[key], values) for key in keys}
            if pivot.say:
                for key in filter(None, keys):
                    answer["pivot"][key]["words"] = pivot.say(key)
        return answer


def _count_and_values(records: Sequence[Mapping[str, Any]], values: Sequence[Value]) -> dict[str, Any]:
    return {
        "count": sum(record["grid_count"] for record in records),
        "values": {value.column.name: value.joined(records) for value in values},
    }


def summarize(
    rows: QuerySet[Any, Any],
    *,
    by: Column | None,
    values: Sequence[Value],
    pivot: Column | None,
    most_records: int,
    along: Iterable[str] = (),
    order: Sequence[OrderBy] = (),
) -> dict[Any, Summary]:
    """Summaries of the rows by the stored value of ``by`` (the one key is None without it). One statement.

    ``along`` are paths that follow from ``by`` and are to stand in the records; ``order`` is that of the groups.
    Raises ``TooManyRecords`` when more than ``most_records`` would have to be read.
    """
    currencies = {value.column.currency for value in values if value.apart_by_currency}
    keys = {*currencies, *(column.path for column in (by, pivot) if column), *along}
    aggregates = {name: part for value in values for name, part in value.aggregates().items()}
    if keys:
        grouped = (
            rows.order_by().values(*keys).annotate(grid_count=Count("pk"), **aggregates).order_by(*order)
        )
        records = list(grouped[: most_records + 1])
    else:
        records = [rows.order_by().aggregate(grid_count=Count("pk"), **aggregates)]
    if len(records) > most_records:
        raise TooManyRecords
    return _by_group(records, by, pivot)


class TooManyRecords(Exception):
    """The groups asked for are more than a page can show."""


def _by_group(
    records: Iterable[Mapping[str, Any]], by: Column | None, pivot: Column | None
) -> dict[Any, Summary]:
    summaries: dict[Any, Summary] = {}
    for record in records:
        summary = summaries.setdefault(record[by.path] if by else None, Summary())
        summary.records.append(record)
        if pivot:
            summary.pivots.setdefault(pivot_key(pivot, record[pivot.path]), []).append(record)
    return summaries


def pivot_key(column: Column, stored: Any) -> str:
    """A pivot value as a JSON object's key: no value is the empty text, a reference is its id."""
    match stored:
        case None:
            return ""
        case bool():
            return "true" if stored else "false"
        case _:
            return str(column.rules.write(stored))


def pivot_order(column: Column) -> Callable[[str], tuple[Any, ...]]:
    """Sorts a pivot's keys as its groups stand: choices as they are declared, numbers by size, no value last."""
    places = {choice.value: place for place, choice in enumerate(column.choices)}
    is_number = column.kind in ("integer", "percent")
    return lambda key: (
        not key,
        places.get(key, len(places)),
        Decimal(key) if key and is_number else 0,
        key,
    )
