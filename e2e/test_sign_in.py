"""Signing in and out, as people do it."""

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User
from tests.conftest import PASSWORD


@every_screen
def test_sign_in_leads_to_the_page_that_was_wanted_and_sign_out_back(page: Page, staff: User) -> None:
    page.goto("/account/")
    expect(page).to_have_title("Sign in · Linecard")
    expect(page.get_by_label("User name")).to_be_focused()
    axe(page)
    fits(page)
    page.keyboard.type("Staff")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Account")
    page.get_by_label("You: Stella Staff").click()
    axe(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("/account/")
    expect(page).to_have_title("Sign in · Linecard")


@every_screen
def test_a_wrong_password_is_said_plainly(page: Page, staff: User) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("staff")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    expect(page.get_by_label("User name")).to_have_value("staff")
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("Password")).to_be_focused()
    axe(page)
    fits(page)


def test_a_closed_name_says_for_how_long(page: Page, staff: User, complaints: Complaints) -> None:
    complaints.expect("status of 429")
    page.goto("/sign-in/")
    for _ in range(10):
        page.get_by_label("User name").fill("staff")
        page.get_by_label("Password").fill("wrong")
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("closed here for 15 minutes")
    axe(page)
