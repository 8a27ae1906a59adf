"""Writing many cards in few statements, with the same history as one by one.

The values are clean, the caller has the user's leave and the transaction, and locks what it changes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection

from linecard.audit.actor import Actor
from linecard.audit.trail import Changes, Entry, record_many
from linecard.customers.actions.cards import SUBJECT
from linecard.customers.actions.parts import MAX_CONTACTS
from linecard.customers.fields import CARD_FIELDS, CONTACT_FIELDS, card_values
from linecard.customers.models import Contact, Customer, Tag
from linecard.customers.search import search_text
from linecard.fields import Context, JSONValue
from linecard.kernel.clock import now
from linecard.kernel.names import name_key
from linecard.web.database import copy_rows, next_ids

Stored = Mapping[str, Any]


@dataclass(slots=True)
class NewCard:
    """A card to be made: stored values by attribute, the rest as usual; a first contact; a note for its history."""

    stored: dict[str, Any]
    contact: Stored | None = None
    note: str = ""
    # filled in by ``insert_cards``
    customer_id: int = 0
    last_entry_id: int = 0


@dataclass(slots=True)
class CardChange:
    """A locked card that gets new stored values for some attributes, and the note in its history."""

    customer: Customer
    stored: dict[str, Any]
    note: str = ""
    # a changed archived_at has an action of its own
    action: str = "customer.updated"
    changes: dict[str, tuple[JSONValue, JSONValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardWrite:
    """A locked card, by its id and version, that gets new stored values by attribute; ``changes`` for its history."""

    customer_id: int
    version: int
    stored: Mapping[str, Any]
    changes: Changes


def insert_cards(cards: Sequence[NewCard], *, by: Actor) -> None:
    """Make cards with their meters, contacts and history, and note their ids on them.

    Raises ``IntegrityError`` when somebody took a name in the meantime.
    """
    if not cards:
        return
    _spell_all_tags([card.stored for card in cards])
    ids = next_ids("customer", len(cards))
    for card, customer_id in zip(cards, ids, strict=True):
        card.customer_id = customer_id
    with_contacts = [card for card in cards if card.contact is not None]
    copy_rows("customer", _CARD_COLUMNS, _card_rows(cards))
    copy_rows("customer_meter", _METER_COLUMNS, ((customer_id, 0, 0, 0) for customer_id in ids))
    copy_rows("customer_contact", _CONTACT_COLUMNS, _contact_rows(with_contacts))
    told = _New()
    entries = [
        Entry("customer.created", card.customer_id, told.changes(card.stored), version=1, note=card.note)
        for card in cards
    ]
    for card, entry_id in zip(cards, record_many(by=by, subject_type=SUBJECT, entries=entries), strict=True):
        card.last_entry_id = entry_id
    added = [
        Entry("contact.added", card.customer_id, contact_changes({}, contact_values(card.contact or {})))
        for card in with_contacts
    ]
    added_ids = record_many(by=by, subject_type=SUBJECT, entries=added)
    for card, entry_id in zip(with_contacts, added_ids, strict=True):
        card.last_entry_id = entry_id


def change_cards(changes: Iterable[CardChange], *, by: Actor) -> list[CardChange]:
    """Put new values on cards; those that really changed, each with what did.

    The contacts of the cards must be as they will be, for the search.
    """
    wanted = list(changes)
    _spell_all_tags([change.stored for change in wanted])
    changed = [change for change in wanted if _put(change)]
    if not changed:
        return []
    moment = now()
    for change in changed:
        change.customer.version += 1
        change.customer.updated_at = moment
        change.customer.name_key = name_key(change.customer.name)
    names = sorted({name for change in changed for name in change.stored})
    _update(changed, {*names, "name_key", "version", "updated_at"})
    refresh_searches([change.customer for change in changed if _is_found_otherwise(change)])
    entries = [
        Entry(change.action, change.customer.pk, change.changes, change.customer.version, change.note)
        for change in changed
    ]
    record_many(by=by, subject_type=SUBJECT, entries=entries)
    return changed


def write_cards(writes: Sequence[CardWrite], *, by: Actor, action: str, note: str) -> list[int]:
    """Put worked-out values on cards that need not be read whole; the ids of their audit entries, in order.

    Not for what changes the name or the words that the search finds a card by.
    """
    if not writes:
        return []
    moment = now()
    alike: dict[frozenset[str], list[CardWrite]] = {}
    for write in writes:
        alike.setdefault(frozenset(write.stored), []).append(write)
    for attributes, some in alike.items():
        columns = _columns({*attributes, "version", "updated_at"})
        rows = [
            {
                "id": write.customer_id,
                **{name: _json_spelling(value) for name, value in write.stored.items()},
                "version": write.version + 1,
                "updated_at": moment.isoformat(),
            }
            for write in some
        ]
        _update_from(rows, columns)
    entries = [Entry(action, write.customer_id, write.changes, write.version + 1, note) for write in writes]
    return record_many(by=by, subject_type=SUBJECT, entries=entries)


def refresh_searches(customers: Sequence[Customer]) -> None:
    """Store the words of many cards anew."""
    if not customers:
        return
    contacts: dict[int, list[Contact]] = {}
    for contact in Contact.objects.filter(customer__in=customers).order_by("id"):
        contacts.setdefault(contact.customer_id, []).append(contact)
    texts = [
        {
            "id": customer.pk,
            "search": search_text(
                customer.name, customer.external_accounting_id, contacts.get(customer.pk, ())[:MAX_CONTACTS]
            ),
        }
        for customer in customers
    ]
    _update_from(texts, {"search": "tsvector"})


def contact_values(stored: Stored) -> dict[str, JSONValue]:
    """A contact in the API's spelling, without what is empty."""
    return {name: value for name in CONTACT_FIELDS if (value := stored.get(name))}


