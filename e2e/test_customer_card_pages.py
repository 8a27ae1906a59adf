"""The pages of a card: contacts and notes in place, CLIs, pending changes, history, deleting and restoring."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import axe, every_screen, fits
from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.models import Contact, Customer, Note
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]

LONG = "Compañía Internacional de Telecomunicaciones y Servicios WholesaleTerminationDepartmentOfTheHolding"


@pytest.fixture
def acme(make_customer: MakeCustomer, by: UserActor) -> Customer:
    """A card with much on it."""
    customer = make_customer(LONG, country="GB", email_verification=True, tags=["uk", "wholesale"])
    pk = customer.pk
    for number in range(40):
        email = f"person.with.a.long.address.{number}@subsidiary.acme.example"
        actions.add_contact(customer_id=pk, values={"name": f"Person {number}", "email": email}, by=by)
    actions.add_note(customer_id=pk, values={"text": "x" * 300, "in_portal": True}, by=by)
    actions.add_cli(customer_id=pk, values={"cli": "442079460000", "reason": "y" * 200}, by=by)
    actions.plan_change(customer_id=pk, values={"cps": 5}, run_at=now() + timedelta(hours=1), by=by)
    change = actions.plan_change(
        customer_id=pk, values={"tax": "5"}, run_at=now() + timedelta(hours=2), by=by
    )
    actions.update_customer(customer_id=pk, values={"tax": "6", "vars": "a = 1\nb = 2\n"}, by=by)
    actions.run_change(change_id=change.pk, by=by)
    return customer


@every_screen
def test_every_page_is_clean_on_every_screen(enter: Enter, staff: User, acme: Customer) -> None:
    page = enter(staff)
    card = f"/customers/{acme.pk}/"
    for address in ("", "contacts/new/", "notes/new/", "clis/", "pending/", "history/"):
        page.goto(card + address)
        expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
        axe(page)
        fits(page)
    page.goto("/pending-changes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delay log")
    axe(page)
    fits(page)


def test_contacts_and_notes_are_edited_in_place(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme", country="GB")
    page = enter(staff)
    page.goto(f"/customers/{customer.pk}/")
    contacts, notes = page.locator("#contacts"), page.locator("#notes")
    contacts.get_by_role("link", name="Add").click()
    expect(contacts.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(contacts.get_by_text("This is required.")).to_be_visible()
    contacts.get_by_role("textbox", name="Name").fill("Anna")
    contacts.get_by_label("Mobile").fill("07700 900123")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The contact was added.")).to_be_visible()
    expect(contacts.get_by_role("link", name="Add")).to_be_focused()
    expect(contacts.get_by_role("link", name="+44 7700 900123")).to_have_attribute(
        "href", "tel:+447700900123"
    )
    contacts.get_by_label("Actions for Anna").click()
    contacts.get_by_role("button", name="Mark mobile verified").click()
    expect(contacts.get_by_text("verified", exact=True)).to_be_visible()
    assert Contact.objects.get().mobile_verified

    notes.get_by_role("link", name="Add").click()
    notes.get_by_role("textbox", name="Note").fill("Knows Bob.")
    notes.get_by_label("Shown in the portal").check()
    notes.get_by_role("button", name="Add the note").click()
    expect(notes.get_by_text("Knows Bob.")).to_be_visible()
    notes.get_by_role("link", name="Add").click()
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    notes.get_by_role("link", name="Cancel").click()
    expect(notes.get_by_role("textbox")).to_have_count(0)
    notes.get_by_label("Actions for the note of Stella Staff").click()
    notes.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(notes.get_by_text("No notes yet.")).to_be_visible()
    assert not Note.objects.exists()
    axe(page)


def test_the_whole_life_of_a_change_is_seen(
    enter: Enter, staff: User, make_customer: MakeCustomer, by: UserActor
) -> None:
    customer = make_customer("Acme", debit_limit="50.00")
    values = {"debit_limit": "100"}
    actions.plan_change(customer_id=customer.pk, values=values, run_at=now() + timedelta(hours=1), by=by)
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "75"}, by=by)
    page = enter(staff)
    page.goto("/pending-changes/")
    page.get_by_label("State").select_option("Waiting")
    expect(page).to_have_url("/pending-changes/?status=waiting")
    page.get_by_role("checkbox", name="Select all matching changes").check()
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("dialog", name="Run 1 change now?").get_by_role("button", name="Run now").click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    row = page.get_by_role("row").filter(has_text="Debit limit 50.00 EUR → 100.00 EUR")
    expect(row).to_contain_text("Was 50.00 when this was planned, is 75.00 now.")
    expect(row.get_by_role("link", name="Acme")).to_have_attribute("href", f"/customers/{customer.pk}/")
    row.get_by_role("link").first.click()
    page.get_by_role("button", name="Apply anyway").click()
    page.get_by_role("dialog", name="Apply it anyway?").get_by_role("button", name="Apply anyway").click()
    expect(page.get_by_text("The change was applied.")).to_be_visible()
    page.get_by_role("link", name="Acme").click()
    page.get_by_role("link", name="History").click()
    page.get_by_label("Field").select_option("Debit limit")
    expect(page.locator(".event")).to_have_count(3)
    expect(page.get_by_text("75.00 EUR → 100.00 EUR")).to_be_visible()


@every_screen
def test_ticked_changes_are_cancelled_after_a_question(
    enter: Enter, staff: User, acme: Customer, by: UserActor
) -> None:
    page = enter(staff)
    page.goto("/pending-changes/")
    page.get_by_role("checkbox", name="Select all matching changes").check()
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Cancel 2 changes?")
    axe(page)
    dialog.get_by_role("button", name="Keep them").click()
    assert set(acme.pending_changes.values_list("state", flat=True)) == {"waiting", "held"}
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    dialog.get_by_role("button", name="Cancel them").click()
    expect(page.get_by_text("2 changes cancelled.")).to_be_visible()
    expect(page.get_by_role("gridcell", name="Cancelled")).to_have_count(2)
    assert set(acme.pending_changes.values_list("state", flat=True)) == {"cancelled"}
    axe(page)
    fits(page)


def test_a_change_is_opened_and_cancelled_by_keyboard_alone(
    enter: Enter, staff: User, make_customer: MakeCustomer, by: UserActor
) -> None:
    customer = make_customer("Acme")
    later = now() + timedelta(hours=1)
    change = actions.plan_change(customer_id=customer.pk, values={"cps": 1}, run_at=later, by=by)
    page = enter(staff)
    page.goto("/pending-changes/")
    expect(page.get_by_role("gridcell", name="Waiting")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"/pending-changes/{change.pk}/")
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The change was cancelled.")).to_be_visible()
    expect(page).to_have_url(f"/pending-changes/{change.pk}/")


def test_the_delay_log_refreshes_itself_and_keeps_the_focus(
    enter: Enter, staff: User, make_customer: MakeCustomer, by: UserActor
) -> None:
    customer = make_customer("Acme")
    later = now() + timedelta(hours=1)
    first = actions.plan_change(customer_id=customer.pk, values={"cps": 1}, run_at=later, by=by)
    actions.plan_change(customer_id=customer.pk, values={"channels": 1}, run_at=later, by=by)
    page = enter(staff)
    page.clock.install()
    page.goto("/pending-changes/")
    expect(page.get_by_role("gridcell", name="Waiting")).to_have_count(2)
    cell = page.get_by_role("row").filter(has_text="Channels").get_by_role("gridcell", name="Waiting")
    cell.click()
    expect(cell).to_be_focused()
    actions.run_change(change_id=first.pk, by=by)
    page.clock.fast_forward(11_000)
    expect(page.get_by_role("gridcell", name="Applied")).to_have_count(1)
    expect(cell).to_be_focused()


def test_a_card_is_deleted_after_a_question_and_restored(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme")
    page = enter(staff)
    page.goto(f"/customers/{customer.pk}/")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete Acme?")
    axe(page)
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Acme was deleted.")).to_be_visible()
    page.get_by_role("link", name="its old address").click()
    expect(page.get_by_text("This customer was deleted")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Acme was restored.")).to_be_visible()
    customer.refresh_from_db()
    assert not customer.is_archived
