"""Contacts, notes, approved caller ids, and finding cards by their words."""

from collections.abc import Callable
from typing import Any

import pytest

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.models import ApprovedCli, Contact, Customer, Note
from linecard.customers.queries import search_cards, visible_to
from linecard.kernel.errors import Conflict, Invalid, NotFound

MakeCustomer = Callable[..., Customer]


@pytest.fixture
def customer(make_customer: MakeCustomer) -> Customer:
    """A British card."""
    return make_customer("Telefónica UK", country="GB", external_accounting_id="ACC-0042")


def contact_of(customer: Customer, by: UserActor, **values: Any) -> Contact:
    """A contact named Anna."""
    return actions.add_contact(customer_id=customer.pk, values={"name": "Anna Ström", **values}, by=by)


def test_phone_numbers_are_stored_in_e164(customer: Customer, by: UserActor) -> None:
    contact = contact_of(customer, by, phone="020 7946 0000", mobile="+46 70 123 45 67")
    assert (contact.phone, contact.mobile) == ("+442079460000", "+46701234567")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"mobile": "call me"}, "mobile"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@example.com\nBcc: b@example.com"}, "email"),
        ({"type": "boss"}, "type"),
        ({"name": ""}, "name"),
        ({"name": "<i>x</i>"}, "name"),
        ({"email_verified": True}, "email_verified"),
        ({"shoe_size": 7}, "shoe_size"),
    ],
)
def test_a_bad_contact_is_refused(
    customer: Customer, by: UserActor, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        contact_of(customer, by, **values)
    assert [error.field for error in caught.value.errors] == [field]
    assert Contact.objects.count() == 0


def test_a_new_email_is_not_verified_any_more(customer: Customer, by: UserActor) -> None:
    contact = contact_of(customer, by, email="a@example.com", email_verified=True)
    changed = actions.update_contact(
        customer_id=customer.pk, contact_id=contact.pk, values={"email": "b@example.com"}, by=by
    )
    assert changed.email_verified is False
    entry = AuditEntry.objects.get(action="contact.updated")
    assert entry.changes == {
        "contact.email": ["a@example.com", "b@example.com"],
        "contact.email_verified": [True, False],
    }
    assert entry.subject_id == customer.pk


def test_a_deleted_contact_stands_in_the_history(customer: Customer, by: UserActor) -> None:
    contact = contact_of(customer, by, email="a@example.com")
    actions.delete_contact(customer_id=customer.pk, contact_id=contact.pk, by=by)
    assert Contact.objects.count() == 0
    assert AuditEntry.objects.get(action="contact.deleted").changes["contact.email"] == [
        "a@example.com",
        None,
    ]


def test_a_card_has_a_bounded_number_of_contacts(
    customer: Customer, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linecard.customers.actions.parts.MAX_CONTACTS", 2)
    contact_of(customer, by)
    contact_of(customer, by)
    with pytest.raises(Conflict, match="at most 2 contacts"):
        contact_of(customer, by)
    assert Contact.objects.count() == 2


def test_notes_keep_their_author(customer: Customer, by: UserActor, admin: User) -> None:
    note = actions.add_note(customer_id=customer.pk, values={"text": "Pays late.\nCall first."}, by=by)
    changed = actions.update_note(
        customer_id=customer.pk, note_id=note.pk, values={"in_portal": True}, by=acting(admin, via="form")
    )
    assert (changed.author_name, changed.in_portal) == ("Stella Staff", True)
    actions.delete_note(customer_id=customer.pk, note_id=note.pk, by=by)
    assert Note.objects.count() == 0


@pytest.mark.parametrize("typed", ["442079460000", "+44 20 7946 0000", "020 7946 0000", "00442079460000"])
def test_a_cli_is_stored_as_digits(customer: Customer, by: UserActor, typed: str) -> None:
    cli = actions.add_cli(customer_id=customer.pk, values={"cli": typed, "reason": "Contract"}, by=by)
    assert cli.cli == "442079460000"


def test_a_cli_is_approved_once_and_with_a_reason(customer: Customer, by: UserActor) -> None:
    actions.add_cli(customer_id=customer.pk, values={"cli": "+442079460000", "reason": "Contract"}, by=by)
    for values, field in (
        ({"cli": "020 7946 0000", "reason": "Again"}, "cli"),
        ({"cli": "+442079460001"}, "reason"),
        ({"cli": "", "reason": "None"}, "cli"),
        ({"cli": "+1", "reason": "Short"}, "cli"),
    ):
        with pytest.raises(Invalid) as caught:
            actions.add_cli(customer_id=customer.pk, values=values, by=by)
        assert [error.field for error in caught.value.errors] == [field]
    assert ApprovedCli.objects.count() == 1


def test_nothing_on_an_archived_card_changes(customer: Customer, by: UserActor) -> None:
    contact = contact_of(customer, by)
    actions.archive_customer(customer_id=customer.pk, by=by)
    with pytest.raises(Conflict, match="archived"):
        contact_of(customer, by)
    with pytest.raises(Conflict, match="archived"):
        actions.delete_contact(customer_id=customer.pk, contact_id=contact.pk, by=by)
    with pytest.raises(Conflict, match="archived"):
        actions.add_note(customer_id=customer.pk, values={"text": "x"}, by=by)
    assert list(Contact.objects.all()) == [contact]


def test_parts_of_another_reseller_do_not_exist(
    make_customer: MakeCustomer, by: UserActor, north_user: User, south: Reseller
) -> None:
    card = make_customer("Theirs", reseller=south.pk)
    contact = contact_of(card, by)
    stranger = acting(north_user, via="api")
    with pytest.raises(NotFound):
        actions.add_note(customer_id=card.pk, values={"text": "x"}, by=stranger)
    with pytest.raises(NotFound):
        actions.delete_contact(customer_id=card.pk, contact_id=contact.pk, by=stranger)
    own = make_customer("Own", actor=stranger)
    with pytest.raises(NotFound):  # the contact exists, but on another card
        actions.delete_contact(customer_id=own.pk, contact_id=contact.pk, by=stranger)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "telef",
        "TELEFONICA",
        "telefónica uk",
        "uk tele",
        "acc 42",
        "0042",
        "anna",
        "ström",
        "strom ann",
        "anna.s",
        "example.com",
        "4420",
    ],
)
def test_every_word_may_be_a_beginning(customer: Customer, by: UserActor, staff: User, text: str) -> None:
    contact_of(customer, by, email="anna.s@mail.example.com", phone="+442079460000")
    found = search_cards(visible_to(staff), text.replace("acc 42", "acc 0042"))
    assert list(found) == [customer]


@pytest.mark.parametrize(
    "text", ["onica", "spain", "telef spain", "''':*", "!", "a & b | !c", "\\", "'; drop table"]
)
def test_what_does_not_match_is_not_found(customer: Customer, staff: User, text: str) -> None:
    assert list(search_cards(visible_to(staff), text)) == []


def test_search_follows_changes(customer: Customer, by: UserActor, staff: User) -> None:
    contact = contact_of(customer, by, name="Anna Ström")
    actions.update_customer(customer_id=customer.pk, values={"name": "O2"}, by=by)
    actions.update_contact(customer_id=customer.pk, contact_id=contact.pk, values={"name": "Berta"}, by=by)
    cards = visible_to(staff)
    assert [search_cards(cards, text).count() for text in ("o2", "berta", "anna", "telefonica")] == [
        1,
        1,
        0,
        0,
    ]
