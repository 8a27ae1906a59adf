"""Workbooks: the names of their sheets, and one sheet as delimited text. Read by a process with bounds."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from linecard.importing.reading.detection import is_workbook
from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.source import FileSource
from linecard.importing.reading.workbook_parts import TOO_LARGE

_CHUNK_BYTES = 1 << 20
_MAX_REPORT_BYTES = 1 << 20
_CHILD = [sys.executable, "-m", "linecard.importing.reading.workbook_child"]


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook, in its order; hidden ones only where all are. Raises ``FileProblem``."""
    names: list[str] = _ask({"path": str(path), "sheet": None, "rows": False}, lambda portion: None)["sheets"]
    return names


def convert(path: Path, sheet: str | None, write: Callable[[bytes], None]) -> str:
    """Write one sheet as UTF-8 text with commas, in portions of at most 1 MiB; answers the name of the sheet.

    Without ``sheet`` it is the first that holds anything. Rows and columns have the numbers they have in the sheet.
    Raises ``FileProblem``, possibly after some portions.
    """
    name: str = _ask({"path": str(path), "sheet": sheet, "rows": True}, write)["sheet"]
    return name


def _ask(request: dict[str, Any], write: Callable[[bytes], None]) -> dict[str, Any]:
    with FileSource(Path(request["path"])) as source:
        if not is_workbook(source):
            raise FileProblem("This is not a workbook: upload a table as CSV or XLSX.")
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        with subprocess.Popen(_CHILD, stdin=asked, stdout=subprocess.PIPE, stderr=said) as process:
            try:
                output = cast("IO[bytes]", process.stdout)
                while portion := output.read(_CHUNK_BYTES):
                    write(portion)
                status = process.wait()
            finally:
                process.kill()
        return _report(status, said)


def _report(status: int, said: IO[bytes]) -> dict[str, Any]:
    """What the child said at its end, if it came to that."""
    if status < 0:  # the bound on memory or on time has ended it
        raise FileProblem(TOO_LARGE)
    said.seek(0)
    lines = said.read(_MAX_REPORT_BYTES).splitlines()
    if status or not lines:
        raise FileProblem("The workbook is damaged: save it again and upload it anew.")
    try:
        report: dict[str, Any] = json.loads(lines[-1])
    except ValueError as error:  # cut off: the names of its sheets alone are longer than all that is read
        raise FileProblem(TOO_LARGE) from error
    if "problem" in report:
        raise FileProblem(report["problem"])
    return report
