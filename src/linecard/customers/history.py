"""The history of a card: one row for each field that changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.audit.models import AuditEntry
from linecard.audit.trail import history_of
from linecard.customers.actions.cards import SUBJECT
from linecard.customers.fields import card_context
from linecard.customers.models import Customer
from linecard.customers.showing import Shower, field_label, field_position
from linecard.fields import Context, JSONValue

# The parts of a card with permissions of their own: their areas, and how their actions begin.
_PARTS = {"contacts": "contact.", "notes": "note."}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One field's change, or an event without fields (``field`` is None).

    ``old`` and ``new`` are in the API's spelling; ``label``, ``old_shown`` and ``new_shown`` are for people.
    """

    entry_id: int
    at: datetime
    who: str
    via: str
    action: str
    note: str
    field: str | None = None
    label: str = ""
    old: JSONValue = None
    new: JSONValue = None
    old_shown: str = ""
    new_shown: str = ""


def visible_history(customer: Customer, viewer: User) -> QuerySet[AuditEntry]:
    """The entries about a card, newest first, without those about parts that the viewer may not see."""
    entries = history_of(SUBJECT, customer.pk)
    for area, beginning in _PARTS.items():
        if not may(viewer, area, "read"):
            entries = entries.exclude(action__startswith=beginning)
    return entries


def history_rows(
    customer: Customer, entries: Iterable[AuditEntry], viewer: User | None = None
) -> list[HistoryRow]:
    """The rows of some entries about this card, in their order. Two queries at most: names behind ids.

    A ``viewer`` is told only the names of users and resellers that they may know.
    """
    entries = list(entries)
    shower, context = _shower(entries, viewer), card_context(customer)
    return [row for entry in entries for row in _rows(entry, shower, context)]


def rows_by_entry(entries: Sequence[AuditEntry]) -> dict[int, list[HistoryRow]]:
    """The rows of entries about any cards, by the entry's id. Three queries at most."""
    cards = Customer.objects.in_bulk({entry.subject_id for entry in entries})
    shower = _shower(entries)
    return {entry.pk: list(_rows(entry, shower, card_context(cards[entry.subject_id]))) for entry in entries}


def _shower(entries: Iterable[AuditEntry], viewer: User | None = None) -> Shower:
    changes = [change for entry in entries for change in entry.changes.items()]
    return Shower(((name, value) for name, pair in changes for value in pair), viewer)


def _rows(entry: AuditEntry, shower: Shower, context: Context) -> Iterator[HistoryRow]:
    def row(**change: JSONValue) -> HistoryRow:
        return HistoryRow(entry.pk, entry.at, entry.user_name, entry.via, entry.action, entry.note, **change)

    is_new = entry.action.endswith((".created", ".added"))  # there was no old value, not even an empty one
    if not entry.changes:
        yield row()
    for name, (old, new) in sorted(entry.changes.items(), key=lambda change: field_position(change[0])):
        yield row(
            field=name,
            label=field_label(name),
            old=old,
            new=new,
            old_shown="" if is_new else shower.show(name, old, context),
            new_shown=shower.show(name, new, context),
        )
