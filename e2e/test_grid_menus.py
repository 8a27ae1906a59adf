"""The menus of a grid's rows and headers, by mouse, keyboard and finger."""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import axe
from e2e.test_customers_grid import header, open_customers, open_rows, shown, tick
from linecard.accounts.models import User
from linecard.customers.models import Customer
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


@pytest.fixture
def three(make_customer: MakeCustomer) -> Sequence[Customer]:
    """Three cards."""
    return [make_customer(name, channels=5) for name in ("Azure Voice", "Blue Telecom", "Crimson Mobile")]


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("gridcell").get_by_role("link", name=name)


def test_a_row_is_opened_from_its_menu(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    link(page, "Blue Telecom").click(button="right")
    menu = page.get_by_role("menu", name="Blue Telecom")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    axe(page)
    with page.context.expect_page() as opened:
        menu.get_by_role("menuitem", name="Open in a new tab").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Blue Telecom")
    expect(menu).to_be_hidden()
    link(page, "Blue Telecom").click(button="right")
    menu.get_by_role("menuitem", name="Open", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Blue Telecom")


def test_a_cell_and_a_row_are_copied(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_customers(page, "/customers/?columns=name,status,channels")
    row = page.get_by_role("row").filter(has_text="Azure Voice")
    row.get_by_role("gridcell", name="Active").click(button="right")
    page.get_by_role("menuitem", name="Copy the cell").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Active"
    row.get_by_role("gridcell", name="Active").click(button="right")
    page.get_by_role("menuitem", name="Copy the row").click()
    expect(page.get_by_text("Copied.")).to_have_count(2)
    assert page.evaluate("navigator.clipboard.readText()") == "Azure Voice\tActive\t5"


def test_the_text_of_a_cell_is_marked_like_any_other(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?columns=name,status,channels")
    box = page.get_by_role("gridcell", name="Active").first.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle)
    page.mouse.up()
    assert page.evaluate("getSelection().toString().trim()") == "Active"


def test_a_verb_works_on_the_row_or_on_what_is_selected(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    tick(page, "Azure Voice").click()
    link(page, "Blue Telecom").click(button="right")
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Blue Telecom")
    expect(page.get_by_role("dialog")).not_to_contain_text("Azure Voice")
    page.keyboard.press("Escape")
    tick(page, "Azure Voice").click()
    link(page, "Blue Telecom").click(button="right")
    expect(page.get_by_role("menuitem", name="Delete what is selected")).to_be_visible()


def test_the_menu_opens_by_keys_and_gives_the_focus_back(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    expect(shown(page)).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    cell = page.get_by_role("gridcell", name="Azure Voice", exact=True)
    expect(cell).to_be_focused()
    for key in ("Shift+F10", "ContextMenu"):
        page.keyboard.press(key)
        expect(page.get_by_role("menu", name="Azure Voice")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("menuitem", name="Open in a new tab")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu", name="Azure Voice")).to_be_hidden()
        expect(cell).to_be_focused()


def test_a_header_has_a_menu_too(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_rows(page)
    header(page, "Channels").click(button="right")
    menu = page.get_by_role("menu", name="Channels")
    axe(page)
    menu.get_by_role("menuitem", name="Hide").click()
    expect(header(page, "Channels")).to_have_count(0)
    header(page, "Name").click(button="right")
    page.get_by_role("menuitem", name="Sort downwards").click()
    expect(shown(page)).to_have_text(["Crimson Mobile", "Blue Telecom", "Azure Voice"])
    header(page, "Status").click(button="right")
    page.get_by_role("menuitem", name="Filter…").click()
    filters = page.get_by_role("complementary", name="Filters")
    expect(filters.get_by_role("group", name="Status")).to_be_visible()


DRAWN_ANEW = """(link) => {
    const row = link.closest("[role=row]");
    row.replaceWith(row.cloneNode(true));
}"""


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_a_finger_that_rests_opens_the_menu(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_rows(page)
    box = link(page, "Blue Telecom").evaluate("(link) => link.getBoundingClientRect().toJSON()")
    touch = page.context.new_cdp_session(page)
    at = {"x": box["x"] + 20, "y": box["y"] + 8}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    link(page, "Blue Telecom").evaluate(DRAWN_ANEW)
    expect(page.get_by_role("menu", name="Blue Telecom")).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_role("menu", name="Blue Telecom")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
