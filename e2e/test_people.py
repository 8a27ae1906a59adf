"""Setup › Users, Groups and Resellers, as an administrator uses them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import Reseller, User
from tests.conftest import PASSWORD, MakeCustomer

Enter = Callable[[User], Page]

CHOSEN = "a password of their own"


@pytest.fixture
def ready_made(transactional_db: None) -> None:
    """The groups that are there from the start."""
    actions.make_ready_made_groups()


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def add_user(page: Page, username: str, *, password: str = "") -> None:
    """Fill the form of a new user, whatever is chosen in it already, and send it."""
    page.get_by_label("User name").fill(username)
    if password:
        page.get_by_label("With a password that you choose").check()
        page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Control+s")


@every_screen
@pytest.mark.usefixtures("ready_made")
def test_the_pages_are_clean_on_every_screen(
    enter: Enter, admin: User, staff: User, north: Reseller, north_user: User
) -> None:
    page = enter(admin)
    actions.create_token(user=staff, by=command_actor())
    group = actions.ready_made_group("noc")
    paths = (
        "/users/",
        "/users/new/",
        f"/users/{staff.pk}/",
        "/groups/",
        f"/groups/{group.pk}/",
        "/resellers/",
        f"/resellers/{north.pk}/",
    )
    for path in paths:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        fits(page)


@pytest.mark.usefixtures("ready_made")
def test_a_reseller_with_two_users_sees_its_own_customers(
    enter: Enter, browser: Browser, address: str, admin: User, make_customer: MakeCustomer
) -> None:
    page = enter(admin)
    make_customer("Stranger")
    page.goto("/users/")
    page.get_by_role("navigation", name="Main", exact=True).get_by_text("Setup").click()
    page.get_by_role("link", name="Resellers", exact=True).click()
    expect(page.get_by_role("heading", name="No resellers yet")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_label("Name").fill("North")
    page.get_by_role("button", name="Add the reseller").click()
    page.get_by_role("link", name="Add", exact=True).click()
    expect(page.get_by_label("Reseller", exact=True).first).to_have_value(str(Reseller.objects.get().pk))
    add_user(page, "nora", password=CHOSEN)
    expect(page.get_by_text("nora was made, and can sign in.")).to_be_visible()
    page.goto(f"/resellers/{Reseller.objects.get().pk}/")
    page.get_by_role("link", name="Add", exact=True).click()
    add_user(page, "nils")
    link = page.get_by_label("The invitation").input_value()
    axe(page)
    make_customer("Acme", reseller=Reseller.objects.get().pk)
    visitor = browser.new_context(base_url=address).new_page()
    visitor.goto(link)
    visitor.get_by_label("Password").fill(CHOSEN)
    visitor.get_by_label("The same again").fill(CHOSEN)
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_text("Your password is set.")).to_be_visible()
    for username in ("nils", "nora"):
        sign_in(visitor, username, CHOSEN)
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Customers")
        expect(visitor.get_by_role("link", name="Acme")).to_be_visible()
        expect(visitor.get_by_text("1 customer", exact=True)).to_be_visible()
        visitor.context.clear_cookies()
    visitor.context.close()


@pytest.mark.usefixtures("ready_made")
def test_a_reader_finds_no_button_and_is_gone_when_deactivated(
    enter: Enter, browser: Browser, address: str, admin: User, make_customer: MakeCustomer
) -> None:
    page = enter(admin)
    card = make_customer("Acme")
    page.goto("/users/new/")
    page.get_by_label("Read only").check()
    add_user(page, "rita", password=CHOSEN)
    expect(page.get_by_text("rita was made")).to_be_visible()
    reader = browser.new_context(base_url=address).new_page()
    sign_in(reader, "rita", CHOSEN)
    expect(reader.get_by_role("link", name="Acme")).to_be_visible()
    for name in ("Add a customer", "Bulk upload", "Delete"):
        expect(reader.get_by_label(name)).to_have_count(0)
    reader.goto(f"/customers/{card.pk}/edit/")
    expect(reader.get_by_text("None of your groups lets you change customers.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Deactivate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("rita was deactivated")).to_be_visible()
    reader.goto("/customers/")
    expect(reader.get_by_label("User name")).to_be_visible()
    reader.context.close()


@pytest.mark.usefixtures("ready_made")
def test_a_group_of_ones_own(enter: Enter, admin: User) -> None:
    page = enter(admin)
    page.goto("/groups/new/")
    page.get_by_label("Name").fill("Night shift")
    page.get_by_label("Customers: read").check()
    page.get_by_label("Notes: create").check()
    page.get_by_role("button", name="Add the group").click()
    expect(page.get_by_text("The group Night shift was made.")).to_be_visible()
    expect(page.get_by_label("Notes: create")).to_be_checked()
    expect(page.get_by_label("Notes: delete")).not_to_be_checked()
    page.get_by_role("link", name="Groups").click()
    expect(page.get_by_role("link", name="Night shift")).to_be_visible()
    page.get_by_label("Kind").select_option("own")
    expect(page.get_by_text("1 group", exact=True)).to_be_visible()


def test_a_refused_password_is_told_at_its_field(
    enter: Enter, admin: User, staff: User, complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    page = enter(admin)
    page.goto(f"/users/{staff.pk}/")
    page.locator("#id_new_password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("dialog").get_by_role("button", name="Set the password").click()
    expect(page.locator("#id_new_password")).to_have_attribute("aria-invalid", "true")
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
