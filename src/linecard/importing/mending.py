"""The bad rows of an upload as a file that can be mended and uploaded alone."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from linecard.fields import Field
from linecard.importing.actions import target_of
from linecard.importing.models import Upload, UploadProblem
from linecard.importing.plan import stored_plan
from linecard.importing.queries import bad_rows, rows_window
from linecard.importing.words import REASON
from linecard.kernel.spreadsheets import harmless

_PORTION_CHARACTERS = 65_536
# Spreadsheets take a file without it for one of their own old encodings.
_BYTE_ORDER_MARK = "\ufeff".encode()


def bad_rows_name(upload: Upload) -> str:
    """What the file is called: ``carriers.bad-rows.csv``."""
    return f"{PurePath(upload.file_name).stem}.bad-rows.csv"


def bad_rows_file(upload: Upload) -> Iterator[bytes]:
    """The heading and each bad row as in the file, with why it is bad in one more column; in UTF-8, in portions."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=stored_plan(upload.plan).delimiter, lineterminator="\r\n")
    yield _BYTE_ORDER_MARK
    for cells in _rows(upload):
        writer.writerow(map(harmless, cells))
        if buffer.tell() >= _PORTION_CHARACTERS:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _rows(upload: Upload) -> Iterator[list[str]]:
    heading = _heading(upload)
    # a file that was mended before has its old reasons in the last column
    old_reasons = len(heading) - 1 if heading[-1:] == [REASON] else None
    width = max(len(heading), upload.sniffed["columns"]) if old_reasons is None else old_reasons
    if heading:
        yield [*_padded(heading, width, old_reasons), REASON]
    fields = target_of(upload).fields
    for row in bad_rows(upload):
        yield [*_padded(row.cells, width, old_reasons), _reasons(row.problems, fields)]


def _heading(upload: Upload) -> list[str]:
    """The row above the first one, unless there is none."""
    row = stored_plan(upload.plan).start_row - 1
    above = rows_window(upload, row, 1) if row else []
    return above[0].cells if above and above[0].number == row else []


def _padded(cells: Sequence[str], width: int, without: int | None) -> list[str]:
    """As many cells as the table has columns; what a row has beyond them stays only while it holds something."""
    kept = [cell for index, cell in enumerate(cells) if index != without]
    shown = kept[:width] + [cell for cell in kept[width:] if cell.strip()]
    return shown + [""] * (width - len(shown))


def _reasons(problems: Iterable[UploadProblem], fields: Mapping[str, Field]) -> str:
    told = (
        f"{fields[problem.field].label}: {problem.message}" if problem.field in fields else problem.message
        for problem in problems
    )
    return " ".join(told)
