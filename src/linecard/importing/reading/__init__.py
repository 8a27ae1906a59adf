"""Reading uploaded files: what they are, and their rows. Knows nothing of Django, fields or where files are kept.

``sniff`` proposes how to read a file; ``DelimitedRows`` reads it, from any row on. A workbook is converted into
delimited text first, sheet by sheet, in a process of its own.
"""

from linecard.importing.reading.cells import scientific, storable, unreadable
from linecard.importing.reading.delimited import (
    DELIMITERS,
    ENCODINGS,
    MAX_COLUMNS,
    DelimitedRows,
    Format,
    Position,
    Row,
)
from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.sniffing import Sniffed, sniff, sniff_rows
from linecard.importing.reading.source import ByteSource, BytesSource, FileSource
from linecard.importing.reading.workbook import convert, sheet_names

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "MAX_COLUMNS",
    "ByteSource",
    "BytesSource",
    "DelimitedRows",
    "FileProblem",
    "FileSource",
    "Format",
    "Position",
    "Row",
    "Sniffed",
    "convert",
    "scientific",
    "sheet_names",
    "sniff",
    "sniff_rows",
    "storable",
    "unreadable",
]
