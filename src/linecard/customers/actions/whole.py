"""What one form saves in one go: a card together with its first note and its first contact."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from linecard.accounts.actor import UserActor
from linecard.customers.actions.cards import create_customer, update_customer
from linecard.customers.actions.parts import add_contact, add_note
from linecard.customers.actions.pending import plan_change
from linecard.customers.fields import CONTACT_FIELDS, NOTE_FIELDS
from linecard.customers.models import Customer, PendingChange
from linecard.fields import Context, Field, JSONValue, clean_values
from linecard.kernel.errors import FieldError, Invalid

Values = Mapping[str, JSONValue]


@transaction.atomic
def create_customer_with_parts(
    *, values: Values, by: UserActor, note: Values | None = None, contact: Values | None = None
) -> Customer:
    """Make a card with a first note and a first contact, all or nothing.

    Raises ``Invalid`` with every error there is; those of the parts are named ``note.text``, ``contact.email``.
    """
    country = values.get("country")
    context = Context(country=country if isinstance(country, str) else "")
    errors = _errors("contact", CONTACT_FIELDS, contact, context) + _errors(
        "note", NOTE_FIELDS, note, context
    )
    try:
        with transaction.atomic():
            customer = create_customer(values=values, by=by)
    except Invalid as refusal:
        raise Invalid([*refusal.errors, *errors]) from refusal
    if errors:
        raise Invalid(errors)
    if contact is not None:
        add_contact(customer_id=customer.pk, values=contact, by=by)
    if note is not None:
        add_note(customer_id=customer.pk, values=note, by=by)
    return customer


@transaction.atomic
def update_customer_with_note(
    *,
    customer_id: int,
    values: Values,
    by: UserActor,
    note: Values | None = None,
    expected_version: int | None = None,
) -> Customer:
    """Change a card and write a note on it, both or neither. Raises what ``update_customer`` raises."""
    errors = _errors("note", NOTE_FIELDS, note, Context())
    try:
        with transaction.atomic():
            customer = update_customer(
                customer_id=customer_id, values=values, by=by, expected_version=expected_version
            )
    except Invalid as refusal:
        raise Invalid([*refusal.errors, *errors]) from refusal
    if errors:
        raise Invalid(errors)
    if note is not None:
        add_note(customer_id=customer_id, values=note, by=by)
    return customer


@transaction.atomic
def plan_change_with_note(
    *,
    customer_id: int,
    values: Values,
    run_at: datetime,
    by: UserActor,
    revert_at: datetime | None = None,
    note: Values | None = None,
    expected_version: int | None = None,
) -> PendingChange:
    """Plan a change and write a note at once, both or neither. Raises what ``plan_change`` raises."""
    errors = _errors("note", NOTE_FIELDS, note, Context())
    try:
        with transaction.atomic():
            change = plan_change(
                customer_id=customer_id,
                values=values,
                run_at=run_at,
                revert_at=revert_at,
                by=by,
                expected_version=expected_version,
            )
    except Invalid as refusal:
        raise Invalid([*refusal.errors, *errors]) from refusal
    if errors:
        raise Invalid(errors)
    if note is not None:
        add_note(customer_id=customer_id, values=note, by=by)
    return change


def _errors(
    part: str, fields: Mapping[str, Field], given: Values | None, context: Context
) -> list[FieldError]:
    """The errors of a part, named ``part.field``; a part that is not given has none."""
    if given is None:
        return []
    required = {name: "" for name, field in fields.items() if field.required}
    _, errors = clean_values(fields, {**required, **given}, context)
    return [FieldError(f"{part}.{error.field}", error.message) for error in errors]
