"""Which column is probably which field: by what stands above it, and by whether its values would do."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from linecard.fields import Field, Refused
from linecard.importing.models import RememberedMapping, Upload
from linecard.importing.queries import first_rows
from linecard.importing.reading.cells import storable
from linecard.importing.reading.delimited import Format, Row
from linecard.importing.reading.sniffing import sniff, sniff_rows
from linecard.importing.storage import stored_rows
from linecard.importing.target import Target
from linecard.importing.words import REASON
from linecard.kernel.clock import write_moment
from linecard.kernel.names import search_words

_SAMPLE = 100
_BEGINNING = 20
_LONGEST_HEADING = 200
# Below this share of values that the field would take, the heading means something else.
_FITTING = 0.8
_LIKE_A_NUMBER = re.compile(r"\s*[+-]?[0-9][0-9.,'\s]*%?\s*")


def propose(upload: Upload, target: Target) -> None:
    """Note on the upload what its file looks like, and a plan by which it could be read. Raises ``FileProblem``."""
    source = stored_rows(upload)
    # a sheet was written out in the one way; what its cells hold must not be taken for another
    is_sheet = upload.sniffed.get("kind") == "workbook"
    found = sniff_rows(source, Format()) if is_sheet else sniff(source, upload.file_name)
    found = replace(found, headings=list(map(storable, found.headings)))
    rows = first_rows(upload, Format(found.encoding, found.delimiter))
    if heading := find_headings(target, rows):
        found = replace(
            found, start_row=heading.number + 1, heading_row=heading.number, headings=heading.cells
        )
    kept = ("sheets", "sheet", "rows_size")
    upload.sniffed = {name: upload.sniffed[name] for name in kept if name in upload.sniffed}
    upload.sniffed |= {
        "kind": "workbook" if is_sheet else found.kind,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "start_row": found.start_row,
        "heading_row": found.heading_row,
        "headings": list(found.headings),
        "columns": found.columns,
    }
    below = [row.cells for row in rows if row.number >= found.start_row]
    choices = _proposed_choices(upload, target, found.headings, below)
    upload.sniffed["mapping"] = choices["mapping"]
    read = {name: upload.sniffed[name] for name in ("encoding", "delimiter", "start_row")}
    upload.plan = {"constants": {}, "sheet": upload.sniffed.get("sheet", ""), **read, **choices}


def _proposed_choices(
    upload: Upload, target: Target, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """What was chosen for the last file with these headings, else a mapping by headings and values."""
    remembered = remembered_mapping(upload, headings)
    if remembered is None:
        mapping = propose_mapping(target, headings, rows)
        return {"mapping": {str(column): name for column, name in mapping.items()}}
    upload.sniffed["remembered"] = {
        "file_name": remembered.file_name,
        "made_at": write_moment(remembered.made_at),
    }
    return remembered_choices(remembered, target, upload.sniffed["columns"])


def propose_mapping(target: Target, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Fields by column, counted from 1. A field gets the column whose values fit best, then whose heading does."""
    offers: list[tuple[float, int, int, str]] = []
    for column, heading in enumerate(headings, 1):
        values = [cells[column - 1] for cells in rows[:_SAMPLE] if len(cells) >= column]
        for name, field in target.fields.items():
            likeness = _likeness(heading, name, field, target.aliases.get(name, ()))
            if likeness and (fit := _fit(field, values)) >= _FITTING:
                offers.append((-fit, -likeness, column, name))
    mapping: dict[int, str] = {}
    for _, _, column, name in sorted(offers):
        if column not in mapping and name not in mapping.values():
            mapping[column] = name
    return dict(sorted(mapping.items()))


def find_headings(target: Target, rows: Sequence[Row]) -> Row | None:
    """The row among the first that names the most fields, at least two: whoever knows them sees that it is no data."""
    named = [(_count_named(target, row.cells), row) for row in rows[:_BEGINNING]]
    most = max((count for count, _ in named), default=0)
    return next(row for count, row in named if count == most) if most > 1 else None


def _count_named(target: Target, cells: Iterable[str]) -> int:
    """How many fields of the target some cells name."""
    return sum(
        any(_likeness(cell, name, field, target.aliases.get(name, ())) for cell in cells)
        for name, field in target.fields.items()
    )


def fingerprint(headings: Sequence[str]) -> str:
    """What tells files with the same headings, whatever their case and punctuation.

    A file of bad rows that was mended is told as the one that they came from.
    """
    own = headings[:-1] if headings[-1] == REASON else headings
    folded = [" ".join(search_words(heading)) for heading in own]
    return hashlib.sha256(json.dumps(folded).encode()).hexdigest()


def remember_mapping(upload: Upload) -> None:
    """Keep how a file was read for the next one with the same headings."""
    headings = upload.sniffed.get("headings")
    if not headings:
        return
    RememberedMapping.objects.update_or_create(
        target=upload.target,
        reseller=upload.reseller,
        fingerprint=fingerprint(headings),
        defaults={"plan": upload.plan, "file_name": upload.file_name, "made_at": upload.made_at},
    )


def remembered_mapping(upload: Upload, headings: Sequence[str]) -> RememberedMapping | None:
    """How a file with these headings was read last, by somebody of the same reseller."""
    if not headings:
        return None
    return RememberedMapping.objects.filter(
        target=upload.target, reseller=upload.reseller, fingerprint=fingerprint(headings)
    ).first()


def remembered_choices(remembered: RememberedMapping, target: Target, columns: int) -> dict[str, Any]:
    """The part of a remembered plan that the target and the file still have."""
    plan = dict(remembered.plan)
    for spelled_here in ("encoding", "delimiter", "sheet", "start_row"):
        plan.pop(spelled_here, None)
    plan["mapping"] = {
        column: name
        for column, name in plan.get("mapping", {}).items()
        if name in target.fields and int(column) <= columns
    }
    plan["constants"] = {
        name: text for name, text in plan.get("constants", {}).items() if name in target.fields
    }
    return plan


def _likeness(heading: str, name: str, field: Field, aliases: Iterable[str]) -> int:
    words = _folded(heading)
    if not words:
        return 0
    if words in (_folded(name.replace("_", " ")), _folded(field.label)):
        return 2
    return 1 if words in map(_folded, aliases) else 0


@lru_cache(maxsize=4096)
def _folded_words(text: str) -> str:
    return " ".join(sorted(search_words(text)))


def _folded(text: str) -> str:
    """The words of a heading, in one order and case; of what is too long for a heading, none."""
    return _folded_words(text) if len(text) <= _LONGEST_HEADING else ""


def _fit(field: Field, values: Iterable[str]) -> float:
    """The share of the values that the field would take; 1 when there is none to judge by."""
    given = [value for value in values if value.strip()]
    return sum(_would_take(field, value) for value in given) / len(given) if given else 1.0


def _would_take(field: Field, text: str) -> bool:
    if field.numeric:
        return _LIKE_A_NUMBER.fullmatch(text) is not None  # with which signs is yet to be chosen
    if field.contextual:
        return True  # what it means depends on its row
    try:
        field.clean(field.from_text(text))
    except Refused:
        return False
    return True
