"""Contacts, notes and approved caller ids of a card."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext, gettext_noop

from linecard.accounts.actor import UserActor
from linecard.audit.trail import Changes, record
from linecard.customers.actions.cards import require_live
from linecard.customers.fields import CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS, card_context
from linecard.customers.models import ApprovedCli, Contact, Customer, Note
from linecard.customers.queries import lock_customer
from linecard.customers.search import refresh_search
from linecard.fields import Field, JSONValue, clean_values
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid, NotFound
from linecard.kernel.regional import shown_number

Part = TypeVar("Part", bound=Model)

# All are shown on one page and folded into one search vector.
MAX_CONTACTS = 500


@transaction.atomic
def add_contact(*, customer_id: int, values: Mapping[str, JSONValue], by: UserActor) -> Contact:
    """Add a person to a card. Raises ``NotFound``, ``Invalid``, and ``Conflict`` beyond ``MAX_CONTACTS``."""
    by.require("contacts", "create")
    customer = _lock_live(customer_id, by)
    if customer.contacts.count() >= MAX_CONTACTS:
        raise Conflict(
            gettext("A customer has at most {most} contacts. Delete one first.").format(
                most=shown_number(MAX_CONTACTS)
            )
        )
    contact = Contact(customer=customer, **_clean_new(CONTACT_FIELDS, values, customer))
    _require_something_to_verify(contact)
    contact.save()
    refresh_search(customer)
    _record(customer, "contact.added", by, _appeared("contact", CONTACT_FIELDS, contact), contact.name)
    return contact


@transaction.atomic
def update_contact(
    *, customer_id: int, contact_id: int, values: Mapping[str, JSONValue], by: UserActor
) -> Contact:
    """Change a contact. A new email or mobile is not verified unless the same change says so."""
    by.require("contacts", "update")
    customer = _lock_live(customer_id, by)
    contact = _get(customer.contacts.all(), contact_id, gettext_noop("contact"))
    before = _values(CONTACT_FIELDS, contact)
    _put(contact, _clean_some(CONTACT_FIELDS, values, customer))
    for way in ("email", "mobile"):
        if before[way] != getattr(contact, way) and not values.get(f"{way}_verified"):
            setattr(contact, f"{way}_verified", False)
    _require_something_to_verify(contact)
    changes = _changed("contact", before, _values(CONTACT_FIELDS, contact))
    if changes:
        contact.save()
        refresh_search(customer)
        _record(customer, "contact.updated", by, changes, contact.name)
    return contact


@transaction.atomic
def delete_contact(*, customer_id: int, contact_id: int, by: UserActor) -> None:
    """Remove a contact; the history keeps what it was."""
    by.require("contacts", "delete")
    customer = _lock_live(customer_id, by)
    contact = _get(customer.contacts.all(), contact_id, gettext_noop("contact"))
    changes = _vanished("contact", CONTACT_FIELDS, contact)
    name = contact.name
    contact.delete()
    refresh_search(customer)
    _record(customer, "contact.deleted", by, changes, name)


@transaction.atomic
def add_note(*, customer_id: int, values: Mapping[str, JSONValue], by: UserActor) -> Note:
    """Write a note on the account. Raises ``NotFound`` and ``Invalid``."""
    by.require("notes", "create")
    customer = _lock_live(customer_id, by)
    moment = now()
    note = Note.objects.create(
        customer=customer,
        author_id=by.user_id,
        author_name=by.name,
        created_at=moment,
        updated_at=moment,
        **_clean_new(NOTE_FIELDS, values, customer),
    )
    _record(customer, "note.added", by, _appeared("note", NOTE_FIELDS, note))
    return note


@transaction.atomic
def update_note(*, customer_id: int, note_id: int, values: Mapping[str, JSONValue], by: UserActor) -> Note:
    """Change a note; it keeps its author."""
    by.require("notes", "update")
    customer = _lock_live(customer_id, by)
    note = _get(customer.notes.all(), note_id, gettext_noop("note"))
    before = _values(NOTE_FIELDS, note)
    _put(note, _clean_some(NOTE_FIELDS, values, customer))
    changes = _changed("note", before, _values(NOTE_FIELDS, note))
    if changes:
        note.updated_at = now()
        note.save()
        _record(customer, "note.updated", by, changes)
    return note


@transaction.atomic
def delete_note(*, customer_id: int, note_id: int, by: UserActor) -> None:
    """Remove a note; the history keeps what it said."""
    by.require("notes", "delete")
    customer = _lock_live(customer_id, by)
    note = _get(customer.notes.all(), note_id, gettext_noop("note"))
    changes = _vanished("note", NOTE_FIELDS, note)
    note.delete()
    _record(customer, "note.deleted", by, changes)


@transaction.atomic
def add_cli(*, customer_id: int, values: Mapping[str, JSONValue], by: UserActor) -> ApprovedCli:
    """Approve a caller id, with the reason. Raises ``NotFound`` and ``Invalid``."""
    by.require("customers", "update")
    customer = _lock_live(customer_id, by)
    stored = _clean_new(CLI_FIELDS, values, customer)
    _require_new_cli(customer, stored["cli"])
    cli = ApprovedCli.objects.create(
        customer=customer, added_by_id=by.user_id, added_by_name=by.name, created_at=now(), **stored
    )
    _record(customer, "cli.added", by, _appeared("cli", CLI_FIELDS, cli), f"+{cli.cli}")
    return cli


@transaction.atomic
def update_cli(
    *, customer_id: int, cli_id: int, values: Mapping[str, JSONValue], by: UserActor
) -> ApprovedCli:
    """Change an approved caller id or its reason."""
    by.require("customers", "update")
    customer = _lock_live(customer_id, by)
    cli = _get(customer.clis.all(), cli_id, gettext_noop("CLI"))
    before = _values(CLI_FIELDS, cli)
    _put(cli, _clean_some(CLI_FIELDS, values, customer))
    if cli.cli != before["cli"]:
        _require_new_cli(customer, cli.cli)
    changes = _changed("cli", before, _values(CLI_FIELDS, cli))
    if changes:
        cli.save()
        _record(customer, "cli.updated", by, changes, f"+{cli.cli}")
    return cli


@transaction.atomic
def delete_cli(*, customer_id: int, cli_id: int, by: UserActor) -> None:
    """Withdraw the approval of a caller id."""
    by.require("customers", "update")
    customer = _lock_live(customer_id, by)
    cli = _get(customer.clis.all(), cli_id, gettext_noop("CLI"))
    changes = _vanished("cli", CLI_FIELDS, cli)
    number = cli.cli
    cli.delete()
    _record(customer, "cli.deleted", by, changes, f"+{number}")


def _lock_live(customer_id: int, by: UserActor) -> Customer:
    """The card, locked. Raises ``NotFound``, and ``Conflict`` when it is archived."""
    customer = lock_customer(by.user, customer_id)
    require_live(customer)
    return customer


def _require_something_to_verify(contact: Contact) -> None:
    missing = {
        f"{way}_verified": gettext("There is no {way} to be verified.").format(way=way)
        for way in ("email", "mobile")
        if getattr(contact, f"{way}_verified") and not getattr(contact, way)
    }
    if missing:
        raise Invalid(missing)


def _require_new_cli(customer: Customer, number: str) -> None:
    if customer.clis.filter(cli=number).exists():
        raise Invalid({"cli": gettext("+{number} is approved already.").format(number=number)})


def _clean_new(
    fields: Mapping[str, Field], given: Mapping[str, JSONValue], customer: Customer
) -> dict[str, Any]:
    blank = {name: "" if field.required else field.default for name, field in fields.items()}
    return _clean_some(fields, {**blank, **given}, customer)


def _clean_some(
    fields: Mapping[str, Field], given: Mapping[str, JSONValue], customer: Customer
) -> dict[str, Any]:
    stored, errors = clean_values(fields, given, card_context(customer))
    if errors:
        raise Invalid(errors)
    return stored


def _get(parts: QuerySet[Part], part_id: int, what: str) -> Part:
    part = parts.filter(pk=part_id).first()
    if part is None:
        raise NotFound(gettext("This customer has no such {what}.").format(what=gettext(what)))
    return part


def _put(part: Model, stored: Mapping[str, Any]) -> None:
    for attribute, value in stored.items():
        setattr(part, attribute, value)


def _values(fields: Mapping[str, Field], part: Model) -> dict[str, JSONValue]:
    return {name: field.to_json(getattr(part, field.attribute)) for name, field in fields.items()}


def _appeared(prefix: str, fields: Mapping[str, Field], part: Model) -> Changes:
    return {f"{prefix}.{name}": (None, value) for name, value in _values(fields, part).items() if value}


def _vanished(prefix: str, fields: Mapping[str, Field], part: Model) -> Changes:
    return {f"{prefix}.{name}": (value, None) for name, value in _values(fields, part).items() if value}


def _changed(prefix: str, before: Mapping[str, JSONValue], after: Mapping[str, JSONValue]) -> Changes:
    return {f"{prefix}.{name}": (before[name], after[name]) for name in before if before[name] != after[name]}


def _record(customer: Customer, action: str, by: UserActor, changes: Changes, note: str = "") -> None:
    record(by=by, action=action, subject_type="customer", subject_id=customer.pk, changes=changes, note=note)
