"""Changing many customers at once: by mouse and by keyboard, now and later, and back."""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import axe, every_screen, fits
from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.bulk_work.work import AT_ONCE, CardsWork
from linecard.customers.models import BulkWork, Customer, Meter
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


@pytest.fixture
def three(make_customer: MakeCustomer) -> Sequence[Customer]:
    """Two cards in euros and one in yen."""
    return [
        make_customer("Azure Voice", channels=30, tags=["gold"]),
        make_customer("Blue Telecom", channels=30),
        make_customer("Crimson Mobile", channels=5, currency="JPY"),
    ]


def open_dialog(page: Page) -> Locator:
    """Select everything, and ask for the bulk edit."""
    page.goto("/customers/")
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("button", name="Bulk edit", exact=True).click()
    return page.get_by_role("dialog", name="Bulk edit of")


def field(dialog: Locator, name: str) -> Locator:
    """The tick of a field."""
    return dialog.get_by_role("checkbox", name=name, exact=True)


def preview(dialog: Locator) -> Locator:
    """What would happen."""
    return dialog.get_by_role("region", name="What will change")


def channels() -> dict[str, int | None]:
    """The channels of every card, by its name."""
    return dict(Customer.objects.values_list("name", "channels"))


@every_screen
def test_what_will_change_is_shown_before_it_does(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    dialog = open_dialog(page)
    expect(dialog).to_contain_text("Bulk edit of 3 customers")
    expect(preview(dialog)).to_contain_text("Tick what is to change.")
    expect(dialog.get_by_role("button", name="Change", exact=True)).to_be_disabled()
    field(dialog, "Channels").check()
    page.keyboard.type("30")
    expect(preview(dialog)).to_contain_text("1 of 3 customers changes")
    expect(preview(dialog)).to_contain_text("2 are so already.")
    expect(preview(dialog).get_by_role("row", name="5 → 30 1")).to_be_visible()
    field(dialog, "Tags").check()
    page.keyboard.type("silver,")
    expect(preview(dialog)).to_contain_text("3 of 3 customers change")
    expect(preview(dialog).get_by_role("row", name="gold → gold, silver 1")).to_be_visible()
    axe(page)
    fits(page)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert channels() == {"Azure Voice": 30, "Blue Telecom": 30, "Crimson Mobile": 5}


def test_with_the_keyboard_alone_and_back(
    enter: Enter, staff: User, by: UserActor, three: Sequence[Customer]
) -> None:
    page = enter(staff)
    page.goto("/customers/")
    page.get_by_role("checkbox", name="Select all").press("Space")
    page.get_by_role("gridcell", name="Azure Voice").first.focus()
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Bulk edit of")
    expect(field(dialog, "Status")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field(dialog, "Channels")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Change 3 customers")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 customers changed.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("gridcell", name="60", exact=True)).to_have_count(3)
    actions.update_customer(customer_id=three[1].pk, values={"channels": 7}, by=by)
    page.get_by_role("button", name="Undo").press("Enter")
    left = "2 customers taken back, 1 left as they are."
    expect(page.get_by_text(left)).to_be_visible()
    assert channels() == {"Azure Voice": 30, "Blue Telecom": 7, "Crimson Mobile": 5}
    page.get_by_role("link", name="Show", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bulk edit of 3 customers")
    row = page.get_by_role("row").filter(has_text="Blue Telecom")
    expect(row).to_contain_text("Changed since, and left as it is: Channels.")
    axe(page)


def test_a_card_that_cannot_take_it_is_refused(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    dialog = open_dialog(page)
    dialog.get_by_text("More fields").click()
    field(dialog, "Debit limit").check()
    page.keyboard.press("Control+a")
    page.keyboard.type("12.50")
    expect(preview(dialog)).to_contain_text("1 refused: Debit limit: JPY has no decimals.")
    dialog.get_by_role("button", name="Change 2 customers").click()
    expect(page.get_by_text("2 customers changed, 1 refused.")).to_be_visible()
    limits = dict(Customer.objects.values_list("name", "debit_limit_micros"))
    assert limits == {"Azure Voice": 12_500_000, "Blue Telecom": 12_500_000, "Crimson Mobile": 0}


def test_later_is_listed_in_the_delay_log(enter: Enter, staff: User, three: Sequence[Customer]) -> None:
    page = enter(staff)
    dialog = open_dialog(page)
    field(dialog, "Status").check()
    dialog.get_by_label("Inactive").check()
    dialog.get_by_label("Later").check()
    dialog.get_by_label("4 h").check()
    dialog.get_by_role("button", name="Plan for 3 customers").click()
    page.get_by_role("link", name="Delay log").click()
    cell = page.get_by_role("gridcell").filter(has_text="Bulk edit of 3 customers")
    expect(cell).to_contain_text("Inactive")
    assert not Customer.objects.filter(status="inactive").exists()


def test_a_large_work_shows_how_far_it_is(enter: Enter, staff: User, by: UserActor) -> None:
    for number in range(AT_ONCE + 1):
        actions.create_customer(values={"name": f"Card {number}", "currency": "EUR"}, by=by)
    page = enter(staff)
    dialog = open_dialog(page)
    field(dialog, "Flow speed (CPS)").check()
    page.keyboard.type("9")
    dialog.get_by_role("button", name=f"Change {AT_ONCE + 1} customers").click()
    working = page.get_by_role("group", name="Work on many customers")
    expect(working).to_contain_text(f"Changing 0 of {AT_ONCE + 1} customers")
    expect(working.get_by_role("button", name="Stop and undo")).to_be_enabled()
    going = CardsWork(BulkWork.objects.get().pk)
    while going.advance():
        pass
    expect(page.get_by_text(f"{AT_ONCE + 1} customers changed.")).to_be_visible()
    expect(working).to_have_count(0)
    assert set(Customer.objects.values_list("cps", flat=True)) == {9}


def test_cards_with_live_calls_are_deleted_only_when_asked_again(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    Meter.objects.filter(customer=three[0]).update(live_calls=1)
    page = enter(staff)
    page.goto("/customers/")
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Delete 2 customers?")
    expect(question).to_contain_text("1: It has live calls.")
    question.get_by_role("button", name="Delete").click()
    expect(question).to_contain_text("Archive 1 customer all the same?")
    question.get_by_role("button", name="Leave them alone").click()
    expect(page.get_by_text("2 customers deleted, 1 refused.")).to_be_visible()
    assert list(Customer.objects.filter(archived_at=None)) == [three[0]]
