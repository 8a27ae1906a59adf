"""The process that reads a workbook: whatever the file does to its reader, only this process suffers.

Asked in JSON on standard input, ``{"path", "sheet", "rows"}``. Writes the rows of the sheet to standard
output as UTF-8 text with commas, when asked for them, and at the end one line of JSON to standard error: ``{"sheets",
"sheet"}`` or ``{"problem"}``.
"""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.workbook_cells import cell_text
from linecard.importing.reading.workbook_parts import TOO_LARGE, readable_workbook

_MEMORY_BYTES = 1536 << 20
_CPU_SECONDS = 120


def main() -> None:
    """Answer one request."""
    _limit_resources()
    try:
        report = _answer(json.load(sys.stdin), sys.stdout.buffer)
    except FileProblem as problem:
        report = {"problem": problem.detail}
    except MemoryError:
        report = {"problem": TOO_LARGE}
    except PasswordError:
        report = {"problem": "The workbook is protected by a password: save it without one."}
    except CalamineError as error:
        report = {"problem": f"The workbook is damaged: save it again and upload it anew. ({error})"}
    print(json.dumps(report), file=sys.stderr)


def _limit_resources() -> None:
    if sys.platform == "win32":  # has no such limits
        return
    import resource

    limits = {
        resource.RLIMIT_AS: _MEMORY_BYTES,
        resource.RLIMIT_CPU: _CPU_SECONDS,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        _, allowed = resource.getrlimit(kind)
        bound = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (bound, allowed))


def _answer(request: dict[str, str | None], output: IO[bytes]) -> dict[str, object]:
    with readable_workbook(Path(str(request["path"]))) as file:
        workbook = CalamineWorkbook.from_filelike(file)
        names = _shown_sheets(workbook)
        if not request["rows"]:
            return {"sheets": names}
        sheet = _chosen_sheet(workbook, names, request["sheet"])
        _write_rows(sheet, output)
        return {"sheet": sheet.name}


def _shown_sheets(workbook: CalamineWorkbook) -> list[str]:
    """The sheets of cells that a person would see; where all are hidden, all."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return shown or [sheet.name for sheet in sheets]


def _chosen_sheet(workbook: CalamineWorkbook, names: list[str], wanted: str | None) -> CalamineSheet:
    """The wanted sheet, or the first that holds anything."""
    if wanted is not None and wanted not in names:
        raise FileProblem(f"The workbook has no sheet {wanted[:60]!r}; it has {', '.join(map(repr, names))}.")
    for name in names if wanted is None else [wanted]:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.end is not None:
            return sheet
    raise FileProblem("The workbook is empty." if wanted is None else f"The sheet {wanted!r} is empty.")


def _write_rows(sheet: CalamineSheet, output: IO[bytes]) -> None:
    """Rows and columns are numbered as in the sheet: empty ones before the first cell are written too."""
    with io.TextIOWrapper(output, "utf-8", newline="") as text:
        writer = csv.writer(text)
        for cells in _rows(sheet):
            writer.writerow(cells if any(cells) else [])


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    _, first_column = sheet.start or (0, 0)
    before = [""] * first_column
    for row in sheet.iter_rows():  # it begins with the first row of the sheet, but with the first used column
        yield before + [cell_text(cell) for cell in row]


if __name__ == "__main__":
    main()
