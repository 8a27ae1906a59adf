"""Delimited text: whatever was written is read, from its beginning or from any row on."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linecard.importing.reading import (
    DELIMITERS,
    ByteSource,
    BytesSource,
    DelimitedRows,
    FileProblem,
    FileSource,
    Format,
    Position,
)
from linecard.importing.reading.delimited import BYTE_ORDER_MARKS

LATIN = st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("äÖß\u00a0,;|\t\"'\r\n ")
ANY = LATIN | st.characters(exclude_categories=["Cs"])
LINE_ENDS = ("\n", "\r\n", "\r")


@dataclass(frozen=True)
class Written:
    """A table, and the file that was made of it."""

    table: list[list[str]]
    content: bytes
    format: Format


@st.composite
def files(draw: st.DrawFn) -> Written:
    encoding = draw(st.sampled_from(sorted(BYTE_ORDER_MARKS)))
    letters = LATIN if encoding in ("windows-1252", "latin-1") else ANY
    table = draw(st.lists(st.lists(st.text(letters, max_size=12), max_size=5), max_size=12))
    delimiter = draw(st.sampled_from(DELIMITERS))
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, quoting=draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    )
    minimal = csv.writer(text, delimiter=delimiter, lineterminator=draw(st.sampled_from(LINE_ENDS)))
    for row in table:
        # Only with both in its line end does the writer quote both kinds of break in the oldest Python.
        breaks = any(char in cell for cell in row for char in "\r\n\ufeff")
        (writer if breaks or draw(st.booleans()) else minimal).writerow(row)
    mark = draw(st.sampled_from([b"", BYTE_ORDER_MARKS[encoding]]))
    return Written(table, mark + text.getvalue().encode(encoding), Format(encoding, delimiter))


class Crumbs:
    """A source that gives fewer bytes than it is asked for, as one that is kept in pieces does."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._content = content

    def read_at(self, offset: int, length: int) -> bytes:
        return self._content[offset : offset + min(length, 3)]


QUOTE = " A quotation mark may be open there that is never closed."
UTF_8 = Format("utf-8", ",")


def read(
    source: ByteSource | bytes, spelled: Format = UTF_8, position: Position | None = None
) -> list[list[str]]:
    source = BytesSource(source) if isinstance(source, bytes) else source
    return [row.cells for row in DelimitedRows(source, spelled, position)]


@given(files())
@settings(max_examples=200)
def test_what_was_written_is_read(written: Written) -> None:
    assert read(written.content, written.format) == written.table
    assert read(Crumbs(written.content), written.format) == written.table


@given(files(), st.integers(min_value=0, max_value=12))
def test_reading_goes_on_after_any_row(written: Written, after: int) -> None:
    source = BytesSource(written.content)
    first = DelimitedRows(source, written.format)
    for _ in written.table[:after]:
        next(first)
    rest = DelimitedRows(source, written.format, first.position)
    numbered = [(row.number, row.cells) for row in rest]
    assert numbered == list(enumerate(written.table, start=1))[after:]
    assert rest.position == Position(len(written.content), len(written.table) + 1)


def test_row_numbers_count_records_blank_ones_too() -> None:
    content = b'name\r\n\r\n"two\r\nlines",x\r\n\r\nlast'
    rows = [(row.number, row.cells) for row in DelimitedRows(BytesSource(content), Format())]
    assert rows == [(1, ["name"]), (2, []), (3, ["two\r\nlines", "x"]), (4, []), (5, ["last"])]


def test_a_position_is_an_offset_in_bytes() -> None:
    rows = DelimitedRows(BytesSource("\ufeffä,b\nc,d\n".encode()), Format())
    assert rows.position == Position(3, 1)
    next(rows)
    assert rows.position == Position(8, 2)


def test_trailing_empty_cells_stay() -> None:
    assert read(b"a,b,,\n,,,\n") == [["a", "b", "", ""], ["", "", "", ""]]


def test_broken_bytes_spoil_their_cell_only() -> None:
    content = "Zoë,ok\n".encode() + b"Z\xff,ok\n" + "Ünal,ok\n".encode()
    assert read(content) == [["Zoë", "ok"], ["Z\udcff", "ok"], ["Ünal", "ok"]]
    assert read(b"\x81,ok\n", Format("windows-1252")) == [["\udc81", "ok"]]
    half_a_pair = "a,".encode("utf-16-le") + b"\x00\xd8" + "\nb,c\n".encode("utf-16-le")
    assert read(half_a_pair, Format("utf-16-le")) == [["a", "\ud800"], ["b", "c"]]


def test_the_mark_of_another_encoding_is_not_taken_off() -> None:
    assert read(b"\xef\xbb\xbfa", Format("windows-1252")) == [["ï»¿a"]]


def test_a_file_is_read_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\nc,d\n")
    with FileSource(path) as source:
        assert source.size == 8
        assert read(source) == [["a", "b"], ["c", "d"]]


class Endless:
    """A file of one letter; what was asked for is remembered."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.read_to = 0

    def read_at(self, offset: int, length: int) -> bytes:
        self.read_to = max(self.read_to, offset + length)
        return b"x" * min(length, self.size - offset)


def refused(content: bytes | ByteSource, spelled: Format = UTF_8) -> tuple[str, int | None]:
    with pytest.raises(FileProblem) as caught:
        read(content, spelled)
    assert caught.value.status == 422
    return caught.value.detail, caught.value.row


def test_a_line_without_end_is_refused_before_it_is_read() -> None:
    source = Endless(200_000_000)
    assert refused(source) == ("Row 1 has more than 1,000,000 characters." + QUOTE, 1)
    assert source.read_to < 2_000_000


@pytest.mark.parametrize(
    ("content", "reason", "row"),
    [
        (b"a\n" + b"," * 4999, "Row 2 has 5,000 columns; at most 500 are read.", 2),
        (
            b'a,b\n"c,d\ne,f\n',
            "Row 2 opens a quotation mark that is never closed; close it, or take it out.",
            2,
        ),
        (b'a\n\n"', "Row 3 opens a quotation mark that is never closed; close it, or take it out.", 3),
        (
            b'a\n"' + b"c,d\n" * 30_000,
            "Row 2 has a cell of more than 100,000 characters." + QUOTE,
            2,
        ),
        (
            b"a\n" + b",".join([b"x" * 90_000] * 12),
            "Row 2 has more than 1,000,000 characters." + QUOTE,
            2,
        ),
    ],
    ids=["columns", "quote", "quote at the end", "cell", "row"],
)
def test_rows_nobody_could_use_are_refused_by_number(content: bytes, reason: str, row: int) -> None:
    assert refused(content) == (reason, row)


def test_the_widest_and_longest_rows_are_read() -> None:
    assert read(b"," * 499) == [[""] * 500]
    assert read(b"x" * 100_000 + b"\n") == [["x" * 100_000]]


def test_a_character_that_was_cut_off_is_refused() -> None:
    reason = "Row 2 ends in the middle of a character: the file was cut off, or has another encoding."
    assert refused("a\nb".encode("utf-16-le")[:-1], Format("utf-16-le")) == (reason, 2)
