"""A file that is read in another way while its columns are mapped."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import axe, every_screen, fits, steady
from e2e.upload_steps import check, field, map_to, send
from linecard.accounts.models import User
from linecard.importing.models import Upload
from tests.importing.reading.workbooks import number, text, write_workbook

Enter = Callable[[User], Page]

# Read with commas it has one column only, which is what a wrong guess looks like.
MIXED = "Kunde;Ort;Kanäle\nNordic;Oslo;30\nBaltic;Riga;60\n"


def test_what_is_mapped_stays_where_the_headings_stay(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "mixed.csv", MIXED)
    map_to(page, "Name", "A – Kunde")
    map_to(page, "City", "B – Ort")
    page.get_by_label("Encoding").select_option("windows-1252")
    expect(page.get_by_text("The file was read again.")).to_be_visible()
    expect(page.get_by_role("gridcell", name="KanÃ¤le")).to_be_visible()
    expect(field(page, "Name")).to_have_value("1")
    expect(field(page, "City")).to_have_value("2")
    expect(page.get_by_label("Start row")).to_have_value("2")


def test_a_column_that_is_gone_is_let_go_of(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "mixed.csv", MIXED)
    map_to(page, "Name", "A – Kunde")
    page.get_by_label("Columns end with").select_option(",")
    expect(page.get_by_text("The columns have changed: Name must be mapped again.")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(field(page, "Name")).to_have_value("")


def test_what_is_recognised_then_is_proposed(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "english.csv", "Operator|City|Channels\nNordic|Oslo|30\nBaltic|Riga|60\n")
    expect(field(page, "Channels")).to_have_value("3")
    page.get_by_label("Columns end with").select_option(";")
    expect(page.get_by_text("must be mapped again.")).to_be_visible()
    page.get_by_label("Columns end with").select_option("|")
    expect(field(page, "Name")).to_have_value("1")
    expect(field(page, "Channels")).to_have_value("3")


def test_hundreds_of_columns_scroll_inside_the_table(enter: Enter, staff: User) -> None:
    page = enter(staff)
    headings = ",".join(["Operator", *(f"Attribute {number}" for number in range(2, 501))])
    row = ",".join(f"value {number}" for number in range(1, 501))
    send(page, "wide.csv", f"{headings}\n" + f"{row}\n" * 60)
    fits(page)
    page.get_by_role("columnheader", name="A Name").focus()
    page.keyboard.press("Control+End")
    expect(page.get_by_role("gridcell", name="value 500").last).to_be_focused()
    expect(page.get_by_role("columnheader", name="SF Not mapped")).to_be_in_viewport()
    expect(page.get_by_role("rowheader", name="20")).to_be_in_viewport()
    expect(page.get_by_text("The first 20 rows are shown; all of them are checked.")).to_be_visible()
    field(page, "City").focus()
    field(page, "City").select_option(label="SF – Attribute 500")
    expect(page.get_by_role("columnheader", name="SF City")).to_be_visible()


def test_a_column_moves_between_fields_in_the_panel_too(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "mixed.csv", MIXED)
    map_to(page, "Name", "A – Kunde")
    map_to(page, "City", "A – Kunde")
    expect(page.get_by_text("Column A is mapped to City. Name has no column now.")).to_be_visible()
    expect(field(page, "Name")).to_have_value("")
    axe(page)


def test_another_sheet_of_a_workbook_is_another_table(enter: Enter, staff: User, tmp_path: Path) -> None:
    sheets = {
        "Cover": {"A1": text("Report"), "A2": text("Made by hand")},
        "Carriers": {
            "A1": text("Operator"),
            "B1": text("Currency"),
            "C1": text("Channels"),
            "A2": text("Nordic"),
            "B2": text("EUR"),
            "C2": number("30"),
        },
    }
    page = enter(staff)
    send(page, "report.xlsx", write_workbook(tmp_path / "report.xlsx", sheets).read_bytes())
    expect(page.get_by_label("Encoding")).to_have_count(0)
    expect(page.get_by_label("Sheet")).to_have_value("Cover")
    page.get_by_label("Sheet").select_option("Carriers")
    expect(page.get_by_role("gridcell", name="Nordic")).to_be_visible()
    expect(page.get_by_label("Start row")).to_have_value("2")
    expect(field(page, "Name")).to_have_value("1")
    expect(field(page, "Currency")).to_have_value("2")
    check(page)
    assert list(Upload.objects.values_list("rows", "good")) == [(1, 1)]


def test_a_long_name_breaks_and_stays_inside_the_page(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, f"{'carriers_of_the_north_' * 11}.csv", MIXED)
    fits(page)
    page.goto("/uploads/")
    fits(page)


@pytest.mark.first_visit
@every_screen
def test_the_columns_do_not_jump_while_the_page_is_built(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "mixed.csv", "Operator,City,Channels\nNordic,Oslo,30\nBaltic,Riga,60\n")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_role("columnheader", name="A Name")).to_be_visible()
    steady(page)
