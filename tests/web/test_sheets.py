"""Tables as files: exact cells, nothing that a spreadsheet would run, and never the whole in memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from linecard.web.sheets import (
    Cell,
    Heading,
    Number,
    Table,
    TooManyRows,
    delimited,
    workbook,
    workbooks,
)

MOMENT = datetime(2026, 1, 31, 23, 30, 15, tzinfo=UTC)


def table(*rows: Sequence[Cell], headings: Sequence[str] = ("A", "B")) -> Table:
    return Table([Heading(text) for text in headings], iter(rows))


def as_csv(*rows: Sequence[Cell], byte_order_mark: bool = False) -> str:
    return b"".join(delimited(table(*rows), byte_order_mark=byte_order_mark)).decode()


def as_xlsx(*rows: Sequence[Cell], zone: str = "UTC", headings: Sequence[str] = ("A", "B")) -> bytes:
    return b"".join(workbook(table(*rows, headings=headings), name="Cards", zone=ZoneInfo(zone)))


def read_back(data: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def sheet_xml(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        (7, "7"),
        (Number("-5.00"), "-5.00"),
        (MOMENT, "2026-01-31T23:30:15Z"),
        ("a,b", '"a,b"'),
        ('a"b', '"a""b"'),
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5.00", "-5.00"),
        ("-5.00+cmd", "'-5.00+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("Ünïcode 😀", "Ünïcode 😀"),
    ],
)
def test_a_delimited_cell(cell: Cell, written: str) -> None:
    assert as_csv([cell, "x"]) == f"A,B\r\n{written},x\r\n"


def test_a_heading_is_no_formula_either() -> None:
    assert b"".join(delimited(table(headings=["=A"]), byte_order_mark=False)) == b"'=A\r\n"


def test_the_mark_of_utf_8_is_there_when_asked_for() -> None:
    assert as_csv(byte_order_mark=True).startswith("\ufeffA")
    assert as_csv().startswith("A")


def test_a_workbook_keeps_kinds() -> None:
    data = as_xlsx(["=1+1 <&>", 7], [Number("-1234.50"), None], [Number("7.7"), "x"])
    assert read_back(data) == [["A", "B"], ["=1+1 <&>", 7.0], [-1234.5, ""], [7.7, "x"]]
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_a_workbook_has_no_formula_and_marks_what_looks_like_one() -> None:
    xml = sheet_xml(as_xlsx(["=HYPERLINK(1)", "plain"]))
    assert "<f>" not in xml
    root = ElementTree.fromstring(xml)
    cells = root.findall(".//{*}sheetData/{*}row[2]/{*}c")
    assert [(cell.get("t"), cell.get("s")) for cell in cells] == [("inlineStr", "2"), ("inlineStr", "0")]
    styles = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(as_xlsx())).read("xl/styles.xml")).findall(
        ".//{*}cellXfs/{*}xf"
    )
    assert styles[2].get("quotePrefix") == "1"
    headings = ElementTree.fromstring(sheet_xml(as_xlsx(headings=["=1+1: Count", "B"])))
    marks = [styles[int(cell.get("s", ""))] for cell in headings.findall(".//{*}row[1]/{*}c")]
    assert [(style.get("fontId"), style.get("quotePrefix")) for style in marks] == [("1", "1"), ("1", None)]


def test_a_workbook_shows_moments_by_the_readers_clock() -> None:
    data = as_xlsx([MOMENT, None], zone="Asia/Tokyo")
    [moment] = read_back(data)[1][:1]
    assert isinstance(moment, datetime)
    assert abs(moment - datetime(2026, 2, 1, 8, 30, 15)) < timedelta(seconds=1)  # noqa: DTZ001


def test_numbers_that_a_float_would_change_stay_text() -> None:
    assert read_back(as_xlsx([1234567890123456789, Number("123456789012345.67")]))[1] == [
        "1234567890123456789",
        "123456789012345.67",
    ]
    assert read_back(as_xlsx([123456789012345, Number("0.000001")]))[1] == [123456789012345.0, 0.000001]


@pytest.mark.parametrize("text", ["a\x01b", "a\rb", "_x0041_", "\ufffe", "\x1f"])
def test_characters_that_xml_cannot_hold_are_spelled(text: str) -> None:
    data = as_xlsx([text, "x"])
    ElementTree.fromstring(sheet_xml(data))
    for unwritable in "\x01\r\ufffe\x1f":
        assert unwritable not in sheet_xml(data)


def test_many_columns_are_named_like_a_sheets() -> None:
    xml = sheet_xml(as_xlsx(headings=[str(number) for number in range(703)]))
    assert 'ref="A1:AAA1"' in xml


def test_too_many_rows_for_a_sheet_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    row: Sequence[Cell] = ["x", 1]
    assert len(read_back(as_xlsx(row, row, row))) == 4
    with pytest.raises(TooManyRows):
        as_xlsx(row, row, row, row)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_are_sent_while_they_are_made(kind: str) -> None:
    read = 0

    def rows() -> Iterator[Sequence[Cell]]:
        nonlocal read
        for number in range(40_000):
            read += 1
            yield [f"Customer {number * 7919 % 40_000}", number]

    source = Table([Heading("A"), Heading("B")], rows())
    portions = (
        delimited(source, byte_order_mark=True)
        if kind == "csv"
        else workbook(source, name="Cards", zone=ZoneInfo("UTC"))
    )
    tracemalloc.start()
    try:
        first = next(portions)
        assert first
        assert read < 20_000
        size = len(first) + sum(map(len, portions))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == 40_000
    assert size > 150_000
    assert peak < 3_000_000
