"""The sheet of keys: what this page takes, told where somebody looks for it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User

Enter = Callable[[User], Page]


@every_screen
def test_the_sheet_tells_the_keys_of_the_page(enter: Enter, admin: User, complaints: Complaints) -> None:
    page = enter(admin)
    page.goto("/customers/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("k")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    for meaning in (
        "Search customers",
        "Saved views",
        "Add a customer",
        "Select the row",
        "Help for this page",
    ):
        expect(sheet.get_by_role("definition").filter(has_text=meaning)).to_have_count(1)
    axe(page)
    fits(page)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_a_page_without_rows_tells_none_of_their_keys(enter: Enter, admin: User) -> None:
    page = enter(admin)
    page.goto("/account/")
    page.get_by_label("You: Ada").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_role("definition").filter(has_text="Help for this page")).to_have_count(1)
    expect(sheet.get_by_role("definition").filter(has_text="row")).to_have_count(0)
