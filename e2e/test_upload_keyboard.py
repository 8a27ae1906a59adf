"""Bulk upload without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from e2e.upload_steps import field, is_ready, send, work
from linecard.accounts.models import User
from linecard.customers.models import Customer

Enter = Callable[[User], Page]

MOST_STOPS = 60
PLAIN = "Report of today\nx,y,z\nEUR,Nordic,Oslo\nEUR,Baltic,Riga\n"


@pytest.fixture
def table(enter: Enter, staff: User) -> Page:
    """The mapping of a file whose headings say nothing, with the focus in its first row."""
    page = enter(staff)
    send(page, "plain.csv", PLAIN)
    tab_to(page, page.get_by_role("columnheader", name="A Not mapped"))
    return page


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_whole_upload_needs_no_mouse(enter: Enter, staff: User) -> None:
    page = enter(staff)
    file = FilePayload(name="plain.csv", mimeType="text/csv", buffer=PLAIN.encode())
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    page.goto("/customers/")
    press(page, "u")
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload customers")
    tab_to(page, page.locator("input[type=file]"))
    press(page, "Enter")
    is_ready(page)
    tab_to(page, page.get_by_role("columnheader", name="A Not mapped"))
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "s")
    expect(page.get_by_label("Start row")).to_have_value("3")
    press(page, "m")
    page.keyboard.type("curr")
    press(page, "Enter")
    expect(page.get_by_text("Column A is mapped to Currency.")).to_be_visible()
    press(page, "ArrowRight", "Shift+F10")
    expect(page.get_by_role("menuitem", name="Start row here")).to_be_focused()
    press(page, "ArrowDown", "Enter")
    page.keyboard.type("name")
    press(page, "Enter")
    expect(page.get_by_text("Column B is mapped to Name.")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Check"))
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Checking every row")).to_be_visible()
    work(page)
    tab_to(page, page.get_by_role("button", name="Upload to server"))
    press(page, "Enter", "Tab", "Enter")
    expect(page.get_by_role("heading", name="Uploading customers to the server")).to_be_visible()
    work(page)
    tab_to(page, page.get_by_role("link", name="Go to the customers"))
    press(page, "Enter")
    expect(page.get_by_text("2 customers", exact=True)).to_be_visible()
    assert list(Customer.objects.order_by("name").values_list("name", flat=True)) == ["Baltic", "Nordic"]


def test_the_arrows_stay_inside_the_table(table: Page) -> None:
    press(table, "ArrowUp")
    expect(table.get_by_role("columnheader", name="A Not mapped")).to_be_focused()
    press(table, "Control+End")
    expect(table.get_by_role("gridcell", name="Riga")).to_be_focused()
    press(table, "ArrowDown", "ArrowRight")
    expect(table.get_by_role("gridcell", name="Riga")).to_be_focused()
    press(table, "Home")
    expect(table.get_by_role("rowheader", name="4")).to_be_focused()
    press(table, "PageUp")
    expect(table.get_by_role("columnheader", name="Row")).to_be_focused()
    press(table, "End")
    expect(table.get_by_role("columnheader", name="C Not mapped")).to_be_focused()
    press(table, "Tab")
    assert table.evaluate("document.activeElement.closest('table')") is None
    press(table, "Shift+Tab")
    expect(table.get_by_role("columnheader", name="C Not mapped")).to_be_focused()


def test_escape_leaves_a_menu_and_gives_the_focus_back(table: Page) -> None:
    press(table, "ArrowDown", "ArrowDown", "ArrowDown")
    cell = table.get_by_role("gridcell", name="EUR").first
    press(table, "ContextMenu")
    expect(table.get_by_role("menu", name="Column A, row 3")).to_be_visible()
    press(table, "ArrowDown", "ArrowRight")
    expect(table.get_by_role("dialog", name="Map column A")).to_be_visible()
    press(table, "Escape")
    expect(cell).to_be_focused()
    press(table, "Enter", "Escape")
    expect(table.get_by_role("menu")).to_be_hidden()
    expect(cell).to_be_focused()
    expect(field(table, "Name")).to_have_value("")


def test_letters_are_verbs_in_the_table_alone(table: Page) -> None:
    table.get_by_label("Start row").focus()
    press(table, "m", "s")
    expect(table.get_by_role("dialog", name="Map column A")).to_have_count(0)
    press(table, "Enter")
    expect(table.get_by_role("grid")).to_be_visible()


def test_a_field_that_does_not_exist_is_not_found(table: Page) -> None:
    press(table, "m")
    table.keyboard.type("no such field")
    expect(table.get_by_text("No field is called that.")).to_be_visible()
    expect(table.get_by_role("listbox").get_by_role("option")).to_have_count(0)
    press(table, "Enter", "Escape")
    expect(table.get_by_role("columnheader", name="A Not mapped")).to_be_focused()
