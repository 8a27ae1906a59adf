"""What surrounds every page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits, steady
from linecard.accounts.models import User

Enter = Callable[[User], Page]

BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def choose_colours(page: Page, name: str) -> None:
    page.get_by_label("Colours").click()
    page.get_by_role("button", name=name).click()


def test_colours_follow_the_choice_and_stay(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    body = page.locator("body")
    light = page.evaluate(BACKGROUND)
    choose_colours(page, "Dark")
    expect(body).not_to_have_css("background-color", light)
    dark = page.evaluate(BACKGROUND)
    axe(page)
    page.reload()
    expect(body).to_have_css("background-color", dark)
    choose_colours(page, "As the system")
    expect(body).to_have_css("background-color", light)
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_css("background-color", dark)
    page.emulate_media(color_scheme="light")
    choose_colours(page, "Light")
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_css("background-color", light)


def test_the_right_colours_are_there_before_the_page_has_run(
    enter: Enter, staff: User, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED")
    page = enter(staff)
    page.goto("/account/")
    choose_colours(page, "Dark")
    page.route("**/js/main*.js", lambda route: route.abort())  # only the blocking script in the head is left
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_menus_open_and_close_by_keyboard(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    button = page.get_by_label("You: Stella Staff")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Account")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()


def test_the_first_tab_stop_skips_to_the_content(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/account/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page’s content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@every_screen
def test_a_missing_page_says_so_in_the_same_look(enter: Enter, staff: User, complaints: Complaints) -> None:
    complaints.expect("status of 404")
    page = enter(staff)
    page.goto("/no-such-page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    axe(page)
    fits(page)


def test_times_are_shown_in_the_users_zone(enter: Enter, staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(time_zone="Asia/Tokyo")
    page = enter(staff)
    page.goto("/account/")
    page.evaluate(
        """async () => {
            const time = document.createElement("time");
            time.dateTime = "2026-01-31T15:30:00Z";
            time.dataset.moment = "absolute";
            document.querySelector("main").append(time);
            htmx.process(time);
            document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: time } }));
        }"""
    )
    expect(page.locator("main time[data-moment=absolute]")).to_have_text("1 Feb 2026, 00:30")


@pytest.mark.first_visit
@every_screen
def test_pages_do_not_jump_while_they_are_built(enter: Enter, staff: User) -> None:
    page = enter(staff)
    for path in ("/account/", "/gallery/", "/gallery/#config"):
        page.goto("about:blank")
        page.goto(path)
        steady(page)
