"""The parts of an XLSX file, before any reader of workbooks sees them: how large they really are, and failed cells."""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from linecard.importing.reading.problems import FileProblem

MAX_UNPACKED_BYTES = 400 << 20
TOO_LARGE = "The workbook is too large to be read: save the sheet as CSV and upload that."

_CHUNK_BYTES = 1 << 20
_MAX_TAG_BYTES = 1 << 16
# The opening tag of a cell that holds an error, up to its type. Text never holds a bare "<", so nothing else looks so.
_FAILED_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*)(?:"e"|'e')""")


@contextmanager
def readable_workbook(path: Path) -> Iterator[IO[bytes]]:
    """The file, once all of it has been unpacked on trial, with errors (``#N/A``) turned into cells of text.

    The reader would make empty cells of errors, and an empty cell has a meaning. Raises ``FileProblem`` for what
    unpacks to more than ``MAX_UNPACKED_BYTES``, whatever it says about itself, and for what cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            failed = _inspect(archive)
            if failed:
                with tempfile.TemporaryFile() as copy:
                    _copy_with_errors_as_text(archive, failed, copy)
                    yield copy
                return
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise FileProblem("The workbook is damaged: save it again and upload it anew.") from error
    except RuntimeError as error:  # what zipfile raises where a password is asked for
        raise FileProblem("The workbook is protected by a password: save it without one.") from error
    with path.open("rb") as file:
        yield file


def _inspect(archive: zipfile.ZipFile) -> set[str]:
    """The names of the parts with failed cells, after reading every part to its end."""
    unpacked = 0
    failed: set[str] = set()
    for info in archive.infolist():
        with archive.open(info) as part:
            for portion in _portions(part):
                unpacked += len(portion)
                if unpacked > MAX_UNPACKED_BYTES:
                    raise FileProblem(TOO_LARGE)
                if _has_failed_cell(portion):
                    failed.add(info.filename)
    return failed


def _has_failed_cell(portion: bytes) -> bool:
    """Mostly answered without the pattern, which takes its time over hundreds of megabytes."""
    return (b'"e"' in portion or b"'e'" in portion) and _FAILED_CELL.search(portion) is not None


def _copy_with_errors_as_text(archive: zipfile.ZipFile, failed: set[str], copy: IO[bytes]) -> None:
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as rewritten:
        for info in archive.infolist():
            with archive.open(info) as part, rewritten.open(info.filename, "w") as target:
                for portion in _portions(part):
                    changed = info.filename in failed
                    target.write(_FAILED_CELL.sub(rb'\1"str"', portion) if changed else portion)
    copy.seek(0)


def _portions(part: IO[bytes]) -> Iterator[bytes]:
    """A part in portions that split no tag."""
    rest = b""
    while chunk := part.read(_CHUNK_BYTES):
        chunk = rest + chunk
        end = chunk.rfind(b"<")
        if end < 0 or len(chunk) - end > _MAX_TAG_BYTES:
            end = len(chunk)
        rest = chunk[end:]
        yield chunk[:end]
    yield rest
