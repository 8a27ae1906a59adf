"""Groups of rows, what they add up to, and pivots."""

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from e2e.test_customers_grid import header, open_customers, shown, tick
from linecard.accounts.models import Reseller, User
from linecard.customers.models import Customer
from linecard.kernel.clock import now
from linecard.kernel.names import name_key
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]

MANY = 1_500
GROUPED = "/customers/?groups=country,status&values=channels:sum,debit_limit:sum"

# what is in a group is not answered before it is let go
HOLD_A_GROUP = """() => {
    const [ask, free] = [window.fetch, new Promise((resolve) => { window.letGo = resolve; })];
    window.fetch = async (where, options) => {
        if (JSON.parse(options?.body ?? "{}").group_path?.length) await free;
        return ask(where, options);
    };
}"""
# by then the rows of a refresh would be here, if it did not wait
A_WHILE_LATER = (
    "async () => { for (let turn = 0; turn < 30; turn += 1) await (await fetch('/healthz')).text(); }"
)


@pytest.fixture
def six(make_customer: MakeCustomer) -> Sequence[Customer]:
    """Cards of two countries and of none, in two currencies."""
    return [
        make_customer("Azure Voice", country="FR", channels=10, debit_limit="1.50"),
        make_customer("Blue Telecom", country="FR", channels=20, debit_limit="2.25"),
        make_customer("Crimson Mobile", country="FR", status="inactive", currency="USD", debit_limit="10"),
        make_customer("Dark Fibre", country="ES", channels=5, currency="USD", debit_limit="-3"),
        make_customer("Echo Calls", country="ES"),
        make_customer("Far Lines"),
    ]


def row(page: Page, name: str) -> Locator:
    """The row of a group, or of a card."""
    return page.get_by_role("row").filter(has=page.get_by_role("gridcell", name=re.compile(f"^{name}")))


def toggle(page: Page, name: str) -> None:
    row(page, name).get_by_role("gridcell", name=re.compile(f"^{name}")).click()


def total(page: Page) -> Locator:
    return row(page, "Total")


def cells(found: Locator) -> Locator:
    return found.get_by_role("gridcell")


@every_screen
def test_groups_fit_every_screen(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, GROUPED)
    expect(row(page, "France")).to_be_visible()
    toggle(page, "France")
    expect(row(page, "Active")).to_be_visible()
    axe(page)
    fits(page)


def test_groups_open_by_levels_to_cards(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, GROUPED)
    rows = page.get_by_role("treegrid", name="customers").get_by_role("row")
    france = row(page, "France")
    expect(france).to_have_attribute("aria-level", "1")
    expect(france).to_have_attribute("aria-expanded", "false")
    expect(cells(france)).to_contain_text(["", "France3", "30", "3.75 EUR", "10.00 USD"])
    toggle(page, "France")
    expect(france).to_have_attribute("aria-expanded", "true")
    expect(row(page, "Active")).to_have_attribute("aria-level", "2")
    expect(row(page, "Inactive")).to_have_attribute("aria-expanded", "false")
    toggle(page, "Active")
    expect(shown(page)).to_have_text(["Azure Voice", "Blue Telecom"])
    expect(row(page, "Azure Voice")).to_have_attribute("aria-level", "3")
    expect(row(page, "Azure Voice")).not_to_have_attribute("aria-expanded", re.compile("."))
    expect(cells(row(page, "Blue Telecom"))).to_contain_text(["", "Blue Telecom", "20", "2.25 EUR", ""])
    page.get_by_role("button", name="Refresh").click()
    expect(shown(page)).to_have_text(["Azure Voice", "Blue Telecom"])
    toggle(page, "France")
    expect(shown(page)).to_have_count(0)
    expect(rows.filter(has_text="Active")).to_have_count(0)


def test_the_grand_total_is_per_currency(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, GROUPED)
    expect(cells(total(page))).to_contain_text(["", "Total 6", "35", "3.75 EUR", "7.00 USD"])
    page.get_by_label("Status", exact=True).select_option("Active")
    expect(cells(total(page))).to_contain_text(["", "Total 5", "35", "3.75 EUR", "-3.00 USD"])


