"""A file's rows as pages show them: lettered columns, bounded in number, with what is wrong in its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext

from linecard.importing.models import Upload, UploadProblem
from linecard.importing.proposing import propose_mapping
from linecard.importing.queries import SAMPLE_ROWS, ShownRow, first_rows, rows_window
from linecard.importing.reading.delimited import Format, Row
from linecard.importing.reading.sniffing import sniff_rows
from linecard.importing.storage import stored_rows
from linecard.importing.target import Target

# So many cells a browser lays out without a pause; a very wide table shows fewer rows.
MAX_CELLS = 10_000
MIN_ROWS = 20
# More of a cell than this is cut off on the screen; the whole text appears when it is pointed at.
SHOWN_CHARACTERS = 28
MAX_CHARACTERS = 500

NOTHING_MAPPED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of the file, counted from 1, and the label of the field that it is mapped to."""

    number: int
    letter: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text as far as it is shown."""

    text: str
    is_bad: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it does not fit into its column."""
        return len(self.text) > SHOWN_CHARACTERS


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing wrong with a row: ``where`` names the column and the field, as far as there are any."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file, with as many cells as the table has columns."""

    number: int
    cells: list[Cell]
    problems: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class FileTable:
    """Some rows of a file; ``is_cut`` says that more follow."""

    columns: list[ShownColumn]
    rows: list[Line]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file seems to be when it is read in a given format."""

    start_row: int
    mapping: Mapping[int, str]


def letter(number: int) -> str:
    """A column's name as spreadsheets write it: A is 1, Z is 26, AA is 27."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def first_table(upload: Upload, file_format: Format, labels: Mapping[str, str] = NOTHING_MAPPED) -> FileTable:
    """The first rows of the file, read so, under the ``mapped_labels``. Raises ``FileProblem``."""
    rows = first_rows(upload, file_format)
    width = _width(rows)
    shown = rows[: _row_limit(width)]
    lines = [Line(row.number, _cells(row.cells, width)) for row in shown]
    return FileTable(
        _columns(width, labels), lines, is_cut=len(shown) < len(rows) or len(rows) == SAMPLE_ROWS
    )


def proposal(upload: Upload, target: Target, file_format: Format) -> Proposal:
    """Where the rows seem to start and what the columns seem to be, read so. Raises ``FileProblem``."""
    found = sniff_rows(stored_rows(upload), file_format)
    rows = first_rows(upload, file_format)
    below = [row.cells for row in rows if row.number >= found.start_row]
    return Proposal(found.start_row, propose_mapping(target, found.headings, below))


def checked_table(upload: Upload, target: Target, first_row: int, *, bad_only: bool) -> FileTable:
    """Checked rows from a row on, with what is wrong with them."""
    limit = _row_limit(upload.sniffed.get("columns", 1))
    rows = rows_window(upload, first_row, limit + 1, bad_only=bad_only)
    width = _width(rows)
    labels = mapped_labels(target, upload.plan)
    lines = [_checked_line(row, width, target) for row in rows[:limit]]
    return FileTable(_columns(width, labels), lines, is_cut=len(rows) > limit)


def mapped_labels(target: Target, plan: Mapping[str, Any]) -> dict[str, str]:
    """The labels of the fields by the number of their column, as the plan spells it."""
    return {column: label for column, name in plan["mapping"].items() if (label := field_label(target, name))}


def field_label(target: Target, name: str) -> str:
    """A field's label; empty for what is no field."""
    return gettext(target.fields[name].label) if name in target.fields else ""


def _row_limit(width: int) -> int:
    return max(MIN_ROWS, min(SAMPLE_ROWS, MAX_CELLS // max(width, 1)))


def _width(rows: Iterable[Row | ShownRow]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _columns(width: int, labels: Mapping[str, str]) -> list[ShownColumn]:
    return [
        ShownColumn(number, letter(number), labels.get(str(number), "")) for number in range(1, width + 1)
    ]


def _cells(texts: Sequence[str], width: int, bad: Iterable[int] = ()) -> list[Cell]:
    wrong = set(bad)
    padded = [*texts, *[""] * (width - len(texts))]
    return [Cell(text[:MAX_CHARACTERS], number in wrong) for number, text in enumerate(padded, 1)]


def _checked_line(row: ShownRow, width: int, target: Target) -> Line:
    bad = [problem.column for problem in row.problems if problem.column is not None]
    reasons = [Reason(_where(problem, target), problem.message) for problem in row.problems]
    return Line(row.number, _cells(row.cells, width, bad), reasons)


def _where(problem: UploadProblem, target: Target) -> str:
    column = f"Column {letter(problem.column)}" if problem.column else ""
    return ", ".join(filter(None, [column, field_label(target, problem.field)]))
