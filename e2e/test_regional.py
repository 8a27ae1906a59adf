"""Numbers as the installation writes them, in lists and on pages."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from linecard.accounts.models import User
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


def test_lists_show_numbers_as_set(enter: Enter, admin: User, make_customer: MakeCustomer) -> None:
    make_customer("Azure Voice", debit_limit="1234.50", tax="7.7", channels=1500)
    page = enter(admin)
    page.goto("/settings/#regional")
    page.get_by_label("Numbers", exact=True).select_option("1.234,50")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings were saved.")).to_be_visible()
    page.goto("/customers/")
    row = page.get_by_role("row").filter(has_text="Azure Voice")
    expect(row).to_contain_text("1.234,50")
    expect(row).to_contain_text("1.500")
