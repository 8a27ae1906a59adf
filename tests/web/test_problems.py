"""Whatever goes wrong below the API's addresses is told as application/problem+json."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError
from django.test import AsyncClient, Client
from ninja.errors import HttpError, Throttled
from pytest_django import Settings

from linecard.accounts.models import Reseller, User
from linecard.config.settings import SERVING_LIMITS
from linecard.web.idempotency import WAIT_SECONDS
from linecard.web.problems import problem_of
from tests.conftest import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_site")]


@pytest.fixture
def api(staff: User, api_of: Callable[..., ApiClient]) -> ApiClient:
    return api_of(staff)


def problem_in(response: Any) -> dict[str, Any]:
    """The problem without its request id, which has to be the answer's own."""
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body.pop("type") == "about:blank"
    assert body.pop("request_id") == response["X-Request-ID"]
    assert body.pop("status") == response.status_code
    return body


@pytest.mark.parametrize(
    ("kind", "status", "title", "detail"),
    [
        ("forbidden", 403, "Not allowed", "Only an administrator may do this."),
        ("not-found", 404, "Not found", "There is nothing at this address, or it is not yours to see."),
        ("conflict", 409, "Not possible now", "This customer is archived."),
        ("stale", 412, "Changed in the meantime", "Somebody changed this customer."),
        ("http404", 404, "Not found", "There is nothing at this address, or it is not yours to see."),
        ("denied", 403, "Not allowed", "Your account may not do this."),
    ],
)
def test_errors_of_the_product(api: ApiClient, kind: str, status: int, title: str, detail: str) -> None:
    response = api.get(f"/api/errors/{kind}")
    assert response.status_code == status
    assert problem_in(response) == {"title": title, "detail": detail}


def test_wrong_values_name_their_fields(api: ApiClient) -> None:
    response = api.get("/api/errors/invalid")
    assert response.status_code == 422
    assert problem_in(response) == {
        "title": "Some values are not valid",
        "detail": "Some values are not valid.",
        "errors": [{"field": "debit_limit", "message": "Must be a decimal number."}],
    }


def test_an_unexpected_error_is_logged_and_told_without_details(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = api.get("/api/errors/unexpected")
    assert response.status_code == 500
    assert problem_in(response)["title"] == "Something went wrong"
    assert b"secret detail" not in response.content
    (record,) = [record for record in caplog.records if record.name == "linecard.web.problems"]
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "secret detail"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("name", "This is required.")]),
        ({"name": "x", "colour": "red"}, [("colour", "There is no such field.")]),
        ({"name": 5}, [("name", "Must be a valid string.")]),
        (
            {"name": "x", "channels": "many", "kind": "huge"},
            [
                ("channels", "Must be a valid integer, unable to parse string as an integer."),
                ("kind", "Must be 'big' or 'small'."),
            ],
        ),
        ([], [("body", "Must be an object.")]),
        ("x", [("body", "Must be an object.")]),
        (None, [("body", "Must be an object.")]),
        ({"name": "a\0b"}, [("name", "Must not contain NUL characters.")]),
        (
            {"name": "a\ud800b"},
            [("name", "Must be valid Unicode text: half of a surrogate pair is missing.")],
        ),
        ({"name": "x", "a\0b": 1}, [("body", "A field's name: Must not contain NUL characters.")]),
    ],
)
def test_a_wrong_body(api: ApiClient, body: Any, errors: list[tuple[str, str]]) -> None:
    response = api.send("POST", "/api/things", b"null" if body is None else body)
    assert response.status_code == 422
    assert problem_in(response)["errors"] == [{"field": name, "message": text} for name, text in errors]
    assert not Reseller.objects.exists()


def test_a_missing_body(api: ApiClient) -> None:
    response = api.post("/api/things")
    assert response.status_code == 422
    assert problem_in(response)["errors"] == [{"field": "body", "message": "This is required."}]


def test_a_field_inside_is_named_by_its_path(api: ApiClient) -> None:
    response = api.post("/api/many-things", {"things": [{"name": "a"}, {"name": "b", "channels": 1.5}]})
    assert response.status_code == 422
    (error,) = problem_in(response)["errors"]
    assert error["field"] == "things.1.channels"


