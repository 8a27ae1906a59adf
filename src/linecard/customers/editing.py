"""What somebody edited on a card, and what others changed on it since they read it.

A form carries the version that it was loaded with. The values of that version follow from the present ones by taking
back, from the newest, every change in the audit trail since; no copy of them travels with the form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from linecard.audit.models import AuditEntry
from linecard.audit.trail import entries_since
from linecard.customers.fields import CARD_FIELDS, card_context, card_values
from linecard.customers.models import Customer
from linecard.fields import Context, JSONValue, Refused, SectionsField

Values = dict[str, JSONValue]


@dataclass(frozen=True, slots=True)
class Reading:
    """A card as it is now, and as it was at the version that somebody read.

    ``missed`` are the entries since then, oldest first.
    """

    customer: Customer
    present: Values
    base: Values
    missed: list[AuditEntry]

    @property
    def is_stale(self) -> bool:
        """Whether the card has been edited since it was read."""
        return bool(self.missed)


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed to different values: what it is now, who changed it, and when."""

    field: str
    theirs: JSONValue
    who: str
    at: datetime


def read_card(customer: Customer, version: int) -> Reading:
    """The card as read at ``version``; a version that never was counts as the oldest."""
    present = card_values(customer)
    if version == customer.version:
        return Reading(customer, present, present, [])
    known = version if 0 < version < customer.version else 0
    missed = list(entries_since("customer", customer.pk, known))
    return Reading(customer, present, _taken_back(present, missed), missed)


def edited(values: Mapping[str, JSONValue], base: Mapping[str, JSONValue], context: Context) -> Values:
    """Those of the given values that mean something else than the base; wrong ones count as edited."""
    return {
        name: value
        for name, value in values.items()
        if name not in base or _spelled(name, value, context, base[name]) != base[name]
    }


def clashes(reading: Reading, mine: Mapping[str, JSONValue]) -> list[Clash]:
    """The fields in ``mine`` (what was edited) that others changed to something else since they were read."""
    context = card_context(reading.customer)
    found: list[Clash] = []
    for entry in reversed(reading.missed):
        for name in entry.changes:
            if name not in mine or any(clash.field == name for clash in found):
                continue
            theirs = reading.present[name]
            if _spelled(name, mine[name], context, theirs) != theirs:
                found.append(Clash(name, theirs, entry.user_name, entry.at))
    return found


def _taken_back(present: Values, missed: Iterable[AuditEntry]) -> Values:
    base = dict(present)
    for entry in reversed(list(missed)):
        base.update({name: pair[0] for name, pair in entry.changes.items() if name in CARD_FIELDS})
    return base


def _spelled(name: str, value: JSONValue, context: Context, before: JSONValue) -> JSONValue:
    """The one spelling of a value (``50`` is ``50.00``); a value that cannot be one stays as it is."""
    field = CARD_FIELDS.get(name)
    if field is None:
        return value
    try:
        spelled = field.to_json(field.clean(value, context), context)
    except Refused:
        return value
    if isinstance(field, SectionsField) and isinstance(before, dict):
        return {**before, **spelled}  # sections that are not given stay as they are
    return spelled
