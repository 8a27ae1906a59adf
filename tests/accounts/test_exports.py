"""Files of what grids show: who gets them, and that it is told who took what along."""

import csv
import io
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from tests.conftest import ApiClient, MakeCustomer

pytestmark = pytest.mark.django_db

ApiOf = Callable[..., ApiClient]
ClientOf = Callable[[User], Client]


def content(response: Any) -> bytes:
    assert response.status_code == HTTPStatus.OK, response.content
    return b"".join(response.streaming_content)


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))


def exported(client: Client, grid: str, **query: Any) -> Any:
    return client.post(f"/export/{grid}/", {"query": json.dumps({"format": "csv", **query})})


@pytest.fixture
def _cards(make_customer: MakeCustomer) -> None:
    make_customer("=Acme", channels=3, debit_limit="-5.00")
    make_customer("Birch", status="inactive", country="DE")


@pytest.mark.usefixtures("_cards")
def test_the_api_sends_a_file_named_for_its_day(api_of: ApiOf, staff: User) -> None:
    query = {"format": "csv", "columns": ["name", "status", "country", "debit_limit", "currency"]}
    response = api_of(staff).post("customers/export", query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="customers-20')
    assert lines(response) == [
        ["Name", "Status", "Country", "Debit limit", "Currency"],
        ["'=Acme", "Active", "", "-5.00", "EUR"],
        ["Birch", "Inactive", "Germany", "0.00", "EUR"],
    ]
    workbook = api_of(staff).post("customers/export", {"format": "xlsx"})
    assert workbook["Content-Type"].endswith("spreadsheetml.sheet")
    assert content(workbook).startswith(b"PK")


@pytest.mark.usefixtures("_cards")
def test_it_is_told_who_took_what_along(api_of: ApiOf, staff: User) -> None:
    query = {"format": "xlsx", "search": "birch", "filter": {"country": {"op": "equals", "value": "DE"}}}
    content(api_of(staff).post("customers/export", query))
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.subject_type, entry.subject_id) == ("user.exported", "user", staff.pk)
    assert (entry.user_name, entry.via) == ("Stella Staff", "api")
    assert entry.changes == {
        "grid": [None, "customers"],
        "rows": [None, 1],
        "format": [None, "xlsx"],
        "search": [None, "birch"],
        "filter": [None, {"country": {"op": "equals", "value": "DE"}}],
    }


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"format": "pdf"},
        {"format": "csv", "unknown": 1},
        {"format": "csv", "columns": ["vars"]},
        {"format": "csv", "selection": {"ids": [1], "search": "\0"}},
        {"format": "csv", "selection": {"ids": [1], "filter": {"name": {"op": "equals", "value": "\0"}}}},
    ],
)
def test_what_cannot_be_is_a_problem_and_leaves_no_trace(
    api_of: ApiOf, client_of: ClientOf, staff: User, query: dict[str, Any]
) -> None:
    api = api_of(staff)
    before = AuditEntry.objects.count()
    assert api.post("customers/export", query).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = client_of(staff).post("/export/customers/", {"query": json.dumps(query)})
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nothing was exported" in page.content.decode()
    assert AuditEntry.objects.count() == before


@pytest.mark.usefixtures("_cards")
@pytest.mark.parametrize(
    "query",
    [
        {"selection": {"ids": []}},
        {"filter": {"channels": {"op": "equals", "value": 2**63 - 1}}},
    ],
)
def test_a_file_of_nothing_has_headings_alone(api_of: ApiOf, staff: User, query: dict[str, Any]) -> None:
    answer = api_of(staff).post("customers/export", {"format": "csv", "columns": ["name"], **query})
    assert lines(answer) == [["Name"]]


@pytest.mark.usefixtures("_cards")
def test_a_file_is_only_reading_and_can_be_asked_for_again(api_of: ApiOf, staff: User) -> None:
    api = api_of(staff, read_only=True)
    query = {"format": "csv", "columns": ["name"]}
    for _ in range(2):
        response = api.post("customers/export", query, headers={"Idempotency-Key": "again"})
        assert lines(response) == [["Name"], ["'=Acme"], ["Birch"]]


@pytest.mark.usefixtures("_cards")
def test_a_resellers_user_gets_no_others_cards(
    api_of: ApiOf, north_user: User, north: Any, make_customer: MakeCustomer
) -> None:
    own = make_customer("Northern", reseller=north.pk)
    everything = {"selection": {"ids": [own.pk - 1, own.pk]}}
    for query in ({}, everything):
        response = api_of(north_user).post(
            "customers/export", {"format": "csv", "columns": ["name"], **query}
        )
        assert lines(response) == [["Name"], ["Northern"]]


def test_every_grid_gives_files_to_those_who_may_see_it(
    client_of: ClientOf, admin: User, staff: User, north_user: User
) -> None:
    for grid, first in {
        "users": ["admin", "nora", "staff"],
        "groups": ["Account manager", "Administrator", "Reseller"],
        "resellers": ["North"],
    }.items():
        assert [line[0] for line in lines(exported(client_of(admin), grid))][1:] == first
    assert len(lines(exported(client_of(admin), "audit"))) > 4
    for user in (staff, north_user):
        for grid in ("groups", "resellers", "audit"):
            assert exported(client_of(user), grid).status_code == HTTPStatus.FORBIDDEN
    assert exported(client_of(admin), "unheard-of").status_code == HTTPStatus.NOT_FOUND
    assert client_of(admin).get("/export/customers/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
