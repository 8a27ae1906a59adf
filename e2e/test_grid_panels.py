"""The panels beside a grid: columns, filters, and the chips above the rows."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from e2e.test_customers_grid import header, open_customers, open_rows, shown
from linecard.accounts.models import Reseller, User
from linecard.customers.models import Customer
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


@pytest.fixture
def four(make_customer: MakeCustomer, north: Reseller, staff: User) -> Sequence[Customer]:
    """Cards that every kind of filter can tell apart."""
    return [
        make_customer("Azure Voice", status="inactive", debit_limit="1250.50", currency="USD", tags=["gold"]),
        make_customer("Blue Telecom", channels=30, country="FR", tags=["gold", "eu"], reseller=north.pk),
        make_customer("Crimson Mobile", channels=0, country="ES", account_manager=staff.pk),
        make_customer("Dark Fibre", channels=120, country="FR", tax="7.7", email_verification=True),
    ]


def panel(page: Page, name: str) -> Locator:
    """The panel, opened."""
    page.get_by_role("button", name=name, exact=True).click()
    return page.get_by_role("complementary", name=name)


def one_filter(page: Page, name: str) -> Locator:
    """A column's filter in the open panel, unfolded."""
    found = (
        page.get_by_role("complementary", name="Filters")
        .locator("details")
        .filter(has=page.locator("summary").get_by_text(name, exact=True))
    )
    found.locator("summary").click()
    return found


def choice(found: Locator, label: str) -> Locator:
    """The box of one of a filter's values; its name ends with how many rows have it."""
    return found.get_by_role("checkbox", name=re.compile(f"^{label}"))


