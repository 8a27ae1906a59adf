"""Comma-separated text (RFC 4180) in UTF-8."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from linecard.kernel.clock import write_moment
from linecard.kernel.spreadsheets import harmless
from linecard.web.sheets.cells import Cell, Table

_ROWS_AT_ONCE = 500
_BYTE_ORDER_MARK = "\ufeff"


def delimited(table: Table, *, byte_order_mark: bool) -> Iterator[bytes]:
    """The table in portions. No cell is one that a spreadsheet would run.

    The mark at the beginning tells spreadsheets that it is UTF-8; programs do not want it. Moments are in UTC.
    """
    heading = _text([[heading.text for heading in table.headings]])
    yield ((_BYTE_ORDER_MARK if byte_order_mark else "") + heading).encode()
    while rows := list(islice(table.rows, _ROWS_AT_ONCE)):
        yield _text(rows).encode()


def _text(rows: Sequence[Sequence[Cell]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [
            harmless(cell) if type(cell) is str else write_moment(cell) if type(cell) is datetime else cell
            for cell in row
        ]
        for row in rows
    )
    return buffer.getvalue()