def contact_changes(before: Mapping[str, JSONValue], after: Mapping[str, JSONValue]) -> Changes:
    """What the history says about a contact that was ``before`` and is ``after``."""
    return {
        f"contact.{name}": (before.get(name), after.get(name))
        for name in CONTACT_FIELDS
        if before.get(name) != after.get(name)
    }


@cache
def usual_card() -> Mapping[str, Any]:
    """The stored values of a card about which nothing is said."""
    return {
        card_field.attribute: card_field.clean(card_field.default)
        for card_field in CARD_FIELDS.values()
        if not card_field.required
    }


class _New:
    """What the history says about new cards: every value that is not empty. Most are the same on most cards."""

    def __init__(self) -> None:
        self._usual: dict[str, dict[str, tuple[None, JSONValue]]] = {}
        self._fields = {card_field.attribute: card_field for card_field in CARD_FIELDS.values()}

    def changes(self, stored: Stored) -> Changes:
        currency = stored["currency"]
        context = Context(currency=currency, country=stored.get("country", ""))
        if currency not in self._usual:
            self._usual[currency] = self._told({}, usual_card(), context)
        return self._told(self._usual[currency], stored, context)

    def _told(
        self, usual: Mapping[str, tuple[None, JSONValue]], stored: Stored, context: Context
    ) -> dict[str, tuple[None, JSONValue]]:
        changes = dict(usual)
        for attribute, value in stored.items():
            card_field = self._fields[attribute]
            spelled = None if value is None else card_field.to_json(value, context)
            if spelled in ("", None, []):
                changes.pop(card_field.name, None)
            else:
                changes[card_field.name] = (None, spelled)
        return changes


_CARD_COLUMNS = tuple(str(column.column) for column in Customer._meta.concrete_fields)
_METER_COLUMNS = ("customer_id", "balance_micros", "reserved_micros", "live_calls")
_CONTACT_COLUMNS = (
    "customer_id",
    "name",
    "type",
    "email",
    "phone",
    "mobile",
    "email_verified",
    "mobile_verified",
    "created_at",
)


