"""The second factor as people use it: set up with an app, then asked for; and what else opens an account."""

import time
from collections.abc import Callable

import pyotp
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts import actions
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from tests.conftest import PASSWORD

Enter = Callable[[User], Page]
HALF_A_MINUTE = 30


def next_code(secret: str) -> str:
    """The code of the next half minute: the present one may be used up, and the next is taken already."""
    return pyotp.TOTP(secret).at(int(time.time()) + HALF_A_MINUTE)


def set_up(page: Page) -> tuple[str, list[str]]:
    """Switch the second factor on; its secret and the recovery codes."""
    page.goto("/account/")
    page.get_by_role("button", name="Set up a second factor").click()
    expect(page.get_by_role("img", name="QR code with the key below")).to_be_visible()
    secret = page.locator("#second-factor-key").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Switch on").click()
    codes = page.get_by_label("The recovery codes").input_value().split()
    return secret, codes


def give_password(page: Page) -> None:
    page.goto("/account/")
    page.get_by_label("User name").fill("staff")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    expect(page.get_by_label("Code")).to_be_focused()


def test_set_up_then_sign_in_with_the_app_and_with_a_recovery_code(enter: Enter, staff: User) -> None:
    page = enter(staff)
    secret, codes = set_up(page)
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("#second-factor")).to_contain_text("10 recovery codes left")

    page.context.clear_cookies()
    give_password(page)
    page.get_by_label("Code").fill("no code")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Code").fill(next_code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Account")

    page.context.clear_cookies()
    give_password(page)
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page.locator("#second-factor")).to_contain_text("9 recovery codes left")

    page.get_by_role("link", name="Change the second factor").click()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("The second factor is off.")).to_be_visible()
    expect(page.get_by_role("button", name="Set up a second factor")).to_be_visible()


@every_screen
def test_its_pages_are_clean(enter: Enter, staff: User, complaints: Complaints) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    page.goto("/account/")
    page.get_by_role("button", name="Set up a second factor").click()
    axe(page)
    fits(page)
    page.get_by_label("Code from the app").fill("000")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_label("Code from the app")).to_have_attribute("aria-invalid", "true")
    axe(page)
    set_up(page)
    axe(page)
    fits(page)
    page.goto("/account/second-factor/")
    axe(page)
    fits(page)
    page.context.clear_cookies()
    give_password(page)
    axe(page)
    fits(page)


def test_another_browser_is_signed_out_from_the_list(enter: Enter, staff: User) -> None:
    enter(staff)
    page = enter(staff)
    page.goto("/account/")
    sessions = page.locator("#sessions")
    expect(sessions.get_by_text("this one")).to_have_count(1)
    sessions.get_by_role("button", name="Sign out", exact=False).first.click()
    expect(page.get_by_text("That browser is signed out.")).to_be_visible()
    expect(sessions.locator("tbody tr")).to_have_count(1)
    axe(page)


@every_screen
def test_somebody_who_was_invited_chooses_a_password(page: Page, admin: User, complaints: Complaints) -> None:
    complaints.expect("status of 4(22|04)")
    ivy = actions.create_user(username="ivy", by=acting(admin, via="form"))
    address = f"/invitation/?link={actions.invite_user(user=ivy, by=acting(admin, via='form'))}"
    page.goto(address)
    axe(page)
    fits(page)
    page.get_by_label("Password").fill("long enough to keep")
    page.get_by_label("The same again").fill("long enough to type")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_label("The same again")).to_have_accessible_description("The two passwords differ.")
    page.get_by_label("Password").fill("long enough to keep")
    page.get_by_label("The same again").fill("long enough to keep")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_text("Your password is set. Sign in with it.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("This invitation opens nothing any more")
    axe(page)
