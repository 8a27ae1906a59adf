"""The kinds of column: which filters fit them, how their values are read from and written to JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from linecard.kernel.money import parse_amount, to_micros

KindName = Literal[
    "text", "integer", "money", "percent", "choice", "boolean", "reference", "tags", "datetime"
]
ValueFunction = Literal["sum", "avg", "min", "max", "count"]

MAX_TEXT_LENGTH = 400
MAX_LIST_LENGTH = 1000
BIGINT = range(-(2**63), 2**63)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What can be done with the columns of one kind.

    ``read`` turns a filter's JSON value into the stored one and raises ``ValueError`` with a sentence for the
    person who gave it; ``write`` is the way back. ``functions`` are the values a group may carry.
    """

    operators: tuple[str, ...]
    functions: tuple[ValueFunction, ...]
    read: Callable[[object], Any]
    write: Callable[[Any], Any]
    sorts: bool = True
    groups: bool = True


def read_text(value: object) -> str:
    """A text that PostgreSQL can hold."""
    if not isinstance(value, str):
        raise ValueError("Must be a text.")
    if len(value) > MAX_TEXT_LENGTH:
        raise ValueError(f"At most {MAX_TEXT_LENGTH} characters.")
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("Contains a character that no text can hold.")
    return value


def read_integer(value: object) -> int:
    """A whole number that fits a bigint."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Must be a whole number.")
    if value not in BIGINT:
        raise ValueError("Is too large a number.")
    return value


def _read_micros(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('Must be a decimal string, for example "5.00".')
    micros = to_micros(_read_decimal(value))
    if micros not in BIGINT:
        raise ValueError("Is too large an amount.")
    return micros


def _read_percent(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('Must be a percentage, for example "7.7".')
    percent = _read_decimal(str(value))
    if abs(percent) > 1_000_000:
        raise ValueError("Is too large a percentage.")
    return percent


def _read_decimal(text: str) -> Decimal:
    if len(text) > 40:
        raise ValueError("Is too long for a number.")
    try:
        return parse_amount(text)
    except ValueError as error:
        raise ValueError('Must be a plain decimal, for example "5.00".') from error


def _read_boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Must be true or false.")
    return value


def read_moment(value: object) -> datetime:
    """A moment with its zone, in UTC."""
    if not isinstance(value, str):
        raise ValueError("Must be a time such as 2026-01-31T12:00:00Z.")
    try:
        moment = datetime.fromisoformat(value[:40])
    except ValueError as error:
        raise ValueError("Must be a time such as 2026-01-31T12:00:00Z.") from error
    if moment.tzinfo is None:
        raise ValueError("The time needs its zone: add Z for UTC.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Is outside the calendar.") from error


def write_percent(value: Decimal) -> str:
    """A percentage without needless zeros: ``7.7``, ``20``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _same(value: Any) -> Any:
    return value


_EMPTY = ("empty", "not_empty")
_EQUAL = ("equals", "not_equals", "in")
_RANGE = ("gt", "gte", "lt", "lte", "between")
_WORDS = ("contains", "starts_with")
_NUMBER_FUNCTIONS: tuple[ValueFunction, ...] = ("sum", "avg", "min", "max", "count")

KINDS: dict[KindName, Kind] = {
    "text": Kind(operators=(*_EQUAL, *_WORDS, *_EMPTY), functions=("count",), read=read_text, write=_same),
    "integer": Kind(
        operators=(*_EQUAL, *_RANGE, *_EMPTY), functions=_NUMBER_FUNCTIONS, read=read_integer, write=_same
    ),
    "money": Kind(
        operators=(*_EQUAL, *_RANGE, *_EMPTY),
        functions=_NUMBER_FUNCTIONS,
        read=_read_micros,
        write=_same,  # the column writes it, because that takes the currency
        groups=False,
    ),
    "percent": Kind(
        operators=(*_EQUAL, *_RANGE, *_EMPTY),
        functions=("avg", "min", "max", "count"),
        read=_read_percent,
        write=write_percent,
    ),
    "choice": Kind(operators=(*_EQUAL, *_EMPTY), functions=("count",), read=read_text, write=_same),
    "boolean": Kind(
        operators=("equals", "not_equals"), functions=("count",), read=_read_boolean, write=_same
    ),
    "reference": Kind(
        operators=(*_EQUAL, *_WORDS, *_EMPTY), functions=("count",), read=read_integer, write=_same
    ),
    "tags": Kind(
        operators=("contains", "contains_any", "contains_all", *_EMPTY),
        functions=("count",),
        read=read_text,
        write=list,
        sorts=False,
        groups=False,
    ),
    "datetime": Kind(
        operators=(*_RANGE, *_EMPTY),
        functions=("min", "max", "count"),
        read=read_moment,
        write=_write_moment,
        groups=False,
    ),
}
