"""Values of cards and their parts, shown to people: labels, amounts with their currency, names behind ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from linecard.accounts.models import Reseller, User
from linecard.accounts.scope import visible_resellers, visible_users
from linecard.customers.fields import CARD_FIELDS, CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS
from linecard.fields import Context, Field, JSONValue, ReferenceField

_PARTS = {"contact": CONTACT_FIELDS, "note": NOTE_FIELDS, "cli": CLI_FIELDS}
_ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Line:
    """One value that changes: ``old`` and ``new`` are for people, empty where there is nothing."""

    field: str
    label: str
    old: str
    new: str

    def __str__(self) -> str:
        if "\n" in f"{self.old}{self.new}":
            return gettext("{label} changed").format(label=self.label)
        return f"{self.label} {self.old or gettext('empty')} → {self.new or gettext('empty')}"


def field_of(name: str) -> Field | None:
    """The declaration behind a field's name in the history (``debit_limit``, ``contact.email``)."""
    part, dot, rest = name.partition(".")
    return _PARTS.get(part, {}).get(rest) if dot else CARD_FIELDS.get(name)


def field_label(name: str) -> str:
    """A field of the history for people: ``Contact: Email``."""
    if name == _ARCHIVED:
        return gettext("Archived")
    field = field_of(name)
    if field is None:
        return name
    part, dot, _ = name.partition(".")
    prefix = gettext("Contact: ") if dot and part == "contact" else ""
    return f"{prefix}{gettext(field.label)}"


def field_position(name: str) -> int:
    """Where a field stands on its form; values come from the database in no order of use."""
    part, dot, rest = name.partition(".")
    names = list(_PARTS.get(part, {})) if dot else list(CARD_FIELDS)
    wanted = rest if dot else name
    return names.index(wanted) if wanted in names else len(names)


class Shower:
    """Shows values by their fields; ids of users and resellers as the names they have now.

    ``values`` are all that will be shown, so that the names behind their ids take two queries at most. A ``viewer``
    is told only the names that they may know.
    """

    def __init__(self, values: Iterable[tuple[str, JSONValue]], viewer: User | None = None) -> None:
        ids: dict[str, set[int]] = {"reseller": set(), "account_manager": set()}
        for name, value in values:
            if name in ids and value:
                ids[name].add(value)
        resellers = Reseller.objects.all() if viewer is None else visible_resellers(viewer)
        users = User.objects.all() if viewer is None else visible_users(viewer)
        self._names: dict[str, dict[int, str]] = {
            name: {row.pk: str(row) for row in rows.filter(pk__in=ids[name])} if ids[name] else {}
            for name, rows in (("reseller", resellers), ("account_manager", users))
        }

    def show(self, name: str, value: JSONValue, context: Context) -> str:
        """A value in the API's spelling, for people."""
        if name == _ARCHIVED:
            return "yes" if value else "no"
        field = field_of(name)
        if field is None or (value is None and isinstance(field, ReferenceField)):
            return "" if value is None else str(value)
        if isinstance(field, ReferenceField):
            return self._names[name].get(value, f"#{value}")
        return field.show(value, context)

    def line(self, name: str, old: JSONValue, new: JSONValue, context: Context) -> Line:
        """One value that changes from ``old`` to ``new``."""
        return Line(name, field_label(name), self.show(name, old, context), self.show(name, new, context))


def lines(
    old: Mapping[str, JSONValue], new: Mapping[str, JSONValue], context: Context, viewer: User | None = None
) -> list[Line]:
    """A line for each of the new values."""
    shower = Shower([*old.items(), *new.items()], viewer)
    return [shower.line(name, old.get(name), value, context) for name, value in new.items()]
