"""Writing to the trail, and reading it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from linecard.audit.actor import Actor
from linecard.audit.models import AuditEntry
from linecard.audit.words import entry_words
from linecard.kernel.clock import now
from linecard.web.database import copy_rows, next_ids
from linecard.web.full_text import text_of, vector_of

Changes = Mapping[str, tuple[Any, Any]]


def record(
    *,
    by: Actor,
    action: str,
    subject_type: str,
    subject_id: int,
    changes: Changes | None = None,
    version: int | None = None,
    note: str = "",
) -> AuditEntry:
    """Write one entry, in the transaction of the change that it tells of."""
    told = {field: list(pair) for field, pair in (changes or {}).items()}
    words = entry_words(user_name=by.name, action=action, note=note, address=by.address, changes=told)
    return AuditEntry.objects.create(
        at=now(),
        user_id=by.user_id,
        user_name=by.name,
        via=by.via,
        address=by.address,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        version=version,
        changes=told,
        note=note,
        words=vector_of(words),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written about one subject; see ``record``."""

    action: str
    subject_id: int
    changes: Changes
    version: int | None = None
    note: str = ""


def record_many(*, by: Actor, subject_type: str, entries: Sequence[Entry]) -> list[int]:
    """Write many entries in one go, in the transaction of the changes that they tell of; their ids, in order."""
    if not entries:
        return []
    moment = now().isoformat()
    who = (moment, by.user_id, by.name, by.via, by.address, subject_type)
    ids = next_ids("audit_entry", len(entries))
    rows = ((entry_id, *who, *_told(entry, by)) for entry_id, entry in zip(ids, entries, strict=True))
    copy_rows("audit_entry", _COLUMNS, rows)
    return ids


def _told(entry: Entry, by: Actor) -> tuple[Any, ...]:
    words = entry_words(
        user_name=by.name, action=entry.action, note=entry.note, address=by.address, changes=entry.changes
    )
    changes = _json(entry.changes)
    return entry.action, entry.subject_id, entry.version, changes, entry.note, text_of(words)


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_COLUMNS = (
    *("id", "at", "user_id", "user_name", "via", "address"),
    *("subject_type", "action", "subject_id", "version", "changes", "note", "words"),
)


def history_of(subject_type: str, subject_id: int) -> QuerySet[AuditEntry]:
    """The entries about one subject, newest first."""
    return AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-id")


def entries_since(subject_type: str, subject_id: int, version: int) -> QuerySet[AuditEntry]:
    """The versioned entries after ``version``, oldest first: what somebody who read that version has missed."""
    entries = AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id, version__gt=version)
    return entries.order_by("id")


@dataclass(frozen=True, slots=True)
class RowsOfEntries:
    """The entries that hold some of the rows of a history, where one entry has a row for each field.

    ``skipped`` rows at the beginning of the first entry come before what was asked for. ``total`` counts all rows.
    """

    entries: Sequence[AuditEntry]
    skipped: int
    total: int


def rows_of(entries: QuerySet[AuditEntry], *, offset: int, limit: int) -> RowsOfEntries:
    """Which of a subject's entries hold the rows from ``offset`` on, newest first.

    An entry without fields is one row.
    """
    counted = entries.annotate(row_count=_RowCount("changes"))
    total = counted.aggregate(total=Coalesce(Sum("row_count"), 0))["total"]
    through = Window(Sum("row_count"), order_by=F("id").desc())
    placed = counted.annotate(rows_through=through)
    found = placed.filter(rows_through__gt=offset, rows_through__lt=F("row_count") + offset + limit)
    wanted = list(found.order_by("-id"))
    before = wanted[0].rows_through - wanted[0].row_count if wanted else offset
    return RowsOfEntries(entries=wanted, skipped=max(offset - before, 0), total=total)


class _RowCount(Func):
    template = "GREATEST(1, (SELECT count(*) FROM jsonb_object_keys(%(expressions)s)))"
    output_field = IntegerField()