def _card_rows(cards: Iterable[NewCard]) -> Iterable[tuple[Any, ...]]:
    moment = now().isoformat()
    usual = {
        **usual_card(),
        "portal_access": json.dumps(usual_card()["portal_access"]),
        "tags": "{}",
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
        "archived_at": None,
    }
    for card in cards:
        row = {**usual, **card.stored}
        if "portal_access" in card.stored:
            row["portal_access"] = json.dumps(row["portal_access"])
        row["id"] = card.customer_id
        row["name_key"] = name_key(row["name"])
        if "tags" in card.stored:
            row["tags"] = _array_text(row["tags"])
        contacts = [Contact(**card.contact)] if card.contact else ()
        row["search"] = search_text(row["name"], row["external_accounting_id"], contacts)
        yield tuple(row[column] for column in _CARD_COLUMNS)


def _array_text(texts: Iterable[str]) -> str:
    """An array as COPY reads it."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _contact_rows(cards: Iterable[NewCard]) -> Iterable[tuple[Any, ...]]:
    moment = now().isoformat()
    defaults = {name: contact_field.default for name, contact_field in CONTACT_FIELDS.items()}
    for card in cards:
        row = {**defaults, **(card.contact or {}), "customer_id": card.customer_id, "created_at": moment}
        yield tuple(row[column] for column in _CONTACT_COLUMNS)


def _spell_all_tags(all_stored: Iterable[dict[str, Any]]) -> None:
    """Put the tags of all of them into the spelling that was used first; new ones are remembered."""
    tagged = [stored for stored in all_stored if stored.get("tags")]
    keys: dict[str, str] = {}
    for stored in tagged:
        for tag in stored["tags"]:
            keys.setdefault(name_key(tag), tag)
    if not keys:
        return
    new = [Tag(name_key=key, name=keys[key]) for key in sorted(keys)]  # sorted: two at once must not deadlock
    Tag.objects.bulk_create(new, ignore_conflicts=True)
    spelled = dict(Tag.objects.filter(name_key__in=keys).values_list("name_key", "name"))
    for stored in tagged:
        stored["tags"] = [spelled[name_key(tag)] for tag in stored["tags"]]


def _put(change: CardChange) -> bool:
    """Put the values on the card in memory, and note what differs. False when nothing does."""
    customer = change.customer
    before = card_values(customer) | {"archived": customer.is_archived}
    for attribute, value in change.stored.items():
        setattr(customer, attribute, value)
    after = card_values(customer) | {"archived": customer.is_archived}
    change.changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    return bool(change.changes)


def _is_found_otherwise(change: CardChange) -> bool:
    return bool({"name", "external_accounting_id"} & change.changes.keys())


def _update(changes: Sequence[CardChange], attributes: set[str]) -> None:
    columns = _columns(attributes)
    rows = [
        {
            "id": change.customer.pk,
            **{column: _json_spelling(getattr(change.customer, column)) for column in columns},
        }
        for change in changes
    ]
    _update_from(rows, columns)


def _columns(attributes: set[str]) -> dict[str, str]:
    """The database's types of columns, each of which has the name of its attribute."""
    return {
        str(column.column): column.rel_db_type(connection) or ""
        for column in Customer._meta.concrete_fields
        if column.attname in attributes
    }


def _json_spelling(value: Any) -> Any:
    return value if isinstance(value, bool | int | list | dict) or value is None else str(value)


def _update_from(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """One UPDATE that puts each row's values on the card of its id."""
    assignments = ", ".join(f'"{column}" = given."{column}"' for column in columns)
    types = ", ".join(f'"{column}" {db_type}' for column, db_type in columns.items())
    statement = (
        f"UPDATE customer SET {assignments} FROM jsonb_to_recordset(%s::jsonb) AS given (id bigint, {types})"  # noqa: S608  our own column names
        " WHERE customer.id = given.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(rows, ensure_ascii=False)])
