"""The history of a card: one row for each field that changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers.fields import CARD_FIELDS, CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS, card_context
from linecard.customers.models import Customer
from linecard.fields import Context, Field, JSONValue, ReferenceField

_PARTS = {"contact": CONTACT_FIELDS, "note": NOTE_FIELDS, "cli": CLI_FIELDS}
_ARCHIVED = "archived"


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


def history_rows(customer: Customer, entries: Iterable[AuditEntry]) -> list[HistoryRow]:
    """The rows of some entries about this card, in their order. Two queries at most: names behind ids."""
    entries = list(entries)
    shown = _Shower(card_context(customer), entries)
    return [row for entry in entries for row in _rows(entry, shown)]


def field_of(name: str) -> Field | None:
    """The declaration behind a field's name in the history (``debit_limit``, ``contact.email``)."""
    part, dot, rest = name.partition(".")
    return _PARTS.get(part, {}).get(rest) if dot else CARD_FIELDS.get(name)


def field_label(name: str) -> str:
    """A field of the history for people: ``Contact: Email``."""
    if name == _ARCHIVED:
        return "Archived"
    field = field_of(name)
    if field is None:
        return name
    part, dot, _ = name.partition(".")
    prefix = {"contact": "Contact: ", "note": "", "cli": "Approved "}.get(part, "") if dot else ""
    return f"{prefix}{field.label}"


def _rows(entry: AuditEntry, shown: "_Shower") -> Iterator[HistoryRow]:
    def row(**change: JSONValue) -> HistoryRow:
        return HistoryRow(entry.pk, entry.at, entry.user_name, entry.via, entry.action, entry.note, **change)

    is_new = entry.action.endswith((".created", ".added"))  # there was no old value, not even an empty one
    if not entry.changes:
        yield row()
    for name, (old, new) in entry.changes.items():
        yield row(
            field=name,
            label=field_label(name),
            old=old,
            new=new,
            old_shown="" if is_new else shown(name, old),
            new_shown=shown(name, new),
        )


class _Shower:
    """Shows values of the history; ids of users and resellers as the names they have now."""

    def __init__(self, context: Context, entries: Iterable[AuditEntry]) -> None:
        self._context = context
        ids: dict[str, set[int]] = {"reseller": set(), "account_manager": set()}
        for entry in entries:
            for name in ids.keys() & entry.changes.keys():
                ids[name].update(value for value in entry.changes[name] if value)
        self._names: dict[str, dict[int, str]] = {"reseller": {}, "account_manager": {}}
        if ids["reseller"]:
            self._names["reseller"] = dict(
                Reseller.objects.filter(pk__in=ids["reseller"]).values_list("pk", "name")
            )
        if ids["account_manager"]:
            users = User.objects.filter(pk__in=ids["account_manager"])
            self._names["account_manager"] = {user.pk: str(user) for user in users}

    def __call__(self, name: str, value: JSONValue) -> str:
        if name == _ARCHIVED:
            return "yes" if value else "no"
        field = field_of(name)
        if field is None or (value is None and isinstance(field, ReferenceField)):
            return "" if value is None else str(value)
        if isinstance(field, ReferenceField):
            return self._names[name].get(value, f"#{value}")
        return field.show(value, self._context)
