"""A proposal for how to read a file that nobody has said anything about yet."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from linecard.importing.reading.delimited import DELIMITERS, DelimitedRows, Format, Row
from linecard.importing.reading.detection import is_workbook, text_encoding
from linecard.importing.reading.headings import find_beginning
from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.source import ByteSource, beginning

_SAMPLE_ROWS = 200
_SAMPLE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file seems to be.

    ``start_row`` is the first row of data and ``headings`` are the cells of ``heading_row``, where there is one.
    ``columns`` is the width of the widest row among the first. Of a workbook only ``kind`` is known: convert a sheet,
    and sniff that.
    """

    kind: Literal["delimited", "workbook"]
    encoding: str = "utf-8"
    delimiter: str = ","
    start_row: int = 1
    heading_row: int | None = None
    headings: list[str] = field(default_factory=list)
    columns: int = 0


def sniff(source: ByteSource, file_name: str) -> Sniffed:
    """Look at a file; its bytes count, its name only breaks ties.

    Raises ``FileProblem`` when it is no table, or one that cannot be read.
    """
    if is_workbook(source):
        return Sniffed("workbook")
    encoding = text_encoding(source)
    delimiter = _find_delimiter(source, encoding, file_name)
    return sniff_rows(source, Format(encoding, delimiter))


def sniff_rows(source: ByteSource, format: Format) -> Sniffed:  # noqa: A002
    """The same for a file of a known format: only where its table begins is looked for."""
    rows = _first_rows(DelimitedRows(source, format))
    if not any(cell.strip() for row in rows for cell in row.cells):
        raise FileProblem("The file is empty.")
    found = find_beginning(rows)
    return Sniffed(
        "delimited",
        encoding=format.encoding,
        delimiter=format.delimiter,
        start_row=found.start_row,
        heading_row=found.heading_row,
        headings=found.headings,
        columns=max(len(row.cells) for row in rows),
    )


def _first_rows(rows: DelimitedRows) -> list[Row]:
    """A bounded number of rows of bounded size: any one of them may be huge."""
    first: list[Row] = []
    for row in islice(rows, _SAMPLE_ROWS):
        first.append(row)
        if rows.position.cookie > _SAMPLE_BYTES:
            break
    return first


def _find_delimiter(source: ByteSource, encoding: str, file_name: str) -> str:
    """The delimiter by which most of the first rows have the same width, and more than one column."""
    sample = _sample(source, encoding)
    preferred = "\t" if file_name.lower().endswith((".tsv", ".tab")) else ","
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: (scores[delimiter], delimiter == preferred))


def _sample(source: ByteSource, encoding: str) -> str:
    """The beginning of the text; a row that is cut off at its end is left out."""
    text = beginning(source, _SAMPLE_BYTES).decode(encoding, "ignore").removeprefix("\ufeff")
    if source.size <= _SAMPLE_BYTES:
        return text
    whole_lines = text[: text.rfind("\n") + 1]
    return whole_lines or text


def _score(sample: str, delimiter: str) -> tuple[int, int]:
    """How many rows have the most frequent width, and that width; of two such, the wider is the better."""
    widths: Counter[int] = Counter()
    try:
        for cells in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS):
            if len(cells) > 1:
                widths[len(cells)] += 1
    except csv.Error:
        pass  # a cell without end: what was counted until there says enough
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
