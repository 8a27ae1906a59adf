"""Workbooks: a sheet becomes delimited text in a process of its own, cell by cell as it is in the sheet."""

import datetime
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.importing.reading import (
    BytesSource,
    DelimitedRows,
    FileProblem,
    Format,
    convert,
    scientific,
    sheet_names,
)
from linecard.importing.reading import workbook_parts as parts
from linecard.importing.reading.workbook_cells import cell_text, number_text
from tests.importing.reading.workbooks import (
    DATE,
    DURATION,
    MOMENT,
    TIME,
    boolean,
    error,
    formula,
    number,
    styled_only,
    text,
    write_workbook,
)

TOO_LARGE = "The workbook is too large to be read: save the sheet as CSV and upload that."
DAMAGED = "The workbook is damaged: save it again and upload it anew."
PROTECTED = "The workbook is protected by a password: save it without one."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.xlsx"


def rows(path: Path, sheet: str | None = None) -> list[list[str]]:
    content = b"".join(portions(path, sheet))
    return [row.cells for row in DelimitedRows(BytesSource(content), Format("utf-8", ","))]


def portions(path: Path, sheet: str | None = None) -> list[bytes]:
    found: list[bytes] = []
    convert(path, sheet, found.append)
    return found


def refusal(path: Path, sheet: str | None = None) -> str:
    with pytest.raises(FileProblem) as caught:
        portions(path, sheet)
    return caught.value.detail


def test_every_kind_of_cell(path: Path) -> None:
    cells = {
        "A1": text("Acme, Ltd"),
        "B1": text(' "Zoë"\n=1+1 '),
        "A2": number("42"),
        "B2": number("12.50"),
        "C2": number("-0.0000001"),
        "A3": number("447912345678901234"),
        "B3": number("4.47912345678901E+17"),
        "C3": number("4.47912E+11"),
        "A4": boolean(True),
        "B4": boolean(False),
        "C4": formula("UPPER(A1)", "ACME"),
        "A5": number("45000", DATE),
        "B5": number("45000.5", MOMENT),
        "C5": number("0.25", TIME),
        "D5": number("1.25", DURATION),
    }
    assert rows(write_workbook(path, {"Cards": cells})) == [
        ["Acme, Ltd", ' "Zoë"\n=1+1 ', "", ""],
        ["42", "12.5", "-0.0000001", ""],
        ["4.4791234567890125E+17", "4.47912345678901E+17", "447912000000", ""],
        ["true", "false", "ACME", ""],
        ["2023-03-15", "2023-03-15T12:00:00", "06:00:00", "30:00:00"],
    ]


def test_rows_and_columns_keep_their_numbers(path: Path) -> None:
    cells = {"C3": text("Name"), "D3": text("Currency"), "C5": text("Acme"), "Z9": styled_only()}
    assert rows(write_workbook(path, {"Cards": cells})) == [
        [],
        [],
        ["", "", "Name", "Currency"],
        [],
        ["", "", "Acme", ""],
    ]


def test_a_failed_formula_is_not_an_empty_cell(path: Path) -> None:
    cells = {"A1": text('<c t="e">'), "B1": error("#N/A"), "A2": error("#DIV/0!"), "B2": text("fine")}
    assert rows(write_workbook(path, {"Cards": cells})) == [['<c t="e">', "#N/A"], ["#DIV/0!", "fine"]]


