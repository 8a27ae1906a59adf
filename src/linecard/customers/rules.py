"""The rules of a card that concern more than one field, or other rows."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from linecard.accounts.models import User
from linecard.accounts.scope import sees_everything, visible_resellers, visible_users
from linecard.customers.defaults import new_card_rules
from linecard.customers.fields import CARD_FIELDS, card_context
from linecard.customers.models import Customer, Tag
from linecard.customers.queries import visible_to
from linecard.fields import Context, JSONValue, clean_values
from linecard.kernel.errors import FieldError, Invalid
from linecard.kernel.names import name_key

Stored = dict[str, Any]


def clean_new_card(given: Mapping[str, JSONValue], user: User) -> Stored:
    """The stored values, by attribute, of a card to be made. Raises ``Invalid`` with every error there is."""
    defaults = {name: field.default for name, field in CARD_FIELDS.items() if not field.required}
    required = {name: "" for name, field in CARD_FIELDS.items() if field.required}
    rules = new_card_rules()
    values: dict[str, JSONValue] = {**defaults, **rules.values, **required, **given}
    if values["reseller"] is None:
        values["reseller"] = user.reseller_id
    currency = values["currency"] if isinstance(values["currency"], str) else ""
    stored, errors = clean_values(CARD_FIELDS, values, Context(currency=currency))
    if "portal_access" in stored:
        stored["portal_access"] = {**CARD_FIELDS["portal_access"].default, **stored["portal_access"]}
    if "currency" in stored and (problem := rules.currency_problem(stored["currency"])):
        errors.append(FieldError("currency", problem))
    errors += _reference_errors(stored, user)
    errors += _taken_errors(stored, user, except_id=None)
    if errors:
        raise Invalid(errors)
    return stored


def clean_card_change(customer: Customer, given: Mapping[str, JSONValue], user: User) -> Stored:
    """The stored values, by attribute, of some changed fields. Raises ``Invalid`` with every error there is."""
    stored, errors = clean_values(CARD_FIELDS, given, card_context(customer))
    for name in given:
        field = CARD_FIELDS.get(name)
        if field and field.immutable and stored.get(field.attribute) != getattr(customer, field.attribute):
            errors = [error for error in errors if error.field != name]
            errors.append(
                FieldError(
                    name,
                    gettext("{label} can never change once the card is saved.").format(
                        label=gettext(field.label)
                    ),
                )
            )
    if "portal_access" in stored:
        stored["portal_access"] = {**customer.portal_access, **stored["portal_access"]}
    errors += _reference_errors({**_references(customer), **stored}, user, changed=stored)
    errors += _taken_errors(stored, user, except_id=customer.pk)
    if errors:
        raise Invalid(errors)
    return stored


def spell_tags(tags: list[str]) -> list[str]:
    """The tags in the spelling that was used first; new ones are remembered."""
    if not tags:
        return tags
    keys = {name_key(tag): tag for tag in tags}
    Tag.objects.bulk_create(
        (Tag(name_key=key, name=name) for key, name in keys.items()), ignore_conflicts=True
    )
    spelled = dict(Tag.objects.filter(name_key__in=keys).values_list("name_key", "name"))
    return [spelled[key] for key in keys]


def _references(customer: Customer) -> Stored:
    return {"reseller_id": customer.reseller_id, "account_manager_id": customer.account_manager_id}


def _reference_errors(stored: Stored, user: User, changed: Stored | None = None) -> list[FieldError]:
    """Errors of the reseller and the account manager, when one of the two is new."""
    changed = stored if changed is None else changed
    if not {"reseller_id", "account_manager_id"} & changed.keys():
        return []
    errors = []
    reseller_id = stored.get("reseller_id")
    if reseller_id is None and not sees_everything(user):
        errors.append(FieldError("reseller", gettext("The card must stay with your reseller.")))
    elif reseller_id is not None and not visible_resellers(user).filter(pk=reseller_id).exists():
        errors.append(FieldError("reseller", gettext("There is no such reseller.")))
    manager_id = stored.get("account_manager_id")
    if manager_id is not None:
        sees_card = Q(reseller=None) if reseller_id is None else Q(reseller=None) | Q(reseller_id=reseller_id)
        managers = visible_users(user) if "account_manager_id" in changed else User.objects.all()
        if not managers.filter(sees_card, pk=manager_id, is_active=True).exists():
            errors.append(
                FieldError("account_manager", gettext("There is no such active user who may see this card."))
            )
    return errors


def _taken_errors(stored: Stored, user: User, except_id: int | None) -> list[FieldError]:
    """Errors of values that must be unique. Says more about the other card only when the user may see it."""
    errors = []
    unique = {
        "name": ("name_key", name_key(stored.get("name", ""))),
        "external_accounting_id": ("external_accounting_id", stored.get("external_accounting_id", "")),
    }
    for name, (attribute, value) in unique.items():
        if not value:
            continue
        same = Customer.objects.filter(**{attribute: value}).values_list("pk", flat=True).first()
        if same is not None and same != except_id:
            errors.append(FieldError(name, taken_message(name, visible_to(user).filter(pk=same).first())))
    return errors


def taken_message(name: str, other: Customer | None) -> str:
    """That another card has the name or the ID; which one, only where it is given because the user may see it."""
    what = gettext(CARD_FIELDS[name].label)
    if other is None:
        return gettext("This {what} is taken.").format(what=what[0].lower() + what[1:])
    if name == "name":
        found = gettext("There is a customer named {name} already")
    else:
        found = gettext("{name} has this {what} already")
    found = found.format(name=other.name, what=what)
    if other.is_archived:
        return gettext("{found} (archived: restore it, or choose another).").format(found=found)
    return f"{found}."
