"""Bulk upload from the file to the result, as operators do it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from e2e.upload_steps import (
    answer,
    check,
    choose,
    field,
    is_ready,
    map_to,
    send,
    upload_id,
    upload_to_server,
    work,
)
from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers.actions import update_customer
from linecard.customers.models import Customer
from linecard.importing.models import Upload
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]

CARRIERS = """\
Operator,Country,ISO,Dial code,Billing currency
A-Mobile,Abkhazia,GE,7,GEL
Aquafon,Abkhazia,GE,7,GEL
Etisalat,Afghanistan,AF,93,AFN
AQUAFON,Abkhazia,GE,7,GEL
Roshan,Afghanistan,AF,93,ABC
"""

# Three lines of titles, semicolons, umlauts, decimal commas.
KUNDEN = """\
Société Générale – Auszug
Stand 20.11.2026

Kunde;Ort;Rahmen
Müller Telefon;Köln;1.250,50
Weiß & Söhne;Düsseldorf;-20,00
Zahl verloren;Bonn;4,47912E+11
""".encode("windows-1252")


def names() -> list[str]:
    """The customers that are there, by name."""
    return list(Customer.objects.filter(archived_at=None).order_by("name").values_list("name", flat=True))


def expect_figures(page: Page, *figures: str) -> None:
    expect(page.locator(".figure dd")).to_have_text(figures)


def test_a_file_goes_through_by_mouse(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/customers/")
    page.get_by_role("link", name="Bulk upload").first.click()
    choose(page, "carriers.csv", CARRIERS)
    expect(page.get_by_text("These columns were recognised by their headings.")).to_be_visible()
    expect(page.get_by_role("columnheader", name="A Name")).to_be_visible()
    expect(page.get_by_role("columnheader", name="C Country")).to_be_visible()
    expect(field(page, "Currency")).to_have_value("5")
    check(page)
    expect_figures(page, "5", "3", "2")
    expect(page.get_by_role("cell", name="Wrong: AQUAFON")).to_be_visible()
    expect(
        page.get_by_text("Column A, Name Row 3 has this Name already; the first one is kept.")
    ).to_be_visible()
    assert Customer.objects.count() == 0
    upload_to_server(page)
    expect_figures(page, "3", "0", "2")
    assert names() == ["A-Mobile", "Aquafon", "Etisalat"]
    page.get_by_role("link", name="Go to the customers").click()
    expect(page.get_by_text("3 customers", exact=True)).to_be_visible()


def test_columns_and_start_row_are_chosen_with_the_right_mouse_button(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "plain.csv", "x,y\nEUR,Nordic\nEUR,Baltic\n")
    button = page.get_by_role("button", name="Check")
    expect(button).to_be_disabled()
    expect(page.get_by_text("Map a column to Name and Currency first")).to_be_visible()
    page.get_by_role("gridcell", name="Nordic").click(button="right")
    page.get_by_role("menuitem", name="Map column B").click()
    page.keyboard.type("nam")
    page.get_by_role("option", name="Name required").click()
    expect(page.get_by_text("Column B is mapped to Name.")).to_be_visible()
    page.get_by_role("columnheader", name="A Not mapped").click(button="right")
    page.get_by_role("menuitem", name="Map column A").click()
    page.get_by_role("option", name="Name column B").click()
    expect(page.get_by_text("Name moved from column B to column A.")).to_be_visible()
    expect(field(page, "Name")).to_have_value("1")
    page.get_by_role("gridcell", name="Nordic").click(button="right")
    page.get_by_role("menuitem", name="Start row here").click()
    expect(page.get_by_label("Start row")).to_have_value("2")
    page.get_by_role("columnheader", name="A Name").click(button="right")
    page.get_by_role("menuitem", name="Not mapped").click()
    expect(field(page, "Name")).to_have_value("")
    map_to(page, "Name", "B – y")
    map_to(page, "Currency", "A – x")
    expect(button).to_be_enabled()
    check(page)
    expect_figures(page, "2", "2", "0")


def test_a_file_of_an_older_program_is_read_as_it_was_meant(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "kunden.csv", KUNDEN)
    expect(page.get_by_label("Encoding")).to_have_value("windows-1252")
    expect(page.get_by_label("Columns end with")).to_have_value(";")
    expect(page.get_by_label("Start row")).to_have_value("5")
    map_to(page, "Name", "A – Kunde")
    map_to(page, "City", "B – Ort")
    map_to(page, "Debit limit", "C – Rahmen")
    field(page, "Currency").select_option("value")
    page.get_by_label("Currency for the whole file").fill("EUR")
    page.get_by_label("Decimal sign").select_option(",")
    page.get_by_label("Thousands sign").select_option(".")
    check(page)
    expect_figures(page, "3", "2", "1")
    expect(page.get_by_role("cell", name="Wrong: 4,47912E+11")).to_be_visible()
    expect(page.get_by_text("Column C, Debit limit Scientific notation")).to_be_visible()
    upload_to_server(page)
    written = Customer.objects.order_by("name").values_list("name", "city", "debit_limit_micros", "currency")
    assert list(written) == [
        ("Müller Telefon", "Köln", 1_250_500_000, "EUR"),
        ("Weiß & Söhne", "Düsseldorf", -20_000_000, "EUR"),
    ]


def test_bad_rows_are_downloaded_mended_and_uploaded_alone(enter: Enter, staff: User, tmp_path: Path) -> None:
    page = enter(staff)
    send(page, "carriers.csv", CARRIERS)
    check(page)
    page.get_by_label("Only bad rows").check()
    expect(page.get_by_role("heading", name="Bad rows")).to_be_visible()
    expect(page.locator(".is-bad")).to_have_count(2)
    expect(page.get_by_role("cell", name="A-Mobile")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Bad rows as CSV").click()
    assert download.value.suggested_filename == "carriers.bad-rows.csv"
    bad = tmp_path / "bad.csv"
    download.value.save_as(bad)
    text = bad.read_text("utf-8-sig")
    assert text.splitlines()[0] == "Operator,Country,ISO,Dial code,Billing currency,Reason"
    assert "Row 3 has this Name already" in text
    upload_to_server(page)
    send(page, "mended.csv", text.replace("AQUAFON", "Aquafon North").replace("ABC", "AFN"))
    check(page)
    expect_figures(page, "2", "2", "0")
    upload_to_server(page)
    assert names() == ["A-Mobile", "Aquafon", "Aquafon North", "Etisalat", "Roshan"]


def test_an_upload_is_undone_except_for_what_was_changed_since(
    enter: Enter, staff: User, by: UserActor, make_customer: MakeCustomer
) -> None:
    kept = make_customer("Etisalat", currency="AFN", city="Kabul")
    page = enter(staff)
    send(page, "cities.csv", "Name,Currency,City\nEtisalat,AFN,Herat\nNordic,EUR,Oslo\nBaltic,EUR,Riga\n")
    page.get_by_label("New and known rows").select_option("upsert")
    expect(page.get_by_label("Known by")).to_have_value("name")
    check(page)
    expect(page.get_by_text("Make 2 customers, change 1, leave out 0 rows.")).to_be_visible()
    upload_to_server(page)
    expect_figures(page, "2", "1", "0")
    baltic = Customer.objects.get(name="Baltic")
    update_customer(customer_id=baltic.pk, values={"city": "Tallinn"}, by=by)
    page.get_by_role("button", name="Undo this upload").click()
    answer(page, "Undo this upload?", "Undo this upload")
    expect(page.get_by_role("heading", name="Taking the upload back")).to_be_visible()
    work(page)
    expect(page.get_by_text("The upload was undone")).to_be_visible()
    expect_figures(page, "3", "2", "1")
    expect(page.locator(".left-entry").get_by_role("link", name="Baltic")).to_be_visible()
    kept.refresh_from_db()
    assert kept.city == "Kabul"
    assert names() == ["Baltic", "Etisalat"]


def test_a_running_upload_is_stopped_and_taken_back(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "carriers.csv", CARRIERS)
    check(page)
    page.get_by_label("Take everything back").check()
    page.get_by_role("button", name="Upload to server").click()
    answer(page, "Upload to server?", "Upload to server")
    expect(page.get_by_role("progressbar", name="Uploading customers to the server")).to_be_visible()
    expect(page.get_by_text("0 percent: 0 of 3 customers written.")).to_be_visible()
    page.get_by_role("button", name="Stop and take back").click()
    answer(page, "Stop and take back?", "Stop and take back")
    expect(page.get_by_role("heading", name="Taking the upload back")).to_be_visible()
    work(page)
    expect(page.get_by_text("The upload was undone")).to_be_visible()
    assert names() == []


def test_a_server_that_is_away_for_a_moment_is_told_of_once(
    enter: Enter, staff: User, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED|error: htmx:")
    page = enter(staff)
    send(page, "carriers.csv", CARRIERS)
    page.route("**/progress/*", lambda route: route.abort())
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
    expect(page.locator("[data-toast]")).to_have_count(0)
    page.unroute("**/progress/*")
    expect(page.get_by_role("alert")).to_be_hidden()
    work(page)
    expect(page.get_by_role("heading", name="Rows", exact=True)).to_be_visible()


def test_the_same_headings_are_mapped_as_last_time_until_that_is_forgotten(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "first.csv", "Betreiber,Geld,Kanäle\nNordic,EUR,30\n")
    map_to(page, "Name", "A – Betreiber")
    map_to(page, "Currency", "B – Geld")
    check(page)
    page.get_by_role("link", name="Change the mapping").click()
    expect(field(page, "Name")).to_have_value("1")
    send(page, "second.csv", "Betreiber,Geld,Kanäle\nBaltic,EUR,60\n")
    expect(page.get_by_text("remembered from first.csv")).to_be_visible()
    expect(field(page, "Currency")).to_have_value("2")
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("The remembered mapping is forgotten.")).to_be_visible()
    expect(field(page, "Currency")).to_have_value("")


def test_a_mapping_outlives_a_look_at_the_help_page(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "plain.csv", "x,y\nEUR,Nordic\n")
    page.get_by_role("gridcell", name="Nordic").click(button="right")
    page.get_by_role("menuitem", name="Start row here").click()
    map_to(page, "Name", "B – y")
    field(page, "Currency").select_option("value")
    page.get_by_label("Currency for the whole file").fill("EUR")
    page.get_by_role("link", name="Help for this page").click()
    expect(page.get_by_role("heading", name="Bulk upload", level=1)).to_be_visible()
    page.go_back()
    is_ready(page)
    expect(page.get_by_text("What you had chosen here was kept.")).to_be_visible()
    expect(page.get_by_label("Start row")).to_have_value("2")
    expect(field(page, "Name")).to_have_value("2")
    expect(page.get_by_label("Currency for the whole file")).to_have_value("EUR")
    check(page)
    page.get_by_role("link", name="Change the mapping").click()
    is_ready(page)
    expect(page.get_by_text("What you had chosen here was kept.")).to_have_count(0)
    expect(field(page, "Name")).to_have_value("2")


def test_what_is_refused_is_said_where_it_is_wrong(enter: Enter, staff: User, complaints: Complaints) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    send(page, "carriers.csv", CARRIERS)
    page.get_by_label("Start row").fill("0")
    page.get_by_label("Decimal sign").select_option(",")
    page.get_by_label("Thousands sign").select_option(",")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("The file was not checked. Please correct what is marked.")).to_be_visible()
    expect(page.get_by_label("Start row")).to_have_accessible_description("Must be a row from 1 to 1,000.")
    expect(page.get_by_text("Must differ from the decimal sign.")).to_be_visible()
    expect(field(page, "Name")).to_have_value("1")
    assert Upload.objects.get().state == "uploaded"
    axe(page)


def test_a_file_that_is_no_table_is_refused_in_words(
    enter: Enter, staff: User, complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    page = enter(staff)
    page.goto("/uploads/new/?target=customers")
    choose(page, "invoice.csv", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The file cannot be read")
    expect(alert).to_contain_text("PDF")
    axe(page)
    choose(page, "empty.csv", b"")
    expect(alert).to_contain_text("The file is empty.")
    choose(page, "carriers.csv", CARRIERS)
    expect(page.get_by_role("grid")).to_be_visible()
    assert Upload.objects.count() == 1


def test_a_lost_connection_is_said_and_only_the_rest_is_sent(
    enter: Enter, staff: User, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED|ERR_INTERNET_DISCONNECTED")
    page = enter(staff)
    page.clock.install()
    page.goto("/uploads/new/?target=customers")
    sent: list[str] = []
    page.on("requestfinished", lambda request: sent.append(request.url.partition("/pieces/")[2]))
    page.route("**/pieces/1/", lambda route: route.abort())
    rows = "".join(f"Carrier {number:06},EUR\n" for number in range(100_000))
    with page.expect_event("requestfailed"):
        choose(page, "long.csv", f"Name,Currency\n{rows}")
    for _ in range(3):
        with page.expect_event("requestfailed"):
            page.clock.fast_forward(4000)
    page.clock.fast_forward(4000)
    expect(page.get_by_role("alert")).to_contain_text("The upload was cut off")
    axe(page)
    page.unroute("**/pieces/1/")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("grid")).to_be_visible()
    assert [number for number in sent if number] == ["0/", "1/"]
    assert upload_id(page) == Upload.objects.get().pk


def test_a_dropped_file_is_taken_wherever_it_lands(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/uploads/new/?target=customers")
    data = page.evaluate_handle(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
            return data;
        }""",
        CARRIERS,
    )
    page.dispatch_event(".new-hints", "drop", {"dataTransfer": data})
    expect(page.get_by_role("grid")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("dropped.csv")


def test_a_file_can_be_discarded(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "carriers.csv", CARRIERS)
    page.get_by_role("button", name="Discard").click()
    answer(page, "Discard this file?", "Discard")
    expect(page.get_by_text("carriers.csv was discarded. Nothing was changed.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing was uploaded yet")).to_be_visible()
    axe(page)
    assert not Upload.objects.exists()


@every_screen
def test_every_step_is_clean_on_every_screen(enter: Enter, staff: User) -> None:
    page = enter(staff)
    page.goto("/uploads/new/?target=customers")
    _is_clean(page)
    send(page, "carriers.csv", CARRIERS)
    _is_clean(page)
    page.get_by_role("button", name="Menu of column B").click()
    expect(page.get_by_role("menu")).to_be_visible()
    _is_clean(page)
    page.get_by_role("menuitem", name="Map column B").click()
    expect(page.get_by_role("combobox", name="Field")).to_be_focused()
    _is_clean(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    _is_clean(page)
    work(page)
    expect(page.get_by_role("heading", name="Rows", exact=True)).to_be_visible()
    _is_clean(page)
    upload_to_server(page)
    _is_clean(page)
    page.goto("/uploads/")
    expect(page.get_by_role("link", name="carriers.csv")).to_be_visible()
    _is_clean(page)


def _is_clean(page: Page) -> None:
    axe(page)
    fits(page)


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_a_finger_that_rests_on_a_cell_opens_its_menu(enter: Enter, staff: User) -> None:
    page = enter(staff)
    send(page, "plain.csv", "x,y\nEUR,Nordic\n")
    cell = page.get_by_role("gridcell", name="Nordic").bounding_box()
    assert cell is not None
    touch = page.context.new_cdp_session(page)
    at = {"x": cell["x"] + 20, "y": cell["y"] + cell["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(page.get_by_role("menuitem", name="Start row here")).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.get_by_role("menuitem", name="Map column B").tap()
    page.get_by_role("option", name="Name").first.tap()
    expect(page.get_by_text("Column B is mapped to Name.")).to_be_visible()
