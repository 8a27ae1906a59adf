"""Making, changing, archiving and restoring cards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.audit.trail import Changes, record
from linecard.customers.bulk_work.guards import reasons_to_keep
from linecard.customers.fields import CARD_FIELDS, card_values
from linecard.customers.models import Customer, Meter
from linecard.customers.queries import lock_customer
from linecard.customers.rules import Stored, clean_card_change, clean_new_card, spell_tags
from linecard.customers.search import search_vector
from linecard.fields import JSONValue
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid, Stale
from linecard.kernel.names import name_key

SUBJECT = "customer"


def create_customer(*, values: Mapping[str, JSONValue], by: UserActor, note: str = "") -> Customer:
    """Make a card of JSON values by field; those left out get their defaults. Raises ``Invalid``."""
    by.require("customers", "create")
    stored = clean_new_card(values, by.user)
    moment = now()
    with _taken_means_invalid(), transaction.atomic():
        stored["tags"] = spell_tags(stored["tags"])
        customer = Customer(name_key=name_key(stored["name"]), created_at=moment, updated_at=moment, **stored)
        customer.search = search_vector(customer.name, customer.external_accounting_id)
        customer.save(force_insert=True)
        customer.meter = Meter.objects.create(customer=customer)
        changes = {
            name: (None, value)
            for name, value in card_values(customer).items()
            if value not in ("", None, [])
        }
        _record(customer, "customer.created", by, changes, note)
    return customer


def update_customer(
    *,
    customer_id: int,
    values: Mapping[str, JSONValue],
    by: UserActor,
    expected_version: int | None = None,
    note: str = "",
) -> Customer:
    """Put JSON values on some fields of a card.

    Raises ``NotFound``, ``Conflict`` for an archived card, ``Stale`` when ``expected_version`` is not the card's, and
    ``Invalid``. Values that change nothing leave the version and the history alone.
    """
    by.require("customers", "update")
    with _taken_means_invalid(), transaction.atomic():
        customer = lock_customer(by.user, customer_id)
        require_live(customer)
        require_version(customer, expected_version)
        before = card_values(customer)
        _store(customer, clean_card_change(customer, values, by.user))
        after = card_values(customer)
        changes = {name: (before[name], after[name]) for name in CARD_FIELDS if before[name] != after[name]}
        if changes:
            if {"name", "external_accounting_id"} & changes.keys():
                contacts = customer.contacts.all()
                customer.search = search_vector(customer.name, customer.external_accounting_id, contacts)
            _save_edit(customer)
            _record(customer, "customer.updated", by, changes, note)
    return customer


@transaction.atomic
def archive_customer(
    *, customer_id: int, by: UserActor, expected_version: int | None = None, archive: bool = False
) -> Customer:
    """Put a card away. It passes no calls, leaves the lists and keeps its name; it can be restored.

    ``archive`` also one that a guard would keep. Raises ``NotFound``, ``Stale``, and ``Conflict`` for one that a guard
    keeps. An archived card stays as it is.
    """
    by.require("customers", "delete")
    customer = lock_customer(by.user, customer_id)
    require_version(customer, expected_version)
    if not customer.is_archived:
        if not archive and (reasons := reasons_to_keep(customer)):
            raise Conflict(
                gettext("{reasons} It is archived all the same only when that is asked for.").format(
                    reasons=reasons
                )
            )
        customer.archived_at = now()
        _save_edit(customer)
        _record(customer, "customer.archived", by, {"archived": (False, True)})
    return customer


@transaction.atomic
def restore_customer(*, customer_id: int, by: UserActor, expected_version: int | None = None) -> Customer:
    """Bring an archived card back as it was. A live card stays as it is. Raises ``NotFound`` and ``Stale``."""
    by.require("customers", "delete")
    customer = lock_customer(by.user, customer_id)
    require_version(customer, expected_version)
    if customer.is_archived:
        customer.archived_at = None
        _save_edit(customer)
        _record(customer, "customer.restored", by, {"archived": (True, False)})
    return customer


def require_version(customer: Customer, expected: int | None) -> None:
    """Raise ``Stale`` when the card has been edited since the version that somebody read."""
    if expected is not None and customer.version != expected:
        raise Stale(gettext("Somebody changed this customer in the meantime. Read it again."))


def require_live(customer: Customer) -> None:
    """Raise ``Conflict`` for an archived card: nothing on it changes until it is restored."""
    if customer.is_archived:
        raise Conflict(gettext("This customer is archived. Restore it before changing it."))


def _store(customer: Customer, stored: Stored) -> None:
    for attribute, value in stored.items():
        setattr(customer, attribute, spell_tags(value) if attribute == "tags" else value)
    customer.name_key = name_key(customer.name)


def _save_edit(customer: Customer) -> None:
    customer.version += 1
    customer.updated_at = now()
    customer.save()


def _record(customer: Customer, action: str, by: UserActor, changes: Changes, note: str = "") -> None:
    record(
        by=by,
        action=action,
        subject_type=SUBJECT,
        subject_id=customer.pk,
        version=customer.version,
        changes=changes,
        note=note,
    )


@contextmanager
def _taken_means_invalid() -> Iterator[None]:
    """Say it in words when somebody took a unique value between our check and our write."""
    try:
        yield
    except IntegrityError as error:
        message = str(error)
        if "customer_external_accounting_id" in message:
            raise Invalid(
                {"external_accounting_id": gettext("This external accounting ID is taken.")}
            ) from error
        if "name_key" in message:
            raise Invalid({"name": gettext("There is a customer of this name already.")}) from error
        raise
