"""The audit log: everything that was done, as a grid, and as a file."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.functions import Cast

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import require_staff
from linecard.audit.models import AuditEntry
from linecard.audit.subjects import (
    Line,
    all_subjects,
    found_by,
    label_of,
    lines_of,
    names_of,
    what_was_done,
)
from linecard.audit.words import entry_query
from linecard.kernel.clock import write_moment
from linecard.kernel.names import MAX_SEARCH_WORDS
from linecard.kernel.spreadsheets import harmless
from linecard.web.grid import Answer, Choice, Column, FilterTerm, Grid, GridQuery, Preset, Screen, SortTerm

DOORS = {"form": "Form", "api": "API", "job": "Job", "upload": "Upload", "command": "Command line"}

EXPORTED_AT_ONCE = 500
_BYTE_ORDER_MARK = "\ufeff".encode()
_HEADING = (
    *("id", "at", "who", "user_id", "through", "address"),
    *("what", "subject", "name", "subject_id", "field", "old", "new", "note"),
)

Rows = QuerySet[Any, Any]


def visible_entries(user: User) -> QuerySet[AuditEntry]:
    """The whole trail, newest first. Raises ``Forbidden``, also for a reseller's user: it tells of everybody."""
    require(user, "audit", "read")
    require_staff(user)
    return AuditEntry.objects.order_by("-id")


def search_entries(entries: Rows, text: str) -> Rows:
    """Those in which every word begins one of who, what, from where, the note or a value, or finds their subject."""
    for word in text.split()[:MAX_SEARCH_WORDS]:
        query = entry_query(word)
        entries = entries.filter(Q(words__matches=query) | found_by(word)) if query else entries.none()
    return entries


class _Log(Grid):
    """Entries with what their subjects are called now, and their changes in words."""

    def run(self, queryset: Rows, query: GridQuery) -> Answer:
        answer = super().run(queryset, query)
        rows = [row for row in answer["rows"] if "group" not in row]
        entries = AuditEntry.objects.in_bulk([row["id"] for row in rows])
        told = lines_of(list(entries.values()))
        names = names_of((entry.subject_type, entry.subject_id) for entry in entries.values())
        for row in rows:
            entry = entries[row["id"]]
            in_words = {
                "what": what_was_done(entry.action),
                "subject": subject_in_words(entry, names),
                "changes": "; ".join(map(str, told[entry.pk])),
            }
            row.update({name: text for name, text in in_words.items() if name in row})
        return answer


def subject_in_words(entry: AuditEntry, names: Mapping[tuple[str, int], str]) -> str:
    """``Customer Acme``; what is gone is told by its number."""
    name = names.get((entry.subject_type, entry.subject_id), f"#{entry.subject_id}")
    return f"{label_of(entry.subject_type)} {name}"


def audit_screen() -> Screen:
    """The page's grid. A preset for each kind of subject."""
    return Screen(
        grid=audit_grid(),
        one="entry",
        many="entries",
        presets=(
            Preset(value="all", label="Everything", filter={}),
            *(
                Preset(value=subject.type, label=subject.label, filter=_is("subject_type", subject.type))
                for subject in all_subjects()
            ),
        ),
        selects=False,
    )


@cache
def audit_grid() -> Grid:
    """Put together when it is first needed: by then the rooms have told what their subjects are."""
    return _Log(
        "audit",
        (
            Column(name="at", label="When", kind="datetime", width=150, priority=1, opens_row=True),
            Column(name="who", label="Who", kind="text", source="user_name", width=150, priority=1),
            Column(name="what", label="What", kind="text", source="action", width=190, priority=1),
            Column(
                name="subject", label="To what", kind="text", source="subject_type", width=210, priority=2
            ),
            Column(
                name="changes",
                label="From what to what",
                kind="text",
                source="changes_text",
                width=320,
                priority=2,
                grows=True,
            ),
            Column(
                name="via",
                label="Through",
                kind="choice",
                choices=tuple(Choice(value, label) for value, label in DOORS.items()),
                width=120,
                priority=3,
            ),
            Column(
                name="address", label="From where", kind="text", source="address_text", width=130, priority=3
            ),
            Column(name="note", label="Note", kind="text", shown_first=False),
            Column(name="action", label="Action", kind="text", shown_first=False),
            Column(
                name="subject_type",
                label="Kind of subject",
                kind="choice",
                choices=tuple(Choice(subject.type, subject.label) for subject in all_subjects()),
                shown_first=False,
            ),
            Column(name="subject_id", label="Number of the subject", kind="integer", shown_first=False),
            Column(name="user_id", label="Number of the user", kind="integer", shown_first=False),
        ),
        search=search_entries,
        default_sort=[SortTerm(column="at", direction="desc")],
        annotations={
            "changes_text": Cast("changes", TextField()),
            "address_text": Func(F("address"), function="host", output_field=TextField()),
        },
    )


def exported(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    """A CSV file of entries, newest first, a row for each field; in UTF-8, in portions.

    No cell is one that a spreadsheet would run.
    """
    yield _BYTE_ORDER_MARK + _csv([_HEADING])
    last: int | None = None
    while True:
        rest = entries if last is None else entries.filter(pk__lt=last)
        part = list(rest.order_by("-pk")[:EXPORTED_AT_ONCE])
        if not part:
            return
        yield _csv(_exported_rows(part))
        last = part[-1].pk


def _exported_rows(entries: Sequence[AuditEntry]) -> Iterator[Iterable[object]]:
    told = lines_of(entries)
    names = names_of((entry.subject_type, entry.subject_id) for entry in entries)
    for entry in entries:
        who = (entry.pk, write_moment(entry.at), entry.user_name, entry.user_id)
        door = (DOORS.get(entry.via, entry.via), entry.address)
        name = names.get((entry.subject_type, entry.subject_id))
        what = (what_was_done(entry.action), label_of(entry.subject_type), name, entry.subject_id)
        for line in told[entry.pk] or [Line("", "", "")]:
            yield (*who, *door, *what, line.label, line.old, line.new, entry.note)


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow("" if cell is None else harmless(str(cell)) for cell in row)
    return buffer.getvalue().encode()


def _is(column: str, value: object) -> dict[str, FilterTerm]:
    return {column: FilterTerm(op="equals", value=value)}
