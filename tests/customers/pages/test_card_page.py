"""The card's first page: who the customer is, its contacts and notes, deleting and restoring."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.models import Contact, Customer, Note
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer

ClientOf = Callable[[User], Client]
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


@pytest.fixture
def acme(make_customer: MakeCustomer) -> Customer:
    """A card in Britain."""
    return make_customer("Acme", country="GB", debit_limit="1250.00", channels=0)


@pytest.fixture
def url(acme: Customer) -> str:
    """Its first page."""
    return f"/customers/{acme.pk}/"


def page_of(browser: Client, url: str) -> str:
    return browser.get(url).content.decode()


def told(response: Any) -> dict[str, Any]:
    """What a part of a page tells the page around it."""
    answer: dict[str, Any] = json.loads(response.headers["HX-Trigger"])
    return answer


def test_it_shows_the_limits_with_the_currencys_digits(browser: Client, acme: Customer, url: str) -> None:
    context = browser.get(url).context
    assert context["money"] == {"balance": "0.00 EUR", "credit_left": "1,250.00 EUR"}
    assert context["summary"] == [
        ("Debit limit", "1,250.00 EUR"),
        ("Channels", "0"),
        ("Flow speed (CPS)", "No limit"),
    ]
    assert [(part.label, part.is_current) for part in context["parts"]] == [
        ("Main", True),
        ("Edit", False),
        ("CLI", False),
        ("Pending changes", False),
        ("Messages", False),
        ("History", False),
    ]


def test_an_empty_card_says_what_to_do(browser: Client, url: str) -> None:
    page = page_of(browser, url)
    assert "No contacts yet." in page
    assert "No notes yet." in page


def test_the_next_planned_changes_are_told_and_the_page_follows_them(
    browser: Client, acme: Customer, by: UserActor, url: str
) -> None:
    assert "every 10s" not in page_of(browser, url)
    for hours, limit in enumerate(("4", "3", "2", "1")):
        run_at = now() + timedelta(hours=5 - hours)
        actions.plan_change(customer_id=acme.pk, values={"debit_limit": limit}, run_at=run_at, by=by)
    response = browser.get(url)
    told = [line.new for row in response.context["planned"] for line in row.lines]
    assert told == ["1.00 EUR", "2.00 EUR", "3.00 EUR"]
    page = response.content.decode()
    assert "4 are planned in all" in page
    assert "every 10s" in page


def test_what_keeps_calls_from_passing_is_said_first(
    browser: Client, acme: Customer, url: str, by: UserActor
) -> None:
    values = {"email_verification": True, "approved_clis_only": True}
    actions.update_customer(customer_id=acme.pk, values=values, by=by)
    contact = actions.add_contact(
        customer_id=acme.pk, values={"name": "Anna", "email": "a@acme.example"}, by=by
    )
    assert browser.get(url).context["unmet"] == ["email"]
    assert "none is approved: no call passes" in page_of(browser, url)
    actions.update_contact(customer_id=acme.pk, contact_id=contact.pk, values={"email_verified": True}, by=by)
    actions.add_cli(customer_id=acme.pk, values={"cli": "442079460000", "reason": "Seen."}, by=by)
    assert browser.get(url).context["unmet"] == []
    assert "no call passes" not in page_of(browser, url)


@pytest.mark.parametrize(
    ("status", "said"),
    [("inactive", "this customer is inactive"), ("pending_approval", "waits for approval")],
)
def test_a_status_that_passes_no_calls_is_said_first(
    browser: Client, make_customer: MakeCustomer, status: str, said: str
) -> None:
    customer = make_customer("Quiet", status=status)
    page = page_of(browser, f"/customers/{customer.pk}/")
    assert "No call passes:" in page
    assert said in page


@pytest.mark.parametrize("partial", [False, True])
def test_a_contact_is_added_with_javascript_or_without(
    browser: Client, acme: Customer, url: str, partial: bool
) -> None:
    headers = PARTIAL if partial else {}
    assert 'name="mobile"' in browser.get(f"{url}contacts/new/", headers=headers).content.decode()
    values = {"name": "Anna", "type": "billing", "email": "anna@acme.example", "mobile": "07700 900123"}
    response = browser.post(f"{url}contacts/new/", values, headers=headers)
    contact = Contact.objects.get(customer=acme)
    assert (contact.name, contact.type, contact.mobile) == ("Anna", "billing", "+447700900123")
    if partial:
        assert told(response) == {
            "saved": "",
            "toast": {"text": "The contact was added.", "level": "success"},
        }
        page = response.content.decode()
        assert page.startswith('<section class="panel" id="contacts"')
        assert 'href="tel:+447700900123"' in page
        assert "part-form" not in page
    else:
        assert response.headers["Location"] == f"{url}#contacts"


@pytest.mark.parametrize("partial", [False, True])
def test_a_refused_contact_stays_in_its_form(browser: Client, url: str, partial: bool) -> None:
    values = {"name": "", "email": "no address", "mobile": "123"}
    response = browser.post(f"{url}contacts/new/", values, headers=PARTIAL if partial else {})
    form = response.context["form"]
    assert set(form.errors) == {"name", "email", "mobile"}
    assert form["email"].value() == "no address"
    assert response.status_code == (200 if partial else 422)
    assert not Contact.objects.exists()


def test_a_contact_is_changed_verified_and_removed(
    browser: Client, acme: Customer, url: str, by: UserActor
) -> None:
    values = {"name": "Anna", "email": "anna@acme.example", "mobile": "+447700900123"}
    contact = actions.add_contact(customer_id=acme.pk, values=values, by=by)
    part = f"{url}contacts/{contact.pk}/"
    assert browser.get(part).context["form"].initial["name"] == "Anna"
    browser.post(f"{part}verify/", {"way": "email", "verified": "yes"})
    browser.post(f"{part}verify/", {"way": "mobile", "verified": "yes"}, headers=PARTIAL)
    contact.refresh_from_db()
    assert (contact.email_verified, contact.mobile_verified) == (True, True)
    browser.post(part, {**values, "type": "general", "name": "Anna B", "email": "new@acme.example"})
    contact.refresh_from_db()
    assert (contact.name, contact.email_verified, contact.mobile_verified) == ("Anna B", False, True)
    browser.post(f"{part}verify/", {"way": "mobile", "verified": "no"})
    contact.refresh_from_db()
    assert contact.mobile_verified is False
    assert browser.post(f"{part}verify/", {"way": "name", "verified": "yes"}).status_code == 404
    browser.post(f"{part}delete/")
    assert not Contact.objects.exists()


def test_what_is_not_there_cannot_be_verified(
    browser: Client, acme: Customer, url: str, by: UserActor
) -> None:
    contact = actions.add_contact(customer_id=acme.pk, values={"name": "Anna"}, by=by)
    response = browser.post(
        f"{url}contacts/{contact.pk}/verify/", {"way": "email", "verified": "yes"}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == ["There is no email to be verified."]
    response = browser.post(
        f"{url}contacts/{contact.pk}/verify/", {"way": "email", "verified": "yes"}, headers=PARTIAL
    )
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, url)


@pytest.mark.parametrize("partial", [False, True])
def test_notes_are_written_changed_and_removed(
    browser: Client, acme: Customer, url: str, staff: User, partial: bool
) -> None:
    headers = PARTIAL if partial else {}
    browser.post(f"{url}notes/new/", {"text": "One\r\ntwo"}, headers=headers)
    note = Note.objects.get(customer=acme)
    assert (note.text, note.in_portal, note.author_id) == ("One\ntwo", False, staff.pk)
    assert "One\ntwo" in page_of(browser, url)
    response = browser.post(f"{url}notes/{note.pk}/", {"text": ""}, headers=headers)
    assert response.context["form"].errors["text"] == ["This is required."]
    browser.post(f"{url}notes/{note.pk}/", {"text": "Three", "in_portal": "on"}, headers=headers)
    note.refresh_from_db()
    assert (note.text, note.in_portal) == ("Three", True)
    browser.post(f"{url}notes/{note.pk}/delete/", headers=headers)
    assert not Note.objects.exists()


def test_many_notes_are_shown_when_asked_for(
    browser: Client, acme: Customer, url: str, by: UserActor
) -> None:
    for number in range(23):
        actions.add_note(customer_id=acme.pk, values={"text": f"Note {number}."}, by=by)
    assert len(browser.get(url).context["notes"]) == 20
    assert "Show all 23 notes" in page_of(browser, url)
    assert len(browser.get(f"{url}?notes=all").context["notes"]) == 23


def test_a_card_is_deleted_and_restored(browser: Client, acme: Customer, url: str) -> None:
    response = browser.post(f"{url}archive/", {"version": "1"})
    assert response.headers["Location"] == "/customers/"
    acme.refresh_from_db()
    assert acme.is_archived
    page = page_of(browser, url)
    assert "This customer was deleted" in page
    assert [part.label for part in browser.get(url).context["parts"]] == [
        "Main",
        "CLI",
        "Pending changes",
        "Messages",
        "History",
    ]
    assert "contacts/new" not in page
    response = browser.post(f"{url}contacts/new/", {"name": "Anna"})
    assert response.status_code == 422
    assert response.context["form"]["name"].value() == "Anna"
    assert "Restore it before changing it" in response.content.decode()
    assert not Contact.objects.exists()
    response = browser.post(f"{url}restore/", follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Acme was restored."]
    acme.refresh_from_db()
    assert not acme.is_archived


def test_a_card_that_changed_since_it_was_shown_is_not_deleted(
    browser: Client, acme: Customer, url: str, by: UserActor
) -> None:
    actions.update_customer(customer_id=acme.pk, values={"cps": 1}, by=by)
    response = browser.post(f"{url}archive/", {"version": "1"})
    assert response.headers["Location"] == url
    acme.refresh_from_db()
    assert not acme.is_archived


@pytest.mark.parametrize("version", ["²", "٣", "x", "-1", "9" * 40, ""])
def test_a_version_that_cannot_be_read_deletes_nothing(
    browser: Client, acme: Customer, url: str, version: str
) -> None:
    response = browser.post(f"{url}archive/", {"version": version})
    assert response.headers["Location"] == url
    acme.refresh_from_db()
    assert not acme.is_archived
