"""The card's form, as an operator lives in it: by keyboard, with errors, later, for a while, after a crash."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User
from linecard.customers.models import Contact, Customer, Note, PendingChange
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]

TABS = ["Basic", "Config", "Address", "Verification", "Notes"]


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name)


def edit(page: Page, customer: Customer) -> None:
    page.goto(f"/customers/{customer.pk}/edit/")
    expect(page.get_by_role("heading", level=1)).to_have_text(customer.name)


@every_screen
def test_every_tab_is_clean_on_every_screen(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    customer = make_customer("Acme", tags=["wholesale"], vars="a = 1\n[b]\nc = 'x'\n", country="GB")
    page = enter(staff)
    page.goto("/customers/new/")
    axe(page)
    fits(page)
    page.goto(f"/customers/{customer.pk}/edit/")
    for name in TABS:
        tab(page, name).click()
        axe(page)
        fits(page)


def test_a_card_is_made_by_keyboard_alone(enter: Enter, staff: User, complaints: Complaints) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    page.goto("/customers/new/")
    expect(page.get_by_role("textbox", name="Name", exact=True).first).to_be_focused()
    page.keyboard.type("Acme Telecom")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # inactive
    page.keyboard.press("Tab")
    page.keyboard.type("USD")
    expect(page.get_by_label("Currency")).to_have_value("USD")
    expect(page.locator("[data-field=debit_limit] .unit")).to_have_text("USD")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    tab(page, "Basic").focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, "Config")).to_be_focused()
    page.get_by_label("Tags").focus()
    page.keyboard.type("gold,silver")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Acme Telecom was made.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name", exact=True).first).to_be_focused()
    expect(page.get_by_role("textbox", name="Name", exact=True).first).to_have_value("")
    made = Customer.objects.get()
    assert (made.name, made.status, made.currency, made.channels) == ("Acme Telecom", "inactive", "USD", 30)
    assert made.tags == ["gold", "silver"]
    page.keyboard.type("Second")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose a currency.").first).to_be_visible()


def test_a_first_contact_and_note_come_with_the_card(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/customers/new/")
    page.get_by_role("textbox", name="Name", exact=True).first.fill("Acme")
    page.get_by_label("Currency").select_option("EUR")
    tab(page, "Address").click()
    page.get_by_label("Country").select_option("GB")
    page.locator("[name=contact_name]").fill("Anna")
    page.locator("[name=contact_mobile]").fill("07700 900123")
    tab(page, "Notes").click()
    page.get_by_label("Note", exact=True).fill("Knows Bob.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("link", name="+44 7700 900123")).to_be_visible()
    expect(page.get_by_text("Knows Bob.")).to_be_visible()
    assert (Contact.objects.get().name, Note.objects.get().text) == ("Anna", "Knows Bob.")


def test_an_error_on_another_tab_is_counted_and_led_to(
    enter: Enter, staff: User, complaints: Complaints, make_customer: MakeCustomer
) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    edit(page, make_customer("Acme"))
    tab(page, "Config").click()
    page.get_by_label("Vars").fill("a = 1\nb = = 2")
    tab(page, "Address").click()
    page.get_by_label("City").fill("Paris")
    tab(page, "Basic").click()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    expect(tab(page, "Config")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "Config")).to_have_accessible_name("Config 1 to correct")
    expect(page.get_by_label("Vars")).to_have_accessible_description(
        "TOML that scripts can read. Not valid TOML at line 2, column 5: Invalid value."
    )
    axe(page)
    tab(page, "Address").click()
    expect(page.get_by_label("City")).to_have_value("Paris")
    page.get_by_role("alert").get_by_role("link", name="Vars").click()
    expect(page.get_by_label("Vars")).to_be_focused()
    page.get_by_label("Vars").fill("a = 1")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Acme was saved.")).to_be_visible()


def test_delay_and_save_says_what_will_happen_and_plans_it(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme", debit_limit="50.00")
    page = enter(staff)
    edit(page, customer)
    page.get_by_label("Debit limit").fill("0")
    page.get_by_role("button", name="Delay and save…").click()
    dialog = page.get_by_role("dialog", name="Delay and save")
    expect(dialog.get_by_text("Debit limit 50.00 EUR → 0.00 EUR")).to_be_visible()
    dialog.get_by_label("1 day").check()
    expect(dialog.get_by_text("in 24 hours")).to_be_visible()
    axe(page)
    dialog.get_by_label("15 min").check()
    dialog.get_by_role("button", name="Delay and save").click()
    expect(page.get_by_text("Planned for")).to_be_visible()
    expect(page.get_by_role("heading", name="Pending changes")).to_be_visible()
    expect(page.get_by_text("in 15 minutes").first).to_be_visible()
    assert PendingChange.objects.get().values == {"debit_limit": "0.00"}
    axe(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The change was cancelled.")).to_be_visible()
    assert PendingChange.objects.get().state == "cancelled"


def test_an_exact_time_is_proposed_and_enter_plans_instead_of_saving(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme")
    page = enter(staff)
    edit(page, customer)
    page.get_by_label("Channels").fill("7")
    page.get_by_role("button", name="Delay and save…").click()
    dialog = page.get_by_role("dialog", name="Delay and save")
    dialog.get_by_label("Exact time").check()
    expect(dialog.get_by_label("Date and time")).to_be_focused()
    expect(dialog.get_by_text("In your time zone, UTC.")).to_be_visible()
    expect(dialog.get_by_text("Nothing changes before")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Planned for")).to_be_visible()
    customer.refresh_from_db()
    assert customer.channels is None
    assert PendingChange.objects.get().state == "waiting"


def test_looking_at_the_delays_edits_nothing(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    page = enter(staff)
    edit(page, make_customer("Acme"))
    page.get_by_role("button", name="Delay and save…").click()
    dialog = page.get_by_role("dialog", name="Delay and save")
    expect(dialog.get_by_text("Nothing was edited yet.")).to_be_visible()
    dialog.get_by_label("4 h").check()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def test_a_temporary_change_is_there_at_once_and_will_go_back(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme", debit_limit="0.00")
    page = enter(staff)
    edit(page, customer)
    page.get_by_label("Debit limit").fill("50")
    page.get_by_role("button", name="Temporary change…").click()
    dialog = page.get_by_role("dialog", name="Temporary change")
    expect(dialog.get_by_text("0.00 EUR → 50.00 EUR now, back to 0.00 EUR")).to_be_visible()
    axe(page)
    dialog.get_by_role("button", name="Change now").click()
    expect(page.get_by_role("region", name="Messages").get_by_text("Until ")).to_be_visible()
    expect(page.get_by_text("takes back a temporary change")).to_be_visible()
    customer.refresh_from_db()
    assert customer.debit_limit_micros == 50_000_000


def test_what_was_typed_survives_a_reload(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    customer = make_customer("Acme")
    page = enter(staff)
    edit(page, customer)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Channels").fill("77")
    tab(page, "Address").click()
    page.get_by_label("City").fill("Paris")
    page.reload()
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("City")).to_have_value("Paris")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Acme was saved.")).to_be_visible()
    expect(tab(page, "Address")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    customer.refresh_from_db()
    assert (customer.channels, customer.city) == (77, "Paris")


def test_leaving_with_something_typed_asks_first(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    page = enter(staff)
    edit(page, make_customer("Acme"))
    page.get_by_label("Channels").fill("77")
    page.get_by_role("link", name="History").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    dialog.get_by_role("button", name="Stay").click()
    expect(page.get_by_label("Channels")).to_have_value("77")


def test_an_ended_session_loses_nothing_typed(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    customer = make_customer("Acme")
    page = enter(staff)
    edit(page, customer)
    page.get_by_label("Channels").fill("77")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    enter(staff)
    edit(page, customer)
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("Channels")).to_have_value("77")
