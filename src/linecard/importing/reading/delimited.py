"""Delimited text, record after record, from any position and in bounded memory."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.source import ByteSource, SourceStream, beginning

DELIMITERS = (",", ";", "\t", "|")

# The mark of byte order that may stand before the text; it is no part of the first cell.
BYTE_ORDER_MARKS = {
    "utf-8": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "windows-1252": b"",
    "latin-1": b"",
}
ENCODINGS = tuple(BYTE_ORDER_MARKS)

MAX_COLUMNS = 500
MAX_ROW_CHARACTERS = 1_000_000
MAX_CELL_CHARACTERS = 100_000  # a spreadsheet's own cells end at 32,767

_BUFFER_BYTES = 1 << 18

# It holds for the whole process, so it is set in this one place.
csv.field_size_limit(MAX_CELL_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Format:
    """How the bytes spell rows: one of ``ENCODINGS`` and one of ``DELIMITERS``."""

    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def decoding_errors(self) -> str:
        """The handler that carries what is wrong along as lone surrogates, so that only its own cell suffers."""
        return "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows: ``cookie`` is its offset in bytes, ``next_row`` the number of the row that follows."""

    cookie: int
    next_row: int


@dataclass(slots=True)
class Row:
    """One record: its number in the file, from 1, and its cells. A blank line is a record without cells."""

    number: int
    cells: list[str]


class DelimitedRows:
    """The rows of a source, from its beginning or from a position that another reader of it was at.

    Iterating raises ``FileProblem`` at a row that no check could ever say something useful about. Nothing can be read
    after that.
    """

    def __init__(self, source: ByteSource, format: Format, position: Position | None = None) -> None:  # noqa: A002
        mark = BYTE_ORDER_MARKS[format.encoding]
        marked = position is None and mark and beginning(source, len(mark)) == mark
        self._format = format
        self._offset = position.cookie if position else len(mark) if marked else 0
        self._number = position.next_row if position else 1
        self._characters = 0  # of the row that is being read
        self._ended = False
        stream = SourceStream(source)
        stream.seek(self._offset)
        text = io.TextIOWrapper(
            io.BufferedReader(stream, _BUFFER_BYTES),
            encoding=format.encoding,
            errors=format.decoding_errors,
            newline="",  # line ends stay as they are: those inside quotes belong to a cell
        )
        self._records = csv.reader(self._lines(text), delimiter=format.delimiter)

    @property
    def position(self) -> Position:
        """Where to go on, after the row that was returned last."""
        return Position(self._offset, self._number)

    def __iter__(self) -> "DelimitedRows":
        return self

    def __next__(self) -> Row:
        self._characters = 0
        try:
            cells = next(self._records)
        except csv.Error:
            self._refuse(f"has a cell of more than {MAX_CELL_CHARACTERS:,} characters", quote_suspected=True)
        except UnicodeDecodeError:
            self._refuse("ends in the middle of a character: the file was cut off, or has another encoding")
        if self._ended:
            self._refuse("opens a quotation mark that is never closed; close it, or take it out")
        if len(cells) > MAX_COLUMNS:
            self._refuse(f"has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read")
        number = self._number
        self._number = number + 1
        return Row(number, cells)

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        """What the csv module is fed: whole lines, none of them longer than a row may be."""
        encoding, errors = self._format.encoding, self._format.decoding_errors
        readline = text.readline
        while line := readline(MAX_ROW_CHARACTERS + 1):
            self._characters += len(line)
            if self._characters > MAX_ROW_CHARACTERS:
                self._refuse(f"has more than {MAX_ROW_CHARACTERS:,} characters", quote_suspected=True)
            # Counted, because the stream itself has read ahead; encoding again is exact, errors included.
            self._offset += len(line.encode(encoding, errors))
            yield line
        # Asked for another line when there is none: in the middle of a row this is an open quotation mark.
        self._ended = True

    def _refuse(self, reason: str, *, quote_suspected: bool = False) -> NoReturn:
        advice = " A quotation mark may be open there that is never closed." if quote_suspected else ""
        raise FileProblem(f"Row {self._number:,} {reason}.{advice}", self._number)
