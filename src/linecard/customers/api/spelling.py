"""Cards and what hangs on them as the API's JSON objects."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from linecard.customers.fields import CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS, card_values
from linecard.customers.history import HistoryRow
from linecard.customers.models import ApprovedCli, Contact, Customer, Note, PendingChange
from linecard.fields import Field
from linecard.kernel.clock import write_moment, write_moment_or_none
from linecard.kernel.money import plain_amount

Json = dict[str, Any]


def spell_customer(customer: Customer) -> Json:
    """A card with its meter."""
    meter = customer.meter
    credit_micros = meter.balance_micros + customer.debit_limit_micros - meter.reserved_micros
    return {
        "id": customer.pk,
        **card_values(customer),
        "balance": plain_amount(meter.balance_micros, customer.currency),
        "credit_left": plain_amount(credit_micros, customer.currency),
        "live_calls": meter.live_calls,
        "created_at": write_moment(customer.created_at),
        "updated_at": write_moment(customer.updated_at),
        "archived_at": write_moment_or_none(customer.archived_at),
    }


def spell_contact(contact: Contact) -> Json:
    """A contact."""
    return {**_fields(contact, CONTACT_FIELDS), "created_at": write_moment(contact.created_at)}


def spell_note(note: Note) -> Json:
    """A note with its author."""
    return {
        **_fields(note, NOTE_FIELDS),
        "author": note.author_name,
        "created_at": write_moment(note.created_at),
        "updated_at": write_moment(note.updated_at),
    }


def spell_cli(cli: ApprovedCli) -> Json:
    """An approved caller id with who approved it."""
    return {
        **_fields(cli, CLI_FIELDS),
        "added_by": cli.added_by_name,
        "created_at": write_moment(cli.created_at),
    }


def spell_change(change: PendingChange) -> Json:
    """A pending change; its values are ``changes`` or ``data``, as they were given."""
    is_new_card = change.action == PendingChange.Action.CREATE
    return {
        "id": change.pk,
        "action": change.action,
        "customer": change.customer_id,
        "job": change.work_id,
        "state": change.state,
        "run_at": write_moment(change.run_at),
        "revert_at": write_moment_or_none(change.revert_at),
        "reverts": change.reverts_id,
        "changes": None if is_new_card else change.values,
        "expected": None if is_new_card else change.expected,
        "data": change.values if is_new_card else None,
        "made_by": str(change.made_by),
        "made_at": write_moment(change.made_at),
        "finished_by": change.finished_by_name or None,
        "finished_at": write_moment_or_none(change.finished_at),
        "problems": change.problems,
    }


def spell_history_row(row: HistoryRow) -> Json:
    """One field's change."""
    return {
        "id": row.entry_id,
        "at": write_moment(row.at),
        "who": row.who,
        "via": row.via,
        "action": row.action,
        "field": row.field,
        "old": row.old,
        "new": row.new,
        "note": row.note,
    }


def _fields(part: Model, fields: Mapping[str, Field]) -> Json:
    values = {name: field.to_json(getattr(part, field.attribute)) for name, field in fields.items()}
    return {"id": part.pk, **values}
