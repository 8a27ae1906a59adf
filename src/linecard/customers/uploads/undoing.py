"""Takes an upload's rows back: new cards are archived away, changed fields go back, what changed since stays."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Max

from linecard.accounts.actor import UserActor
from linecard.audit.models import AuditEntry
from linecard.audit.trail import Entry, record_many
from linecard.customers.actions.bulk import CardChange, change_cards, contact_changes, refresh_searches
from linecard.customers.actions.cards import SUBJECT
from linecard.customers.bulk_work.guards import kept_cards
from linecard.customers.fields import CARD_FIELDS, card_context, card_values
from linecard.customers.models import Contact, Customer
from linecard.customers.uploads.lookups import Present, key_of
from linecard.customers.uploads.writing import UNIQUE, lock_cards, stored_contact
from linecard.importing.target import LeftAlone, Written
from linecard.kernel.clock import now
from linecard.kernel.names import name_key

Note = Callable[[int], str]

_MAX_NAME = 200
_GONE = "The customer is no longer yours to change."


def undo_rows(written: Sequence[Written], *, by: UserActor, note: Note, suffix: Note) -> list[LeftAlone]:
    """Take rows back. ``suffix(row)`` is put behind the name of a card that is archived away.

    An archived card keeps its name; that of one that should never have been must not stand in the way of the mended
    file.
    """
    cards = lock_cards((item.subject_id for item in written), by)
    there = [item for item in written if item.subject_id in cards]
    made = [item for item in there if isinstance(item.trace, int)]
    changed = [item for item in there if not isinstance(item.trace, int)]
    left = [
        LeftAlone(item.row, item.subject_id, "", _GONE) for item in written if item.subject_id not in cards
    ]
    left += _archive(made, cards, by=by, note=note, suffix=suffix)
    left += _put_back(changed, cards, by=by, note=note)
    return sorted(left, key=lambda item: item.row)


def _archive(
    made: Sequence[Written],
    cards: Mapping[int, Customer],
    *,
    by: UserActor,
    note: Note,
    suffix: Note,
) -> list[LeftAlone]:
    """Archive new cards that nobody has touched since, and that no guard keeps."""
    entries = AuditEntry.objects.filter(
        subject_type=SUBJECT, subject_id__in=[item.subject_id for item in made]
    )
    newest = dict(entries.order_by().values_list("subject_id").annotate(Max("id")))
    kept = {card_id: f"{reasons} The customer stays." for card_id, reasons in kept_cards(newest).items()}
    kept |= {
        item.subject_id: "The customer was changed since, and stays."
        for item in made
        if newest.get(item.subject_id) != item.trace
    }
    left: list[LeftAlone] = []
    changes: list[CardChange] = []
    moment = now()
    for item in made:
        card = cards[item.subject_id]
        if card.pk in kept:
            left.append(LeftAlone(item.row, card.pk, card.name, kept[card.pk]))
            continue
        ending = f" ({suffix(item.row)})"
        name = card.name[: _MAX_NAME - len(ending)].rstrip() + ending
        stored = {"archived_at": moment, "name": name, "external_accounting_id": ""}
        changes.append(CardChange(card, stored, note(item.row), action="customer.archived"))
    change_cards(changes, by=by)
    return left


def _put_back(
    changed: Sequence[Written], cards: Mapping[int, Customer], *, by: UserActor, note: Note
) -> list[LeftAlone]:
    """Put changed fields back, except those that are no longer as the upload left them."""
    present = Present(
        (name_key(item.trace["before"].get("name") or "") for item in changed),
        (item.trace["before"].get("external_accounting_id") or "" for item in changed),
    )
    left: list[LeftAlone] = []
    changes: list[CardChange] = []
    touched = _ContactUndoing([item for item in changed if "contact" in item.trace])
    for item in changed:
        card = cards[item.subject_id]
        if card.is_archived:
            reason = "The customer was archived since; nothing on it was taken back."
            left.append(LeftAlone(item.row, card.pk, card.name, reason))
            continue
        stored, kept = _restorable(card, item.trace, present)
        kept += touched.undo(item, card, note(item.row))
        if kept:
            reason = f"Changed since, and left as it is: {', '.join(kept)}."
            left.append(LeftAlone(item.row, card.pk, card.name, reason))
        changes.append(CardChange(card, stored, note(item.row)))
    touched.record(by)
    change_cards(changes, by=by)
    refresh_searches(touched.customers)
    return left


def _restorable(
    card: Customer, trace: Mapping[str, Any], present: Present
) -> tuple[dict[str, Any], list[str]]:
    """The stored values to put back, and the labels of fields that are left as they are."""
    context, values = card_context(card), card_values(card)
    stored: dict[str, Any] = {}
    kept: list[str] = []
    for name, before in trace["before"].items():
        field = CARD_FIELDS[name]
        taken = present.find(name, key_of(name, before)) if name in UNIQUE else None
        if values[name] != trace["after"][name] or (taken is not None and taken.pk != card.pk):
            kept.append(field.label)
        else:
            stored[field.attribute] = field.clean(before, context)
    return stored, kept


class _ContactUndoing:
    """Takes back what rows did to contacts."""

    def __init__(self, written: Sequence[Written]) -> None:
        ids = [item.trace["contact"]["id"] for item in written]
        self._contacts = {contact.pk: contact for contact in Contact.objects.filter(pk__in=ids)}
        self._entries: list[Entry] = []
        self.customers: list[Customer] = []

    def undo(self, item: Written, card: Customer, note: str) -> list[str]:
        """Take one back; its name where it was changed since and stays."""
        trace = item.trace.get("contact")
        if trace is None:
            return []
        contact = self._contacts.get(trace["id"])
        name = f"contact {trace['after']['name']}"
        if contact is None or stored_contact(contact) != trace["after"]:
            return [name]
        if trace["before"]:
            for part in trace["after"].keys() | trace["before"].keys():
                blank = False if part.endswith("_verified") else ""
                setattr(contact, part, trace["before"].get(part, blank))
            contact.save()
        else:
            contact.delete()
        action = "contact.updated" if trace["before"] else "contact.deleted"
        changes = contact_changes(trace["after"], trace["before"])
        self._entries.append(Entry(action, card.pk, changes, note=note))
        self.customers.append(card)
        return []

    def record(self, by: UserActor) -> None:
        """Tell the history of all of them."""
        record_many(by=by, subject_type=SUBJECT, entries=self._entries)
