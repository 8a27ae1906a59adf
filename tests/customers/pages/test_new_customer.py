"""The form of a new card: what it saves, what it refuses, and that nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers.fields import card_values
from linecard.customers.models import Contact, Customer, Note, PendingChange
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer
from tests.customers.pages.forms import Sent, form_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


def blank(browser: Client, **typed: Any) -> Sent:
    """The empty form as the page gives it, with what was typed into it."""
    return {**form_of(browser.get("/customers/new/")), "name": "Acme", "currency": "EUR", **typed}


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_card_of_name_and_currency_gets_the_defaults(browser: Client, make_customer: MakeCustomer) -> None:
    response = browser.post("/customers/new/", {**blank(browser), "save": "continue"})
    made = Customer.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/customers/{made.pk}/")
    plain = make_customer("Other")
    assert card_values(made) == {**card_values(plain), "name": "Acme"}


def test_every_field_of_the_form_reaches_the_card(browser: Client, staff: User, north: Reseller) -> None:
    typed = {
        "status": "inactive",
        "channels": " 30 ",
        "cps": "0",
        "debit_limit": "-5.5",
        "minimum_payment": "10",
        "tax": "7.7",
        "paypal_email": "pay@acme.example",
        "website": "acme.example",
        "tags": "wholesale, UK",
        "reseller": str(north.pk),
        "account_manager": str(staff.pk),
        "rtp_firewall": "unlocked",
        "invoice_schedule": "weekly:2",
        "invoice_due_days": "30",
        "external_accounting_id": "A-1",
        "portal_access": ["balance", "cdr"],
        "vars": "a = 1\r\n",
        "street": "1 High Street\r\nFloor 2",
        "city": "London",
        "region": "Greater London",
        "postcode": "EC1",
        "country": "GB",
        "approved_clis_only": "on",
        "email_verification": "on",
        "mobile_verification": "on",
    }
    browser.post("/customers/new/", {**blank(browser, **typed), "save": "continue"})
    shown = dict.fromkeys(card_values(Customer.objects.get())["portal_access"], False)
    assert card_values(Customer.objects.get()) == {
        **typed,
        "name": "Acme",
        "currency": "EUR",
        "channels": 30,
        "cps": 0,
        "debit_limit": "-5.50",
        "minimum_payment": "10.00",
        "website": "https://acme.example",
        "tags": ["UK", "wholesale"],
        "reseller": north.pk,
        "account_manager": staff.pk,
        "invoice_due_days": 30,
        "portal_access": {**shown, "balance": True, "cdr": True},
        "vars": "a = 1\n",
        "street": "1 High Street\nFloor 2",
        "approved_clis_only": True,
        "email_verification": True,
        "mobile_verification": True,
    }


def test_save_and_stay_gives_an_empty_form_and_names_the_card(browser: Client) -> None:
    response = browser.post("/customers/new/", {**blank(browser), "save": "stay"}, follow=True)
    assert response.redirect_chain == [("/customers/new/", 302)]
    pk = Customer.objects.get().pk
    assert messages_of(response) == [f'<a href="/customers/{pk}/">Acme</a> was made.']
    assert form_of(response)["name"] == ""
    assert form_of(response)["currency"] == ""


def test_a_first_contact_and_note_are_saved_with_the_card(browser: Client, staff: User) -> None:
    typed = {
        "country": "GB",
        "contact_name": "Anna",
        "contact_type": "billing",
        "contact_email": "anna@acme.example",
        "contact_mobile": "07700 900123",
        "note_text": "Knows Bob.",
        "note_in_portal": "on",
    }
    browser.post("/customers/new/", {**blank(browser, **typed), "save": "continue"})
    contact, note = Contact.objects.get(), Note.objects.get()
    assert (contact.name, contact.type, contact.email) == ("Anna", "billing", "anna@acme.example")
    assert contact.mobile == "+447700900123"
    assert (note.text, note.in_portal, note.author_id) == ("Knows Bob.", True, staff.pk)
    assert contact.customer_id == note.customer_id == Customer.objects.get().pk


def test_a_wrong_contact_saves_nothing_and_is_told_at_its_field(browser: Client) -> None:
    typed = {"contact_email": "no address", "note_text": "Knows Bob."}
    response = browser.post("/customers/new/", {**blank(browser, **typed), "save": "continue"})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert errors["contact_name"] == ["This is required."]
    assert errors["contact_email"] == ["Not an email address, such as anna@example.com."]
    assert [tab.error_count for tab in response.context["tabs"]] == [0, 0, 2, 0, 0]
    assert form_of(response)["note_text"] == "Knows Bob."
    assert not Customer.objects.exists()
    assert not AuditEntry.objects.filter(subject_type="customer").exists()


TOO_MUCH = "x" * 1_000_000
WRONG: list[tuple[str, str, str]] = [
    ("name", "", "This is required."),
    ("name", "A\x00B", "Must not contain NUL characters."),
    ("name", "<b>Acme</b>", "Must not contain HTML."),
    ("name", TOO_MUCH, "At most 200 characters; this has 1,000,000."),
    ("name", "A\u202eB", "Must not contain the control character U+202E."),
    ("currency", "", "Choose a currency."),
    ("currency", "XXX", "'XXX' is not a currency of ISO 4217, such as EUR."),
    ("status", "asleep", "'asleep' is not one of active, inactive, pending_approval."),
    ("channels", "many", "Write a whole number, for example 30."),
    ("channels", "-1", "Must be from 0 to 1,000,000."),
    ("cps", "1.5", "Write a whole number, for example 30."),
    (
        "debit_limit",
        "1,000",
        "Write a plain amount such as 1250.00, with a point and without thousands separators.",
    ),
    ("debit_limit", "1.005", "EUR has 2 decimals."),
    (
        "debit_limit",
        "1e3",
        "Write a plain amount such as 1250.00, with a point and without thousands separators.",
    ),
    ("minimum_payment", "-1", "Must be from 0 to 1,000,000,000,000."),
    ("tax", "1000", "Must be from 0 to 100 %."),
    ("paypal_email", "pay", "Not an email address, such as anna@example.com."),
    ("website", "javascript://x", "Not a web address, such as https://example.com."),
    ("tags", "a" * 51, "A tag has at most 50 characters."),
    ("reseller", "999999", "There is no such reseller."),
    ("reseller", "north", "Choose one from the list."),
    ("account_manager", "999999", "There is no such active user who may see this card."),
    ("rtp_firewall", "open", "'open' is not one of locked, unlocked."),
    (
        "invoice_schedule",
        "monthly:31",
        "Must be none, daily, weekly:1 to weekly:7, or monthly:1 to monthly:28.",
    ),
    ("invoice_due_days", "366", "Must be from 0 to 365."),
    ("vars", "a = 1\r\nb = = 2", "Not valid TOML at line 2, column 5: Invalid value."),
    ("country", "ZZ", "'ZZ' is not a country code of ISO 3166, such as GB."),
    ("note_text", "A\x00B", "Must not contain NUL characters."),
]


@pytest.mark.parametrize(
    ("name", "text", "message"), WRONG, ids=[f"{row[0]}-{row[1][:12]!r}" for row in WRONG]
)
def test_bad_input_is_told_at_its_field_kept_and_changes_nothing(
    browser: Client, name: str, text: str, message: str
) -> None:
    sent = blank(browser, city="Paris", **{name: text}) | {"name": "Acme"} | {name: text}
    response = browser.post("/customers/new/", {**sent, "save": "continue"})
    assert response.status_code == 422
    form = response.context["form"]
    assert {field: list(errors) for field, errors in form.errors.items()} == {name: [message]}
    assert form[name].value() == text
    assert form["city"].value() == "Paris"
    assert (Customer.objects.count(), PendingChange.objects.count(), Note.objects.count()) == (0, 0, 0)


def test_all_errors_are_told_at_once_and_the_first_tab_with_one_is_open(browser: Client) -> None:
    typed = {"name": "Acme", "website": "://", "channels": "many", "country": "ZZ", "vars": "= 1"}
    response = browser.post("/customers/new/", {**blank(browser, **typed), "save": "continue"})
    tabs = response.context["tabs"]
    assert [(tab.slug, tab.error_count) for tab in tabs] == [
        ("basic", 1),
        ("config", 2),
        ("address", 1),
        ("verification", 0),
        ("notes", 0),
    ]
    assert [tab.is_initial for tab in tabs] == [True, False, False, False, False]
    page = response.content.decode()
    assert '<a href="#config" data-jump="vars">Vars</a>' in page
    assert 'data-error-line="1"' in page
    assert 'aria-invalid="true"' in page


def test_a_taken_name_is_told_whatever_its_case(browser: Client, make_customer: MakeCustomer) -> None:
    make_customer("ÅLAND")
    response = browser.post("/customers/new/", {**blank(browser, name=" åland "), "save": "continue"})
    assert response.context["form"].errors["name"] == ["There is a customer named ÅLAND already."]
    assert Customer.objects.count() == 1


def test_the_members_of_a_reseller_make_its_cards(
    client_of: ClientOf, north_user: User, north: Reseller, south: Reseller
) -> None:
    browser = client_of(north_user)
    sent = blank(browser)
    assert sent["reseller"] == str(north.pk)
    browser.post("/customers/new/", {**sent, "save": "continue"})
    assert Customer.objects.get().reseller_id == north.pk
    response = browser.post("/customers/new/", {**sent, "name": "Other", "reseller": str(south.pk)})
    assert response.context["form"].errors == {"reseller": ["There is no such reseller."]}


def test_suggestions_come_only_from_visible_cards(
    client_of: ClientOf, staff: User, north_user: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    make_customer("Ours", tags=["secret"])
    make_customer("Theirs", tags=["north-tag"], reseller=north.pk)
    assert client_of(north_user).get("/customers/new/").context["known_tags"] == ["north-tag"]
    assert client_of(staff).get("/customers/new/").context["known_tags"] == ["north-tag", "secret"]


def test_delay_and_save_plans_the_card(browser: Client, staff: User) -> None:
    earliest = now() + timedelta(minutes=15)
    sent = blank(browser, channels="5")
    response = browser.post("/customers/new/", {**sent, "save": "delay", "delay-after": "15m"}, follow=True)
    change = PendingChange.objects.get()
    assert response.redirect_chain == [("/pending-changes/", 302)]
    assert (change.action, change.state, change.made_by) == ("create", "waiting", staff)
    assert (change.values["name"], change.values["channels"]) == ("Acme", 5)
    assert earliest <= change.run_at <= now() + timedelta(minutes=15)
    assert not Customer.objects.exists()
    assert "Acme will be made at" in messages_of(response)[0]


def test_a_delayed_card_drops_no_note_in_silence(browser: Client) -> None:
    sent = blank(browser, note_text="Knows Bob.", contact_name="Anna")
    response = browser.post("/customers/new/", {**sent, "save": "delay", "delay-after": "1h"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"note_text", "contact_name"}
    assert form_of(response)["note_text"] == "Knows Bob."
    assert not PendingChange.objects.exists()


def test_the_preview_tells_what_would_be_made_and_makes_nothing(browser: Client) -> None:
    sent = {**blank(browser), "delay-after": "1h", "preview": "delay"}
    response = browser.post("/customers/new/preview/", sent)
    assert "Makes the customer <strong>Acme</strong>" in response.content.decode()
    response = browser.post("/customers/new/preview/", {**sent, "tax": "1000"})
    assert "Tax %: Must be from 0 to 100 %." in response.content.decode()
    assert (Customer.objects.count(), PendingChange.objects.count()) == (0, 0)
