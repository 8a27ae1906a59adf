"""Small XLSX workbooks, written by hand so that a test says exactly what is in the file."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

# Styles of cells, by their index: none, a date, a date with time, a time, a duration.
DATE, MOMENT, TIME, DURATION = 1, 2, 3, 4
_NUMBER_FORMATS = (0, 14, 22, 21, 46)


def number(text: str, style: int = 0) -> str:
    """A cell that holds a number, spelled as it stands in the file."""
    return f'<c r="{{place}}" s="{style}"><v>{text}</v></c>'


def text(content: str) -> str:
    """A cell that holds text."""
    return f'<c r="{{place}}" t="inlineStr"><is><t xml:space="preserve">{escape(content)}</t></is></c>'


def boolean(value: bool) -> str:
    """A cell that holds true or false."""
    return f'<c r="{{place}}" t="b"><v>{int(value)}</v></c>'


def error(code: str) -> str:
    """A cell whose formula has failed."""
    return f'<c r="{{place}}" t="e"><v>{code}</v></c>'


def formula(source: str, cached: str) -> str:
    """A cell with a formula and the text it came to."""
    return f'<c r="{{place}}" t="str"><f>{escape(source)}</f><v>{escape(cached)}</v></c>'


def styled_only() -> str:
    """A cell that has a colour and no content."""
    return '<c r="{place}" s="1"/>'


def sheet_xml(cells: Mapping[str, str]) -> str:
    """A sheet of cells by their place (``B3``), which must come in the order of rows."""
    rows: dict[str, list[str]] = {}
    for place, cell in cells.items():
        rows.setdefault(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), []).append(cell.replace("{place}", place))
    body = "".join(f'<row r="{row}">{"".join(content)}</row>' for row, content in rows.items())
    return f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def write_workbook(path: Path, sheets: Mapping[str, Mapping[str, str]], *, hidden: str = "") -> Path:
    """Write a workbook of some sheets; the one named ``hidden`` is not shown."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{index}" r:id="rId{index}"'
        + (' state="hidden"/>' if name == hidden else "/>")
        for index, name in enumerate(sheets, start=1)
    )
    formats = "".join(f'<xf numFmtId="{code}" applyNumberFormat="1"/>' for code in _NUMBER_FORMATS)
    related = "".join(
        f'<Relationship Id="rId{index}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{index}.xml"/>'
        for index, _ in enumerate(sheets, start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{formats}</cellXfs></styleSheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for index, cells in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{index}.xml", sheet_xml(cells))
    return path
