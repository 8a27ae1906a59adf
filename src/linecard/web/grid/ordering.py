"""The order of rows: always total, so that pages neither overlap nor leave gaps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model
from django.db.models.expressions import OrderBy


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
