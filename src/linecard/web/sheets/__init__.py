"""Tables on their way to a spreadsheet: rows of cells in, portions of a file out, never the whole in memory."""

from linecard.web.sheets.cells import Cell, Heading, Number, Table
from linecard.web.sheets.delimited_text import delimited
from linecard.web.sheets.workbooks import MOST_ROWS, TooManyRows, workbook

__all__ = ["MOST_ROWS", "Cell", "Heading", "Number", "Table", "TooManyRows", "delimited", "workbook"]
