"""Reading uploads: always through what the user may see."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_noop

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import in_scope
from linecard.importing.models import Upload, UploadBlock, UploadPiece, UploadProblem
from linecard.importing.reading.cells import storable
from linecard.importing.reading.delimited import DelimitedRows, Format, Position, Row
from linecard.importing.storage import stored_rows
from linecard.importing.target import LeftAlone
from linecard.importing.words import UploadState
from linecard.web.database import the_one

SAMPLE_ROWS = 100
# A row may have a million characters, so that their number alone bounds nothing.
MAX_CHARACTERS = 10_000_000
COUNTED_PROBLEMS = 20_000
_ANY_ROW = (Value("^Row [0-9,]+ "), Value("An earlier row "))


@dataclass(slots=True)
class ShownRow:
    """A row of the file as a report shows it."""

    number: int
    cells: list[str]
    problems: list[UploadProblem] = field(default_factory=list)


def visible_uploads(user: User) -> QuerySet[Upload]:
    """The uploads that the user may see, newest first, without those whose file is still on its way.

    Raises ``Forbidden`` for a user who may see none.
    """
    require(user, "uploads", "read")
    uploads = Upload.objects.exclude(state=UploadState.RECEIVING).select_related("made_by", "acting")
    return in_scope(uploads, user).order_by("-id")


def get_upload(user: User, upload_id: int) -> Upload:
    """One upload. Raises ``NotFound``, also for one of another reseller."""
    return the_one(visible_uploads(user).filter(pk=upload_id), gettext_noop("upload"))


def lock_upload(user: User, upload_id: int) -> Upload:
    """One upload that the user may see, locked until the transaction ends. Raises ``NotFound``."""
    uploads = in_scope(Upload.objects.exclude(state=UploadState.RECEIVING), user)
    return the_one(uploads.select_for_update().filter(pk=upload_id), gettext_noop("upload"))


def lock_receiving(user: User, upload_id: int) -> Upload:
    """The upload whose file its own user is sending, locked. Raises ``NotFound``."""
    own = Upload.objects.filter(made_by=user, state=UploadState.RECEIVING)
    return the_one(own.select_for_update().filter(pk=upload_id), gettext_noop("upload"))


def missing_pieces(upload: Upload, pieces: int) -> list[int]:
    """The numbers of those pieces of the file that have not come."""
    have = set(
        UploadPiece.objects.filter(upload=upload, part=UploadPiece.Part.FILE).values_list("number", flat=True)
    )
    return [number for number in range(pieces) if number not in have]


def first_rows(upload: Upload, file_format: Format, limit: int = SAMPLE_ROWS) -> list[Row]:
    """The first records of the file, read so, with characters that a screen can show; fewer if they are huge.

    Raises ``FileProblem``.
    """
    rows: list[Row] = []
    characters = 0
    for row in DelimitedRows(stored_rows(upload), file_format):
        rows.append(Row(row.number, [storable(cell) for cell in row.cells]))
        characters += sum(map(len, row.cells))
        if len(rows) == limit or characters > MAX_CHARACTERS:
            break
    return rows


def problems_of(upload: Upload) -> QuerySet[UploadProblem]:
    """What is wrong with the file's rows, in the order of the file."""
    return UploadProblem.objects.filter(upload=upload).order_by("row", "id")


def frequent_problems(upload: Upload, limit: int = 10) -> list[dict[str, Any]]:
    """The most frequent reasons: ``field``, ``reason``, ``count`` and ``first_row`` of each.

    Messages that differ only in the value or in the row that they name are one reason. Only the first
    ``COUNTED_PROBLEMS`` are counted: of millions, that would take longer than somebody waits for a page.
    """
    message = Func(F("message"), *_ANY_ROW, function="regexp_replace", output_field=TextField())
    without_value = Func(message, F("value"), Value("…"), function="replace", output_field=TextField())
    # a value of one or two letters is part of other words, too
    alike = Case(When(GreaterThan(Length("value"), 2), then=without_value), default=message)
    first = problems_of(upload).values("pk")[:COUNTED_PROBLEMS]
    told = UploadProblem.objects.filter(pk__in=first).annotate(alike=alike).values("field", "alike")
    frequent = told.annotate(
        count=Count("id"),
        first_row=Min("row"),
        one_message=Min("message"),
        messages=Count("message", distinct=True),
    ).order_by("-count", "first_row")
    return [
        {
            "field": found["field"],
            "reason": found["one_message"] if found["messages"] == 1 else found["alike"],
            "count": found["count"],
            "first_row": found["first_row"],
        }
        for found in frequent[:limit]
    ]


