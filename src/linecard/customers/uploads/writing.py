"""Writes rows that were found good: new cards in one go, changed cards in another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from linecard.accounts.actor import UserActor
from linecard.audit.trail import Entry, record_many
from linecard.customers.actions.bulk import (
    CardChange,
    NewCard,
    change_cards,
    contact_changes,
    contact_values,
    insert_cards,
    refresh_searches,
)
from linecard.customers.actions.cards import SUBJECT
from linecard.customers.actions.parts import MAX_CONTACTS
from linecard.customers.fields import CONTACT_FIELDS
from linecard.customers.models import Contact, Customer
from linecard.customers.queries import visible_to
from linecard.customers.rules import taken_message
from linecard.customers.uploads.fields import DECIMALS
from linecard.customers.uploads.lookups import Named, Present, key_of, may_see
from linecard.fields import JSONValue
from linecard.importing.target import RowRefused, StagedRow, Written
from linecard.kernel.names import name_key
from linecard.kernel.regional import shown_number

UNIQUE = ("name", "external_accounting_id")
REFERENCED = frozenset({"reseller_id", "account_manager_id"})

Note = Callable[[int], str]


def write_rows(rows: Sequence[StagedRow], *, by: UserActor, note: Note) -> list[Written]:
    """Make and change cards. The trace of a new one is its last entry in the history.

    That of a changed one is ``{before, after, contact}`` in the API's spelling. Raises ``RowRefused``.
    """
    cards = lock_cards((row.staged["id"] for row in rows if "id" in row.staged), by)
    present = Present(
        (name_key(row.staged["stored"].get("name", "")) for row in rows),
        (row.staged["stored"].get("external_accounting_id", "") for row in rows),
    )
    named = Named(by.user) if any(REFERENCED & row.staged["stored"].keys() for row in rows) else None
    for row in rows:
        _require_unchanged(row, cards, present, by)
        if named is not None:
            _require_manager(row, cards, named)
    made = _make([row for row in rows if "id" not in row.staged], by=by, note=note)
    changed = _change([row for row in rows if "id" in row.staged], cards, by=by, note=note)
    return sorted([*made, *changed], key=lambda written: written.row)


def lock_cards(ids: Iterable[int], by: UserActor) -> dict[int, Customer]:
    """Those cards that the user may see, locked in one order so that two uploads never wait for each other."""
    cards = visible_to(by.user).filter(pk__in=set(ids)).select_for_update(of=("self",)).order_by("pk")
    return {card.pk: card for card in cards}


def _require_unchanged(
    row: StagedRow, cards: Mapping[int, Customer], present: Present, by: UserActor
) -> None:
    """Raises ``RowRefused`` for what came between the check and now."""
    own = row.staged.get("id")
    if own is not None:
        card = cards.get(own)
        if card is None:
            raise RowRefused(row.number, "the customer is no longer there.")
        if card.is_archived:
            raise RowRefused(row.number, f"{card.name} was archived after the check.")
    for name in UNIQUE:
        other = present.find(name, key_of(name, row.staged["stored"].get(name, "")))
        if other is not None and other.pk != own:
            raise RowRefused(row.number, taken_message(name, other if may_see(by.user, other) else None))


def _require_manager(row: StagedRow, cards: Mapping[int, Customer], named: Named) -> None:
    """Raises ``RowRefused`` where card and account manager have come to belong to different resellers."""
    stored, card = row.staged["stored"], cards.get(row.staged.get("id", 0))
    if not REFERENCED & stored.keys():
        return
    reseller_id = stored.get("reseller_id", card.reseller_id if card else None)
    manager_id = stored.get("account_manager_id", card.account_manager_id if card else None)
    manager = named.manager(str(manager_id)) if manager_id is not None else None
    if manager_id is not None and (manager is None or not manager.may_see(reseller_id)):
        raise RowRefused(row.number, "the account manager may not see this card since the check.")


def _make(rows: Sequence[StagedRow], *, by: UserActor, note: Note) -> list[Written]:
    cards = [NewCard(_stored(row), row.staged.get("contact"), note(row.number)) for row in rows]
    insert_cards(cards, by=by)
    return [
        Written(row.number, card.customer_id, card.last_entry_id)
        for row, card in zip(rows, cards, strict=True)
    ]


def _stored(row: StagedRow) -> dict[str, Any]:
    """What was staged as JSON, which has no decimals of its own, as it is stored."""
    stored: dict[str, Any] = dict(row.staged["stored"])
    for name in DECIMALS & stored.keys():
        stored[name] = Decimal(stored[name])
    return stored


def _change(
    rows: Sequence[StagedRow], cards: Mapping[int, Customer], *, by: UserActor, note: Note
) -> list[Written]:
    if not rows:
        return []
    contacts = _write_contacts(rows, cards, by=by, note=note)
    changes = {
        row.number: CardChange(cards[row.staged["id"]], _stored(row), note(row.number)) for row in rows
    }
    change_cards(changes.values(), by=by)
    refresh_searches([cards[row.staged["id"]] for row in rows if row.number in contacts])
    return [
        Written(
            row.number,
            row.staged["id"],
            {
                "before": {name: pair[0] for name, pair in changes[row.number].changes.items()},
                "after": {name: pair[1] for name, pair in changes[row.number].changes.items()},
                **({"contact": contacts[row.number]} if row.number in contacts else {}),
            },
        )
        for row in rows
    ]


def _write_contacts(
    rows: Sequence[StagedRow], cards: Mapping[int, Customer], *, by: UserActor, note: Note
) -> dict[int, dict[str, JSONValue]]:
    """Add or change a contact of each row that has one: what it was, what it is, and its id, by row."""
    with_contacts = [row for row in rows if "contact" in row.staged]
    theirs: dict[int, list[Contact]] = {row.staged["id"]: [] for row in with_contacts}
    for contact in Contact.objects.filter(customer__in=theirs).order_by("id"):
        theirs[contact.customer_id].append(contact)
    written: dict[int, dict[str, JSONValue]] = {}
    entries = []
    for row in with_contacts:
        card = cards[row.staged["id"]]
        change = _ContactChange.of(card, theirs[card.pk], row)
        if change.changes:
            change.contact.save()
            action = "contact.updated" if change.before else "contact.added"
            entries.append(Entry(action, card.pk, change.changes, note=note(row.number)))
            written[row.number] = {
                "id": change.contact.pk,
                "before": change.before,
                "after": stored_contact(change.contact),
            }
    record_many(by=by, subject_type=SUBJECT, entries=entries)
    return written


@dataclass(frozen=True, slots=True)
class _ContactChange:
    """A contact of a card as a row wants it: the one of the same email, else of the same name, else a new one."""

    contact: Contact
    before: dict[str, JSONValue]

    @classmethod
    def of(cls, card: Customer, present: Sequence[Contact], row: StagedRow) -> "_ContactChange":
        """Find it, and put the row's values on it. Raises ``RowRefused`` when the card has too many."""
        given = row.staged["contact"]
        email, key = given.get("email", "").casefold(), name_key(given["name"])
        same = [one for one in present if email and one.email.casefold() == email]
        same = same or [one for one in present if name_key(one.name) == key]
        if not same and len(present) >= MAX_CONTACTS:
            raise RowRefused(
                row.number, f"{card.name} has {shown_number(MAX_CONTACTS)} contacts, which is the most."
            )
        contact = same[0] if same else Contact(customer=card)
        before = stored_contact(contact) if same else {}
        for name, value in given.items():
            if name != "name" or not same:
                setattr(contact, name, value)
        for way in ("email", "mobile"):
            if before and before.get(way) != (getattr(contact, way) or None):
                setattr(contact, f"{way}_verified", False)
        return cls(contact, before)

    @property
    def changes(self) -> Mapping[str, tuple[JSONValue, JSONValue]]:
        """What differs, for the history."""
        return contact_changes(self.before, stored_contact(self.contact))


def stored_contact(contact: Contact) -> dict[str, JSONValue]:
    """A contact's values that are not empty, by field."""
    return contact_values({name: getattr(contact, name) for name in CONTACT_FIELDS})
