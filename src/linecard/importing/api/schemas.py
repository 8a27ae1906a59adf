"""What the API takes and tells of imports."""

from typing import Annotated, Any, Literal

from pydantic import Field as SchemaField
from pydantic import StrictBool, StrictInt, StrictStr

from linecard.importing.plan import MAX_START_ROW
from linecard.web.schemas import Given, Moment, Told, page_schema

State = Literal["uploaded", "checking", "checked", "applying", "applied", "undoing", "undone", "failed"]
Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "windows-1252", "latin-1"]
Delimiter = Literal[",", ";", "\t", "|"]
ColumnNumber = Annotated[str, SchemaField(pattern="^[1-9][0-9]{0,3}$")]
Mapping = dict[ColumnNumber, StrictStr]

_EXAMPLE = {
    "start_row": 2,
    "mapping": {"1": "name", "3": "debit_limit"},
    "constants": {"currency": "EUR"},
    "mode": "create",
}


class HowToRead(Given, json_schema_extra={"examples": [_EXAMPLE]}):
    """How the file is to be read. What is left out is as it was proposed, or as it was given last."""

    start_row: StrictInt | None = SchemaField(
        default=None, ge=1, le=MAX_START_ROW, description="The first row with data; rows count from 1."
    )
    mapping: Mapping | None = SchemaField(
        default=None, description="The field of each column, by the column's number from 1."
    )
    constants: dict[StrictStr, StrictStr | StrictInt | StrictBool | list[StrictStr]] | None = SchemaField(
        default=None, description="Values for the whole file, by field, for fields that have no column."
    )
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    sheet: StrictStr | None = SchemaField(default=None, description="The sheet of a workbook, by its name.")
    decimal: Literal[".", ","] | None = SchemaField(
        default=None, description="The decimal sign of the file's numbers. Never guessed."
    )
    thousands: Literal["", ",", ".", " ", "'"] | None = SchemaField(
        default=None, description="What separates thousands in the file's numbers. Never guessed."
    )
    mode: Literal["create", "upsert"] | None = SchemaField(
        default=None, description="`upsert` also changes what is there, found by `key`."
    )
    key: Literal["name", "external_accounting_id"] | None = SchemaField(
        default=None, description="The field by which `upsert` finds what is there."
    )
    empty: Literal["keep", "clear"] | None = SchemaField(
        default=None,
        description="What an empty cell does to what is there: leave the field alone, or clear it.",
    )


class HowToApply(Given):
    """Which of the checked rows are written."""

    rows: Literal["all", "good"] = SchemaField(
        default="all", description="`all` is refused while some are bad; `good` leaves the bad ones out."
    )
    after_crash: Literal["resume", "roll_back"] = SchemaField(
        default="resume",
        description="What becomes of it if it is cut off: it goes on, or is taken back whole.",
    )


class Remembered(Told):
    """A file with the same headings came before; its mapping is proposed."""

    file_name: str
    made_at: Moment


class SniffedFile(Told):
    """What the file looks like, as a proposal."""

    kind: Literal["delimited", "workbook"]
    encoding: Encoding = SchemaField(description="Of a workbook, that of the sheet as it was written out.")
    delimiter: Delimiter
    start_row: int = SchemaField(description="The first row with data.")
    heading_row: int | None = SchemaField(description="The row with the headings, if there seems to be one.")
    headings: list[str]
    columns: int = SchemaField(description="How many columns the first rows have.")
    mapping: Mapping = SchemaField(description="Fields by column number, where heading and values fit.")
    sheets: list[str] = SchemaField(description="The names of a workbook's sheets.")
    sheet: str | None = SchemaField(description="The sheet of a workbook that is read.")
    remembered: Remembered | None


class Import(Told):
    """A file, how far it has come, and what became of its rows."""

    id: int = SchemaField(description="Also the id of its job.")
    target: str = SchemaField(description="What its rows become.")
    file_name: str
    size: int = SchemaField(description="Of the file, in bytes.")
    state: State
    progress: int = SchemaField(description="How much of the present work is done, in whole percent.")
    problem: str = SchemaField(description="Why it failed; else empty.")
    rows: int = SchemaField(description="Rows with data that have been checked.")
    good: int
    bad: int
    creates: int = SchemaField(
        description="How many of the good rows make a new record; the others change one."
    )
    applied: int = SchemaField(description="Rows that have been written.")
    undone: int = SchemaField(description="Rows that have been taken back.")
    left_alone: int = SchemaField(description="Rows not taken back, each listed with the reason.")
    made_by: str
    made_at: Moment
    finished_at: Moment | None = SchemaField(description="When the last work on it ended.")


class ImportDetail(Import):
    """An import, with how its file is read."""

    sniffed: SniffedFile
    plan: dict[str, Any] = SchemaField(description="How it is, or would be, read: what `check` takes.")


class NewImport(ImportDetail):
    """A file that has come, and how it looks."""

    sample: list[list[str]] = SchemaField(
        description="The first rows of the file; the first one is row 1. Long cells are cut."
    )


class RowProblem(Told):
    """One thing wrong with one row."""

    row: int = SchemaField(description="The row in the file, from 1.")
    column: int | None = SchemaField(description="The column, from 1; null where the whole row is meant.")
    field: str = SchemaField(description="The field, or empty.")
    value: str = SchemaField(description="What the cell holds; cut if it is long.")
    message: str


class LeftRow(Told):
    """What the undoing left alone."""

    row: int
    id: int = SchemaField(description="The record's id.")
    label: str
    reason: str


Imports = page_schema("ImportPage", Import)
RowProblems = page_schema("RowProblemPage", RowProblem)
LeftRows = page_schema("LeftRowPage", LeftRow)
