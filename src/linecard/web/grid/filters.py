"""From a filter's terms to conditions in the ORM."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from linecard.web.grid.columns import Column
from linecard.web.grid.kinds import MAX_LIST_LENGTH, read_text
from linecard.web.grid.query import FilterTerm


def condition(column: Column, term: FilterTerm) -> Q:
    """The rows of which ``term`` holds in ``column``.

    Raises ``BadTerm``, which says whether the operator or the value is wrong.
    """
    if term.op not in column.rules.operators:
        fitting = ", ".join(column.rules.operators)
        raise BadTerm("op", f"{column.label} can be filtered by: {fitting}.")
    try:
        return _BUILDERS[term.op](column, term.value)
    except ValueError as error:
        raise BadTerm("value", str(error)) from error


class BadTerm(Exception):
    """One part of a term, ``op`` or ``value``, cannot be used; the message is for the person who gave it."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message


def empty(column: Column) -> Q:
    """The rows without a value in this column."""
    nothing = Q(**{f"{column.path}__isnull": True})
    if column.kind in ("text", "choice"):
        return nothing | Q(**{column.path: ""})
    if column.kind == "tags":
        return nothing | Q(**{f"{column.path}__len": 0})
    return nothing


def not_empty(column: Column) -> Q:
    """The rows with a value in this column."""
    something = _some(column)
    if column.kind in ("text", "choice"):
        return something & ~Q(**{column.path: ""})
    if column.kind == "tags":
        return something & Q(**{f"{column.path}__len__gt": 0})
    return something


def _folds(column: Column) -> bool:
    return column.kind == "text" and bool(column.folded)


def _equals(column: Column, value: object) -> Q:
    stored = column.read(value)
    if _folds(column):
        return Q(**{column.folded: column.fold(stored)})
    return Q(**{f"{column.path}__iexact" if column.kind == "text" else column.path: stored})


def _not_equals(column: Column, value: object) -> Q:
    """A row without a value is not equal to any."""
    return ~_equals(column, value) | Q(**{f"{column.path}__isnull": True})


def _in(column: Column, value: object) -> Q:
    found = Q()
    stored = [column.read(item) for item in _items(value)]
    if _folds(column):
        return Q(**{f"{column.folded}__in": [column.fold(item) for item in stored]})
    if column.kind != "text":
        return Q(**{f"{column.path}__in": stored})
    for item in stored:
        found |= Q(**{f"{column.path}__iexact": item})
    return found


def _words(lookup: str) -> Callable[[Column, object], Q]:
    def build(column: Column, value: object) -> Q:
        text = read_text(value)
        wanted = column.fold(text) if _folds(column) else text
        if not wanted:
            raise ValueError("Write what to look for.")
        if _folds(column):
            return Q(**{f"{column.folded}__{lookup}": wanted})
        return Q(**{f"{column.shown or column.path}__i{lookup}": wanted})

    return build


def _tags(lookup: str) -> Callable[[Column, object], Q]:
    def build(column: Column, value: object) -> Q:
        return Q(**{f"{column.path}__{lookup}": [column.read(item) for item in _items(value)]})

    return build


def _one_tag(column: Column, value: object) -> Q:
    return Q(**{f"{column.path}__contains": [column.read(value)]})


def _compare(lookup: str) -> Callable[[Column, object], Q]:
    # Django takes a number beyond the column's type as "every row", so that no value has to be ruled out too
    return lambda column, value: _some(column) & Q(**{f"{column.path}__{lookup}": column.read(value)})


def _between(column: Column, value: object) -> Q:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("Must be a list of two: the lowest and the highest.")
    low, high = (column.read(item) for item in value)
    if low > high:
        raise ValueError("The first must not be greater than the second.")
    return _some(column) & Q(**{f"{column.path}__gte": low, f"{column.path}__lte": high})


def _some(column: Column) -> Q:
    return Q(**{f"{column.path}__isnull": False})


def _without_value(build: Callable[[Column], Q]) -> Callable[[Column, object], Q]:
    def checked(column: Column, value: object) -> Q:
        if value is not None:
            raise ValueError("This comparison takes no value.")
        return build(column)

    return checked


def _items(value: object) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_LIST_LENGTH:
        raise ValueError(f"Must be a list of 1 to {MAX_LIST_LENGTH} values.")
    return value


_BUILDERS: dict[str, Callable[[Column, object], Q]] = {
    "equals": _equals,
    "not_equals": _not_equals,
    "in": _in,
    "contains": _words("contains"),
    "starts_with": _words("startswith"),
    "contains_any": _tags("overlap"),
    "contains_all": _tags("contains"),
    "gt": _compare("gt"),
    "gte": _compare("gte"),
    "lt": _compare("lt"),
    "lte": _compare("lte"),
    "between": _between,
    "empty": _without_value(empty),
    "not_empty": _without_value(not_empty),
}