def rows_window(
    upload: Upload, first_row: int, limit: int = SAMPLE_ROWS, *, bad_only: bool = False
) -> list[ShownRow]:
    """Checked rows of the file from a row on, each with its problems."""
    if bad_only:
        return list(_bad_rows(upload, first_row, limit))
    shown: dict[int, ShownRow] = {}
    block = UploadBlock.objects.filter(upload=upload, last_row__gte=first_row).order_by("first_row").first()
    if block is not None:
        for row in _rows_from(upload, block):
            if row.number >= first_row:
                shown[row.number] = row
            if len(shown) == limit:
                break
    _add_problems(upload, shown)
    return list(shown.values())


def previous_bad_row(upload: Upload, row: int, limit: int = SAMPLE_ROWS) -> int | None:
    """The first row of the window of bad rows before this one; None when there is none."""
    before = UploadProblem.objects.filter(upload=upload, row__lt=row).values("row").distinct()
    rows = list(before.order_by("-row").values_list("row", flat=True)[:limit])
    return rows[-1] if rows else None


def last_row(upload: Upload) -> int:
    """The last row of the file that was checked; 0 when none was."""
    return UploadBlock.objects.filter(upload=upload).aggregate(last=Max("last_row"))["last"] or 0


def bad_rows(upload: Upload) -> Iterator[ShownRow]:
    """All bad rows with their problems, in the order of the file, in bounded memory and short transactions."""
    row = 1
    while found := list(_bad_rows(upload, row, SAMPLE_ROWS * 10, MAX_CHARACTERS)):
        yield from found
        row = found[-1].number + 1


def left_alone(upload: Upload, limit: int | None = None) -> list[LeftAlone]:
    """What the undoing did not touch, and why."""
    left: list[LeftAlone] = []
    blocks = UploadBlock.objects.filter(upload=upload).exclude(left__isnull=True).exclude(left=[])
    for entries in blocks.order_by("first_row").values_list("left", flat=True).iterator(chunk_size=10):
        left += (LeftAlone(*entry) for entry in entries or ())
        if limit is not None and len(left) >= limit:
            return left[:limit]
    return left


def _bad_rows(
    upload: Upload, first_row: int, limit: int, max_characters: float = math.inf
) -> Iterator[ShownRow]:
    """At most so many bad rows; no more blocks of rows are read once those have so many characters."""
    bad = UploadProblem.objects.filter(upload=upload, row__gte=first_row).values_list("row", flat=True)
    numbers = set(bad.distinct().order_by("row")[:limit])
    if not numbers:
        return
    shown: dict[int, ShownRow] = {}
    within = UploadProblem.objects.filter(upload=upload, row__range=(min(numbers), max(numbers)))
    in_block = within.filter(row__gte=OuterRef("first_row"), row__lte=OuterRef("last_row"))
    blocks = UploadBlock.objects.filter(Exists(in_block), upload=upload).order_by("first_row")
    for block in blocks.only("first_row", "last_row", "offset"):
        of_block = islice(_rows_from(upload, block), block.last_row - block.first_row + 1)
        shown.update((row.number, row) for row in of_block if row.number in numbers)
        if sum(len(cell) for row in shown.values() for cell in row.cells) > max_characters:
            break
    _add_problems(upload, shown)
    yield from shown.values()


def _rows_from(upload: Upload, block: UploadBlock) -> Iterator[ShownRow]:
    """The rows of the file from the beginning of a block on, as they were checked."""
    file_format = Format(upload.plan["encoding"], upload.plan["delimiter"])
    position = Position(block.offset, block.first_row)
    for row in DelimitedRows(stored_rows(upload), file_format, position):
        yield ShownRow(row.number, [storable(cell) for cell in row.cells])


def _add_problems(upload: Upload, shown: dict[int, ShownRow]) -> None:
    if not shown:
        return
    within: Sequence[int] = (min(shown), max(shown))
    for problem in problems_of(upload).filter(row__range=within):
        if problem.row in shown:
            shown[problem.row].problems.append(problem)