def test_values_without_groups_stand_below_the_rows(
    enter: Enter, staff: User, six: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?columns=name,channels,debit_limit&values=channels:avg,debit_limit:sum")
    expect(header(page, "Channels (average)")).to_be_visible()
    expect(shown(page)).to_have_count(6)
    expect(cells(total(page))).to_contain_text(["", "Total 6", "11.67", "3.75 EUR"])
    expect(cells(total(page)).last).to_contain_text("7.00 USD")
    axe(page)


def test_a_link_that_groups_by_what_it_cannot_is_mended_with_a_click(
    enter: Enter, staff: User, six: Sequence[Customer], complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    open_customers(page, "/customers/?groups=tags")
    expect(page.get_by_role("alert")).to_contain_text("Rows cannot be grouped by Tags.")
    page.get_by_role("button", name="Columns as at first").click()
    expect(shown(page)).to_have_count(6)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_group_without_a_value_opens_too(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?groups=country")
    toggle(page, "None")
    expect(shown(page)).to_have_text(["Far Lines"])
    row(page, "None").get_by_role("gridcell", name=re.compile("^None")).click(button="right")
    page.get_by_role("menuitem", name="Show only these").click()
    expect(page.get_by_role("treegrid")).to_have_count(0)
    expect(shown(page)).to_have_text(["Far Lines"])


def test_a_pivot_spreads_values_sideways(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?groups=country&values=channels:sum&pivot=status")
    expect(header(page, "Active").first).to_be_visible()
    expect(cells(row(page, "France"))).to_contain_text(["", "France3", "30", "–", "30"])
    expect(cells(total(page))).to_contain_text(["", "Total 6", "35", "–", "35"])
    toggle(page, "Spain")
    expect(cells(row(page, "Dark Fibre"))).to_contain_text(["", "Dark Fibre", "5", "", "5"])
    axe(page)


def test_a_pivot_by_a_reference_says_its_names(
    enter: Enter, staff: User, six: Sequence[Customer], north: Reseller
) -> None:
    Customer.objects.filter(pk__in=[six[0].pk, six[1].pk]).update(reseller=north)
    page = enter(staff)
    open_customers(page, "/customers/?groups=country&pivot=reseller")
    expect(header(page, "North")).to_be_visible()
    expect(cells(row(page, "France"))).to_contain_text(["", "France3", "2", "1", "3"])


def test_a_group_opens_though_other_rows_come_meanwhile(
    enter: Enter, staff: User, six: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, GROUPED)
    expect(row(page, "France")).to_be_visible()
    page.evaluate(HOLD_A_GROUP)
    toggle(page, "France")
    page.get_by_role("button", name="Refresh").click()
    page.evaluate(A_WHILE_LATER)
    page.evaluate("window.letGo()")
    expect(row(page, "Active")).to_be_visible()


def test_groups_are_walked_with_the_arrows(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?groups=country")
    expect(row(page, "France")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(shown(page)).to_have_text(["Azure Voice", "Blue Telecom", "Crimson Mobile"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(shown(page)).to_have_count(0)
    expect(row(page, "France")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(tick(page, "Blue Telecom")).to_be_checked()
    expect(page.get_by_text("3 selected")).to_be_visible()


def test_a_group_that_is_filtered_is_ticked_for_what_it_shows(
    enter: Enter, staff: User, six: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, '/customers/?groups=country&filter={"status":{"op":"in","value":["active"]}}')
    tick(page, "France: 2 customers").click()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row(page, "France")).to_have_count(0)
    page.get_by_title("Clear this filter").click()
    expect(tick(page, "France: 1 customer")).to_be_visible()


def test_groups_are_ticked_whole_and_in_part(enter: Enter, staff: User, six: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?groups=country,status")
    france, spain = tick(page, "France: 3 customers"), tick(page, "Spain: 2 customers")
    france.click()
    expect(page.get_by_text("3 selected")).to_be_visible()
    toggle(page, "France")
    expect(tick(page, "Active: 2 customers")).to_be_checked()
    toggle(page, "Active")
    tick(page, "Blue Telecom").click()
    expect(page.get_by_text("2 selected")).to_be_visible()
    expect(france).to_be_checked(indeterminate=True)
    expect(tick(page, "Active: 2 customers")).to_be_checked(indeterminate=True)
    expect(tick(page, "Inactive: 1 customer")).to_be_checked()
    row(page, "Spain").get_by_role("gridcell", name=re.compile("^Spain")).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("4 selected")).to_be_visible()
    expect(spain).to_be_checked()
    page.get_by_role("button", name="Bulk edit", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bulk edit of 4 customers")
    dialog.get_by_role("checkbox", name="Channels", exact=True).check()
    page.keyboard.type("77")
    dialog.get_by_role("button", name="Change 4 customers").click()
    expect(page.get_by_text("4 customers changed.")).to_be_visible()
    changed = Customer.objects.filter(channels=77).order_by("name_key").values_list("name", flat=True)
    assert list(changed) == ["Azure Voice", "Crimson Mobile", "Dark Fibre", "Echo Calls"]
    page.get_by_role("checkbox", name="Select all matching customers").check()
    spain.click()
    expect(page.get_by_text("4 selected")).to_be_visible()
    expect(spain).not_to_be_checked()
    expect(france).to_be_checked()
    spain.click()
    expect(page.get_by_text("6 selected")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    france.click()
    tick(page, "None: 1 customer").click(modifiers=["Shift"])  # France is open, Spain and None are not
    expect(page.get_by_text("6 selected")).to_be_visible()


def test_groups_sort_by_themselves_and_by_their_values(
    enter: Enter, staff: User, six: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?groups=country&values=channels:sum")
    names = page.get_by_role("gridcell", name=re.compile(r"^(None|France|Spain)"))
    expect(names).to_have_text(["France3", "Spain2", "None1"])
    header(page, "Country › Name").click()
    header(page, "Country › Name").click()
    expect(page).to_have_url(re.compile("sort=-country"))
    expect(names).to_have_text(["Spain2", "France3", "None1"])
    header(page, "Channels (sum)").click()
    expect(names).to_have_text(["Spain2", "France3", "None1"])


def test_a_large_group_is_loaded_as_it_comes_in_sight(
    enter: Enter, staff: User, north: Reseller, six: Sequence[Customer]
) -> None:
    moment = now()
    Customer.objects.bulk_create(
        (
            Customer(
                name=(name := f"Card {number:05}"),
                name_key=name_key(name),
                currency="EUR",
                country="JP",
                reseller=north,
                created_at=moment,
                updated_at=moment,
            )
            for number in range(MANY)
        ),
        batch_size=1000,
    )
    page = enter(staff)
    open_customers(page, "/customers/?groups=country")
    toggle(page, "Japan")
    tick(page, "Card 00002").click()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+End")
    tick(page, f"Card {MANY - 1:05}").click(modifiers=["Shift"])  # over a thousand that were never loaded
    expect(page.get_by_text(f"{MANY - 2:,} selected")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Home")
    expect(tick(page, "Card 00001")).not_to_be_checked()
    expect(tick(page, "Card 00003")).to_be_checked()
