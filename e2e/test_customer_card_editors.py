"""Two people in two browsers edit one card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe
from linecard.accounts.models import User
from linecard.customers.models import Customer
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


@pytest.fixture
def other_page(elsewhere: Callable[[User], Page], admin: User) -> Page:
    """The administrator's page, in a browser of their own."""
    return elsewhere(admin)


def test_the_second_decides_field_by_field_and_loses_nothing(
    enter: Enter, other_page: Page, staff: User, make_customer: MakeCustomer, complaints: Complaints
) -> None:
    complaints.expect("status of 412")
    customer = make_customer("Acme", debit_limit="0.00")
    url = f"/customers/{customer.pk}/edit/"
    page = enter(staff)
    page.goto(url)
    other_page.goto(url)
    other_page.get_by_label("Debit limit").fill("50")
    other_page.get_by_label("Channels").fill("5")
    other_page.get_by_role("button", name="Save and continue").click()
    expect(other_page.get_by_text("Acme was saved.")).to_be_visible()

    page.get_by_label("Debit limit").fill("100")
    page.get_by_label("Flow speed").fill("9")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Not saved yet: this card was changed since you opened it.")).to_be_visible()
    expect(page.get_by_label("Debit limit")).to_have_value("100")
    expect(page.get_by_label("Flow speed")).to_have_value("9")
    expect(page.get_by_label("Channels")).to_have_value("5")
    clash = page.locator("[data-clash=debit_limit]")
    expect(clash).to_contain_text("Ada changed this to 50.00 EUR")
    expect(clash).to_contain_text("Yours: 100 EUR")
    axe(page)
    clash.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_label("Debit limit")).to_have_value("50.00")
    expect(page.get_by_label("Debit limit")).to_be_focused()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Acme was saved.")).to_be_visible()
    saved = Customer.objects.get()
    assert (saved.debit_limit_micros, saved.channels, saved.cps) == (50_000_000, 5, 9)


def test_news_come_while_one_still_types(
    enter: Enter, other_page: Page, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme")
    url = f"/customers/{customer.pk}/edit/"
    page = enter(staff)
    page.clock.install()
    page.goto(url)
    other_page.goto(url)
    other_page.get_by_label("Channels").fill("5")
    other_page.get_by_role("button", name="Save and stay").click()
    expect(other_page.get_by_text("Acme was saved.")).to_be_visible()
    page.get_by_label("Flow speed").fill("9")
    before = page.get_by_label("Flow speed").bounding_box()
    page.clock.fast_forward(16_000)
    expect(page.get_by_text("saved by somebody else while you edit it")).to_be_visible()
    expect(page.get_by_label("Flow speed")).to_be_focused()
    assert page.get_by_label("Flow speed").bounding_box() == before
    axe(page)
