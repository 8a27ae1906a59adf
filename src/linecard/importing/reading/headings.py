"""Where a table begins: which row holds the headings, and which is the first of data. A proposal, not a verdict."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from linecard.importing.reading.delimited import Row

# Fewer cells than this part of a full row are a title or a remark above the table.
_TITLE = 0.5
# So much of a row must be filled, and different, for headings.
_NEARLY = 0.8

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S*", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,3}")


@dataclass(frozen=True, slots=True)
class Beginning:
    """``start_row`` is the number of the first row of data; ``heading_row`` is ``None`` when data comes at once."""

    start_row: int
    heading_row: int | None = None
    headings: list[str] = field(default_factory=list)


def find_beginning(rows: Sequence[Row]) -> Beginning:
    """Where the table begins of which ``rows`` are the first records, blank ones included."""
    filled = [row for row in rows if _filled(row)]
    if not filled:
        return Beginning(start_row=1)
    widths = sorted(_filled(row) for row in filled)
    full = widths[len(widths) * 9 // 10]  # a few rows that are too wide do not make the table wider
    for index, row in enumerate(filled):
        if _filled(row) >= _NEARLY * full:
            # joined exports repeat their headings further down
            below = [other for other in filled[index + 1 :] if other.cells != row.cells]
            if _is_heading(row, below):
                return Beginning(row.number + 1, row.number, row.cells)
            break
    first = next(row for row in filled if _filled(row) >= _TITLE * full)
    return Beginning(first.number)


def _filled(row: Row) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def _is_heading(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row names what stands below it, rather than being one of them."""
    cells = _trimmed(row)
    names = [cell for cell in cells if cell]
    distinct = {name.casefold() for name in names}
    if len(names) < _NEARLY * len(cells) or len(distinct) < _NEARLY * len(names):
        return False
    if any(_is_value(cell) for cell in cells):
        return False
    columns = [_column(below, index) for index in range(len(cells))]
    if any(_is_repeated(cell, column) for cell, column in zip(cells, columns, strict=True)):
        return False
    if any(column and all(map(_is_value, column)) for column in columns):
        return True  # words above numbers or addresses
    if all(map(str.isupper, names)) and any(map(_is_never_capitals, columns)):
        return True  # NAME above Acme
    return not any(map(_is_code_among_codes, cells, columns))


def _trimmed(row: Row) -> list[str]:
    cells = [cell.strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _column(rows: Sequence[Row], index: int) -> list[str]:
    cells = (row.cells[index].strip() for row in rows if index < len(row.cells))
    return [cell for cell in cells if cell]


def _is_value(cell: str) -> bool:
    """Numbers, dates, times and telephone numbers have digits and no letters; addresses look like nothing else."""
    digits = any(char.isdigit() for char in cell)
    return (digits and not any(char.isalpha() for char in cell)) or _ADDRESS.fullmatch(cell) is not None


def _is_repeated(cell: str, column: Sequence[str]) -> bool:
    return bool(cell) and any(cell.casefold() == other.casefold() for other in column)


def _is_never_capitals(column: Sequence[str]) -> bool:
    return bool(column) and not any(map(str.isupper, column))


def _is_code_among_codes(cell: str, column: Sequence[str]) -> bool:
    """``USD`` above ``EUR`` and ``GBP``: short words in capitals, all of one length."""
    return bool(column) and all(len(code) == len(cell) and _CODE.fullmatch(code) for code in (cell, *column))