def test_a_failed_formula_is_found_wherever_the_file_is_cut(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_workbook(path, {"Cards": {"A1": error("#N/A"), "B1": text("x"), "C1": error("#REF!")}})
    monkeypatch.setattr(parts, "_CHUNK_BYTES", 7)
    with parts.readable_workbook(path) as file, zipfile.ZipFile(file) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
        names = archive.namelist()
    assert content.count(b't="str"') == 2
    assert b't="e"' not in content
    with zipfile.ZipFile(path) as original:
        assert names == original.namelist()
        assert content.replace(b't="str"', b't="e"') == original.read("xl/worksheets/sheet1.xml")


def test_the_first_sheet_that_holds_anything_or_the_chosen_one(path: Path) -> None:
    sheets = {
        "Notes": {},
        "Old": {"A1": text("old")},
        "Cards": {"A1": text("new")},
        "Ünal & Co": {"A1": text("last")},
    }
    write_workbook(path, sheets, hidden="Old")
    assert sheet_names(path) == ["Notes", "Cards", "Ünal & Co"]
    assert convert(path, None, lambda portion: None) == "Cards"
    assert convert(path, "Ünal & Co", lambda portion: None) == "Ünal & Co"
    assert rows(path, "Ünal & Co") == [["last"]]
    assert refusal(path, "Notes") == "The sheet 'Notes' is empty."
    assert (
        refusal(path, "\0else")
        == "The workbook has no sheet '\\x00else'; it has 'Notes', 'Cards', 'Ünal & Co'."
    )


def test_a_workbook_of_empty_sheets_is_empty(path: Path) -> None:
    assert refusal(write_workbook(path, {"One": {}, "Two": {}})) == "The workbook is empty."


def test_a_hidden_sheet_is_read_where_there_is_no_other(path: Path) -> None:
    write_workbook(path, {"Cards": {"A1": text("x")}}, hidden="Cards")
    assert sheet_names(path) == ["Cards"]


def test_portions_are_bounded(path: Path) -> None:
    written = write_workbook(path, {"Cards": {f"A{row}": text("x" * 30_000) for row in range(1, 101)}})
    assert [len(portion) for portion in portions(written)] == [1 << 20, 1 << 20, 3_000_200 - (2 << 20)]


def test_what_the_writer_raises_is_raised(path: Path) -> None:
    write_workbook(path, {"Cards": {"A1": text("x")}})

    def full(portion: bytes) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        convert(path, None, full)


def test_a_table_is_not_a_workbook(path: Path) -> None:
    path.write_bytes(b"Name,Currency\n")
    assert refusal(path) == "This is not a workbook: upload a table as CSV or XLSX."


def test_a_cell_in_the_far_corner_does_not_take_the_memory(path: Path) -> None:
    write_workbook(path, {"Cards": {"A1": text("x"), "XFD1048576": text("y")}})
    assert refusal(path) == TOO_LARGE


def add_part(path: Path, name: str, megabytes: int) -> None:
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w") as part,
    ):
        for _ in range(megabytes):
            part.write(bytes(1 << 20))


def test_a_bomb_is_not_unpacked_to_its_end(path: Path) -> None:
    write_workbook(path, {"Cards": {"A1": text("x")}})
    add_part(path, "xl/media/picture.bin", 401)
    assert path.stat().st_size < 1 << 20
    assert refusal(path) == TOO_LARGE


def test_a_part_that_lies_about_its_size_is_damage(path: Path) -> None:
    write_workbook(path, {"Cards": {"A1": text("x")}})
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\x01\x02")  # of the last part: the sheet
    content[directory + 24 : directory + 28] = (5).to_bytes(4, "little")
    path.write_bytes(content)
    assert refusal(path) == DAMAGED


def test_a_part_with_a_password_is_named_so(path: Path) -> None:
    write_workbook(path, {"Cards": {"A1": text("x")}})
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    local = int.from_bytes(content[directory + 42 : directory + 46], "little")
    content[directory + 8] |= 1
    content[local + 6] |= 1
    path.write_bytes(content)
    assert refusal(path) == PROTECTED


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_parts_that_are_rubbish_are_damage(path: Path, part: str) -> None:
    write_workbook(path, {"Cards": {"A1": text("x")}})
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents[part] = b"<worksheet><sheetData><row r='1'><c r='A1'"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    assert refusal(path).startswith(DAMAGED)


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (100.0, "100"),
        (12, "12"),
        (0.1, "0.1"),
        (-5.25, "-5.25"),
        (1e-7, "0.0000001"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1.00000000000000E+15"),
        (12345678901234.5, "12345678901234.5"),
        (0.1 + 0.2, "3.0000000000000004E-1"),
        (1.5e300, "1.50000000000000E+300"),
    ],
)
def test_numbers(given_number: float, expected: str) -> None:
    assert number_text(given_number) == expected


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15))
def test_a_number_is_exact_and_refused_when_digits_are_lost(value: float) -> None:
    written = number_text(value)
    assert Decimal(written) == Decimal(repr(value))
    digits = Decimal(repr(value)).normalize()
    lost = len(digits.as_tuple().digits) > 15 or abs(digits) >= 10**15
    assert scientific(written) == lost


def test_dates_and_times_are_written_as_in_iso_8601() -> None:
    assert cell_text(datetime.datetime(2024, 2, 29, 23, 59, 58, tzinfo=None)) == "2024-02-29T23:59:58"  # noqa: DTZ001
    assert cell_text(datetime.date(2024, 2, 29)) == "2024-02-29"
    assert cell_text(datetime.time(7, 5)) == "07:05:00"
    assert cell_text(datetime.timedelta(days=4, minutes=3)) == "96:03:00"


def test_a_workbook_whose_sheets_have_endless_names_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "book.xlsx", {"x" * (2 << 20): {"A1": text("Acme")}})
    with pytest.raises(FileProblem, match="too large to be read"):
        sheet_names(path)
