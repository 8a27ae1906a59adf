"""A user's own account page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User
from tests.conftest import PASSWORD

Enter = Callable[[User], Page]


@every_screen
def test_the_account_page_is_clean_and_saves(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    axe(page)
    fits(page)
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Name", exact=True).fill("Stella of the Sea")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Your account was saved.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Stella of the Sea")
    expect(page.locator("html")).to_have_attribute("data-time-zone", "Asia/Tokyo")
    expect(page.get_by_text("was not saved")).to_have_count(0)


def test_a_refused_password_is_told_at_its_field(enter: Enter, staff: User, complaints: Complaints) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    page.goto("/account/")
    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password", exact=False).first.fill("quite a long new one")
    page.get_by_label("New password again").fill("quite a long new one")
    page.get_by_role("button", name="Change the password").click()
    present = page.get_by_label("Present password")
    expect(present).to_have_attribute("aria-invalid", "true")
    expect(present).to_have_accessible_description("This is not your present password.")
    axe(page)


def test_sign_out_everywhere_asks_first(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    page.get_by_role("button", name="Sign out everywhere").click()
    dialog = page.get_by_role("dialog", name="Sign out everywhere?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Account")
    page.get_by_role("button", name="Sign out everywhere").click()
    dialog.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()


def test_changed_password_works_at_the_next_sign_in(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    new = "a very new pass phrase"
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=False).first.fill(new)
    page.get_by_label("New password again").fill(new)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password was changed.")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/account/")
    page.get_by_label("User name").fill("staff")
    page.get_by_label("Password").fill(new)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Account")


@every_screen
def test_a_token_is_shown_once_and_can_be_revoked(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    page.get_by_label("Ends after").fill("30")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_label("The new token").input_value()
    assert token.startswith("lc_")
    axe(page)
    fits(page)
    page.goto("/account/")
    expect(page.get_by_label("The new token")).to_have_count(0)
    page.get_by_role("button", name=f"Revoke {token[:8]}").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text(f"The token {token[:8]}… was revoked.")).to_be_visible()
    expect(page.get_by_role("button", name="Revoke lc_")).to_have_count(0)
