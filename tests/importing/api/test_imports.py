"""Imports over the API: a file on its way from a program to cards, and back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.models import Customer
from linecard.importing.models import Upload, UploadPiece
from tests.conftest import ApiClient, MakeCustomer
from tests.importing.api.uploads import CARRIERS, HOW, checked, file_of, send_file, send_form, work

pytestmark = pytest.mark.django_db

ApiOf = Callable[..., ApiClient]


@pytest.fixture
def api(staff: User, api_of: ApiOf) -> ApiClient:
    return api_of(staff)


def names() -> list[str]:
    return sorted(Customer.objects.filter(archived_at=None).values_list("name", flat=True))


def counts(told: dict[str, Any]) -> dict[str, Any]:
    wanted = "state progress rows good bad creates applied undone left_alone"
    return {name: told[name] for name in wanted.split()}


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.content
    return {error["field"]: error["message"] for error in response.json()["errors"]}


def test_a_file_that_is_sent_is_looked_at_and_changes_nothing(api: ApiClient) -> None:
    response = send_file(api)
    assert response.status_code == 201
    told = response.json()
    upload = Upload.objects.get()
    assert response["Location"] == f"/api/v1/imports/{upload.pk}"
    assert told["sample"] == [
        ["Operator", "Prepaid", "Phone"],
        ["Acme", "10.00", "+442079460001"],
        ["Birch", "-x", ""],
        ["Cedar", "", ""],
    ]
    assert told["sniffed"] == {
        "kind": "delimited",
        "encoding": "utf-8",
        "delimiter": ",",
        "start_row": 2,
        "heading_row": 1,
        "headings": ["Operator", "Prepaid", "Phone"],
        "columns": 3,
        "mapping": {"1": "name", "3": "contact_phone"},
        "sheets": [],
        "sheet": None,
        "remembered": None,
    }
    assert (told["id"], told["target"], told["file_name"]) == (upload.pk, "customers", "carriers.csv")
    assert (told["size"], told["made_by"], told["finished_at"]) == (len(CARRIERS), "Stella Staff", None)
    assert counts(told) == {
        "state": "uploaded",
        "progress": 0,
        **dict.fromkeys(("rows", "good", "bad", "creates", "applied", "undone", "left_alone"), 0),
    }
    assert names() == []
    assert api.get(f"imports/{upload.pk}").json() == {
        name: value for name, value in told.items() if name != "sample"
    }


def test_rows_are_checked_written_and_taken_back(api: ApiClient) -> None:
    upload_id = checked(api)
    told = api.get(f"imports/{upload_id}").json()
    assert counts(told) == {
        "state": "checked",
        "progress": 100,
        "rows": 3,
        "good": 2,
        "bad": 1,
        "creates": 2,
        "applied": 0,
        "undone": 0,
        "left_alone": 0,
    }
    assert names() == []

    accepted = api.post(f"imports/{upload_id}/apply", {"rows": "good"})
    assert (accepted.status_code, accepted.json()["state"]) == (202, "applying")
    work(upload_id)
    told = api.get(f"jobs/{upload_id}").json()
    assert (told["kind"], told["state"], told["progress"], told["applied"]) == ("import", "applied", 100, 2)
    assert names() == ["Acme", "Cedar"]
    acme = Customer.objects.get(name="Acme")
    assert (acme.currency, acme.debit_limit_micros) == ("EUR", 10_000_000)
    assert (
        f"(upload {upload_id})" in AuditEntry.objects.get(subject_id=acme.pk, action="customer.created").note
    )

    accepted = api.post(f"imports/{upload_id}/undo")
    assert (accepted.status_code, accepted.json()["state"]) == (202, "undoing")
    work(upload_id)
    told = api.get(f"imports/{upload_id}").json()
    assert (told["state"], told["applied"], told["undone"], told["left_alone"]) == ("undone", 2, 2, 0)
    assert names() == []


def test_what_was_changed_since_is_left_alone_and_listed(api: ApiClient, by: Any) -> None:
    upload_id = checked(api)
    api.post(f"imports/{upload_id}/apply", {"rows": "good"})
    work(upload_id)
    cedar = Customer.objects.get(name="Cedar")
    actions.update_customer(customer_id=cedar.pk, values={"channels": 3}, by=by)
    api.post(f"imports/{upload_id}/undo")
    work(upload_id)
    assert names() == ["Cedar"]
    left = api.get(f"imports/{upload_id}/left-alone").json()
    assert left["total"] == 1
    (row,) = left["results"]
    assert (row["row"], row["id"], row["label"]) == (4, cedar.pk, "Cedar")
    assert row["reason"]
    assert api.get(f"imports/{upload_id}/left-alone?offset=1").json() == {"results": [], "total": 1}


def test_what_is_wrong_is_told_by_row_and_column(api: ApiClient) -> None:
    upload_id = checked(api, b"Operator,Prepaid\nAcme,1e5\nACME,5\nBirch,-x\n")
    told = api.get(f"imports/{upload_id}/errors").json()
    places = [tuple(row[name] for name in ("row", "column", "field", "value")) for row in told["results"]]
    assert told["total"] == 3
    assert places == [(2, 2, "debit_limit", "1e5"), (3, 1, "name", "ACME"), (4, 2, "debit_limit", "-x")]
    assert told["results"][0]["message"].startswith("Scientific notation: ")
    assert told["results"][1]["message"] == "Row 2 has this Name already; the first one is kept."
    part = api.get(f"imports/{upload_id}/errors?limit=1&offset=2").json()
    assert part == {"results": told["results"][2:], "total": 3}


def test_bad_rows_come_back_as_a_file_that_can_be_mended_and_sent_alone(api: ApiClient) -> None:
    content = "Opérateur;Prépayé;Note\nAcme;5.00;\nBirch;-x;=1+1\nCedar;y;\n".encode("cp1252")
    upload_id = checked(api, content, {**HOW, "mapping": {"1": "name", "2": "debit_limit"}})
    response = api.get(f"imports/{upload_id}/errors.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="carriers.bad-rows.csv"'
    text = response.getvalue().decode("utf-8-sig")
    lines = text.split("\r\n")
    assert lines[0] == "Opérateur;Prépayé;Note;Reason"
    assert lines[1].startswith("Birch;'-x;'=1+1;Debit limit: ")
    assert lines[2].startswith("Cedar;y;;Debit limit: ")
    assert lines[3:] == [""]

    mended = text.replace("'-x", "7.00").encode("utf-8-sig")
    proposed = send_file(api, mended).json()["sniffed"]
    assert proposed["mapping"] == {"1": "name", "2": "debit_limit"}
    assert proposed["remembered"]["file_name"] == "carriers.csv"
    again = checked(api, mended)
    assert counts(api.get(f"imports/{again}").json())["good"] == 1
    once_more = api.get(f"imports/{again}/errors.csv").getvalue().decode("utf-8-sig").split("\r\n")
    assert (once_more[0], once_more[1]) == (lines[0], lines[2])


def test_all_rows_or_none(api: ApiClient) -> None:
    upload_id = checked(api)
    refused = api.post(f"imports/{upload_id}/apply")
    assert refused.status_code == 409
    assert "Mend the file, or upload the good rows only." in refused.json()["detail"]
    assert api.get(f"imports/{upload_id}").json()["state"] == "checked"
    assert names() == []


def test_rows_can_change_what_is_there(api: ApiClient, make_customer: MakeCustomer) -> None:
    make_customer("Acme", debit_limit="1.00")
    upload_id = checked(
        api, b"Operator,Prepaid\nacme,25.00\nBirch,5.00\n", {**HOW, "mode": "upsert", "key": "name"}
    )
    told = api.get(f"imports/{upload_id}").json()
    assert (told["good"], told["bad"], told["creates"]) == (2, 0, 1)
    assert told["plan"]["key"] == "name"
    api.post(f"imports/{upload_id}/apply", {"rows": "all", "after_crash": "roll_back"})
    work(upload_id)
    limits = Customer.objects.order_by("pk").values_list("name_key", "debit_limit_micros")
    assert list(limits) == [("acme", 25_000_000), ("birch", 5_000_000)]


def test_a_plan_that_was_told_can_be_sent_back(api: ApiClient) -> None:
    upload_id = checked(api)
    plan = api.get(f"imports/{upload_id}").json()["plan"]
    assert api.post(f"imports/{upload_id}/check", plan).status_code == 202
    work(upload_id)
    assert api.get(f"imports/{upload_id}").json()["plan"] == plan


def test_values_for_the_whole_file_may_have_their_own_types(api: ApiClient) -> None:
    constants = {"currency": "EUR", "channels": 7, "approved_clis_only": True, "tags": ["north", "vip"]}
    upload_id = checked(api, b"Operator\nAcme\n", {"mapping": {"1": "name"}, "constants": constants})
    assert api.get(f"imports/{upload_id}/errors").json() == {"results": [], "total": 0}
    api.post(f"imports/{upload_id}/apply")
    work(upload_id)
    acme = Customer.objects.get()
    assert (acme.channels, acme.approved_clis_only, acme.tags) == (7, True, ["north", "vip"])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, {"currency"}),
        ({**HOW, "mapping": {"1": "name", "2": "name"}}, {"mapping.2"}),
        ({**HOW, "mapping": {"1": "name", "4": "tax"}}, {"mapping.4"}),
        ({**HOW, "mapping": {"1": "name", "3": "no_such"}}, {"mapping.3"}),
        ({**HOW, "constants": {"currency": "EUR", "no_such": "x"}}, {"constants.no_such"}),
        ({**HOW, "constants": {"currency": "EUR", "name": "x"}}, {"constants.name"}),
        ({**HOW, "start_row": 0}, {"start_row"}),
        ({**HOW, "start_rwo": 2}, {"start_rwo"}),
        ({**HOW, "delimiter": ":"}, {"delimiter"}),
        ({**HOW, "decimal": ",", "thousands": ","}, {"thousands"}),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_by_field(
    api: ApiClient, how: dict[str, Any], expected: set[str]
) -> None:
    upload_id = send_file(api).json()["id"]
    assert errors(api.post(f"imports/{upload_id}/check", how)).keys() == expected
    assert api.get(f"imports/{upload_id}").json()["state"] == "uploaded"


def test_a_column_is_named_by_its_number(api: ApiClient) -> None:
    upload_id = send_file(api).json()["id"]
    refused = api.post(f"imports/{upload_id}/check", {**HOW, "mapping": {"A": "name"}})
    assert [field.partition(".")[0] for field in errors(refused)] == ["mapping"]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.csv", "The file is empty."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "carriers.csv", "This is a PDF, not a table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(
    api: ApiClient, content: bytes, name: str, message: str
) -> None:
    told = errors(send_file(api, content, name))
    assert told.keys() == {"file"}
    assert told["file"].startswith(message)
    assert not Upload.objects.exists()
    assert not UploadPiece.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_not_kept(api: ApiClient, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 2**20
    told = errors(send_file(api, b"Operator\n" * 2**17))
    assert told == {"file": "The file is too large: at most 1 MB."}
    assert not UploadPiece.objects.exists()


def test_a_form_without_its_parts_is_refused_by_field(api: ApiClient) -> None:
    assert errors(send_form(api, {})) == {"file": "This is required.", "target": "This is required."}
    told = errors(send_form(api, {"file": file_of(b"a"), "target": "rates"}))
    assert told == {"target": "Must be one of customers."}
    told = errors(send_form(api, {"file": file_of(b"a"), "target": "customers", "mode": "x"}))
    assert told == {"mode": "There is no such field."}
    assert not Upload.objects.exists()


def test_a_file_sent_again_with_its_key_is_kept_once(api: ApiClient) -> None:
    key = {"Idempotency-Key": "carriers-1"}
    first = send_file(api, headers=key)
    again = send_file(api, boundary="y", headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert Upload.objects.count() == 1


def test_an_import_is_applied_once_with_its_key(api: ApiClient) -> None:
    upload_id = checked(api)
    key = {"Idempotency-Key": "apply-1"}
    for _ in range(2):
        assert api.post(f"imports/{upload_id}/apply", {"rows": "good"}, headers=key).status_code == 202
        work(upload_id)
    assert names() == ["Acme", "Cedar"]


def test_an_import_can_be_forgotten_until_something_is_written(api: ApiClient) -> None:
    upload_id = checked(api)
    assert api.delete(f"imports/{upload_id}").status_code == 204
    assert api.get(f"imports/{upload_id}").status_code == 404
    assert api.get(f"jobs/{upload_id}").status_code == 404
    assert not UploadPiece.objects.exists()

    upload_id = checked(api)
    api.post(f"imports/{upload_id}/apply", {"rows": "good"})
    work(upload_id)
    assert api.delete(f"imports/{upload_id}").status_code == 409


@pytest.mark.parametrize(("operation", "body"), [("apply", {"rows": "good"}), ("undo", None)])
def test_what_the_state_does_not_allow_is_refused(api: ApiClient, operation: str, body: Any) -> None:
    upload_id = send_file(api).json()["id"]
    response = api.post(f"imports/{upload_id}/{operation}", body)
    assert (response.status_code, response.json()["title"]) == (409, "Not possible now")


def test_the_list_has_the_newest_first_and_only_ones_own(
    api: ApiClient, api_of: ApiOf, north_user: User, south_user: User
) -> None:
    ours = send_file(api).json()["id"]
    north = send_file(api_of(north_user)).json()["id"]
    told = api.get("imports").json()
    assert ([row["id"] for row in told["results"]], told["total"]) == ([north, ours], 2)
    assert [row["id"] for row in api_of(north_user).get("imports").json()["results"]] == [north]
    assert api_of(south_user).get("imports").json() == {"results": [], "total": 0}
    assert [row["id"] for row in api.get("imports?limit=1&offset=1").json()["results"]] == [ours]


def test_a_reseller_s_rows_become_the_reseller_s_cards(
    api_of: ApiOf, north_user: User, north: Reseller
) -> None:
    api = api_of(north_user)
    upload_id = checked(api)
    api.post(f"imports/{upload_id}/apply", {"rows": "good"})
    work(upload_id)
    assert set(Customer.objects.values_list("reseller", flat=True)) == {north.pk}


def test_a_read_only_token_reads_imports_and_sends_none(api: ApiClient, api_of: ApiOf, staff: User) -> None:
    upload_id = checked(api)
    reader = api_of(staff, read_only=True)
    for path in ("", "/errors", "/errors.csv", "/left-alone"):
        assert reader.get(f"imports/{upload_id}{path}").status_code == 200
    assert send_file(reader).status_code == 403
    for path in ("check", "apply", "undo"):
        assert reader.post(f"imports/{upload_id}/{path}", {}).status_code == 403
    assert Upload.objects.count() == 1


def test_our_own_screens_send_small_files_with_their_csrf_token(staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    csrf = client.get("/account/").cookies["csrftoken"].value
    for headers, status in (({}, 403), ({"X-CSRFToken": csrf}, 201)):
        data = {"file": file_of(CARRIERS), "target": "customers"}
        assert client.post("/api/v1/imports", data, headers=headers).status_code == status
    assert Upload.objects.count() == 1


def test_a_job_that_is_not_there(api: ApiClient) -> None:
    for job_id in (987_654_321, 10**17):
        response = api.get(f"jobs/{job_id}")
        assert (response.status_code, response.json()["detail"]) == (404, "There is no such job.")
