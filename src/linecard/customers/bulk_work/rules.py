"""What a bulk edit does to a card: the same rules as the form's, worked out once for cards that are alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linecard.accounts.models import User
from linecard.customers.bulk_work.fields import BULK_FIELDS, TAGS, Changes, TagsChange
from linecard.customers.models import Customer
from linecard.customers.rules import clean_card_change
from linecard.customers.showing import field_label
from linecard.fields import Context, JSONValue
from linecard.kernel.errors import Invalid

Card = Mapping[str, Any]

_REFERENCES = ("reseller_id", "account_manager_id")
# Cards that are alike are many; those that are not must not fill the memory.
_MAX_REMEMBERED = 5_000
ARCHIVED = "This customer is archived. Restore it before changing it."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a card: refused, or these stored values by attribute; ``changes`` is for its history."""

    refusal: str = ""
    stored: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[JSONValue, JSONValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """The new values of cards that are alike in what the rules ask: stored, and spelled for the history."""

    refusal: str = ""
    stored: dict[str, Any] = field(default_factory=dict)
    spelled: dict[str, JSONValue] = field(default_factory=dict)


class EditRules:
    """The changes of one bulk edit in the name of a user.

    ``attributes`` are those that must be read of each card. ``remember`` keeps new tags.
    """

    def __init__(self, changes: Changes, user: User, *, remember: bool = True) -> None:
        self.changes = changes
        self.tags: TagsChange | None = None
        if TAGS in changes:
            self.tags = TagsChange.read(changes[TAGS]).spelled(remember=remember)
        self._user = user
        self._known: dict[tuple[Any, ...], _Cleaned] = {}
        own = [BULK_FIELDS[name].attribute for name in changes]
        self.keys = self._keys()
        self.attributes = tuple(dict.fromkeys((*own, "currency", "archived_at", *self.keys)))

    def outcome(self, card: Card) -> Outcome:
        """What becomes of one card, given by ``attributes``."""
        if card["archived_at"] is not None:
            return Outcome(ARCHIVED)
        cleaned = self.cleaned(card)
        if cleaned.refusal:
            return Outcome(cleaned.refusal)
        context = Context(currency=card["currency"])
        stored: dict[str, Any] = {}
        changes: dict[str, tuple[JSONValue, JSONValue]] = {}
        for name in self.changes:
            declared = BULK_FIELDS[name]
            old, new = card[declared.attribute], cleaned.stored[declared.attribute]
            if old != new:
                stored[declared.attribute] = new
                changes[name] = (declared.to_json(old, context), cleaned.spelled[name])
        return Outcome("", stored, changes)

    def cleaned(self, card: Card) -> _Cleaned:
        """The new values of a card, or why it is refused; of the card only ``keys`` are asked."""
        key = tuple(_hashable(card[name]) for name in self.keys)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MAX_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._clean(card)
        return found

    def _keys(self) -> tuple[str, ...]:
        """The attributes of a card on which its new values depend, or whether they are allowed."""
        keys: list[str] = []
        if any(BULK_FIELDS[name].contextual for name in self.changes):
            keys.append("currency")
        if {"reseller", "account_manager"} & self.changes.keys():
            keys += _REFERENCES
        if self.tags is not None and not self.tags.whole:
            keys.append(TAGS)
        if "portal_access" in self.changes:
            keys.append("portal_access")
        return tuple(keys)

    def _clean(self, card: Card) -> _Cleaned:
        customer = Customer(**{name: card[name] for name in self.keys})
        given = dict(self.changes)
        if self.tags is not None:
            given[TAGS] = self.tags.applied(card.get(TAGS, ()))
        try:
            stored = clean_card_change(customer, given, self._user)
        except Invalid as refusal:
            told = (f"{field_label(error.field)}: {error.message}" for error in refusal.errors)
            return _Cleaned(" ".join(told))
        context = Context(currency=customer.currency)
        fields = {name: BULK_FIELDS[name] for name in given}
        spelled = {name: one.to_json(stored[one.attribute], context) for name, one in fields.items()}
        return _Cleaned("", stored, spelled)


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value
