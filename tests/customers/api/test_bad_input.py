"""Whatever is sent, the answer is a clear problem and nothing changes."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.customers.fields import card_values
from linecard.customers.models import Customer
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]

MEGABYTE = 1_000_000
BEYOND_BIGINT = 2**63


@pytest.fixture
def api(api_of: ApiOf, staff: User) -> ApiClient:
    return api_of(staff)


@pytest.fixture
def card(make_customer: MakeCustomer) -> Iterator[Customer]:
    """A card that is as it was after every test here."""
    card = make_customer("Acme", channels=3, debit_limit="5.00")
    before = (card_values(Customer.objects.get()), 1, AuditEntry.objects.count())
    yield card
    after = (card_values(Customer.objects.get()), Customer.objects.get().version, AuditEntry.objects.count())
    assert after == before


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content[:500]
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert len(response.content) < 20_000  # a huge request must not make a huge answer
    return body


BAD_VALUES = [
    ({"name": "x" * MEGABYTE}, "name"),
    ({"vars": "#" * MEGABYTE}, "vars"),
    ({"name": "Ac\x00me"}, "name"),
    ({"name": "Ac\ud800me"}, "name"),
    ({"tags": ["a", "b\x00"]}, "tags.1"),
    ({"name": "<script>alert(1)</script>"}, "name"),
    ({"name": 7}, "name"),
    ({"name": None}, "name"),
    ({"name": ["Acme"]}, "name"),
    ({"channels": "3"}, "channels"),
    ({"channels": 3.5}, "channels"),
    ({"channels": True}, "channels"),
    ({"channels": 10**30}, "channels"),
    ({"channels": 1_000_001}, "channels"),
    ({"debit_limit": 5}, "debit_limit"),
    ({"debit_limit": 5.0}, "debit_limit"),
    ({"debit_limit": "5.001"}, "debit_limit"),
    ({"debit_limit": "1e3"}, "debit_limit"),
    ({"debit_limit": "9" * 40}, "debit_limit"),
    ({"debit_limit": "NaN"}, "debit_limit"),
    ({"minimum_payment": "-1.00"}, "minimum_payment"),
    ({"tax": "1000"}, "tax"),
    ({"tax": 1e300}, "tax"),
    ({"status": "ACTIVE"}, "status"),
    ({"currency": "EURO"}, "currency"),
    ({"country": "UK"}, "country"),
    ({"reseller": BEYOND_BIGINT}, "reseller"),
    ({"reseller": 987_654_321}, "reseller"),
    ({"reseller": "1"}, "reseller"),
    ({"account_manager": -1}, "account_manager"),
    ({"portal_access": {"balance": "yes"}}, "portal_access.balance"),
    ({"portal_access": {"everything": True}}, "portal_access.everything"),
    ({"portal_access": []}, "portal_access"),
    ({"tags": "a,b"}, "tags"),
    ({"tags": ["x"] * 51}, "tags"),
    ({"vars": "a = "}, "vars"),
    ({"invoice_schedule": "monthly:31"}, "invoice_schedule"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"paypal_email": "a@b"}, "paypal_email"),
    ({"approved_clis_only": 1}, "approved_clis_only"),
    ({"colour": "red"}, "colour"),
    ({"id": 7}, "id"),
    ({"balance": "100.00"}, "balance"),
    ({"archived_at": None}, "archived_at"),
    ({"x" * MEGABYTE: 1}, "x" * 200),
]


@pytest.mark.parametrize(("value", "field"), BAD_VALUES, ids=lambda value: str(value)[:40])
def test_a_wrong_value_is_told_at_its_field(
    api: ApiClient, card: Customer, value: dict[str, Any], field: str
) -> None:
    changed = problem(api.patch(f"customers/{card.pk}", value), HTTPStatus.UNPROCESSABLE_ENTITY)
    assert field in {error["field"] for error in changed["errors"]}
    made = api.post("customers", {"name": "New", "currency": "EUR", **value})
    told = problem(made, HTTPStatus.UNPROCESSABLE_ENTITY)["errors"]
    assert field in {error["field"] for error in told}
    assert all(error["message"] for error in told)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 422, "required"),
        (b"{", 400, "not valid JSON"),
        (b"name=Acme", 400, "not valid JSON"),
        (b'{"name": "a", "name": "b"}', 400, "twice"),
        (b'{"tax": NaN}', 400, "NaN"),
        (b'{"tax": 1e999}', 400, "too large"),
        (b'{"channels": ' + b"9" * 5000 + b"}", 400, "digits"),
        (b"[" * 100_000, 400, "nested"),
        (b'{"name": "\xff"}', 400, "UTF-8"),
        ('{"name": "Acme"}'.encode("utf-16"), 400, "UTF-8"),
        (b"[]", 422, "object"),
        (b"null", 422, "object"),
        (b'"Acme"', 422, "object"),
        (b" " * (2 * 1024 * 1024 + 1), 413, "smaller"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_no_object_is_told(
    api: ApiClient, card: Customer, body: bytes, status: int, words: str
) -> None:
    for response in (api.post("customers", body), api.patch(f"customers/{card.pk}", body)):
        assert words in json.dumps(problem(response, status))


@pytest.mark.parametrize("kind", ["text/plain", "", "application/jsonp", "text/json", "application/xml"])
def test_a_body_of_another_type_is_told(api: ApiClient, card: Customer, kind: str) -> None:
    body = b'{"channels": 9}'
    response = api.client.generic("PATCH", f"/api/v1/customers/{card.pk}", body, kind)
    assert "application/json" in problem(response, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "customers/0",
        "customers/-1",
        "customers/abc",
        "customers/1.5",
        "customers/987654321",
        f"customers/{BEYOND_BIGINT}",
        "customers/" + "9" * 5000,
        "customers/1/contacts/" + "9" * 30,
        "customers/%FF",
        "customers/1/unknown",
        f"pending-changes/{BEYOND_BIGINT}",
        "nothing",
    ],
)
def test_what_is_not_there_is_not_found(api: ApiClient, card: Customer, path: str) -> None:
    problem(api.get(path), HTTPStatus.NOT_FOUND)


def test_an_id_beyond_the_database_is_not_found_by_any_method(api: ApiClient, card: Customer) -> None:
    for path in (f"customers/{BEYOND_BIGINT}", f"customers/{card.pk}/notes/{BEYOND_BIGINT}"):
        for response in (api.get(path), api.delete(path), api.patch(path, {})):
            problem(response, HTTPStatus.NOT_FOUND)
    problem(api.post(f"customers/{BEYOND_BIGINT}/restore"), HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "PURGE"])
def test_another_method_is_told_which_there_are(api: ApiClient, card: Customer, method: str) -> None:
    response = api.send(method, f"customers/{card.pk}")
    problem(response, HTTPStatus.METHOD_NOT_ALLOWED)
    allowed = {name.strip() for name in response.headers["Allow"].split(",")}
    assert allowed == {"GET", "HEAD", "PATCH", "DELETE"}


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "\xe9"])
def test_a_key_that_cannot_be_one_is_told(api: ApiClient, card: Customer, key: str) -> None:
    response = api.patch(f"customers/{card.pk}", {"channels": 9}, headers={"Idempotency-Key": key})
    told = problem(response, HTTPStatus.UNPROCESSABLE_ENTITY)
    assert [error["field"] for error in told["errors"]] == ["Idempotency-Key"]


def test_a_formula_in_a_name_is_only_a_name(api: ApiClient) -> None:
    name = '=HYPERLINK("https://example.com";"x")'
    made = api.post("customers", {"name": name, "currency": "EUR"})
    assert (made.status_code, made.json()["name"]) == (HTTPStatus.CREATED, name)


def test_a_host_that_is_not_ours_is_refused() -> None:
    problem(Client(headers={"Host": "evil.example"}).get("/api/openapi.json"), HTTPStatus.BAD_REQUEST)
