"""Workbooks (Office Open XML, ECMA-376), written as a stream.

A workbook is a zip of XML files, one of them for the rows. Everything that only a whole table could tell (shared
texts, the sheet's extent) is optional and left out, so the first portion leaves before the second row is read.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from linecard.kernel.spreadsheets import harmless
from linecard.web.sheets.cells import Cell, Heading, Number, Table

# A sheet has 1,048,576 rows, the first of which holds the headings.
MOST_ROWS = 1_048_575

_ROWS_AT_ONCE = 500
_MOST_TEXT = 32_767
_EXACT_DIGITS = 15  # a spreadsheet's numbers are floats; longer ones are kept as text
_PIXELS_PER_CHARACTER = 7
# Above so many cells the sheet may be longer than a plain zip can tell; not every program reads the other kind.
_PLAIN_ZIP_CELLS = 15_000_000
_LEVEL = 3  # of compression: twice as quick as the usual 6, for a tenth more bytes
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_SECONDS_A_DAY = 86_400

# Positions in the styles below.
_PLAIN, _BOLD, _QUOTED, _BOLD_QUOTED, _MOMENT, _NUMBER_BY_DECIMALS = 0, 1, 2, 3, 4, 5
_MOST_DECIMALS = 6

# Characters that XML cannot hold, and texts that would be read as such a character's spelling.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\r]|_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class TooManyRows(Exception):
    """A sheet cannot hold so many."""


class _Sink(io.RawIOBase):
    """What the zip is written to; it cannot go back, so that what was written can be sent."""

    def __init__(self) -> None:
        self._portions: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "_Readable", /) -> int:
        portion = bytes(data)
        self._portions.append(portion)
        return len(portion)

    def taken(self) -> bytes:
        """What came since the last time."""
        portion = b"".join(self._portions)
        self._portions.clear()
        return portion


class _Readable(Protocol):
    def __buffer__(self, flags: int, /) -> memoryview: ...


def workbook(table: Table, *, name: str, zone: tzinfo, expected_rows: int = 0) -> Iterator[bytes]:
    """The table as the one sheet of a workbook, in portions; moments as that zone's clocks show them.

    Texts are kept as they are, and marked so that none becomes a formula, not even when somebody edits its cell.
    ``expected_rows`` is how many there will be, as far as that is known. Raises ``TooManyRows`` while it is read.
    """
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for path, content in _parts(name).items():
            archive.writestr(_entry(path), content, ZIP_DEFLATED)
        is_long = expected_rows * len(table.headings) > _PLAIN_ZIP_CELLS
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=is_long) as sheet:
            sheet.write(_beginning(table.headings))
            number = 1
            while rows := list(islice(table.rows, _ROWS_AT_ONCE)):
                if number + len(rows) > MOST_ROWS + 1:
                    raise TooManyRows
                sheet.write("".join(_row(number + at, row, zone) for at, row in enumerate(rows, 1)).encode())
                number += len(rows)
                if portion := sink.taken():
                    yield portion
            sheet.write(_end(number, len(table.headings)))
    yield sink.taken()


def _entry(path: str) -> ZipInfo:
    # always the same moment: the file tells of its rows alone
    entry = ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry


def _row(number: int, cells: Sequence[Cell], zone: tzinfo) -> str:
    return f'<row r="{number}">{"".join([_cell(cell, zone) for cell in cells])}</row>'


def _cell(cell: Cell, zone: tzinfo) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if type(cell) is str:  # not a Number
        return _harmless_text(cell, _PLAIN, _QUOTED)
    if isinstance(cell, datetime):
        return f'<c s="{_MOMENT}"><v>{_serial(cell, zone)}</v></c>'
    digits = str(cell)
    if len(digits.lstrip("-").replace(".", "")) > _EXACT_DIGITS:
        return _text(digits, _PLAIN)
    decimals = len(digits.partition(".")[2]) if isinstance(cell, Number) else 0
    return f'<c s="{_NUMBER_BY_DECIMALS + min(decimals, _MOST_DECIMALS)}"><v>{digits}</v></c>'


def _harmless_text(text: str, style: int, quoted: int) -> str:
    return _text(text, style if harmless(text) == text else quoted)


def _text(text: str, style: int) -> str:
    written = _UNWRITABLE.sub(_spelled, text[:_MOST_TEXT]).translate(_SPECIAL)
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{written}</t></is></c>'


def _spelled(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _serial(moment: datetime, zone: tzinfo) -> str:
    """Days since the beginning of 1900, as the zone's clocks show the moment."""
    shown = moment.astimezone(zone).replace(tzinfo=UTC)
    return f"{(shown - _DAY_ZERO).total_seconds() / _SECONDS_A_DAY:.9f}"


def _letters(column: int) -> str:
    """The name of a column, counted from 1: A to Z, then AA and so on."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _beginning(headings: Sequence[Heading]) -> bytes:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{heading.width / _PIXELS_PER_CHARACTER:.1f}" customWidth="1"/>'
        for at, heading in enumerate(headings, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    texts = "".join(_harmless_text(heading.text, _BOLD, _BOLD_QUOTED) for heading in headings)
    return (
        f'{_XML}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{texts}</row>'
    ).encode()


def _end(rows: int, columns: int) -> bytes:
    return f'</sheetData><autoFilter ref="A1:{_letters(columns)}{rows}"/></worksheet>'.encode()


def _parts(name: str) -> dict[str, str]:
    """Every file of the workbook but its sheet."""
    title = _UNWRITABLE.sub("", name.translate(_SPECIAL).replace('"', ""))[:31]
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": _relationships({"officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": _relationships(
            {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml"}
        ),
        "xl/workbook.xml": (
            f'{_XML}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/styles.xml": _styles(),
    }


def _relationships(targets: dict[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _styles() -> str:
    own_formats = 164  # where those of a workbook's own begin
    formats = [
        "yyyy-mm-dd hh:mm:ss",
        "#,##0",
        *("#,##0." + "0" * count for count in range(1, _MOST_DECIMALS + 1)),
    ]
    told = "".join(
        f'<numFmt numFmtId="{own_formats + at}" formatCode="{code}"/>' for at, code in enumerate(formats)
    )
    styles = [
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>',
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" quotePrefix="1"/>',
        *(
            f'<xf numFmtId="{own_formats + at}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            for at in range(len(formats))
        ),
    ]
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'{_XML}<styleSheet {_MAIN}><numFmts count="{len(formats)}">{told}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(styles)}">{"".join(styles)}</cellXfs></styleSheet>'
    )
