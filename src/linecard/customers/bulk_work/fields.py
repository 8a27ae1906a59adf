"""What a bulk edit may change, and what was asked for in the spelling of the cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from linecard.accounts.models import User
from linecard.accounts.scope import sees_everything, visible_resellers, visible_users
from linecard.customers.fields import CARD_FIELDS
from linecard.customers.models import Tag
from linecard.customers.rules import spell_tags
from linecard.fields import Context, Field, JSONValue, Refused
from linecard.fields.places import currencies
from linecard.kernel.errors import FieldError, Invalid
from linecard.kernel.money import currency_digits
from linecard.kernel.names import name_key

Changes = Mapping[str, JSONValue]

TAGS = "tags"

# What makes sense on many cards: nothing that is one card's own, as its name and its external accounting ID are.
BULK_FIELDS: Mapping[str, Field] = {
    name: CARD_FIELDS[name]
    for name in (
        *("status", "channels", "cps", "portal_access", "country"),
        *("debit_limit", "minimum_payment", "tax"),
        *(TAGS, "reseller", "account_manager", "rtp_firewall"),
        *("invoice_schedule", "invoice_due_days"),
        *("city", "region"),
        *("approved_clis_only", "email_verification", "mobile_verification"),
    )
}

# An amount that no currency can hold is refused at once; what some can hold is for each card to say.
_WIDEST = Context(currency=max(currencies(), key=currency_digits))


@dataclass(frozen=True, slots=True)
class TagsChange:
    """Labels to add and to take off; with ``whole`` those to add are all there will be."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    whole: bool = False

    @classmethod
    def read(cls, value: JSONValue) -> "TagsChange":
        """Read ``[…]``, or ``{add: […], remove: […]}``. Raises ``Refused``."""
        field = CARD_FIELDS[TAGS]
        if not isinstance(value, dict):
            return cls(add=tuple(field.clean(value)), whole=True)
        if not value or value.keys() - {"add", "remove"}:
            raise Refused(gettext("Must be a list of names, or an object with add and remove."))
        add, remove = (tuple(field.clean(value.get(part, []))) for part in ("add", "remove"))
        if not add and not remove:
            raise Refused(gettext("Give at least one name to add or to remove."))
        if both := {name_key(tag) for tag in add} & {name_key(tag) for tag in remove}:
            raise Refused(gettext("{name} cannot be added and removed at once.").format(name=min(both)))
        return cls(add, remove)

    def spelled(self, *, remember: bool) -> "TagsChange":
        """The same in the spelling that was used first; new labels are remembered if told so."""
        add = spell_tags(list(self.add)) if remember else _known_spelling(self.add)
        return TagsChange(tuple(add), tuple(_known_spelling(self.remove)), self.whole)

    def applied(self, present: Sequence[str]) -> list[str]:
        """The labels of a card that has these, not yet in order."""
        if self.whole:
            return list(self.add)
        away = {name_key(tag) for tag in (*self.remove, *self.add)}
        return [*(tag for tag in present if name_key(tag) not in away), *self.add]


def check_changes(changes: Changes, user: User) -> None:
    """Raise ``Invalid`` with everything that no card at all could take."""
    if not changes:
        raise Invalid({"changes": gettext("Nothing to change was given.")})
    errors = []
    for name, value in changes.items():
        try:
            _check(name, value)
        except Refused as refusal:
            errors.append(FieldError(name, str(refusal)))
    errors = errors or _unknown_references(changes, user)
    if errors:
        raise Invalid(errors)


def _check(name: str, value: JSONValue) -> None:
    if name not in BULK_FIELDS:
        raise Refused(gettext("There is no such field that can be changed on many customers."))
    if name == TAGS:
        TagsChange.read(value)
    elif value == {}:
        raise Refused(gettext("Give at least one section."))
    else:
        BULK_FIELDS[name].clean(value, _WIDEST)


def _unknown_references(changes: Changes, user: User) -> list[FieldError]:
    errors = []
    reseller, manager = changes.get("reseller"), changes.get("account_manager")
    if "reseller" in changes and reseller is None and not sees_everything(user):
        errors.append(FieldError("reseller", gettext("The cards must stay with your reseller.")))
    if reseller is not None and not visible_resellers(user).filter(pk=reseller).exists():
        errors.append(FieldError("reseller", gettext("There is no such reseller.")))
    if manager is not None and not visible_users(user).filter(pk=manager, is_active=True).exists():
        errors.append(FieldError("account_manager", gettext("There is no such active user.")))
    return errors


def _known_spelling(tags: Iterable[str]) -> list[str]:
    keys = {name_key(tag): tag for tag in tags}
    known: dict[str, Any] = dict(Tag.objects.filter(name_key__in=keys).values_list("name_key", "name"))
    return [known.get(key, tag) for key, tag in keys.items()]
