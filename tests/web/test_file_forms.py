"""Operations that take a file in a form: as strict as those that take JSON, and as repeatable."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pytest
from django.test.client import MULTIPART_CONTENT, encode_multipart

from linecard.accounts.models import Reseller, User
from linecard.web.models import IdempotentResponse
from tests.conftest import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_site")]

KEY = {"Idempotency-Key": "file-1"}
# more than a request that is read as one piece may be
LARGE = b"0123456789abcde\n" * 200_000


@pytest.fixture
def api(staff: User, api_of: Callable[..., ApiClient]) -> ApiClient:
    return api_of(staff)


def file_of(content: bytes, name: str = "cards.csv") -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def send(
    api: ApiClient, data: Mapping[str, Any], *, boundary: str = "x", headers: Mapping[str, str] | None = None
) -> Any:
    body = encode_multipart(boundary, dict(data))
    kind = f"multipart/form-data; boundary={boundary}"
    return api.client.generic("POST", "/api/files", body, kind, headers=headers)


def names() -> list[str]:
    return sorted(Reseller.objects.values_list("name", flat=True))


def errors(response: Any) -> list[tuple[str, str]]:
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    return [(error["field"], error["message"]) for error in response.json()["errors"]]


@pytest.mark.parametrize("content", [b"a;b\n", b"", LARGE], ids=["small", "empty", "large"])
def test_a_file_arrives_whole(api: ApiClient, content: bytes) -> None:
    response = send(api, {"label": "L", "file": file_of(content)})
    assert (response.status_code, response.json()) == (201, ["L", "cards.csv", len(content)])


def test_what_is_missing_is_named(api: ApiClient) -> None:
    assert errors(send(api, {})) == [("label", "This is required."), ("file", "This is required.")]


def test_a_text_is_no_file_and_a_file_no_text(api: ApiClient) -> None:
    response = send(api, {"label": file_of(b"x"), "file": "x"})
    assert errors(response) == [("label", "This is required."), ("file", "This is required.")]


def test_what_is_unknown_or_repeated_is_refused(api: ApiClient) -> None:
    twice = [file_of(b"x"), file_of(b"y")]
    data = {"label": ["L", "M"], "lable": "L", "file": twice, "other": file_of(b"z")}
    assert errors(send(api, data)) == [
        ("label", "Give this field once."),
        ("lable", "There is no such field."),
        ("file", "Give this file once."),
        ("other", "There is no such file."),
    ]
    assert names() == []


def test_text_that_cannot_be_stored_is_refused(api: ApiClient) -> None:
    response = send(api, {"label": "a\0b", "file": file_of(b"x")})
    assert errors(response) == [("label", "Must not contain NUL characters.")]


@pytest.mark.parametrize("headers", [None, KEY], ids=["plain", "with a key"])
def test_another_body_is_told_what_to_send(api: ApiClient, headers: Mapping[str, str] | None) -> None:
    response = api.post("/api/files", {"label": "L"}, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (415, "application/problem+json")
    assert "multipart/form-data" in response.json()["detail"]


@pytest.mark.parametrize("headers", [None, KEY], ids=["plain", "with a key"])
def test_a_broken_form_is_told_so(api: ApiClient, headers: Mapping[str, str] | None) -> None:
    response = api.client.generic("POST", "/api/files", b"x", "multipart/form-data", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["detail"].startswith("The form cannot be read: Invalid boundary in multipart")


@pytest.mark.parametrize("content", [b"a;b\n", LARGE], ids=["small", "large"])
def test_a_form_sent_again_happens_once(api: ApiClient, content: bytes) -> None:
    first = send(api, {"label": "L", "file": file_of(content)}, headers=KEY)
    # as programs do, with another boundary, which is no part of what is said
    again = send(api, {"file": file_of(content), "label": "L"}, boundary="y", headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == ["L", "cards.csv", len(content)]
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert names() == ["cards.csv"]


@pytest.mark.parametrize(
    "other",
    [
        {"label": "M", "file": file_of(b"a;b\n")},
        {"label": "L", "file": file_of(b"a;c\n")},
        {"label": "L", "file": file_of(b"a;b\n", "other.csv")},
    ],
    ids=["field", "content", "file name"],
)
def test_the_key_belongs_to_one_form(api: ApiClient, other: Mapping[str, Any]) -> None:
    send(api, {"label": "L", "file": file_of(b"a;b\n")}, headers=KEY)
    response = send(api, other, headers=KEY)
    assert errors(response)[0][0] == "Idempotency-Key"
    assert names() == ["cards.csv"]


def test_a_form_that_failed_is_not_stored(api: ApiClient) -> None:
    assert send(api, {"label": "L"}, headers=KEY).status_code == 422
    assert not IdempotentResponse.objects.exists()
    assert send(api, {"label": "L", "file": file_of(b"x")}, headers=KEY).status_code == 201


@pytest.mark.parametrize("headers", [None, KEY], ids=["plain", "with a key"])
def test_a_form_for_an_operation_that_takes_json_is_told_what_to_send(
    api: ApiClient, headers: Mapping[str, str] | None
) -> None:
    body = encode_multipart("BoUnDaRyStRiNg", {"name": "one"})
    response = api.client.generic("POST", "/api/things", body, MULTIPART_CONTENT, headers=headers)
    assert response.status_code == 415
    assert "application/json" in response.json()["detail"]
