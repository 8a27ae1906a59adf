"""Checking the next rows of a file: every cell by the rules of its field, every row against file and records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from linecard.fields import Field
from linecard.importing.models import Upload, UploadBlock, UploadKey, UploadProblem
from linecard.importing.numbers import plain_number
from linecard.importing.plan import Plan, stored_plan
from linecard.importing.reading.cells import scientific, storable, unreadable
from linecard.importing.reading.delimited import DelimitedRows, Format, Position, Row
from linecard.importing.storage import pack, stored_rows
from linecard.importing.target import Checker, Target, TypedRow, Verdict
from linecard.importing.words import Empty, Mode
from linecard.kernel.errors import FieldError
from linecard.kernel.regional import shown_number
from linecard.kernel.spreadsheets import as_written

BLOCK_ROWS = 2000
# What a row changes may be a thousand times as long as the row, and is read, told to the history and kept as it was.
CHANGING_BLOCK_ROWS = 200
# Rows of very long cells make smaller blocks.
BLOCK_CHARACTERS = 4_000_000
MAX_SHOWN_VALUE = 300
MAX_REMEMBERED = 5_000
# Longer cells hardly repeat, and thousands of them would fill the memory.
REMEMBERED_CHARACTERS = 200

SCIENTIFIC = "Scientific notation: the spreadsheet has lost digits of this number. Write it out in full."


class RowReader:
    """The rows of an upload's file from a mark on; the mark after each block says where to go on."""

    def __init__(self, upload: Upload, plan: Plan) -> None:
        self._source = stored_rows(upload)
        mark = upload.mark or {}
        position = Position(mark["offset"], mark["next_row"]) if mark else None
        self._rows = DelimitedRows(self._source, Format(plan.encoding, plan.delimiter), position)
        self._most = CHANGING_BLOCK_ROWS if plan.mode == Mode.UPSERT else BLOCK_ROWS

    @property
    def mark(self) -> dict[str, int]:
        """Where the next block begins."""
        position = self._rows.position
        return {"offset": position.cookie, "next_row": position.next_row}

    def next_block(self) -> list[Row]:
        """The next rows; none at the end of the file. Raises ``FileProblem``."""
        block: list[Row] = []
        characters = 0
        for row in islice(self._rows, self._most):
            block.append(row)
            characters += sum(map(len, row.cells))
            if characters > BLOCK_CHARACTERS:
                break
        return block


@dataclass(slots=True)
class _Typed:
    """A row on its way: what was typed, and what is wrong with cells as such."""

    row: Row
    typed: TypedRow
    errors: list[FieldError]


class _CellReader:
    """Turns the cells of one column into what somebody would have typed. Most columns repeat a few values."""

    def __init__(self, field: Field, plan: Plan) -> None:
        self._numeric = field.numeric
        self._signs = (plan.decimal, plan.thousands)
        self._empty = "" if plan.empty == Empty.CLEAR and not field.immutable else None
        self._known: dict[str, tuple[str | None, str]] = {}

    def read(self, cell: str) -> tuple[str | None, str]:
        """The text, None where the cell says nothing, and why the cell cannot be read."""
        if len(cell) > REMEMBERED_CHARACTERS:
            return self._read(cell)
        found = self._known.get(cell)
        if found is None:
            found = self._read(cell)
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[cell] = found
        return found

    def _read(self, cell: str) -> tuple[str | None, str]:
        if not cell or cell.isspace():
            return self._empty, ""
        if reason := unreadable(cell):
            return None, f"The cell {reason}."
        if scientific(cell):
            return None, SCIENTIFIC
        text = as_written(cell)
        try:
            return plain_number(text, *self._signs) if self._numeric else text, ""
        except ValueError as error:
            return None, str(error)


