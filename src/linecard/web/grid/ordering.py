"""The order of rows: always total, so that pages neither overlap nor leave gaps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, F, Func, IntegerField, Model, TextField, Value
from django.db.models.expressions import OrderBy

from linecard.web.grid.columns import Column


@dataclass(frozen=True, slots=True)
class Order:
    """One ORM path to order by. Rows without a value stand last, whatever the direction.

    ``nullable`` paths say so in SQL; the others leave it out, because an index fits only without it.
    """

    path: str
    descending: bool
    nullable: bool
    reversed: bool = False

    def expression(self) -> OrderBy:
        """The term of ORDER BY."""
        descending = self.descending != self.reversed
        if not self.nullable:
            return OrderBy(F(self.path), descending=descending)
        if self.reversed:
            return OrderBy(F(self.path), descending=descending, nulls_first=True)
        return OrderBy(F(self.path), descending=descending, nulls_last=True)


class _OfGroup(Func):
    """What follows from paths that rows are grouped by. To group by it as well would be work for every row."""

    def get_group_by_cols(self) -> list[Any]:
        return [column for source in self.get_source_expressions() for column in source.get_group_by_cols()]


class _IsEmpty(_OfGroup):
    template = "(nullif(%(expressions)s, '') IS NULL)"
    output_field = BooleanField()


class _Place(_OfGroup):
    template = "array_position(%(expressions)s::text)"
    output_field = IntegerField()


def group_orders(column: Column, direction: str) -> list[OrderBy]:
    """The order of the groups by a column: its choices as they are declared, whatever is empty last."""
    descending = direction == "desc"
    orders = []
    if column.kind in ("text", "choice"):
        orders.append(OrderBy(_IsEmpty(F(column.path))))
    if column.choices:
        declared = [choice.value for choice in column.choices if choice.value]
        place = _Place(Value(declared, output_field=ArrayField(TextField())), F(column.path))
        orders.append(OrderBy(place, descending=descending, nulls_last=True))
    paths = dict.fromkeys((*column.sort_paths, column.path))
    return [*orders, *(OrderBy(F(path), descending=descending, nulls_last=True) for path in paths)]


def from_far_end(orders: Sequence[Order]) -> list[Order]:
    """The same order read backwards."""
    return [replace(order, reversed=not order.reversed) for order in orders]


def is_nullable(model: type[Model], path: str) -> bool:
    """Whether some row may have no value at this ORM path; true for annotations, which cannot be told."""
    current: Any = model
    for name in path.split("__"):
        if current is None:
            return True
        try:
            field = current._meta.pk if name == "pk" else current._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        current = field.related_model if field.is_relation else None
    return False
