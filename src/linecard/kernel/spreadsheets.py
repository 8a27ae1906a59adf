"""Cells that leave Linecard for a spreadsheet, and come back.

A spreadsheet that opens a delimited file takes a cell such as ``=HYPERLINK(…)`` for a formula and runs it. People
may call a customer so, and we keep the name as it is; only on its way out it gets an apostrophe in front, which
spreadsheets know as the mark of plain text. The way back takes exactly that apostrophe off again.
"""

import re

# What spreadsheets begin a formula with, their East Asian editions also with the wide forms. Tab and line ends are
# trimmed by some of them, and then it is what follows that begins the cell. Apostrophes before it count too: a cell
# that has one of its own gets a second, or the way back would take the wrong one.
_FORMULA = re.compile("'*[=+\\-@＝＋－＠\t\r\n]")
_FIRST = frozenset("'=+-@＝＋－＠\t\r\n")  # what such a cell begins with: far quicker to look at
_NEGATIVE_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
_MARK = "'"


def harmless(cell: str) -> str:
    """The cell as no spreadsheet runs it. A plain negative number (``-5.00``) stays one, so that it can be summed."""
    if cell[:1] in _FIRST and _FORMULA.match(cell) and not _NEGATIVE_NUMBER.fullmatch(cell):
        return _MARK + cell
    return cell


def as_written(cell: str) -> str:
    """The cell that ``harmless`` was given: ``as_written(harmless(cell)) == cell`` for every cell."""
    if cell.startswith(_MARK) and _FORMULA.match(cell):
        return cell[1:]
    return cell