class BlockChecker:
    """Checks blocks of rows for one upload."""

    def __init__(self, upload: Upload, target: Target, checker: Checker) -> None:
        self._plan = stored_plan(upload.plan)
        self._target = target
        self._checker = checker
        self._columns = self._plan.columns
        self._cells = [
            (column - 1, name, _CellReader(target.fields[name], self._plan))
            for column, name in sorted(self._plan.mapping.items())
        ]
        self._width = _table_width(upload, self._plan)

    def check(self, upload: Upload, rows: Sequence[Row], offset: int) -> None:
        """Check rows that begin at an offset, store what was found, and count it on the upload."""
        typed = [self._typed(row) for row in rows if row.number >= self._plan.start_row and _has_text(row)]
        verdicts = self._checker.check([item.typed for item in typed])
        for item, verdict in zip(typed, verdicts, strict=True):
            named = {error.field for error in item.errors}
            # a cell that could not be read has said so; that its field is missing adds nothing
            verdict.errors = item.errors + [error for error in verdict.errors if error.field not in named]
        self._refuse_repeated(upload, typed, verdicts)
        good = [
            [item.row.number, verdict.staged]
            for item, verdict in zip(typed, verdicts, strict=True)
            if not verdict.errors
        ]
        UploadProblem.objects.bulk_create(self._problems(upload, typed, verdicts))
        UploadBlock.objects.create(
            upload=upload,
            first_row=rows[0].number,
            last_row=rows[-1].number,
            offset=offset,
            staged=pack(good),
        )
        upload.rows += len(typed)
        upload.good += len(good)
        upload.bad += len(typed) - len(good)
        upload.makes += sum(verdict.makes for verdict in verdicts if not verdict.errors)

    def _typed(self, row: Row) -> _Typed:
        texts = dict(self._plan.constants)
        errors: list[FieldError] = []
        cells = row.cells
        for index, name, reader in self._cells:
            text, message = reader.read(cells[index] if index < len(cells) else "")
            if message:
                errors.append(FieldError(name, message))
            elif text is not None:
                texts[name] = text
        if len(cells) > self._width and any(map(str.strip, cells[self._width :])):
            message = (
                f"The row has values beyond the table's {self._width} columns: is a value not in quotes?"
            )
            errors.append(FieldError("", message))
        return _Typed(row, TypedRow(row.number, texts), errors)

    def _refuse_repeated(self, upload: Upload, typed: Sequence[_Typed], verdicts: Sequence[Verdict]) -> None:
        """Of rows with the same name the first is kept; the others say which row that is."""
        for name in sorted({name for verdict in verdicts for name in verdict.keys}):
            keyed = [
                (item.row.number, verdict.keys[name], verdict)
                for item, verdict in zip(typed, verdicts, strict=True)
                if name in verdict.keys
            ]
            first_rows = _claim_keys(upload.pk, name, [(number, key) for number, key, _ in keyed])
            label = self._target.fields[name].label
            for number, key, verdict in keyed:
                if first_rows[key] != number:
                    message = f"Row {shown_number(first_rows[key])} has this {label} already; the first one is kept."
                    verdict.errors.append(FieldError(name, message))

    def _problems(
        self, upload: Upload, typed: Sequence[_Typed], verdicts: Sequence[Verdict]
    ) -> Iterator[UploadProblem]:
        for item, verdict in zip(typed, verdicts, strict=True):
            for error in verdict.errors:
                column = self._columns.get(error.field)
                yield UploadProblem(
                    upload=upload,
                    row=item.row.number,
                    column=column,
                    field=error.field,
                    value=self._value(item, error.field, column),
                    message=error.message,
                )

    def _value(self, item: _Typed, name: str, column: int | None) -> str:
        if column is None:
            return self._plan.constants.get(name, "")[:MAX_SHOWN_VALUE]
        cells = item.row.cells
        return storable(cells[column - 1][:MAX_SHOWN_VALUE]) if column <= len(cells) else ""


def _table_width(upload: Upload, plan: Plan) -> int:
    """The number of columns under the headings; without headings the most that any column can be."""
    if plan.start_row < 2:
        return 2**31
    above: Iterable[Row] = DelimitedRows(stored_rows(upload), Format(plan.encoding, plan.delimiter))
    heading = next((row for row in above if row.number == plan.start_row - 1), Row(0, []))
    named = [index for index, cell in enumerate(heading.cells, 1) if cell.strip()]
    width = named[-1] if named else 0
    # a title is no heading, and says nothing about the columns
    return width if width > 1 and width >= max(plan.mapping, default=0) else 2**31


def _has_text(row: Row) -> bool:
    return any(cell and not cell.isspace() for cell in row.cells)


def _claim_keys(upload_id: int, name: str, keyed: Sequence[tuple[int, str]]) -> Mapping[str, int]:
    """The first row of the whole file that has each key; those that no earlier row had become these rows'."""
    first: dict[str, int] = {}
    for number, key in keyed:
        first.setdefault(key, number)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [upload_id, name, list(first), list(first.values())])
        claimed = {key for (key,) in cursor.fetchall()}
    earlier = UploadKey.objects.filter(upload_id=upload_id, field=name, key__in=first.keys() - claimed)
    return first | dict(earlier.values_list("key", "row"))


_CLAIM = """
    INSERT INTO upload_key (upload_id, field, key, row)
    SELECT %s, %s, key, row FROM unnest(%s::text[], %s::bigint[]) AS given (key, row)
    ON CONFLICT DO NOTHING
    RETURNING key
"""
