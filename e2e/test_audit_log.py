"""The audit log, as somebody reads it who wants to know what happened; and one's own customers with one click."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.customers import actions
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


def open_log(page: Page) -> None:
    page.goto("/audit-log/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")


@every_screen
def test_reading_searching_and_taking_the_log_along(
    enter: Enter, admin: User, staff: User, make_customer: MakeCustomer, complaints: Complaints
) -> None:
    card = make_customer("Acme")
    make_customer("Birch")
    by = acting(staff, via="api", address="192.0.2.7")
    actions.update_customer(customer_id=card.pk, values={"channels": 7}, by=by)
    page = enter(admin)
    open_log(page)
    expect(page.get_by_role("gridcell", name="Customer updated")).to_be_visible()
    fits(page)
    axe(page)
    page.get_by_role("searchbox", name="Search entries").fill("acme updated")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()
    expect(page).to_have_url(re.compile(r"search=acme\+updated"))
    with page.expect_download() as download:
        page.get_by_label("Export").click()
        page.get_by_role("button", name="CSV, to read in a spreadsheet").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert ",Channels: No limit → 7," in text
    page.get_by_role("gridcell").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customer updated")
    expect(page.get_by_role("row", name="Channels")).to_contain_text("7")
    axe(page)
    page.get_by_role("link", name="Customer Acme").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Acme")


@every_screen
def test_what_changed_narrows_the_log(
    enter: Enter, admin: User, staff: User, make_customer: MakeCustomer
) -> None:
    card = make_customer("Acme", city="Oldenburg")
    actions.update_customer(customer_id=card.pk, values={"city": "Newcastle"}, by=acting(staff, via="form"))
    page = enter(admin)
    open_log(page)
    page.get_by_label("Days and changes").click()
    changes = page.get_by_label("Any part of a field or value that changed")
    changes.fill("castle")
    changes.press("Enter")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()
    fits(page)
    axe(page)
    page.reload()
    page.get_by_label("Days and changes").click()
    expect(changes).to_have_value("castle")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()
    changes.fill("")
    expect(page.get_by_text("1–1 of 1")).to_be_hidden()
    page.get_by_role("searchbox", name="Search entries").fill("olden newc")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()


def test_days_narrow_the_log(enter: Enter, admin: User, make_customer: MakeCustomer) -> None:
    make_customer("Acme")
    page = enter(admin)
    open_log(page)
    expect(page.get_by_role("gridcell", name="Customer Acme")).to_be_visible()
    page.get_by_label("Days and changes").click()
    page.get_by_label("Up to this day").fill("2001-01-31")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    expect(page).to_have_url(re.compile("2001-01-31T23:59:59.999Z"))
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.get_by_role("gridcell", name="Customer Acme")).to_be_visible()
    expect(page.get_by_label("Up to this day")).to_have_value("")


def test_my_customers_is_one_click(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    make_customer("Mine", account_manager=staff.pk)
    make_customer("Theirs")
    page = enter(staff)
    page.goto("/customers/")
    names = page.get_by_role("gridcell").get_by_role("link")
    expect(names).to_have_text(["Mine", "Theirs"])
    mine = page.get_by_role("button", name="My customers")
    mine.click()
    expect(names).to_have_text(["Mine"])
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(names).to_have_text(["Mine", "Theirs"])
    expect(mine).to_have_attribute("aria-pressed", "false")
