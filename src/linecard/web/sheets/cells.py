"""What a table is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime


class Number(str):
    """A number as plain decimal digits (``-5.00``), exact where a float would not be."""

    __slots__ = ()


# Text, a number, a moment; None is an empty cell.
Cell = str | int | datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column; ``width`` is in pixels."""

    text: str
    width: int = 140


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and the rows below them, which can be read once."""

    headings: Sequence[Heading]
    rows: Iterator[Sequence[Cell]]
