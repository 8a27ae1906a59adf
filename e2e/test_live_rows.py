"""Grids that follow what others change."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers import actions as customers
from linecard.customers.models import Customer
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]

WITHIN_MS = 1000  # of a change everybody sees it


def open_customers(page: Page, address: str = "/customers/") -> None:
    page.goto(address)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def shown(page: Page) -> Locator:
    return page.get_by_role("gridcell").get_by_role("link")


def edit(card: Customer, by: UserActor, **values: object) -> None:
    customers.update_customer(customer_id=card.pk, values=values, by=by)


def test_a_changed_value_appears_by_itself(
    enter: Enter, staff: User, by: UserActor, make_customer: MakeCustomer
) -> None:
    card = make_customer("Azure Voice", city="York")
    page = enter(staff)
    open_customers(page)
    expect(row(page, "Azure Voice").get_by_role("gridcell", name="Active")).to_be_visible()
    edit(card, by, status="inactive")
    expect(row(page, "Azure Voice").get_by_role("gridcell", name="Inactive")).to_be_visible(timeout=WITHIN_MS)
