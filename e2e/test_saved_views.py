"""Saved views, and files of what is shown: on the Customers page, as on every other grid."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User
from linecard.customers.models import Customer
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


@pytest.fixture
def three(make_customer: MakeCustomer) -> Sequence[Customer]:
    """Three cards that differ in status and country."""
    return [
        make_customer("Azure Voice", status="inactive", debit_limit="1250.50", currency="USD"),
        make_customer("Blue Telecom", channels=30, country="FR"),
        make_customer("Crimson Mobile", status="inactive", country="FR"),
    ]


def open_page(page: Page, address: str = "/customers/") -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")


def names(page: Page) -> Locator:
    """The names in sight, each a link to its card."""
    return page.get_by_role("gridcell").get_by_role("link")


def menu(page: Page) -> Locator:
    return page.locator("[data-views-menu] > summary")


def verb(page: Page, name: str) -> Locator:
    return page.locator("[data-views-menu]").get_by_role("button", name=name)


def save_as(page: Page, name: str, *, shared: bool = False) -> None:
    menu(page).click()
    verb(page, "Save as").click()
    page.get_by_label("Name", exact=True).fill(name)
    if shared:
        page.get_by_label("Share it with my colleagues").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"“{name}” was saved.")).to_be_visible()


@every_screen
def test_a_view_is_saved_opened_and_told_when_it_changes(
    enter: Enter, staff: User, three: Sequence[Customer], complaints: Complaints
) -> None:
    page = enter(staff)
    open_page(page, "/customers/?status=inactive&sort=-name")
    expect(names(page)).to_have_text(["Crimson Mobile", "Azure Voice"])
    save_as(page, "Switched off")
    expect(menu(page)).to_contain_text("Switched off")
    expect(page).to_have_url(re.compile(r"/customers/\?view=\d+$"))
    page.get_by_role("searchbox").fill("azure")
    expect(names(page)).to_have_text(["Azure Voice"])
    expect(page.locator("[data-view-changed]")).to_be_visible()
    page.reload()
    expect(names(page)).to_have_text(["Azure Voice"])
    expect(page.locator("[data-view-changed]")).to_be_visible()
    menu(page).click()
    axe(page)
    fits(page)
    verb(page, "Back to").click()
    expect(names(page)).to_have_text(["Crimson Mobile", "Azure Voice"])
    expect(page.locator("[data-view-changed]")).to_be_hidden()
    menu(page).click()
    verb(page, "All customers").click()
    expect(names(page)).to_have_text(["Azure Voice", "Blue Telecom", "Crimson Mobile"])
    expect(page).to_have_url(re.compile(r"/customers/$"))


def test_a_default_opens_on_the_bare_address_and_can_be_left(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_page(page, "/customers/?status=inactive")
    save_as(page, "Off")
    menu(page).click()
    verb(page, "Always open with it").click()
    expect(page.get_by_text("This page now opens with it.")).to_be_visible()
    open_page(page)
    expect(menu(page)).to_contain_text("Off")
    expect(names(page)).to_have_text(["Azure Voice", "Crimson Mobile"])
    menu(page).click()
    verb(page, "All customers").click()
    expect(page).to_have_url(re.compile(r"view=none$"))
    page.reload()
    expect(names(page)).to_have_text(["Azure Voice", "Blue Telecom", "Crimson Mobile"])


def test_a_shared_view_opens_from_its_link_in_another_browser(
    enter: Enter, staff: User, admin: User, north_user: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_page(page, "/customers/?status=inactive&columns=name,country")
    save_as(page, "Off", shared=True)
    address = page.url
    other = enter(admin)
    open_page(other, address)
    expect(names(other)).to_have_text(["Azure Voice", "Crimson Mobile"])
    expect(menu(other)).to_contain_text("Off")
    expect(other.get_by_role("columnheader", name="Channels")).to_have_count(0)
    menu(other).click()
    expect(verb(other, "Off Stella Staff")).to_be_visible()
    stranger = enter(north_user)
    open_page(stranger, address)
    expect(stranger.get_by_text("nobody shares it with you")).to_be_visible()


def test_views_need_no_mouse(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_page(page, "/customers/?status=inactive")
    expect(names(page)).to_have_count(2)
    page.keyboard.press("v")
    expect(verb(page, "All customers")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(verb(page, "Save as")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("By hand")
    page.keyboard.press("Enter")
    expect(menu(page)).to_contain_text("By hand")
    menu(page).press("Enter")
    page.keyboard.press("End")
    verb(page, "Delete").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_text("“By hand” was deleted.")).to_be_visible()
    expect(menu(page)).to_contain_text("Views")
    expect(page).to_have_url(re.compile(r"/customers/\?status=inactive$"))


def taken(page: Page, kind: str) -> Path:
    """The file that the browser saves."""
    page.get_by_label("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    return Path(download.value.path())


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


@every_screen
def test_a_file_has_what_the_page_shows(
    enter: Enter, staff: User, three: Sequence[Customer], complaints: Complaints
) -> None:
    page = enter(staff)
    open_page(page, "/customers/?status=inactive&sort=-name&columns=name,debit_limit,country")
    expect(names(page)).to_have_text(["Crimson Mobile", "Azure Voice"])
    assert rows_of(taken(page, "CSV, to read")) == [
        ["Name", "Debit limit", "Country", "Currency"],
        ["Crimson Mobile", "0.00", "France", "EUR"],
        ["Azure Voice", "1250.50", "", "USD"],
    ]
    assert taken(page, "Excel workbook").read_bytes().startswith(b"PK")
    page.get_by_label("Export", exact=True).click()
    expect(page.get_by_text("All 2 customers shown")).to_be_visible()
    axe(page)
    fits(page)


def test_a_file_of_a_selection_has_nothing_else(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_page(page, "/customers/?columns=name")
    page.get_by_role("checkbox", name="Select all matching customers").check()
    page.get_by_role("checkbox", name="Select Blue Telecom", exact=True).uncheck()
    assert rows_of(taken(page, "CSV, for programs")) == [["name"], ["Azure Voice"], ["Crimson Mobile"]]
