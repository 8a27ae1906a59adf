"""The page that shows the API's document."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import axe, every_screen, fits
from linecard.accounts.models import User

Enter = Callable[[User], Page]


@every_screen
def test_the_api_is_readable_without_signing_in(page: Page) -> None:
    page.goto("/api/docs")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Linecard")
    page.locator("#operations-Customers-change_customer").get_by_role("button").first.click()
    expect(page.get_by_text("Only the fields that are given change.")).to_be_visible()
    fits(page)
    axe(page)


def test_a_signed_in_user_tries_an_operation_from_the_page(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/api/docs")
    operation = page.locator("#operations-Customers-create_customer_card")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("textbox").last.fill('{"name": "Acme", "currency": "EUR"}')
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response .response-col_status")).to_have_text("201")