def test_no_more_errors_than_a_person_reads(api: ApiClient) -> None:
    response = api.post("/api/many-things", {"things": [{}] * 500})
    assert len(problem_in(response)["errors"]) == 100


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"name": ', "The body is not valid JSON: Expecting value at line 1, column 10."),
        (b'{"name": "\xff"}', "The body is not UTF-8 text."),
        (b'{"name": "a", "name": "b"}', "The body names a field twice in one object."),
        (b'{"channels": NaN}', "The body is not valid JSON: NaN is not a JSON number."),
        (b'{"channels": 1e999}', "The body holds a number that is too large."),
        (b'{"channels": ' + b"9" * 5000 + b"}", "The body holds an integer of more than 40 digits."),
        (b"[" * 100 + b"]" * 100, "The body is nested deeper than 32 levels."),
        (b"[" * 100_000, "The body is nested deeper than 32 levels."),
    ],
)
def test_a_body_that_cannot_be_read(api: ApiClient, body: bytes, detail: str) -> None:
    response = api.post("/api/things", body)
    assert response.status_code == 400
    assert problem_in(response) == {"title": "The request cannot be read", "detail": detail}


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}])
def test_a_body_that_is_too_large(api: ApiClient, settings: Settings, headers: dict[str, str]) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = api.post("/api/things", b'{"name": "' + b"x" * 1000 + b'"}', headers=headers)
    assert response.status_code == 413
    assert problem_in(response)["title"] == "The request is too large"


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("limit=ten", "limit", "Must be a valid integer, unable to parse string as an integer."),
        ("search=a%00b", "query", "Must not contain NUL characters."),
    ],
)
def test_a_wrong_query(api: ApiClient, query: str, field: str, message: str) -> None:
    response = api.get(f"/api/things?{query}")
    assert response.status_code == 422
    assert problem_in(response)["errors"] == [{"field": field, "message": message}]


def test_nul_in_the_path(api: ApiClient) -> None:
    response = api.get("/api/errors/a%00b")
    assert response.status_code == 422
    assert problem_in(response)["errors"] == [
        {"field": "path", "message": "Must not contain NUL characters."}
    ]


def test_nul_in_a_page_s_address_is_refused_in_plain_text(browser: Client) -> None:
    response = browser.get("/page?q=%00")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain"
    assert response.content == b"The address's query: Must not contain NUL characters."


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer wrong", "Basic eDp5"])
def test_who_is_unknown_is_asked_to_sign_in(token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token}
    response = Client().get("/api/things", headers=headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Linecard"'
    assert problem_in(response)["title"] == "Sign in first"


def test_no_such_address(api: ApiClient) -> None:
    response = api.get("/api/no/such/thing")
    assert response.status_code == 404
    assert problem_in(response)["title"] == "Not found"


def test_no_such_method(api: ApiClient) -> None:
    response = api.send("PUT", "/api/things")
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}
    assert problem_in(response)["title"] == "This address does not take that method"


def test_a_host_that_is_not_ours(api: ApiClient) -> None:
    response = api.get("/api/things", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert problem_in(response)["title"] == "The request cannot be read"


def test_pages_keep_their_own_errors(browser: Client) -> None:
    response = browser.get("/no-such-page")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.usefixtures("asynchronous_site")
@pytest.mark.parametrize(("path", "status"), [("/api/no-such-thing", 404), ("/api/things%00", 422)])
def test_asynchronous_answers_are_told_too(path: str, status: int) -> None:
    response = async_to_sync(AsyncClient().get)(path)
    assert response.status_code == status
    assert problem_in(response)["title"]


def test_a_form_without_its_token_is_told_what_happened() -> None:
    response = Client(enforce_csrf_checks=True).post("/page", {"field": "x"})
    assert response.status_code == 403
    assert b"Please send it again" in response.content


def test_too_many_requests() -> None:
    response = problem_of(Throttled(wait=7))
    assert response.status_code == 429
    assert response["Retry-After"] == "7"
    assert json.loads(response.content)["title"] == "Too many requests"


def test_an_error_of_the_framework_keeps_its_status_and_detail() -> None:
    response = problem_of(HttpError(409, "It is running already."))
    body = json.loads(response.content)
    assert (body["status"], body["title"], body["detail"]) == (
        409,
        "Not possible now",
        "It is running already.",
    )


def test_a_database_that_takes_too_long_is_told_as_busy() -> None:
    response = problem_of(OperationalError("canceling statement due to statement timeout: secret detail"))
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert json.loads(response.content)["title"] == "Too busy"
    assert b"secret detail" not in response.content


def test_a_repeated_write_is_told_to_come_back_before_the_database_gives_up() -> None:
    (limit,) = re.findall(r"statement_timeout=(\d+)s", SERVING_LIMITS)
    assert int(limit) > WAIT_SECONDS
