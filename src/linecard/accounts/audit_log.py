"""The audit log: everything that was done, as a grid."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_noop

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import require_staff
from linecard.audit.models import AuditEntry
from linecard.audit.subjects import all_subjects, found_by, label_of, lines_of, names_of, what_was_done
from linecard.audit.words import entry_query
from linecard.kernel.names import MAX_SEARCH_WORDS
from linecard.web.grid import Choice, Column, Grid, Screen, SortTerm, presets_of

DOORS = {
    "form": gettext_noop("Form"),
    "api": "API",
    "job": gettext_noop("Job"),
    "command": gettext_noop("Command line"),
    "upload": gettext_noop("Upload"),
    "bulk": gettext_noop("Bulk work"),
}

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

    def worked_out(self, keys: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        entries = AuditEntry.objects.in_bulk(keys)
        told = lines_of(list(entries.values()))
        names = names_of((entry.subject_type, entry.subject_id) for entry in entries.values())
        return {
            entry.pk: {
                "what": what_was_done(entry.action),
                "subject": subject_in_words(entry, names),
                "changes": "; ".join(map(str, told[entry.pk])),
            }
            for entry in entries.values()
        }


def subject_in_words(entry: AuditEntry, names: Mapping[tuple[str, int], str]) -> str:
    """``Customer Acme``; what is gone is told by its number."""
    name = names.get((entry.subject_type, entry.subject_id), f"#{entry.subject_id}")
    return f"{label_of(entry.subject_type)} {name}"


def audit_screen() -> Screen:
    """The page's grid. A preset for each kind of subject."""
    return Screen(
        grid=audit_grid(),
        one=gettext_noop("entry"),
        many=gettext_noop("entries"),
        presets=presets_of("subject_type", _subjects(), every=gettext_noop("Everything")),
        selects=False,
    )


@cache
def audit_grid() -> Grid:
    """Put together when it is first needed: by then the rooms have told what their subjects are."""
    return _Log(
        "audit",
        (
            Column(
                name="at", label=gettext_noop("When"), kind="datetime", width=150, priority=1, opens_row=True
            ),
            Column(
                name="who", label=gettext_noop("Who"), kind="text", source="user_name", width=150, priority=1
            ),
            Column(
                name="what",
                label=gettext_noop("What"),
                kind="text",
                source="action",
                say=what_was_done,
                width=190,
                priority=1,
            ),
            Column(
                name="subject",
                label=gettext_noop("To what"),
                kind="text",
                source="subject_type",
                say=label_of,
                width=250,
                priority=2,
            ),
            Column(
                name="changes",
                label=gettext_noop("From what to what"),
                kind="text",
                source="changes_text",
                groupable=False,
                width=320,
                priority=2,
                grows=True,
            ),
            Column(
                name="via",
                label=gettext_noop("Through"),
                kind="choice",
                choices=tuple(Choice(value, label) for value, label in DOORS.items()),
                width=120,
                priority=3,
            ),
            Column(
                name="address",
                label=gettext_noop("From where"),
                kind="text",
                source="address_text",
                width=130,
                priority=3,
            ),
            Column(name="note", label=gettext_noop("Note"), kind="text", shown_first=False),
            Column(name="action", label=gettext_noop("Action"), kind="text", shown_first=False),
            Column(
                name="subject_type",
                label=gettext_noop("Kind of subject"),
                kind="choice",
                choices=_subjects(),
                shown_first=False,
            ),
            Column(
                name="subject_id",
                label=gettext_noop("Number of the subject"),
                kind="integer",
                shown_first=False,
            ),
            Column(
                name="user_id", label=gettext_noop("Number of the user"), kind="integer", shown_first=False
            ),
        ),
        search=search_entries,
        default_sort=[SortTerm(column="at", direction="desc")],
        annotations={
            "changes_text": Cast("changes", TextField()),
            "address_text": Func(F("address"), function="host", output_field=TextField()),
        },
    )


def _subjects() -> tuple[Choice, ...]:
    return tuple(Choice(subject.type, subject.label) for subject in all_subjects())
