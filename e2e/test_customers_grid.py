"""The Customers page, as an operator lives in it."""

import json
import re
from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User
from linecard.customers.models import Customer
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]

MANY = 10_000
MILLION = 1_000_000
COPIES = """
    INSERT INTO customer
    SELECT copy.*
    FROM customer card, generate_series(1, %s) number, jsonb_populate_record(card, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('customer', 'id')),
        'name', 'Card ' || to_char(number, 'FM00000'),
        'name_key', 'card ' || to_char(number, 'FM00000')
    )) copy
"""


def open_customers(page: Page, address: str = "/customers/") -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")


def open_rows(page: Page, address: str = "/customers/") -> None:
    """Open the page and wait for rows: with them the columns take their widths, and headers their places."""
    open_customers(page, address)
    expect(shown(page).first).to_be_visible()


def shown(page: Page) -> Locator:
    """The names in sight, each a link to its card."""
    return page.get_by_role("gridcell").get_by_role("link")


def tick(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {name}", exact=True)


def header(page: Page, name: str) -> Locator:
    return page.get_by_role("columnheader", name=name)


def search(page: Page, text: str) -> None:
    page.get_by_role("searchbox").fill(text)


@pytest.fixture
def three(make_customer: MakeCustomer) -> Sequence[Customer]:
    """Three cards that differ in what the page sorts and filters by."""
    return [
        make_customer("Blue Telecom", channels=30, country="FR", tags=["gold", "eu"]),
        make_customer("Azure Voice", status="inactive", debit_limit="1250.50", currency="USD"),
        make_customer("Crimson Mobile", channels=0, status="pending_approval"),
    ]


@every_screen
def test_the_page_shows_cards_on_every_screen(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    expect(shown(page)).to_have_text(["Azure Voice", "Blue Telecom", "Crimson Mobile"])
    expect(page.get_by_role("gridcell", name="Pending approval")).to_be_visible()
    axe(page)
    fits(page)


def test_values_are_written_for_people(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    row = page.get_by_role("row").filter(has_text="Azure Voice")
    expect(row.get_by_role("gridcell", name="No limit")).to_have_count(2)
    expect(page.get_by_role("gridcell", name="1,250.50 USD")).to_be_visible()
    expect(page.get_by_role("gridcell", name="France")).to_be_visible()
    expect(page.get_by_role("gridcell", name=re.compile("just now|s ago$"))).to_have_count(3)


def test_a_header_sorts_and_the_address_keeps_it(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_rows(page)
    header(page, "Channels").click()
    expect(shown(page)).to_have_text(["Crimson Mobile", "Blue Telecom", "Azure Voice"])
    expect(header(page, "Channels")).to_have_attribute("aria-sort", "ascending")
    header(page, "Channels").click()
    expect(shown(page)).to_have_text(["Blue Telecom", "Crimson Mobile", "Azure Voice"])
    expect(page).to_have_url(re.compile(r"\?sort=-channels$"))
    page.reload()
    expect(shown(page)).to_have_text(["Blue Telecom", "Crimson Mobile", "Azure Voice"])
    page.go_back()
    expect(shown(page)).to_have_text(["Crimson Mobile", "Blue Telecom", "Azure Voice"])


def test_a_link_may_sort_by_what_is_not_shown(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?sort=-created_at&columns=name,cps,unheard-of")
    newest_first = ["Crimson Mobile", "Azure Voice", "Blue Telecom"]
    expect(shown(page)).to_have_text(newest_first)
    with page.expect_response("**/api/v1/customers/query") as answer:
        page.get_by_role("button", name="Refresh").click()
    assert [row["name"] for row in answer.value.json()["rows"]] == newest_first
    expect(page.get_by_role("columnheader")).to_have_count(3)


def test_the_search_finds_words_by_their_beginning(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("tele bl")
    expect(shown(page)).to_have_text(["Blue Telecom"])
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?search=tele\+bl$"))
    search(page, "nobody")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Clear the filters").click()
    expect(shown(page)).to_have_count(3)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_the_status_filter(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?status=archived")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    status = page.get_by_label("Status", exact=True)
    expect(status.get_by_role("option")).to_have_text(
        ["All", "Active", "Inactive", "Pending approval", "Archived"]
    )
    status.select_option("All")
    expect(shown(page)).to_have_count(3)
    for label, name in (("Inactive", "Azure Voice"), ("Pending approval", "Crimson Mobile")):
        status.select_option(label)
        expect(shown(page)).to_have_text([name])
    page.reload()
    expect(shown(page)).to_have_text(["Crimson Mobile"])
    expect(status).to_have_value("pending_approval")


def test_by_keyboard_from_search_to_card(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    expect(shown(page)).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+a")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    expect(page.get_by_text("3 selected")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Columns", exact=True)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(tick(page, "Blue Telecom")).to_be_checked()
    page.keyboard.press("Space")
    expect(tick(page, "Blue Telecom")).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Blue Telecom")


def test_a_name_is_a_link_that_opens_in_a_tab_of_its_own(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    link = page.get_by_role("link", name="Blue Telecom")
    expect(link).to_have_attribute("href", f"/customers/{three[0].pk}/")
    with page.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Blue Telecom")


def test_ticks_ranges_and_everything_that_matches(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    for letter in "abcde":
        make_customer(f"Card {letter}")
    page = enter(staff)
    open_customers(page)
    delete = page.get_by_role("button", name="Delete", exact=True)
    expect(delete).to_be_disabled()
    tick(page, "Card b").click()
    tick(page, "Card d").click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    expect(page.get_by_role("row", selected=True).get_by_role("link")).to_have_text(
        ["Card b", "Card c", "Card d"]
    )
    everything = page.get_by_role("checkbox", name="Select all matching customers")
    expect(everything).to_have_js_property("indeterminate", True)
    everything.click()
    tick(page, "Card a").click()
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_role("button", name="Refresh").click()
    expect(tick(page, "Card a")).not_to_be_checked()
    expect(tick(page, "Card e")).to_be_checked()
    axe(page)
    page.get_by_role("button", name="Select all 5").click()
    expect(page.get_by_text("5 selected")).to_be_visible()
    search(page, "card")
    expect(page.get_by_text("5 selected")).to_be_hidden()


def test_delete_asks_archives_and_can_be_undone(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    page.get_by_role("checkbox", name="Select all matching customers").click()
    tick(page, "Crimson Mobile").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Delete 2 customers?")
    expect(question).to_contain_text("Azure Voice, Blue Telecom.")
    axe(page)
    question.get_by_role("button", name="Cancel").click()
    expect(shown(page)).to_have_count(3)
    page.get_by_role("button", name="Delete", exact=True).click()
    question.get_by_role("button", name="Delete").click()
    expect(shown(page)).to_have_text(["Crimson Mobile"])
    expect(page.get_by_text("2 customers deleted.")).to_be_visible()
    assert Customer.objects.filter(archived_at=None).count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(shown(page)).to_have_count(3)
    assert Customer.objects.filter(archived_at=None).count() == 3


def test_an_archived_card_is_restored_from_its_own_list(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    Customer.objects.filter(pk=three[0].pk).update(archived_at=now())
    page = enter(staff)
    open_customers(page, "/customers/?status=archived")
    expect(shown(page)).to_have_text(["Blue Telecom"])
    tick(page, "Blue Telecom").click()
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("1 customer restored.")).to_be_visible()
    expect(shown(page)).to_have_count(0)
    page.get_by_label("Status", exact=True).select_option("All")
    expect(shown(page)).to_have_count(3)


def test_the_first_customer_is_easy_to_add(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    page = enter(staff)
    open_customers(page)
    expect(page.get_by_role("heading", name="No customers yet")).to_be_visible()
    axe(page)
    expect(page.get_by_role("link", name="Add a customer").last).to_have_attribute("href", "/customers/new/")
    make_customer("From elsewhere")
    page.get_by_role("button", name="Refresh").click()
    expect(shown(page)).to_have_text(["From elsewhere"])
    expect(page.get_by_role("heading", name="No customers yet")).to_be_hidden()


def test_what_fails_is_said_and_tried_again(
    enter: Enter, staff: User, three: Sequence[Customer], complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED|net::")
    page = enter(staff)
    # live, the grid may ask again by itself, sooner than Retry does
    page.route("**/live/", lambda route: route.abort())
    open_rows(page)
    # fails at once: before the component asks, some time after a click, for the rows of before
    page.evaluate("() => { window.reaching = fetch; window.fetch = () => Promise.reject(new TypeError()); }")
    header(page, "Channels").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    axe(page)
    page.evaluate("() => { window.fetch = window.reaching; }")
    page.get_by_role("button", name="Retry").click()
    expect(shown(page)).to_have_text(["Crimson Mobile", "Blue Telecom", "Azure Voice"])
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_broken_link_says_what_is_wrong_with_it(
    enter: Enter, staff: User, three: Sequence[Customer], complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    open_customers(page, '/customers/?filter={"colour":{"op":"equals","value":"red"}}')
    expect(page.get_by_role("alert")).to_contain_text("There is no column 'colour'.")
    page.get_by_role("alert").get_by_role("button", name="Clear the filters").click()
    expect(shown(page)).to_have_count(3)


def test_ten_thousand_customers_scroll(enter: Enter, staff: User, make_customer: MakeCustomer) -> None:
    make_customer("Card 00000")
    with connection.cursor() as cursor:
        cursor.execute(COPIES, [MANY - 1])
    page = enter(staff)
    open_customers(page)
    expect(page.get_by_text("10,000 customers")).to_be_visible()
    first = page.get_by_role("link", name="Card 00000")
    expect(first).to_be_visible()
    tick(page, "Card 00001").click()
    first.hover()
    page.mouse.wheel(0, 36 * 3)
    expect(page.get_by_role("link", name="Card 00004")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^4–\d+ of 10,000$"))).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+End")
    expect(page.get_by_role("link", name="Card 09999")).to_be_visible()
    expect(page.get_by_role("row", name="Card 09999").locator(":focus")).to_be_visible()
    assert page.context.pages[-1] == page  # going there opens no row
    page.keyboard.press("ControlOrMeta+Home")
    expect(tick(page, "Card 00001")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Card 00000")


def pretend_a_million(route: Route) -> None:
    """Answer as if there were a million cards like the first one, each named after its place."""
    asked = json.loads(route.request.post_data or "{}")
    offset, limit = asked.get("offset", 0), asked.get("limit", 100)
    answer = route.fetch(post_data={**asked, "offset": 0, "limit": 1, "known_total": None}).json()
    sample = answer["rows"][0]
    places = range(offset, min(offset + limit, MILLION))
    rows = [{**sample, "id": MILLION + place, "name": f"Place {place + 1}"} for place in places]
    totals = {**answer["totals"], "count": MILLION}
    route.fulfill(json={**answer, "rows": rows, "total": MILLION, "totals": totals})


def test_a_list_too_high_for_a_browser_says_where_one_is(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_rows(page)
    page.route("**/customers/query", pretend_a_million)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text(re.compile(r"^1–\d+ of 1,000,000$"))).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+End")
    expect(page.get_by_role("link", name="Place 1000000")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^999,9\d\d–1,000,000 of 1,000,000$"))).to_be_visible()
    page.keyboard.press("ControlOrMeta+Home")
    expect(page.get_by_text(re.compile(r"^1–\d+ of 1,000,000$"))).to_be_visible()


def test_the_way_back_from_a_card_leads_to_the_same_rows(
    enter: Enter, staff: User, make_customer: MakeCustomer
) -> None:
    for number in range(60):
        make_customer(f"Card {number:02}")
    page = enter(staff)
    open_customers(page)
    page.get_by_role("link", name="Card 00").hover()
    page.mouse.wheel(0, 36 * 20)
    place = page.get_by_text(re.compile(r"^21–\d+ of 60$"))
    expect(place).to_be_visible()
    page.get_by_role("link", name="Card 30").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Card 30")
    page.go_back()
    expect(place).to_be_visible()
    expect(page.get_by_role("link", name="Card 30")).to_be_visible()