def chips(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Clear this filter: "))


def in_address(page: Page, name: str) -> Any:
    """A part of the view as the address has it; None where it says nothing of it."""
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def filters_in_address(page: Page) -> Any:
    return json.loads(in_address(page, "filter") or "{}")


@every_screen
def test_both_panels_open_close_and_fit(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    for name in ("Columns", "Filters"):
        opened = panel(page, name)
        expect(opened).to_be_visible()
        axe(page)
        fits(page)
        page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()


def test_a_column_is_ticked_in_and_out(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?columns=name,status")
    page.keyboard.press("c")
    columns = page.get_by_role("complementary", name="Columns")
    search = columns.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("tax")
    columns.get_by_role("checkbox", name="Tax").check()
    expect(page.get_by_role("gridcell", name="7.7 %")).to_be_visible()
    assert in_address(page, "columns") == "name,status,tax"
    search.fill("")
    columns.get_by_role("checkbox", name="Status").uncheck()
    expect(header(page, "Status")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("columnheader")).to_have_text(["", "Name", "Tax"], use_inner_text=True)


def test_the_last_column_cannot_be_hidden(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?columns=status")
    expect(panel(page, "Columns").get_by_role("checkbox", name="Status")).to_be_disabled()


def test_columns_move_by_keys_and_by_dragging(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?columns=name,status,country")
    columns = panel(page, "Columns")
    columns.get_by_role("checkbox", name="Country").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("columnheader")).to_have_text(
        ["", "Name", "Country", "Status"], use_inner_text=True
    )
    expect(columns.get_by_role("checkbox", name="Country")).to_be_focused()
    entries = columns.get_by_role("list", name="Columns").get_by_role("listitem")
    entries.filter(has_text="Status").drag_to(entries.filter(has_text="Country"))
    expect(page.get_by_role("columnheader")).to_have_text(
        ["", "Name", "Status", "Country"], use_inner_text=True
    )
    assert in_address(page, "columns") == "name,status,country"


def test_columns_are_dragged_into_groups_values_and_pivot(
    enter: Enter, staff: User, four: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    columns = panel(page, "Columns")

    def drag(name: str, zone: str) -> None:
        grip = columns.get_by_role("list", name="Columns").get_by_role("listitem").filter(has_text=name)
        grip.first.drag_to(columns.get_by_role("list", name=zone))

    drag("Country", "Row groups")
    expect(page.get_by_role("treegrid", name="customers")).to_be_visible()
    drag("Channels", "Values")
    expect(header(page, "Channels (sum)")).to_be_visible()
    columns.get_by_label("Value of Channels", exact=True).select_option("Maximum")
    expect(header(page, "Channels (maximum)")).to_be_visible()
    drag("Status", "Pivot")
    expect(header(page, "Pending approval")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Inactive")).to_be_visible()
    assert in_address(page, "groups") == "country"
    assert in_address(page, "values") == "channels:max"
    assert in_address(page, "pivot") == "status"
    drag("Tags", "Row groups")  # which nothing can be grouped by
    assert in_address(page, "groups") == "country"
    columns.get_by_role("button", name="As it was at first").click()
    expect(shown(page)).to_have_count(4)
    assert urlsplit(page.url).query == ""


def test_everything_can_be_done_without_a_mouse(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    page.keyboard.press("c")
    more = page.get_by_role("button", name="More for Country")
    more.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Group rows by this").press("Enter")
    expect(page.get_by_role("treegrid")).to_be_visible()
    page.get_by_role("button", name="More for Channels").press("Enter")
    page.get_by_role("menuitemcheckbox", name="Value: sum").press("Enter")
    expect(header(page, "Channels (sum)")).to_be_visible()
    page.get_by_role("button", name="More for Status").press("Enter")
    page.get_by_role("menuitem", name="Pivot by this").press("Enter")
    expect(page.get_by_role("columnheader", name="Inactive")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="No longer group by Country").press("Enter")
    expect(page.get_by_role("treegrid")).to_have_count(0)


def test_choices_show_how_many_and_filter_at_once(
    enter: Enter, staff: User, four: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    panel(page, "Filters")
    status = one_filter(page, "Status")
    expect(status.get_by_text("Active3")).to_be_visible()
    choice(status, "Active").check()
    expect(shown(page)).to_have_text(["Blue Telecom", "Crimson Mobile", "Dark Fibre"])
    country = one_filter(page, "Country")
    expect(country.get_by_role("checkbox")).to_have_count(2)
    country.get_by_label("Country: find").fill("jap")
    expect(choice(country, "Japan")).to_be_visible()
    country.get_by_label("Country: find").fill("")
    choice(country, "France").check()
    choice(country, "Spain").check()
    expect(shown(page)).to_have_text(["Blue Telecom", "Crimson Mobile", "Dark Fibre"])
    choice(status, "Active").uncheck()
    expect(chips(page)).to_have_text(["Country: France, Spain"])
    assert filters_in_address(page) == {"country": {"op": "in", "value": ["FR", "ES"]}}
    axe(page)


def test_numbers_amounts_and_percentages_by_range(
    enter: Enter, staff: User, four: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page)
    panel(page, "Filters")
    channels = one_filter(page, "Channels")
    channels.get_by_label("Channels: from").fill("30")
    expect(shown(page)).to_have_text(["Blue Telecom", "Dark Fibre"])
    channels.get_by_label("Channels: to").fill("100")
    expect(shown(page)).to_have_text(["Blue Telecom"])
    assert filters_in_address(page) == {"channels": {"op": "between", "value": [30, 100]}}
    channels.get_by_label("Channels: to").fill("many")
    expect(channels.get_by_role("alert")).to_have_text("Write a whole number, for example 30.")
    channels.get_by_label("Channels: comparison").select_option("is empty")
    expect(shown(page)).to_have_text(["Azure Voice"])
    chips(page).click()
    expect(shown(page)).to_have_count(4)
    limit = one_filter(page, "Debit limit")
    limit.get_by_label("Debit limit: from").fill("1250.50")
    expect(shown(page)).to_have_text(["Azure Voice"])
    expect(chips(page)).to_have_text(["Debit limit at least 1250.50"])


def test_texts_tags_and_yes_or_no(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    panel(page, "Filters")
    name = one_filter(page, "Name")
    name.get_by_label("Name: value").fill("e")
    expect(shown(page)).to_have_count(4)
    name.get_by_label("Name: comparison").select_option("starts with")
    name.get_by_label("Name: value").fill("blue")
    expect(shown(page)).to_have_text(["Blue Telecom"])
    chips(page).click()
    tags = one_filter(page, "Tags")
    tags.get_by_role("textbox", name="Tags: tags").fill("gold")
    page.keyboard.press("Enter")
    expect(shown(page)).to_have_text(["Azure Voice", "Blue Telecom"])
    tags.get_by_role("textbox", name="Tags: tags").fill("eu")
    page.keyboard.press("Enter")
    tags.get_by_label("Tags: comparison").select_option("has all of")
    tags.get_by_role("textbox", name="Tags: tags").fill("gold,eu")
    page.keyboard.press("Enter")
    expect(shown(page)).to_have_text(["Blue Telecom"])
    chips(page).click()
    verified = one_filter(page, "Email verification")
    verified.get_by_label("Email verification", exact=True).select_option("Yes")
    expect(shown(page)).to_have_text(["Dark Fibre"])
    expect(chips(page)).to_have_text(["Email verification: Yes"])


def test_references_are_looked_up_by_name(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_customers(page)
    panel(page, "Filters")
    reseller = one_filter(page, "Reseller")
    reseller.get_by_label("Reseller: find").fill("nor")
    choice(reseller, "North").check()
    expect(shown(page)).to_have_text(["Blue Telecom"])
    page.reload()
    expect(chips(page)).to_have_text(["Reseller: North"])
    expect(shown(page)).to_have_text(["Blue Telecom"])


def test_days_are_those_of_the_user(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    staff.time_zone = "America/New_York"
    staff.save(update_fields=["time_zone"])
    Customer.objects.filter(pk=four[0].pk).update(created_at="2026-03-08T04:59:59.999Z")
    Customer.objects.filter(pk=four[1].pk).update(created_at="2026-03-08T05:00:00Z")
    Customer.objects.filter(pk=four[2].pk).update(created_at="2026-03-09T03:59:59.999Z")
    Customer.objects.filter(pk=four[3].pk).update(created_at="2026-03-09T04:00:00Z")
    page = enter(staff)
    open_customers(page)
    panel(page, "Filters")
    created = one_filter(page, "Created")
    created.get_by_label("Created: from").fill("2026-03-08")  # the day on which the clocks go forward
    created.get_by_label("Created: to").fill("2026-03-08")
    expect(shown(page)).to_have_text(["Blue Telecom", "Crimson Mobile"])
    page.reload()
    panel(page, "Filters")
    expect(page.get_by_label("Created: from")).to_have_value("2026-03-08")
    expect(page.get_by_label("Created: to")).to_have_value("2026-03-08")


def test_one_click_clears_one_or_all(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    terms = {"country": {"op": "equals", "value": "FR"}, "channels": {"op": "gte", "value": 100}}
    open_customers(page, f"/customers/?filter={json.dumps(terms)}")
    expect(chips(page)).to_have_text(["Country: France", "Channels at least 100"])
    expect(shown(page)).to_have_text(["Dark Fibre"])
    page.get_by_role("button", name="Clear this filter: Channels at least 100").click()
    expect(shown(page)).to_have_text(["Blue Telecom", "Dark Fibre"])
    page.go_back()
    expect(shown(page)).to_have_text(["Dark Fibre"])
    page.get_by_role("button", name="Clear all", exact=True).click()
    expect(shown(page)).to_have_count(4)
    expect(chips(page)).to_have_count(0)


def test_the_panels_stay_in_reach_when_nothing_matches(
    enter: Enter, staff: User, four: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, '/customers/?filter={"channels":{"op":"gte","value":9000}}')
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    opened = panel(page, "Filters")
    opened.get_by_label("Channels: from").fill("100")
    expect(shown(page)).to_have_text(["Dark Fibre"])
    opened.get_by_role("button", name="Clear all filters").click()
    expect(shown(page)).to_have_count(4)


def test_the_status_preset_and_its_filter_never_contradict(
    enter: Enter, staff: User, four: Sequence[Customer]
) -> None:
    page = enter(staff)
    open_customers(page, "/customers/?status=active")
    panel(page, "Filters")
    choice(one_filter(page, "Status"), "Inactive").check()
    expect(shown(page)).to_have_text(["Azure Voice"])
    preset = page.get_by_label("Status", exact=True).first
    expect(preset).to_have_value("all")
    preset.select_option("Active")
    expect(shown(page)).to_have_count(3)
    expect(chips(page)).to_have_count(0)


def test_what_only_a_link_can_ask_is_told(
    enter: Enter, staff: User, four: Sequence[Customer], complaints: Complaints
) -> None:
    page = enter(staff)
    open_customers(page, '/customers/?filter={"channels":{"op":"gt","value":30}}')
    expect(shown(page)).to_have_text(["Dark Fibre"])
    panel(page, "Filters")
    expect(page.get_by_text("In force: Channels more than 30.")).to_be_visible()


def test_widths_and_pins_stand_in_the_address(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_rows(page, "/customers/?columns=name,status,country&widths=status:222")
    status = header(page, "Status")
    assert status.bounding_box()["width"] == 222  # type: ignore[index]
    box = status.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 49, box["y"] + 10, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("widths=status:272"))
    header(page, "Country").click(button="right")
    page.get_by_role("menuitem", name="Pin to the left").click()
    expect(page).to_have_url(re.compile("pins=name,country"))
    expect(page.get_by_role("columnheader")).to_have_text(
        ["", "Name", "Country", "Status"], use_inner_text=True
    )
    page.reload()
    expect(page.get_by_role("columnheader")).to_have_text(
        ["", "Name", "Country", "Status"], use_inner_text=True
    )
    assert header(page, "Status").bounding_box()["width"] == 272  # type: ignore[index]


def test_a_header_is_dragged_to_another_place(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_rows(page, "/customers/?columns=name,status,channels,country")
    header(page, "Country").drag_to(header(page, "Status"))
    expect(page).to_have_url(re.compile("columns=name,country,status,channels"))


def test_several_columns_sort_together(enter: Enter, staff: User, four: Sequence[Customer]) -> None:
    page = enter(staff)
    open_rows(page)
    header(page, "Country").click()
    header(page, "Channels").click(modifiers=["Shift"])
    header(page, "Channels").click(modifiers=["Shift"])
    expect(shown(page)).to_have_text(["Azure Voice", "Crimson Mobile", "Dark Fibre", "Blue Telecom"])
    assert in_address(page, "sort") == "country,-channels"
