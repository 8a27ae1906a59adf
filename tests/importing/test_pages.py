"""The pages of uploads: who may open them, what each state shows, and the pieces of a file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.importing.actions import UploadWork, apply_upload, check_upload, receive_file, undo_upload
from linecard.importing.models import Upload
from linecard.importing.showing import letter
from linecard.importing.storage import PIECE_BYTES
from linecard.importing.tables import uploads_grid
from linecard.importing.words import UploadState
from linecard.kernel.clock import write_moment
from tests.conftest import MakeCustomer

ClientOf = Callable[[User], Client]

# The session, its user, and how numbers are shown.
FRAME_QUERIES = 3

PLAN = {"start_row": 2, "mapping": {"1": "name", "2": "currency"}}
PLAIN = "Name,Currency\nNordic,EUR\nBaltic,EUR\nNordic,EUR\n"


def take(by: UserActor, text: str = PLAIN, name: str = "plain.csv") -> Upload:
    """An upload whose file has come."""
    return receive_file(target="customers", file_name=name, portions=[text.encode()], by=by)


def work(upload: Upload) -> None:
    """Do what was asked for."""
    doing = UploadWork(upload.pk)
    while doing.advance():
        pass
    upload.refresh_from_db()


def checked(by: UserActor, text: str = PLAIN) -> Upload:
    """An upload that was checked."""
    upload = take(by, text)
    check_upload(upload_id=upload.pk, plan=PLAN, by=by)
    work(upload)
    return upload


def applied(by: UserActor) -> Upload:
    """An upload whose good rows are on the server."""
    upload = checked(by)
    apply_upload(upload_id=upload.pk, rows="good", by=by)
    work(upload)
    return upload


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


def announce(browser: Client, **file: Any) -> Any:
    body = {"target": "customers", "file_name": "plain.csv", "size": len(PLAIN), **file}
    return browser.post("/uploads/new/", body, content_type="application/json")


def listed(browser: Client, address: str = "") -> list[dict[str, Any]]:
    """The first rows of the list of uploads."""
    rows: list[dict[str, Any]]
    rows = browser.get(f"/uploads/{address}").context["grid_declaration"]["first"]["rows"]
    return rows


def send_piece(browser: Client, address: str, content: bytes) -> Any:
    return browser.post(address, content, content_type="application/octet-stream")


GETS = ("", "mapping/", "progress/?of=checked", "bad-rows.csv")
POSTS = ("table/", "check/", "forget/", "discard/", "apply/", "undo/", "finish/", "abandon/", "pieces/0/")


@pytest.mark.parametrize("path", GETS)
def test_another_resellers_upload_is_not_there(
    path: str, north_user: User, south_user: User, client_of: ClientOf
) -> None:
    upload = checked(acting(north_user, via="form"))
    address = f"/uploads/{upload.pk}/{path}"
    assert client_of(north_user).get(address).status_code in (200, 204)
    assert client_of(south_user).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("path", POSTS)
def test_another_resellers_upload_cannot_be_changed(
    path: str, north_user: User, south_user: User, client_of: ClientOf
) -> None:
    upload = checked(acting(north_user, via="form"))
    before = Upload.objects.values().get(pk=upload.pk)
    answer = client_of(south_user).post(
        f"/uploads/{upload.pk}/{path}", b"", content_type="application/octet-stream"
    )
    assert answer.status_code == 404
    assert Upload.objects.values().get(pk=upload.pk) == before


def test_staff_see_all_uploads_and_a_resellers_users_their_own(
    by: UserActor, staff: User, north_user: User, south_user: User, client_of: ClientOf
) -> None:
    take(by, name="operator.csv")
    take(acting(north_user, via="form"), name="north.csv")
    seen = {
        user.username: [row["file_name"] for row in listed(client_of(user))]
        for user in (staff, north_user, south_user)
    }
    assert seen == {"staff": ["north.csv", "operator.csv"], "nora": ["north.csv"], "sam": []}


def test_the_list_tells_who_when_what_and_how_many(browser: Client, by: UserActor, staff: User) -> None:
    upload, untouched = applied(by), take(by, name="later.csv")
    newest, oldest = listed(browser)
    assert oldest == {
        "id": upload.pk,
        "file_name": "plain.csv",
        "state": "applied",
        "target": "customers",
        "rows": 3,
        "good": 2,
        "bad": 1,
        "applied": 2,
        "made_by": {"id": staff.pk, "name": "Stella Staff"},
        "made_at": write_moment(upload.made_at),
    }
    assert newest["id"] == untouched.pk
    assert [newest[name] for name in ("rows", "good", "bad", "applied")] == [None] * 4
    undo_upload(upload_id=upload.pk, by=by)
    work(upload)
    assert listed(browser)[1]["applied"] == 0


def test_the_list_is_searched_sorted_and_narrowed(browser: Client, by: UserActor, admin: User) -> None:
    checked(by)
    take(by, name="Carriers 2026.csv")
    take(acting(admin, via="form"), name="carriers 2025.csv")

    def found(address: str) -> list[str]:
        return [row["file_name"] for row in listed(browser, address)]

    assert sorted(found("?search=carr")) == ["Carriers 2026.csv", "carriers 2025.csv"]
    assert found("?search=stella+2026") == ["Carriers 2026.csv"]
    assert found("?sort=-rows&search=stella") == ["plain.csv", "Carriers 2026.csv"]
    assert found("?status=checked") == ["plain.csv"]
    assert found("?status=failed") == []
    answer = browser.post("/uploads/query/", {"search": "ada"}, content_type="application/json").json()
    assert (answer["total"], answer["rows"][0]["file_name"]) == (1, "carriers 2025.csv")


def test_every_column_of_the_list_can_be_sorted_and_filtered(browser: Client, by: UserActor) -> None:
    applied(by)
    for name, column in uploads_grid().columns.items():
        query = {"sort": [{"column": name}], "filter": {name: {"op": "not_empty"}}}
        answer = browser.post("/uploads/query/", query, content_type="application/json")
        assert (answer.status_code, answer.json()["total"]) == (200, 0 if name == "reseller" else 1), name
        if column.rules.groups:
            grouped = browser.post("/uploads/query/", {"group_by": [name]}, content_type="application/json")
            assert grouped.status_code == 200, name


def test_an_empty_list_teaches(browser: Client) -> None:
    page = browser.get("/uploads/").content.decode()
    assert "Nothing was uploaded yet" in page
    assert 'href="/uploads/new/?target=customers"' in page


def test_pieces_need_the_pages_token(staff: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    assert announce(browser).status_code == 403
    assert not Upload.objects.exists()


def test_a_file_comes_in_pieces_in_any_order(browser: Client) -> None:
    content = PLAIN.encode() + b"Filler,EUR\n" * 100_000
    addresses = announce(browser, size=len(content)).json()
    assert browser.post(addresses["finish"]).status_code == 409
    for number in (1, 0, 1):
        piece = content[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        assert send_piece(browser, f"{addresses['pieces']}{number}/", piece).status_code == 204
    answer = browser.post(addresses["finish"])
    upload = Upload.objects.get()
    assert answer.json() == {"url": f"/uploads/{upload.pk}/"}
    assert (upload.size, upload.state) == (len(content), UploadState.UPLOADED)
    # the answer was lost on its way, and the browser asks again
    assert browser.post(addresses["finish"]).json() == answer.json()


def test_a_piece_that_does_not_fit_is_refused(browser: Client) -> None:
    pieces = announce(browser).json()["pieces"]
    answer = send_piece(browser, f"{pieces}0/", b"too short")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "content", "message": "Piece 0 has 47 bytes; 9 came."}]
    assert send_piece(browser, f"{pieces}1/", b"").status_code == 422


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"size": 0}, "The file is empty."),
        ({"size": 2 * 1024**2 + 1}, "The file is too large: at most 2 MB."),
        ({"target": "planets"}, "Must be one of customers."),
    ],
)
def test_a_file_that_cannot_come_is_refused_at_once(
    browser: Client, settings: Settings, file: dict[str, Any], said: str
) -> None:
    settings.MAX_UPLOAD_BYTES = 2 * 1024**2
    answer = announce(browser, **file)
    assert answer.status_code == 422
    assert [error["message"] for error in answer.json()["errors"]] == [said]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("file", [{"size": "47"}, {"size": None}, {"colour": "red"}])
def test_an_announcement_is_read_strictly(browser: Client, file: dict[str, Any]) -> None:
    assert announce(browser, **file).status_code == 422


def test_a_cancelled_file_is_forgotten(browser: Client) -> None:
    addresses = announce(browser).json()
    assert browser.post(addresses["abandon"]).status_code == 204
    assert not Upload.objects.exists()


def test_uploads_into_nothing_known_have_no_page(browser: Client) -> None:
    assert browser.get("/uploads/new/?target=planets").status_code == 404
    assert browser.get("/uploads/new/").context["target"].name == "customers"


def test_the_table_is_read_as_the_form_says(browser: Client, by: UserActor) -> None:
    upload = take(by, "Operator;Currency\nNordic;EUR\n")
    sent = {"encoding": "utf-8", "delimiter": ",", "start_row": "2"}
    table = browser.post(f"/uploads/{upload.pk}/table/", sent).context["table"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Operator;Currency"],
        ["Nordic;EUR"],
    ]
    answer = browser.post(f"/uploads/{upload.pk}/table/", {**sent, "delimiter": ";"})
    assert (answer.context["proposed_start"], answer.context["proposed_mapping"]) == (
        2,
        '{"1": "name", "2": "currency"}',
    )


def test_a_format_that_there_is_not_is_read_as_the_usual_one(browser: Client, by: UserActor) -> None:
    upload = take(by)
    sent = {"encoding": "ebcdic", "delimiter": "x", "start_row": "2"}
    table = browser.post(f"/uploads/{upload.pk}/table/", sent).context["table"]
    assert [cell.text for cell in table.rows[0].cells] == ["Name", "Currency"]


def test_a_plan_that_is_refused_comes_back_as_it_was_sent(browser: Client, by: UserActor) -> None:
    upload = take(by)
    sent = {
        "encoding": "utf-8",
        "delimiter": ",",
        "start_row": "two",
        "mode": "upsert",
        "key": "name",
        "empty": "clear",
        "column_name": "9",
        "column_currency": "value",
        "value_currency": "EUR",
        "column_city": "value",
        "value_city": "x" * 1001,
    }
    answer = browser.post(f"/uploads/{upload.pk}/check/", sent)
    assert answer.status_code == 422
    lines = {line.name: line for line in answer.context["map_fields"]}
    assert (lines["name"].chosen, lines["name"].error) == ("9", "The file has columns 1 to 2.")
    assert (lines["currency"].chosen, lines["currency"].value, lines["currency"].error) == (
        "value",
        "EUR",
        "",
    )
    assert lines["city"].error == "At most 1,000 characters."
    assert answer.context["form"].errors == {"start_row": ["Must be a row from 1 to 1,000."]}
    assert answer.context["form"]["empty"].value() == "clear"
    upload.refresh_from_db()
    assert upload.state == UploadState.UPLOADED


def test_the_report_shows_the_rows_around_a_row(browser: Client, by: UserActor) -> None:
    rows = "".join(f"Carrier {number},EUR\n" for number in range(2, 252))
    upload = checked(by, f"Name,Currency\n{rows}")
    address = f"/uploads/{upload.pk}/"

    def window(query: str) -> tuple[int, int, str, str]:
        context = browser.get(f"{address}{query}").context
        shown = [row.number for row in context["table"].rows]
        return shown[0], shown[-1], context["previous_url"], context["next_url"]

    assert window("") == (1, 100, "", "?row=101#rows")
    assert window("?row=101") == (101, 200, "?row=1#rows", "?row=201#rows")
    assert window("?row=1,000") == (251, 251, "?row=250#rows", "")
    assert window("?row=x") == (1, 100, "", "?row=101#rows")


def test_bad_rows_are_shown_alone_with_their_reasons(browser: Client, by: UserActor) -> None:
    rows = "".join(f"Carrier {number},{'EUR' if number % 2 else 'ABC'}\n" for number in range(2, 402))
    upload = checked(by, f"Name,Currency\n{rows}")
    context = browser.get(f"/uploads/{upload.pk}/?bad=1&row=3").context
    shown = context["table"].rows
    assert [row.number for row in shown] == list(range(4, 204, 2))
    assert [reason.where for reason in shown[0].problems] == ["Column B, Currency"]
    assert [cell.is_bad for cell in shown[0].cells] == [False, True]
    assert context["next_url"] == "?bad=1&row=203#rows"
    assert context["previous_url"] == "?bad=1&row=2#rows"
    [reason] = context["reasons"]
    assert (reason["count"], reason["first_row"], reason["label"]) == (200, 2, "Currency")


def test_repeated_names_are_one_reason(browser: Client, by: UserActor) -> None:
    upload = checked(by, "Name,Currency\nA,EUR\nB,EUR\nA,EUR\nB,EUR\n")
    [reason] = browser.get(f"/uploads/{upload.pk}/").context["reasons"]
    assert reason["reason"] == "An earlier row has this Name already; the first one is kept."
    assert (reason["count"], reason["first_row"], reason["url"]) == (2, 4, "?bad=1&row=4#rows")


def test_reasons_that_differ_in_the_value_alone_are_one(
    browser: Client, by: UserActor, make_customer: MakeCustomer
) -> None:
    make_customer("Acme")
    make_customer("Birch")
    upload = checked(by, "Name,Currency\nAcme,EUR\nBirch,EUR\nCedar,ABC\nDelta,ABC\n")
    reasons = browser.get(f"/uploads/{upload.pk}/").context["reasons"]
    assert [(reason["reason"], reason["count"]) for reason in reasons] == [
        ("There is a customer named … already.", 2),
        ("'ABC' is not a currency of ISO 4217, such as EUR.", 2),
    ]


def test_progress_asks_for_a_new_page_once_the_state_is_another(browser: Client, by: UserActor) -> None:
    upload = take(by)
    check_upload(upload_id=upload.pk, plan={}, by=by)
    address = f"/uploads/{upload.pk}/progress/?of=checking"
    assert "0 percent." in browser.get(address).content.decode()
    work(upload)
    answer = browser.get(address)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_what_the_state_does_not_allow_is_said(browser: Client, by: UserActor) -> None:
    upload = take(by)
    for path in ("apply/", "undo/"):
        answer = browser.post(f"/uploads/{upload.pk}/{path}", follow=True)
        assert "This upload is uploaded; that is not possible now." in answer.content.decode()
    answer = browser.get(f"/uploads/{upload.pk}/bad-rows.csv", follow=True)
    assert "The file has not been checked yet." in answer.content.decode()


def test_all_rows_are_not_applied_while_some_are_bad(browser: Client, by: UserActor) -> None:
    upload = checked(by)
    page = browser.get(f"/uploads/{upload.pk}/").content.decode()
    assert "Make 2 customers, change 0, leave out 1 row." in page
    assert "not possible while 1 is bad" in page
    answer = browser.post(f"/uploads/{upload.pk}/apply/", {"rows": "all"}, follow=True)
    assert "1 row is bad." in answer.content.decode()
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED


def test_the_mapping_is_closed_once_rows_are_written(browser: Client, by: UserActor) -> None:
    upload = applied(by)
    answer = browser.get(f"/uploads/{upload.pk}/mapping/")
    assert (answer.status_code, answer["Location"]) == (302, f"/uploads/{upload.pk}/")


def test_the_result_tells_what_was_done_and_undone(browser: Client, by: UserActor) -> None:
    upload = applied(by)
    page = browser.get(f"/uploads/{upload.pk}/").content.decode()
    assert "2 customers written" in page
    assert "2 made, 0 changed, 1 row left out." in page
    undo_upload(upload_id=upload.pk, by=by)
    work(upload)
    page = browser.get(f"/uploads/{upload.pk}/").content.decode()
    assert "2 customers taken back." in page
    assert "Undo this upload" not in page


def test_a_failure_says_why_and_what_stays(browser: Client, by: UserActor) -> None:
    upload = checked(by)
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.FAILED, problem="Row 7 cannot be read.")
    page = browser.get(f"/uploads/{upload.pk}/").content.decode()
    assert "Row 7 cannot be read." in page
    assert "Nothing of it stays on the server." in page
    assert "Check it again" in page
    Upload.objects.filter(pk=upload.pk).update(applied=3, undone=1)
    page = browser.get(f"/uploads/{upload.pk}/").content.decode()
    assert "2 customers could not be taken back." in page
    assert "Check it again" not in page


def test_the_list_needs_the_same_few_queries_however_long_it_is(
    browser: Client, by: UserActor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        take(by, name=f"{number}.csv")
    with django_assert_num_queries(FRAME_QUERIES + 3):  # the saved views; how many; the page
        assert len(listed(browser)) == 3


def test_the_report_needs_few_queries(
    browser: Client, by: UserActor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    upload = checked(by)
    with django_assert_num_queries(FRAME_QUERIES + 6):
        browser.get(f"/uploads/{upload.pk}/")


@pytest.mark.parametrize(
    ("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")]
)
def test_columns_are_lettered_as_in_spreadsheets(number: int, name: str) -> None:
    assert letter(number) == name
